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

from gateway.doors import listen
from gateway.doors.serve import check_addresses
from ticketctl import clock
from ticketctl.config import Gateway, Settings
from ticketctl.errors import BadInput, MailServerTrouble
from ticketctl.store import bans, inbox

if TYPE_CHECKING:
    from tests.wire.conftest import Doors, Wire

SUPPORT, BILLING = "support@help.example", "billing@help.example"
MAIL = b"From: ana@client.example\r\nSubject: x\r\n\r\ntext\r\n"
Start = Callable[..., "Doors"]


def sent(wire: "Wire", mail: bytes = MAIL) -> str:
    wire.send(mail + b".\r\n")
    return wire.reply()


# ---- A1 to A4: durable first, trouble is temporary


def test_A1_the_mail_and_its_envelope_are_committed_when_250_comes(doors: "Doors") -> None:
    wire = doors.smtp().address(sender="Ana@Client.example")
    assert sent(wire) == "250 2.0.0 Taken into the inbox"
    # Another process would see it now.
    with sqlite3.connect(doors.db.url.database or "") as other:
        found = other.execute("SELECT envelope_from, recipients, state, size FROM inbox").fetchall()
    other.close()
    assert found == [("Ana@Client.example", f'["{SUPPORT}"]', "received", len(MAIL))]
    assert doors.raws() == [MAIL]


def test_A2_A3_an_exception_in_the_store_is_451_and_leaks_nothing(
    doors: "Doors", monkeypatch: Any
) -> None:
    def broken(*_: object) -> int:
        raise RuntimeError("secret: INSERT INTO inbox at /var/lib/desk.db")

    with monkeypatch.context() as patch:
        patch.setattr(inbox, "accept", broken)
        wire = doors.smtp().address()
        assert sent(wire) == "451 4.3.0 Temporary trouble here, try again later"
    assert doors.rows() == []
    assert sent(wire.address()).startswith("250 2.0.0")


