"""The LMTP door (A6, A7; RFC 2033)."""

import stat
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gateway.receive.smtp import listen
from ticketctl.errors import BadInput, MailServerTrouble
from ticketctl.store.queues import inbox

if TYPE_CHECKING:
    from tests.wire.conftest import Doors, Wire

SUPPORT, BILLING = "support@help.example", "billing@help.example"


def answers(wire: "Wire", count: int) -> list[str]:
    """That many replies, after which the session must answer the next command with exactly one."""
    replies = [wire.reply() for _ in range(count)]
    assert wire.say("NOOP") == "250 2.0.0 OK"
    return replies


def test_one_reply_for_each_accepted_recipient_also_for_the_same_one_twice_A6(
    doors: "Doors",
) -> None:
    wire = doors.lmtp()
    wire.say("MAIL FROM:<>")
    recipients = (SUPPORT, "nobody@help.example", BILLING, SUPPORT, "support+x@help.example")
    codes = [wire.say(f"RCPT TO:<{recipient}>")[:3] for recipient in recipients]
    assert codes == ["250", "550", "250", "250", "250"]
    assert wire.say("DATA").startswith("354 ")
    wire.send(b"text\r\n.\r\n")
    assert answers(wire, 4) == ["250 2.0.0 Accepted"] * 4
    assert [(row.mailbox, row.recipients) for row in doors.rows()] == [
        (SUPPORT, (SUPPORT, "support+x@help.example")),
        (BILLING, (BILLING,)),
    ]


def test_too_big_is_one_reply_per_recipient_A6(start: Callable[..., "Doors"]) -> None:
    wire = start(max_message_size=1000).lmtp().address(SUPPORT, BILLING)
    wire.send(b"x" * 200_000 + b"\r\n.\r\n")
    assert answers(wire, 2) == ["552 5.3.4 Message is too big"] * 2


def test_an_error_is_one_reply_per_recipient_A6(
    doors: "Doors", monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> int:
        raise RuntimeError("secret")

    monkeypatch.setattr(inbox, "accept", broken)
    wire = doors.lmtp().address(SUPPORT, BILLING, SUPPORT)
    wire.send(b"text\r\n.\r\n")
    assert answers(wire, 3) == ["451 4.3.0 Temporary error, try again later"] * 3


def test_a_read_error_is_one_reply_each_and_text_is_no_command_A6(
    doors: "Doors", monkeypatch: pytest.MonkeyPatch
) -> None:
    from gateway.receive.smtp.data_decoder import DataDecoder

    def broken(*_: object) -> bytes:
        raise RuntimeError("secret")

    wire = doors.lmtp().address(SUPPORT, BILLING)
    monkeypatch.setattr(DataDecoder, "feed", broken)
    wire.send(b"NOOP\r\n")
    assert [wire.reply()[:9] for _ in range(3)] == ["451 4.3.0", "451 4.3.0", ""]


def test_long_lines_are_no_reason_A6(doors: "Doors") -> None:
    wire = doors.lmtp().address(SUPPORT, BILLING)
    wire.send(b"y" * 20_000 + b"\r\n.\r\n")
    assert [reply[:3] for reply in answers(wire, 2)] == ["250", "250"]


def test_no_recipient_no_data_A6(doors: "Doors") -> None:
    wire = doors.lmtp()
    wire.say("MAIL FROM:<>")
    assert wire.say("DATA").startswith("503 5.5.1 ")


@pytest.mark.parametrize("hello", ["HELO x", "EHLO x"])
def test_helo_and_ehlo_are_refused_A7(doors: "Doors", hello: str) -> None:
    wire = doors.wire("lmtp")
    assert wire.reply().endswith(" LMTP ticketctl")
    assert wire.say(hello).startswith("500 5.5.1 ")
    assert wire.say("MAIL FROM:<>").startswith("503 5.5.1 ")
    assert "250-PIPELINING" in wire.say("LHLO x")
    assert wire.say("MAIL FROM:<>").startswith("250 ")


def test_a_unix_socket_has_the_mode_that_is_set_A7(
    start: Callable[..., "Doors"], tmp_path: Path
) -> None:
    path = tmp_path / "lmtp.sock"
    doors = start(lmtp=(f"unix:{path}?mode=0600",))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    wire = doors.lmtp().address()
    wire.send(b"text\r\n.\r\n")
    assert wire.reply().startswith("250 ")
    (row,) = doors.rows()
    assert row.remote == "" and "([local])" in row.trace and " with LMTP id " in row.trace


def test_a_socket_somebody_listens_on_is_not_taken_over_and_a_dead_one_is_A7(
    start: Callable[..., "Doors"], tmp_path: Path
) -> None:
    address = f"unix:{tmp_path / 'lmtp.sock'}"
    first = start(lmtp=(address,))
    with pytest.raises(MailServerTrouble, match="in use"):
        start(lmtp=(address,))
    first.stop()
    assert start(lmtp=(address,)).lmtp().say("NOOP").startswith("250 ")


def test_port_25_is_refused_A7() -> None:
    with pytest.raises(BadInput, match="port 25"):
        listen.parse("gateway.lmtp", "127.0.0.1:25")


def test_an_unknown_group_is_an_error_A7(start: Callable[..., "Doors"], tmp_path: Path) -> None:
    with pytest.raises(MailServerTrouble, match="no such group"):
        start(lmtp=(f"unix:{tmp_path / 's'}?group=no-such-group-here",))
