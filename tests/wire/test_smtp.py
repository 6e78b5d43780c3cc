"""The SMTP door on a real socket, rule by rule (A1–A19)."""

import os
import re
import shutil
import smtplib
import socket
import sqlite3
import ssl
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from gateway.receive.smtp import listen
from gateway.receive.smtp.serve import check_addresses
from ticketctl import clock
from ticketctl.errors import BadInput, MailServerTrouble
from ticketctl.settings.table import Gateway, Settings
from ticketctl.store.queues import bans, inbox

if TYPE_CHECKING:
    from tests.wire.conftest import Doors, Wire

SUPPORT, BILLING = "support@help.example", "billing@help.example"
MAIL = b"From: ana@client.example\r\nSubject: x\r\n\r\ntext\r\n"
Start = Callable[..., "Doors"]


def sent(wire: "Wire", mail: bytes = MAIL) -> str:
    wire.send(mail + b".\r\n")
    return wire.reply()


# ---- A1 to A4: durable first, trouble is temporary


def test_the_mail_and_its_envelope_are_committed_when_250_comes_A1(doors: "Doors") -> None:
    wire = doors.smtp().address(sender="Ana@Client.example")
    assert sent(wire) == "250 2.0.0 Accepted"
    # Another process would see it now.
    with sqlite3.connect(doors.db.url.database or "") as other:
        found = other.execute("SELECT envelope_from, recipients, state, size FROM inbox").fetchall()
    other.close()
    assert found == [("Ana@Client.example", f'["{SUPPORT}"]', "received", len(MAIL))]
    assert doors.raws() == [MAIL]