def test_A2_a_locked_database_is_451_and_recovers(doors: "Doors", monkeypatch: Any) -> None:
    wire = doors.smtp().address()
    holder = sqlite3.connect(doors.db.url.database or "", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with monkeypatch.context() as patch:
        patch.setattr(doors.db, "write", lambda work: _impatient(doors, work))
        assert sent(wire) == "451 4.3.0 Temporary trouble here, try again later"
    holder.execute("ROLLBACK")
    holder.close()
    assert sent(wire.address()).startswith("250 ")
    assert len(doors.rows()) == 1


def _impatient(doors: "Doors", work: Callable[[Any], Any]) -> Any:
    """A write on a database of the same file that waits for locks for a moment only."""
    from ticketctl.store.engine import Database

    database = Database(str(doors.db.url), busy_seconds=0.01)
    try:
        return database.write(work)
    finally:
        database.dispose()


def test_A2_a_database_that_is_gone_is_451_at_once_and_back_when_it_is(doors: "Doors") -> None:
    path = Path(doors.db.url.database or "")
    wire = doors.smtp()
    doors.db.engine.dispose()
    away = path.with_suffix(".away")
    for suffix in ("-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    path.rename(away)
    path.mkdir()  # whatever opens the database now fails
    wire.say("MAIL FROM:<a@client.example>")
    assert wire.say(f"RCPT TO:<{SUPPORT}>") == "451 4.3.0 Temporary trouble here, try again later"
    path.rmdir()
    away.rename(path)
    assert wire.say(f"RCPT TO:<{SUPPORT}>").startswith("250 ")


def test_A2_a_commit_that_hangs_is_451_in_time(
    start: Start, limited: Callable[..., None], monkeypatch: Any
) -> None:
    limited(commit_seconds=0.2)
    doors, gate = start(), threading.Event()
    write = doors.db.write
    monkeypatch.setattr(doors.db, "write", lambda work: gate.wait(30) and write(work))
    wire = doors.smtp().address()
    assert sent(wire) == "451 4.3.0 Temporary trouble here, try again later"
    gate.set()
    assert sent(wire.address()).startswith("250 ")
    # The first was not acknowledged; that it is kept after all is a duplicate at most (A20).
    assert len(doors.rows()) == 2


def test_A3_an_exception_in_a_command_leaks_nothing(doors: "Doors", monkeypatch: Any) -> None:
    from gateway.doors.front import Front

    async def broken(*_: object) -> None:
        raise RuntimeError("secret")

    wire = doors.smtp()
    wire.say("MAIL FROM:<>")
    monkeypatch.setattr(Front, "find", broken)
    assert wire.say(f"RCPT TO:<{SUPPORT}>") == "451 4.3.0 Temporary trouble here, try again later"
    assert wire.say("NOOP").startswith("250 ")


@pytest.mark.parametrize(
    ("recipient", "reply"),
    [
        ("nobody@help.example", "550 5.1.1 No such mailbox here"),
        ("ana@elsewhere.example", "550 5.7.1 This desk takes mail for its own addresses only"),
        ("", "550 5.1.1 No such mailbox here"),
    ],
)
def test_A4_A16_unknown_and_foreign_recipients_are_refused_at_rcpt(
    doors: "Doors", recipient: str, reply: str
) -> None:
    wire = doors.smtp()
    wire.say("MAIL FROM:<ana@client.example>")
    assert wire.say(f"RCPT TO:<{recipient}>") == reply
    assert wire.say("DATA").startswith("503 5.5.1 ")


@pytest.mark.parametrize(
    "mail", [b"", b"\0\xff\r\n", b"no header at all\r\n", b"Subject: only\r\n"]
)
def test_A4_no_content_is_a_reason_to_refuse(doors: "Doors", mail: bytes) -> None:
    assert sent(doors.smtp().address(), mail).startswith("250 ")
    assert doors.raws() == [mail]


# ---- A5: size


def test_A5_a_stated_size_over_the_limit_is_refused_at_mail(start: Start) -> None:
    wire = start(max_message_size=1000).wire()
    wire.reply()
    assert "250-SIZE 1000" in wire.say("EHLO x").splitlines()
    assert wire.say("MAIL FROM:<a@client.example> SIZE=1001").startswith("552 5.3.4 ")
    assert wire.say("MAIL FROM:<a@client.example> SIZE=1000").startswith("250 ")


def test_A5_more_data_than_the_limit_is_read_to_its_end_and_the_session_goes_on(
    start: Start,
) -> None:
    doors = start(max_message_size=100_000)
    wire = doors.smtp().address()
    assert sent(wire, b"x" * 3_000_000 + b"\r\n") == "552 5.3.4 Message is too big"
    assert sent(wire.address(), b"y" * 99_998 + b"\r\n").startswith("250 ")
    assert [row.size for row in doors.rows()] == [100_000]


def test_A5_a_mail_over_the_spool_size_arrives_whole(doors: "Doors") -> None:
    mail = b"".join(b"%08d\r\n" % number for number in range(400_000))
    assert sent(doors.smtp().address(), mail).startswith("250 ")
    assert doors.raws() == [mail]


def test_A5_no_room_for_the_spool_is_452_and_the_mail_is_read_to_its_end(
    doors: "Doors", monkeypatch: Any
) -> None:
    from gateway.doors import spool

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


def test_A10_utf8_addresses_and_8_bit_mail_are_kept_as_they_came(doors: "Doors") -> None:
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


def test_A10_a_sender_that_is_no_utf8_is_no_reason_to_lose_the_mail(doors: "Doors") -> None:
    wire = doors.smtp()
    wire.send(b"MAIL FROM:<jos\xe9@client.example>\r\n")
    assert wire.reply().startswith("250 ")
    wire.say(f"RCPT TO:<{SUPPORT}>")
    wire.say("DATA")
    assert sent(wire).startswith("250 ")
    assert doors.rows()[0].envelope_from == "jos\ufffd@client.example"


def test_A11_a_whole_session_in_one_packet_is_answered_in_order(doors: "Doors") -> None:
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
def test_A11_every_reply_has_an_enhanced_code(doors: "Doors", commands: list[str]) -> None:
    wire = doors.smtp()
    for command in commands:
        reply = wire.say(command)
        assert re.match(r"([245])\d\d \1\.\d{1,3}\.\d{1,3} \S", reply), reply


def test_A11_helo_is_served_without_extensions(doors: "Doors") -> None:
    wire = doors.wire().open("HELO old.example").address()
    assert sent(wire).startswith("250 ")
    assert " with SMTP id " in doors.rows()[0].trace


# ---- A12: TLS


def trusting(certificate: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(certificate))


def test_A12_starttls_takes_mail_and_says_so_in_the_trace(
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


def test_A12_what_came_in_clear_behind_starttls_is_thrown_away(
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


def test_A12_old_tls_is_refused(start: Start, certificate: tuple[Path, Path]) -> None:
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


def test_A12_a_changed_certificate_is_used_and_a_broken_one_is_not(
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


def test_A12_a_certificate_that_cannot_be_used_is_said_at_the_start(tmp_path: Path) -> None:
    settings = Settings(
        gateway=Gateway(tls_cert=str(tmp_path / "no.pem"), tls_key=str(tmp_path / "no.key"))
    )
    with pytest.raises(BadInput, match=r"gateway\.tls_cert .*no\.pem"):
        check_addresses(settings)
    with pytest.raises(BadInput, match="belong together"):
        check_addresses(Settings(gateway=Gateway(tls_cert="/x.pem")))


# ---- A13, A14: patience and limits


def test_A13_an_idle_client_gets_421(start: Start, limited: Callable[..., None]) -> None:
    limited(command_seconds=0.2)
    wire = start().smtp()
    assert wire.reply() == "421 4.4.2 Timed out, goodbye"
    assert wire.reply() == ""


def test_A13_silence_inside_data_ends_in_421_and_nothing_is_stored(
    start: Start, limited: Callable[..., None]
) -> None:
    limited(data_seconds=0.2)
    doors = start()
    wire = doors.smtp().address()
    wire.send(b"half a mail\r\n")
    assert wire.reply() == "421 4.4.2 Timed out, goodbye"
    assert doors.rows() == []


def test_A13_a_client_that_drips_does_not_hold_its_place_for_ever(
    start: Start, limited: Callable[..., None]
) -> None:
    limited(mail_seconds=0.5)
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


def test_A14_connections_are_limited_for_an_address(start: Start) -> None:
    doors = start(max_connections_per_address=2)
    first, second = doors.smtp(), doors.smtp()
    assert doors.wire().reply() == "421 4.7.0 Too many connections, try again later"
    assert second.say("QUIT").startswith("221 ")
    assert second.reply() == ""
    assert _greeted_soon(doors)
    assert first.say("NOOP").startswith("250 ")


def test_A14_connections_are_limited_in_all(start: Start) -> None:
    doors = start(max_connections=1)
    held = doors.lmtp()
    assert doors.wire().reply().startswith("421 4.7.0 ")
    held.say("QUIT")
    assert _greeted_soon(doors)


def _greeted_soon(doors: "Doors") -> bool:
    """The place of a connection is free once the server has seen its end."""
    for _ in range(200):
        if doors.wire().reply().startswith("220 "):
            return True
        time.sleep(0.01)
    return False


def test_A14_recipients_of_a_mail_are_limited(start: Start) -> None:
    doors = start()
    wire = doors.smtp()
    lines = "".join(f"RCPT TO:<support+{number}@help.example>\r\n" for number in range(1001))
    wire.send(f"MAIL FROM:<>\r\n{lines}DATA\r\n".encode())
    replies = [wire.reply() for _ in range(1003)]
    assert {reply[:9] for reply in replies[:1001]} == {"250 2.1.0", "250 2.1.5"}
    assert replies[1001].startswith("452 4.5.3 ")
    assert sent(wire).startswith("250 ")
    assert len(doors.rows()[0].recipients) == 1000


def test_A14_junk_commands_end_the_session(doors: "Doors") -> None:
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
def test_A15_the_null_sender_and_postmaster_are_always_taken(
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
def test_A4_odd_but_clear_senders_are_taken(doors: "Doors", argument: str) -> None:
    wire = doors.smtp()
    assert wire.say(f"MAIL FROM:{argument}").startswith("250 ")
    wire.say(f"RCPT TO:<{SUPPORT}>")
    wire.say("DATA")
    assert sent(wire).startswith("250 ")
    assert doors.rows()[0].envelope_from == "ana@client.example"


def test_A17_each_mailbox_gets_the_mail(doors: "Doors") -> None:
    assert sent(doors.smtp().address(SUPPORT, BILLING)).startswith("250 ")
    assert [row.mailbox for row in doors.rows()] == [SUPPORT, BILLING]
    assert len({row.sha256 for row in doors.rows()}) == 1


def test_A18_the_trace_line_tells_the_way(doors: "Doors") -> None:
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


def test_A19_idle_sessions_get_421_and_a_mail_in_progress_is_finished(doors: "Doors") -> None:
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


def test_A19_a_mail_that_does_not_end_within_the_grace_time_is_cut_off(start: Start) -> None:
    doors = start(grace=0.1)
    busy = doors.smtp().address()
    busy.send(b"and so on\r\n")
    doors.begin_stop()
    assert busy.reply().startswith("421 4.3.2 ")
    doors.stop()
    assert doors.rows() == []


def test_A19_a_second_instance_on_the_same_desk_is_safe(start: Start) -> None:
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


def test_G15_a_banned_envelope_sender_is_refused_for_ever(start: Start) -> None:
    doors = start(trusted_relays=())
    wire = doors.smtp()
    ban(doors, "@spam.example", "*@*.evil.example")
    for sender in ("eve@SPAM.example", "x@mail.evil.example"):
        wire.say(f"MAIL FROM:<{sender}>")
        refused = wire.say(f"RCPT TO:<{SUPPORT}>")
        assert refused == "550 5.7.1 Mail of this sender is not taken here"
        assert wire.say("RCPT TO:<postmaster@help.example>").startswith("250 ")
        assert wire.say("RCPT TO:<nobody@help.example>").startswith("550 5.1.1")
        wire.say("RSET")
    for sender in ("", "eve@notspam.example"):
        wire.say(f"MAIL FROM:<{sender}>")
        assert wire.say(f"RCPT TO:<{SUPPORT}>").startswith("250 ")
        wire.say("RSET")


def test_G15_a_ban_that_was_just_lifted_refuses_nobody(start: Start) -> None:
    doors = start(trusted_relays=())
    ban(doors, "eve@spam.example")
    wire = doors.smtp()
    for reply in ("550 ", "250 "):
        wire.say("MAIL FROM:<eve@spam.example>")
        assert wire.say(f"RCPT TO:<{SUPPORT}>").startswith(reply)
        wire.say("RSET")
        doors.db.write(lambda tx: bans.remove(tx, "eve@spam.example"))


def test_G15_what_our_own_relay_has_taken_is_not_refused(doors: "Doors") -> None:
    ban(doors, "@spam.example")
    for wire in (doors.smtp(), doors.lmtp()):
        wire.say("MAIL FROM:<eve@spam.example>")
        assert wire.say(f"RCPT TO:<{SUPPORT}>").startswith("250 ")
