"""Groups of commands in one packet: the replies of one by one, in as few writes as RFC 2920 allows (A11)."""

import asyncio
import socket
import ssl
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ticketctl.store.queues import inbox

if TYPE_CHECKING:
    from tests.wire.conftest import Doors, Wire

Start = Callable[..., "Doors"]

SUPPORT, BILLING, NOBODY = "support@help.example", "billing@help.example", "no@help.example"
MAIL = "MAIL FROM:<ana@client.example>"
CODES_OF_DATA = ["354", "250"]


def rcpt(address: str) -> str:
    return f"RCPT TO:<{address}>"


def packet(*commands: str) -> bytes:
    return "".join(command + "\r\n" for command in commands).encode()


def codes(wire: "Wire", count: int) -> list[str]:
    return [wire.reply()[:3] for _ in range(count)]


@pytest.fixture
def writes(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """What the door writes, write by write, except the greeting and the reply to EHLO."""
    written: list[bytes] = []
    plain = asyncio.StreamWriter.write

    def write(self: asyncio.StreamWriter, octets: bytes) -> None:
        if not octets.startswith((b"220 ", b"250-")):
            written.append(octets)
        plain(self, octets)

    monkeypatch.setattr(asyncio.StreamWriter, "write", write)
    return written


@pytest.fixture(params=["smtp", "lmtp"])
def wire(doors: "Doors", request: pytest.FixtureRequest) -> "Wire":
    return doors.lmtp() if request.param == "lmtp" else doors.smtp()


def test_the_replies_to_a_group_are_one_write_A11(
    doors: "Doors", wire: "Wire", writes: list[bytes]
) -> None:
    wire.send(packet(MAIL, rcpt(SUPPORT), rcpt(NOBODY), rcpt(BILLING), "DATA"))
    assert codes(wire, 5) == ["250", "250", "550", "250", "354"]
    assert len(writes) == 1
    wire.send(b"text\r\n.\r\n")
    assert wire.reply() == "250 2.0.0 Accepted"
    assert sorted(row.mailbox for row in doors.rows()) == [BILLING, SUPPORT]


def test_a_hundred_recipients_are_one_group_A11(
    doors: "Doors", wire: "Wire", writes: list[bytes]
) -> None:
    many = [rcpt(f"support+{number}@help.example") for number in range(100)]
    wire.send(packet(MAIL, *many, "DATA"))
    assert codes(wire, 102) == ["250"] * 101 + ["354"]
    wire.send(b".\r\n")
    assert wire.reply() == "250 2.0.0 Accepted"
    (row,) = doors.rows()
    assert len(row.recipients) == 100
    # The door may have read the group in parts, and answers what it has before it waits.
    assert len(writes) < 20


def test_without_a_recipient_data_is_refused_and_its_text_is_no_mail_A11(
    doors: "Doors", wire: "Wire"
) -> None:
    wire.send(packet(MAIL, rcpt(NOBODY), rcpt("a@elsewhere.example"), "DATA", "RSET"))
    assert codes(wire, 5) == ["250", "550", "550", "503", "250"]
    assert doors.rows() == []


def test_rset_in_a_group_forgets_what_came_before_it_A11(doors: "Doors", wire: "Wire") -> None:
    wire.send(packet(MAIL, rcpt(SUPPORT), "RSET", MAIL, rcpt(BILLING), "DATA", "text", ".", "QUIT"))
    assert codes(wire, 8) == ["250"] * 5 + CODES_OF_DATA + ["221"]
    assert [row.mailbox for row in doors.rows()] == [BILLING]
    assert wire.reply() == ""


def test_the_next_mail_may_be_in_the_packet_of_the_last_ones_text_A11(
    doors: "Doors", wire: "Wire"
) -> None:
    wire.send(packet(MAIL, rcpt(SUPPORT), "DATA"))
    codes(wire, 3)
    wire.send(packet("one", ".", MAIL, rcpt(NOBODY), rcpt(BILLING), "DATA"))
    assert codes(wire, 5) == ["250", "250", "550", "250", "354"]
    wire.send(packet("two", ".", "QUIT"))
    assert codes(wire, 2) == ["250", "221"]
    assert doors.raws() == [b"one\r\n", b"two\r\n"]


@pytest.mark.parametrize(
    "last", ["NOOP", "VRFY a", "EXPN a", "XCLIENT ADDR=10.0.0.1", "BDAT 4", ""]
)
def test_replies_to_other_commands_are_sent_at_once_A11(
    wire: "Wire", writes: list[bytes], last: str
) -> None:
    wire.send(packet(MAIL, rcpt(SUPPORT), last, "RSET", "NOOP"))
    assert [code[0] for code in codes(wire, 5)] == ["2", "2", wire_class(last), "2", "2"]
    assert [write.count(b"\r\n") for write in writes] == [3, 2]


def wire_class(command: str) -> str:
    return "2" if command in ("NOOP", "VRFY a") else "5"


def test_an_unknown_command_in_a_group_costs_no_other_A11(doors: "Doors", wire: "Wire") -> None:
    wire.send(
        packet(MAIL, "XFORWARD NAME=x", rcpt(SUPPORT), "X" * 5000, "DATA", "text", ".", "NOOP")
    )
    assert codes(wire, 7) == ["250", "500", "250", "500", *CODES_OF_DATA, "250"]
    assert len(doors.rows()) == 1


def test_a_line_longer_than_the_buffer_is_one_reply_in_its_place_A11(
    doors: "Doors", wire: "Wire"
) -> None:
    wire.send(packet(MAIL, "RCPT TO:<" + "a" * 300_000 + ">", rcpt(SUPPORT), "DATA", "text", "."))
    assert codes(wire, 5) == ["250", "500", "250", *CODES_OF_DATA]
    assert [row.recipients for row in doors.rows()] == [(SUPPORT,)]


def test_half_a_command_keeps_no_reply_back_A11(wire: "Wire") -> None:
    wire.send(packet(MAIL, rcpt(SUPPORT)) + b"RCPT TO:<supp")
    assert codes(wire, 2) == ["250", "250"]
    wire.send(b"ort@help.example>\r\n")
    assert codes(wire, 1) == ["250"]


def test_an_error_in_a_group_is_answered_in_its_place_A3_A11(
    wire: "Wire", monkeypatch: pytest.MonkeyPatch
) -> None:
    from gateway.receive.inbox_writer import InboxWriter

    find = InboxWriter.find_route

    async def broken(self: InboxWriter, recipient: str, since: float) -> object:
        if recipient == BILLING:
            raise RuntimeError("secret")
        return await find(self, recipient, since)

    monkeypatch.setattr(InboxWriter, "find_route", broken)
    wire.send(packet(MAIL, rcpt(SUPPORT), rcpt(BILLING), rcpt(SUPPORT), "RSET"))
    assert codes(wire, 5) == ["250", "250", "451", "250", "250"]


def test_a_time_out_is_the_last_reply_A11_A13(
    start: Start, limited: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    from gateway.receive.inbox_writer import InboxWriter

    async def never(*_: object) -> None:
        await asyncio.sleep(60)

    limited(command_seconds=1)
    wire = start().smtp()
    monkeypatch.setattr(InboxWriter, "find_route", never)
    wire.send(packet(MAIL, rcpt(SUPPORT), "DATA"))
    assert [wire.reply() for _ in range(3)] == [
        "250 2.1.0 Sender OK",
        "421 4.4.2 Timed out, goodbye",
        "",
    ]


def test_a_client_that_hangs_up_after_its_group_gets_what_was_answered_A11(
    wire: "Wire", monkeypatch: pytest.MonkeyPatch
) -> None:
    from gateway.receive.inbox_writer import InboxWriter

    async def never(*_: object) -> None:
        await asyncio.sleep(60)

    monkeypatch.setattr(InboxWriter, "find_route", never)
    wire.send(packet(MAIL, rcpt(SUPPORT)))
    wire.socket.shutdown(socket.SHUT_WR)
    assert [wire.reply()[:3], wire.reply()] == ["250", ""]


def test_replies_do_not_pile_up_for_a_client_that_reads_none_A14(
    wire: "Wire", writes: list[bytes]
) -> None:
    wire.send(packet(*["RSET"] * 20_000, "NOOP"))
    assert codes(wire, 20_001) == ["250"] * 20_001
    assert max(map(len, writes)) < 20_000


def test_commands_in_clear_behind_starttls_are_thrown_away_A12(
    start: Start, certificate: tuple[Path, Path]
) -> None:
    cert, key = certificate
    doors = start(tls_cert=str(cert), tls_key=str(key))
    wire = doors.smtp()
    wire.send(packet(MAIL, rcpt(SUPPORT), "STARTTLS", MAIL, rcpt(BILLING), "DATA"))
    assert codes(wire, 3) == ["250", "250", "220"]
    context = ssl.create_default_context(cafile=str(cert))
    with context.wrap_socket(wire.socket, server_hostname="localhost") as secure:
        secure.sendall(packet("EHLO x", MAIL, rcpt(SUPPORT), "DATA"))
        said = b""
        while b"354 " not in said:
            said += secure.recv(4096)
        secure.sendall(packet("safe", ".", "QUIT"))
        while b"221 " not in said:
            said += secure.recv(4096)
    answers = [line[:3] for line in said.split(b"\r\n") if line[3:4] == b" "]
    assert answers == [b"250", b"250", b"250", b"354", b"250", b"221"]
    assert [(row.mailbox, row.recipients) for row in doors.rows()] == [(SUPPORT, (SUPPORT,))]
    assert doors.raws() == [b"safe\r\n"]


@pytest.fixture
def roomy(start: Start) -> "Doors":
    return start(max_connections=1000, max_connections_per_address=1000)


SCRIPT = [
    MAIL, rcpt(SUPPORT), rcpt(BILLING), rcpt(NOBODY), "RSET", "NOOP", "VRFY a", "MAIL FROM:<", "RCPT", "DATA",
    "XYZZY", "rset x",
]  # fmt: skip


@given(
    st.lists(st.sampled_from(SCRIPT), min_size=2, max_size=12),
    st.lists(st.integers(0, 300), max_size=3).map(sorted),
)
@example(["XYZZY"] * 7, [])
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_cut_of_any_group_has_the_replies_of_one_by_one_A11(
    roomy: "Doors", commands: list[str], cuts: list[int]
) -> None:
    single, grouped = roomy.smtp(), roomy.smtp()
    expected = []
    sent = b""
    for command in commands:
        expected.append(single.say(command))
        sent += packet(command)
        if "goodbye" in expected[-1]:  # too many unknown commands
            break
        if expected[-1].startswith("354"):
            single.send(b"text\r\n.\r\n")
            expected.append(single.reply())
            sent += b"text\r\n.\r\n"
    for begin, end in zip([0, *cuts], [*cuts, len(sent)], strict=True):
        grouped.send(sent[begin:end])
    assert [grouped.reply() for _ in expected] == expected
    for one in (single, grouped):
        one.close()


def test_a_mail_that_is_not_stored_does_not_end_the_group_A2_A11(
    doors: "Doors", monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> int:
        raise RuntimeError("secret")

    wire = doors.smtp()
    with monkeypatch.context() as patch:
        patch.setattr(inbox, "accept", broken)
        wire.send(packet(MAIL, rcpt(SUPPORT), "DATA", "text", ".", MAIL, "NOOP"))
        assert codes(wire, 6) == ["250", "250", "354", "451", "250", "250"]
    assert doors.rows() == []