def test_an_exception_in_the_store_is_451_and_leaks_nothing_A2_A3(
    doors: "Doors", monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> int:
        raise RuntimeError("secret: INSERT INTO inbox at /var/lib/desk.db")

    with monkeypatch.context() as patch:
        patch.setattr(inbox, "accept", broken)
        wire = doors.smtp().address()
        assert sent(wire) == "451 4.3.0 Temporary error, try again later"
    assert doors.rows() == []
    assert sent(wire.address()).startswith("250 2.0.0")


def test_a_locked_database_is_451_and_recovers_A2(
    doors: "Doors", monkeypatch: pytest.MonkeyPatch
) -> None:
    wire = doors.smtp().address()
    holder = sqlite3.connect(doors.db.url.database or "", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with monkeypatch.context() as patch:
        patch.setattr(doors.db, "write", lambda work: _impatient(doors, work))
        assert sent(wire) == "451 4.3.0 Temporary error, try again later"
    holder.execute("ROLLBACK")
    holder.close()
    assert sent(wire.address()).startswith("250 ")
    assert len(doors.rows()) == 1


def _impatient(doors: "Doors", work: Callable[[Any], Any]) -> Any:
    """A write on a database of the same file that waits for locks for a moment only."""
    from ticketctl.store.db.database import Database

    database = Database(str(doors.db.url), busy_seconds=0.01)
    try:
        return database.write(work)
    finally:
        database.dispose()


def test_a_database_that_is_gone_is_451_at_once_and_back_when_it_is_A2(doors: "Doors") -> None:
    path = Path(doors.db.url.database or "")
    wire = doors.smtp()
    doors.db.dispose()
    away = path.with_suffix(".away")
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    path.rename(away)
    path.mkdir()  # whatever opens the database now fails
    wire.say("MAIL FROM:<a@client.example>")
    assert wire.say(f"RCPT TO:<{SUPPORT}>") == "451 4.3.0 Temporary error, try again later"
    path.rmdir()
    away.rename(path)
    assert wire.say(f"RCPT TO:<{SUPPORT}>").startswith("250 ")


def test_a_commit_that_hangs_is_451_in_time_A2(
    start: Start, limited: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    limited(commit_seconds=0.2)
    doors, gate = start(), threading.Event()
    write = doors.db.write
    monkeypatch.setattr(doors.db, "write", lambda work: gate.wait(30) and write(work))
    wire = doors.smtp().address()
    assert sent(wire) == "451 4.3.0 Temporary error, try again later"
    gate.set()
    tries = 1
    while not sent(wire.address()).startswith("250 "):  # a slow machine commits no faster
        tries += 1
    # The first was not acknowledged; that it is kept after all is a duplicate at most (A20).
    assert 2 <= len(doors.rows()) <= 1 + tries


def test_an_exception_in_a_command_leaks_nothing_A3(
    doors: "Doors", monkeypatch: pytest.MonkeyPatch
) -> None:
    from gateway.receive.inbox_writer import InboxWriter

    async def broken(*_: object) -> None:
        raise RuntimeError("secret")

    wire = doors.smtp()
    wire.say("MAIL FROM:<>")
    monkeypatch.setattr(InboxWriter, "find_route", broken)
    assert wire.say(f"RCPT TO:<{SUPPORT}>") == "451 4.3.0 Temporary error, try again later"
    assert wire.say("NOOP").startswith("250 ")


@pytest.mark.parametrize(
    ("recipient", "reply"),
    [
        ("nobody@help.example", "550 5.1.1 No such mailbox here"),
        ("ana@elsewhere.example", "550 5.7.1 Relaying denied"),
        ("", "550 5.1.1 No such mailbox here"),
    ],
)
def test_unknown_and_foreign_recipients_are_refused_at_rcpt_A4_A16(
    doors: "Doors", recipient: str, reply: str
) -> None:
    wire = doors.smtp()
    wire.say("MAIL FROM:<ana@client.example>")
    assert wire.say(f"RCPT TO:<{recipient}>") == reply
    assert wire.say("DATA").startswith("503 5.5.1 ")


@pytest.mark.parametrize(
    "mail", [b"", b"\0\xff\r\n", b"no header at all\r\n", b"Subject: only\r\n"]
)
def test_no_content_is_a_reason_to_refuse_A4(doors: "Doors", mail: bytes) -> None:
    assert sent(doors.smtp().address(), mail).startswith("250 ")
    assert doors.raws() == [mail]


# ---- A5: size


def test_a_stated_size_over_the_limit_is_refused_at_mail_A5(start: Start) -> None:
    wire = start(max_message_size=1000).wire()
    wire.reply()
    assert "250-SIZE 1000" in wire.say("EHLO x").splitlines()
    assert wire.say("MAIL FROM:<a@client.example> SIZE=1001").startswith("552 5.3.4 ")
    assert wire.say("MAIL FROM:<a@client.example> SIZE=1000").startswith("250 ")


def test_more_data_than_the_limit_is_read_to_its_end_and_the_session_goes_on_A5(
    start: Start,
) -> None:
    doors = start(max_message_size=100_000)
    wire = doors.smtp().address()
    assert sent(wire, b"x" * 3_000_000 + b"\r\n") == "552 5.3.4 Message is too big"
    assert sent(wire.address(), b"y" * 99_998 + b"\r\n").startswith("250 ")
    assert [row.size for row in doors.rows()] == [100_000]


def test_a_mail_over_the_spool_size_arrives_whole_A5(doors: "Doors") -> None:
    mail = b"".join(b"%08d\r\n" % number for number in range(400_000))
    assert sent(doors.smtp().address(), mail).startswith("250 ")
    assert doors.raws() == [mail]


def test_no_room_for_the_spool_is_452_and_the_mail_is_read_to_its_end_A5(
    doors: "Doors", monkeypatch: pytest.MonkeyPatch
) -> None:
    from gateway.receive.smtp import spool

    class Full:
        def __init__(self, **_: object) -> None: ...
        def close(self) -> None: ...
        def write(self, _content: bytes) -> int:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(spool, "SpooledTemporaryFile", Full)
    wire = doors.smtp().address()
    assert sent(wire, b"x" * 500_000 + b"\r\n").startswith("452 4.3.1 ")
    assert wire.say("NOOP").startswith("250 ")


# ---- A10, A11: extensions


def test_utf8_addresses_and_8_bit_mail_are_kept_as_they_came_A10(doors: "Doors") -> None:
    wire = doors.smtp()
    assert wire.say("MAIL FROM:<josé@bücher.example> BODY=8BITMIME SMTPUTF8").startswith("250 ")
    assert wire.say("RCPT TO:<support+ñ@help.example>").startswith("250 ")
    wire.say("DATA")
    assert sent(wire, "Subject: ¡Hola!\r\n\r\nñ\r\n".encode()).startswith("250 ")
    wire.address()
    assert sent(wire, b"Subject: \xe9\r\n\r\n\x80\r\n").startswith("250 ")
    (first, _) = doors.rows()
    assert (first.envelope_from, first.recipients) == (
        "josé@bücher.example",
        ("support+ñ@help.example",),
    )
    assert " with UTF8SMTP id " in first.trace
    assert doors.raws()[1] == b"Subject: \xe9\r\n\r\n\x80\r\n"


def test_a_sender_that_is_no_utf8_is_no_reason_to_lose_the_mail_A10(doors: "Doors") -> None:
    wire = doors.smtp()
    wire.send(b"MAIL FROM:<jos\xe9@client.example>\r\n")
    assert wire.reply().startswith("250 ")
    wire.say(f"RCPT TO:<{SUPPORT}>")
    wire.say("DATA")
    assert sent(wire).startswith("250 ")
    assert doors.rows()[0].envelope_from == "jos\ufffd@client.example"


def test_a_whole_session_in_one_packet_is_answered_in_order_A11(doors: "Doors") -> None:
    wire = doors.wire()
    mails = b"".join(
        b"MAIL FROM:<>\r\nRCPT TO:<no@help.example>\r\nRCPT TO:<support@help.example>\r\nDATA\r\n%d\r\n.\r\n"
        % n
        for n in range(3)
    )
    wire.send(b"EHLO x\r\n" + mails + b"QUIT\r\n")
    replies = [wire.reply() for _ in range(2 + 3 * 5 + 1)]
    assert "250-PIPELINING" in replies[1] and "250 ENHANCEDSTATUSCODES" in replies[1]
    assert [reply[:3] for reply in replies[2:]] == ["250", "550", "250", "354", "250"] * 3 + ["221"]
    assert doors.raws() == [b"0\r\n", b"1\r\n", b"2\r\n"]


@pytest.mark.parametrize(
    "commands",
    [["RCPT TO:<a@b>"], ["DATA"], ["MAIL"], ["MAIL FROM:<a b>"], ["MAIL FROM:<a@b> FOO=1"], ["MAIL TO:<a@b>"],
     ["MAIL FROM:<a@b> SIZE=x"], ["MAIL FROM:<>", "MAIL FROM:<>"], ["MAIL FROM:<>", "RCPT TO:<a@b> X=1"],
     ["HELO"], ["EHLO"], ["NOOP"], ["RSET"], ["VRFY a"], ["EXPN a"], ["HELP"], ["AUTH PLAIN x"], ["STARTTLS"],
     ["BLAH"], [""], ["RSET x"], ["QUIT"], ["X" * 70_000], ["MAIL FROM:<" + "a" * 5000 + "@b>"]],
)  # fmt: skip
def test_every_reply_has_an_enhanced_code_A11(doors: "Doors", commands: list[str]) -> None:
    wire = doors.smtp()
    for command in commands:
        reply = wire.say(command)
        assert re.match(r"([245])\d\d \1\.\d{1,3}\.\d{1,3} \S", reply), reply


def test_helo_is_served_without_extensions_A11(doors: "Doors") -> None:
    wire = doors.wire().open("HELO old.example").address()
    assert sent(wire).startswith("250 ")
    assert " with SMTP id " in doors.rows()[0].trace


# ---- A12: TLS


def trusting(certificate: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(certificate))


def test_starttls_is_named_in_the_trace_header_A12(
    start: Start, certificate: tuple[Path, Path]
) -> None:
    cert, key = certificate
    doors = start(tls_cert=str(cert), tls_key=str(key))
    with smtplib.SMTP("localhost", doors.port, timeout=30) as client:
        client.starttls(context=trusting(cert))
        client.ehlo()
        assert not client.has_extn("starttls")
        assert client.docmd("STARTTLS")[0] == 503
        client.sendmail("a@client.example", [SUPPORT], MAIL)
    assert " with ESMTPS id " in doors.rows()[0].trace


def test_what_came_in_clear_behind_starttls_is_thrown_away_A12(
    start: Start, certificate: tuple[Path, Path]
) -> None:
    cert, key = certificate
    doors = start(tls_cert=str(cert), tls_key=str(key))
    wire = doors.smtp()
    wire.say("MAIL FROM:<evil@client.example>")
    wire.send(b"STARTTLS\r\nMAIL FROM:<injected@client.example>\r\n")
    assert wire.reply().startswith("220 ")
    wire.socket.setblocking(True)
    with trusting(cert).wrap_socket(wire.socket, server_hostname="localhost") as secure:
        secure.sendall(b"EHLO x\r\n")
        assert secure.recv(1000).startswith(b"250-")
        # Neither the injected command nor the session before is remembered.
        secure.sendall(b"RCPT TO:<support@help.example>\r\n")
        assert secure.recv(1000).startswith(b"503 5.5.1 ")


def test_old_tls_is_refused_A12(start: Start, certificate: tuple[Path, Path]) -> None:
    cert, key = certificate
    doors = start(tls_cert=str(cert), tls_key=str(key))
    context = trusting(cert)
    context.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning):
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    client = smtplib.SMTP("localhost", doors.port, timeout=30)
    with pytest.raises((ssl.SSLError, ConnectionError)):
        client.starttls(context=context)
    client.close()


def test_a_changed_certificate_is_used_and_a_broken_one_is_not_A12(
    start: Start, certificate: tuple[Path, Path], tmp_path: Path
) -> None:
    cert, key = (Path(shutil.copy(file, tmp_path)) for file in certificate)
    doors = start(tls_cert=str(cert), tls_key=str(key))

    renewed = certificate[0].with_name("localhost-renewed.pem")

    def served() -> str:
        context = trusting(certificate[0])
        context.load_verify_locations(renewed)
        with smtplib.SMTP("localhost", doors.port, timeout=30) as client:
            client.starttls(context=context)
            assert isinstance(client.sock, ssl.SSLSocket)
            shown = client.sock.getpeercert(binary_form=True)
        assert shown is not None
        return ssl.DER_cert_to_PEM_cert(shown)

    first = served()
    assert first.split() == certificate[0].read_text().split()
    cert.write_bytes(b"half a file")
    os.utime(cert, (1, 1))
    assert served() == first
    cert.write_bytes(renewed.read_bytes())
    os.utime(cert, (2, 2))
    assert served().split() == renewed.read_text().split()


def test_a_certificate_that_cannot_be_used_is_said_at_the_start_A12(tmp_path: Path) -> None:
    settings = Settings(
        gateway=Gateway(tls_cert=str(tmp_path / "no.pem"), tls_key=str(tmp_path / "no.key"))
    )
    with pytest.raises(BadInput, match=r"gateway\.tls_cert .*no\.pem"):
        check_addresses(settings)
    with pytest.raises(BadInput, match="belong together"):
        check_addresses(Settings(gateway=Gateway(tls_cert="/x.pem")))


# ---- A13, A14: patience and limits


def test_an_idle_client_gets_421_A13(start: Start, limited: Callable[..., None]) -> None:
    limited(command_seconds=0.2)
    wire = start().wire()
    assert wire.reply().startswith("220 ")
    assert wire.reply() == "421 4.4.2 Timed out, goodbye"
    assert wire.reply() == ""


def test_silence_inside_data_ends_in_421_and_nothing_is_stored_A13(
    start: Start, limited: Callable[..., None]
) -> None:
    limited(data_seconds=1)
    doors = start()
    wire = doors.smtp().address()
    wire.send(b"half a mail\r\n")
    assert wire.reply() == "421 4.4.2 Timed out, goodbye"
    assert doors.rows() == []


def test_a_slow_client_is_disconnected_A13(start: Start, limited: Callable[..., None]) -> None:
    limited(mail_seconds=2)
    wire = start().smtp().address()
    wire.socket.settimeout(0.05)
    got = b""
    for _ in range(600):
        wire.send(b"x")
        try:
            got = wire.socket.recv(100)
            break
        except TimeoutError:
            continue
    assert got == b"421 4.4.2 Timed out, goodbye\r\n"


def test_connections_are_limited_for_an_address_A14(start: Start) -> None:
    doors = start(max_connections_per_address=2)
    first, second = doors.smtp(), doors.smtp()
    assert doors.wire().reply() == "421 4.7.0 Too many connections, try again later"
    assert second.say("QUIT").startswith("221 ")
    assert second.reply() == ""
    assert _greeted_soon(doors)
    assert first.say("NOOP").startswith("250 ")


def test_connections_are_limited_in_all_A14(start: Start) -> None:
    doors = start(max_connections=1)
    held = doors.lmtp()
    assert doors.wire().reply().startswith("421 4.7.0 ")
    held.say("QUIT")
    assert _greeted_soon(doors)


def _greeted_soon(doors: "Doors") -> bool:
    """The place of a connection is free once the server has seen its end."""
    for _ in range(3000):
        if doors.wire().reply().startswith("220 "):
            return True
        time.sleep(0.01)
    return False


def test_recipients_of_a_mail_are_limited_A14(start: Start) -> None:
    doors = start()
    wire = doors.smtp()
    lines = "".join(f"RCPT TO:<support+{number}@help.example>\r\n" for number in range(1001))
    wire.send(f"MAIL FROM:<>\r\n{lines}DATA\r\n".encode())
    replies = [wire.reply() for _ in range(1003)]
    assert {reply[:9] for reply in replies[:1001]} == {"250 2.1.0", "250 2.1.5"}
    assert replies[1001].startswith("452 4.5.3 ")
    assert sent(wire).startswith("250 ")
    assert len(doors.rows()[0].recipients) == 1000


def test_junk_commands_end_the_session_A14(doors: "Doors") -> None:
    wire = doors.smtp()
    codes = [wire.say("JUNK")[:9] for _ in range(5)]
    assert codes == ["500 5.5.2"] * 4 + ["502 5.5.1"]
    assert wire.reply() == ""
    wire = doors.smtp()
    wire.send(b"NOOP\r\n" * 101)
    assert [wire.reply()[:9] for _ in range(101)] == ["250 2.0.0"] * 100 + ["421 4.7.0"]


# ---- A15 to A19


@pytest.mark.parametrize(
    "recipient", ["Postmaster", "postmaster@help.example", "abuse@HELP.example"]
)
def test_the_null_sender_and_postmaster_are_always_taken_A15(
    doors: "Doors", recipient: str
) -> None:
    assert sent(doors.smtp().address(recipient, sender="")).startswith("250 ")
    (row,) = doors.rows()
    assert (row.envelope_from, row.mailbox) == ("", SUPPORT)


@pytest.mark.parametrize(
    "argument",
    [
        "<@relay.example,@b.example:ana@client.example>",
        " <ana@client.example>",
        "ana@client.example",
    ],
)
def test_odd_but_clear_senders_are_taken_A4(doors: "Doors", argument: str) -> None:
    wire = doors.smtp()
    assert wire.say(f"MAIL FROM:{argument}").startswith("250 ")
    wire.say(f"RCPT TO:<{SUPPORT}>")
    wire.say("DATA")
    assert sent(wire).startswith("250 ")
    assert doors.rows()[0].envelope_from == "ana@client.example"


def test_each_mailbox_gets_the_mail_A17(doors: "Doors") -> None:
    assert sent(doors.smtp().address(SUPPORT, BILLING)).startswith("250 ")
    assert [row.mailbox for row in doors.rows()] == [SUPPORT, BILLING]
    assert len({row.sha256 for row in doors.rows()}) == 1


def test_the_trace_header_names_client_protocol_and_recipient_A18(doors: "Doors") -> None:
    sent(doors.wire().open("EHLO mail.client.example").address())
    sent(doors.wire().open("EHLO <evil>\x07x").address(SUPPORT, BILLING))
    one, two, _ = doors.rows()
    assert re.fullmatch(
        rf"Received: from mail\.client\.example \(\[127\.0\.0\.1\]\) by {re.escape(socket.gethostname())} "
        rf"with ESMTP id [0-9a-f]{{16}} for <{SUPPORT}>; \w{{3}}, \d\d \w{{3}} \d{{4}} [\d:]{{8}} \+0000",
        one.trace,
    )
    assert two.trace.startswith("Received: from ?evil??x ") and " for " not in two.trace
    assert one.remote == "127.0.0.1"


def test_idle_sessions_get_421_and_a_mail_in_progress_is_finished_A19(doors: "Doors") -> None:
    idle, busy = doors.smtp(), doors.smtp().address()
    busy.send(b"Subject: half\r\n")
    time.sleep(0.05)  # lets the server read it; the test holds without, too
    doors.begin_stop()
    assert idle.reply() == "421 4.3.2 Shutting down, try again later"
    with pytest.raises(OSError):
        doors.wire()
    assert sent(busy, b"\r\nother half\r\n").startswith("250 ")
    assert busy.reply().startswith("421 4.3.2 ")
    assert doors.raws() == [b"Subject: half\r\n\r\nother half\r\n"]


def test_a_mail_that_does_not_end_within_the_grace_time_is_cut_off_A19(start: Start) -> None:
    doors = start(grace=0.1)
    busy = doors.smtp().address()
    busy.send(b"and so on\r\n")
    doors.begin_stop()
    assert busy.reply().startswith("421 4.3.2 ")
    doors.stop()
    assert doors.rows() == []


def test_a_second_instance_on_the_same_desk_is_safe_A19(start: Start) -> None:
    one, two = start(), start()
    assert sent(one.smtp().address()).startswith("250 ")
    assert sent(two.smtp().address()).startswith("250 ")
    assert len(one.rows()) == 2


def test_a_client_that_goes_away_in_the_middle_leaves_nothing(doors: "Doors") -> None:
    gone = doors.smtp().address()
    gone.send(b"half")
    gone.close()
    assert sent(doors.smtp().address()).startswith("250 ")
    assert doors.raws() == [MAIL]


# ---- addresses


def test_a_port_in_use_is_said_with_its_address(start: Start) -> None:
    taken = start().where("smtp")
    with pytest.raises(MailServerTrouble, match=re.escape(taken) + ".*in use"):
        start(smtp=(taken,))
    with pytest.raises(MailServerTrouble, match=re.escape(taken) + ".*in use"):
        check_addresses(Settings(gateway=Gateway(smtp=(taken,), lmtp=())))


@pytest.mark.parametrize(
    "text", ["2525", "x:", ":99999", "unix:", "unix:/x?mode=9", "unix:/x?color=red"]
)
def test_an_address_that_is_none_is_said(text: str) -> None:
    with pytest.raises(BadInput, match=r"gateway\.lmtp"):
        listen.parse("gateway.lmtp", text)


def test_a_host_that_is_none_is_said() -> None:
    with pytest.raises(MailServerTrouble, match=r"cannot listen on 256\.0\.0\.1:2525"):
        check_addresses(Settings(gateway=Gateway(smtp=("256.0.0.1:2525",), lmtp=())))


# ---- G15: who is not welcome


def ban(doors: "Doors", *patterns: str) -> None:
    for one in patterns:
        doors.db.write(lambda tx, one=one: bans.add(tx, one, at=clock.now(), actor="ana"))


def test_a_banned_envelope_sender_is_refused_with_5xx_G15(start: Start) -> None:
    doors = start(trusted_relays=())
    wire = doors.smtp()
    ban(doors, "@spam.example", "*@*.evil.example")
    for sender in ("eve@SPAM.example", "x@mail.evil.example"):
        wire.say(f"MAIL FROM:<{sender}>")
        refused = wire.say(f"RCPT TO:<{SUPPORT}>")
        assert refused == "550 5.7.1 Mail from this sender is not accepted here"
        assert wire.say("RCPT TO:<postmaster@help.example>").startswith("250 ")
        assert wire.say("RCPT TO:<nobody@help.example>").startswith("550 5.1.1")
        wire.say("RSET")
    for sender in ("", "eve@notspam.example"):
        wire.say(f"MAIL FROM:<{sender}>")
        assert wire.say(f"RCPT TO:<{SUPPORT}>").startswith("250 ")
        wire.say("RSET")


def test_a_lifted_ban_refuses_no_mail_G15(start: Start) -> None:
    doors = start(trusted_relays=())
    ban(doors, "eve@spam.example")
    wire = doors.smtp()
    for reply in ("550 ", "250 "):
        wire.say("MAIL FROM:<eve@spam.example>")
        assert wire.say(f"RCPT TO:<{SUPPORT}>").startswith(reply)
        wire.say("RSET")
        doors.db.write(lambda tx: bans.remove(tx, "eve@spam.example"))


def test_what_our_own_relay_has_taken_is_not_refused_G15(doors: "Doors") -> None:
    ban(doors, "@spam.example")
    for wire in (doors.smtp(), doors.lmtp()):
        wire.say("MAIL FROM:<eve@spam.example>")
        assert wire.say(f"RCPT TO:<{SUPPORT}>").startswith("250 ")
