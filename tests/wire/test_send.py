"""Sending, against a real SMTP server on loopback that is down, slow, choosy or drops the line (L2, L11, L12, L18)."""

import asyncio
import shutil
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from gateway.run.debug_smtp import DebugSmtpServer, mails
from gateway.send.sender import Sender
from gateway.send.smtp_client import SmtpTimeouts
from tests.support.paths import DATA
from tests.support.ports import free_port
from tests.support.statements import heard
from ticketctl import clock
from ticketctl.domain.base import signed_addresses
from ticketctl.domain.base.records import Delivery, OutboxRow
from ticketctl.errors import DatabaseTrouble, DeskError, MailServerTrouble
from ticketctl.settings.table import Outgoing, Settings
from ticketctl.store.db import blobs, signing_key
from ticketctl.store.db.database import Database, Tx
from ticketctl.store.people import customers as people
from ticketctl.store.queues import outbox, sending
from ticketctl.store.tickets import events, tickets
from ticketctl.templating.samples import samples

AT = datetime(2026, 3, 9, 8, 10, tzinfo=UTC)
CARL, DANA = "carl@customer.example", "dana@customer.example"
SHORT = SmtpTimeouts(connect=30, command=30, reply=30)


class Server:
    """A mail server that does what a test tells it; `got` is what it took: sender, recipients, content."""

    def __init__(self) -> None:
        self.port = free_port()
        self.got: list[tuple[str, tuple[str, ...], bytes]] = []
        self.connections = 0
        self.wants_login = False
        self.rcpt: Callable[[str], str] = lambda address: "250 2.1.5 OK"
        self.data: Callable[[SMTP, Envelope], str] = lambda server, envelope: "250 2.0.0 OK"
        self.wait_before_reply: threading.Event | None = None
        self.reading_reply = threading.Event()
        self._controller: Controller | None = None

    def start(self, **options: Any) -> None:
        options = {"enable_SMTPUTF8": False, "data_size_limit": 0} | options
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port, **options)
        self._controller.start()

    def stop(self) -> None:
        if self._controller is not None:
            self._controller.stop(no_assert=True)
            self._controller = None

    async def handle_EHLO(
        self,
        server: SMTP,
        session: Session,
        envelope: Envelope,
        hostname: str,
        responses: list[str],
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.wants_login and not session.authenticated:
            return "530 5.7.0 Authentication required"
        reply = self.rcpt(address)
        if reply.startswith("250"):
            envelope.rcpt_tos.append(address)
        return reply

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.reading_reply.set()
        if self.wait_before_reply is not None:
            await asyncio.to_thread(self.wait_before_reply.wait, 60)
        reply = self.data(server, envelope)
        if reply.startswith("250"):
            self.take(envelope)
        return reply

    def take(self, envelope: Envelope) -> None:
        assert envelope.original_content is not None
        self.got.append(
            (
                (envelope.mail_from or "").strip("<>"),
                tuple(envelope.rcpt_tos),
                envelope.original_content,
            )
        )

    def message_ids(self) -> list[str]:
        return [
            str(message_from_bytes(content, policy=policy.default)["Message-ID"])
            for _, _, content in self.got
        ]


@pytest.fixture
def server() -> Iterator[Server]:
    one = Server()
    yield one
    one.stop()


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Sets the desk's time; it begins at AT."""

    def put(at: datetime) -> None:
        monkeypatch.setenv(clock.VARIABLE, clock.rfc3339(at))

    put(AT)
    return put


@pytest.fixture
def database(db: Database, now: object) -> Database:
    return db


def sender(db: Database, server: Server, *, lease_seconds: int = 30, **outgoing: Any) -> Sender:
    settings = Settings(outgoing=Outgoing(host="127.0.0.1", port=server.port, **outgoing))
    return Sender(db, settings, timeouts=SHORT, lease_seconds=lease_seconds)


def queue(db: Database, *to: str, kind: str = "reply", n: int = 1, **more: Any) -> int:
    """One mail of a ticket that is there."""
    data = dict(samples(kind)[0]) | {"purpose": "t"} | more.pop("data", {})
    message_id = f"<t1.{n}.aaaaaaaaaaaaaaaa@help.example>"

    def work(tx: Tx) -> int:
        return outbox.queue(
            tx,
            outbox.NewMail(
                kind=kind,
                ticket=_ticket(tx),
                message=None,
                mailbox="support@localhost",
                to=to or (CARL,),
                subject="Re: [Help #1] Printer is broken",
                message_id=message_id,
                language="en",
                data=data,
                at=AT,
                **more,
            ),
        )

    return db.write(work)


def _ticket(tx: Tx) -> int:
    customer = people.find_or_create(tx, email=CARL, name="Carl", language=None, at=AT)
    return tickets.create(
        tx,
        tickets.NewTicket(
            subject="Printer is broken",
            status="open",
            priority="medium",
            channel="email",
            mailbox="support@localhost",
            segment="support",
            customer_id=customer.id,
            at=AT,
        ),
    )


def get(db: Database, id: int) -> OutboxRow:
    with db.read() as tx:
        return outbox.get(tx, id)


def deliveries(db: Database, id: int) -> dict[str, Delivery]:
    with db.read() as tx:
        return {one.address: one for one in outbox.deliveries(tx, id)}


def states(db: Database, id: int) -> dict[str, str]:
    return {address: one.state for address, one in deliveries(db, id).items()}


def hang_up(server: SMTP) -> None:
    """Drop the line without a word."""
    assert isinstance(server.transport, asyncio.WriteTransport)
    server.transport.abort()


# ---- what goes out -------------------------------------------------------------------------------


def test_a_mail_is_sent_and_settled(database: Database, server: Server) -> None:
    server.start()
    id = queue(database)
    assert sender(database, server).once() == 1
    assert get(database, id).state == "sent" and get(database, id).error is None
    assert deliveries(database, id)[CARL].reply == "250 2.0.0 OK"
    assert server.message_ids() == ["<t1.1.aaaaaaaaaaaaaaaa@help.example>"]
    assert sender(database, server).once() == 0


def test_lines_that_begin_with_a_dot_arrive(database: Database, server: Server) -> None:
    server.start()
    queue(database, data={"text": "one\n.\n..two\n.three"})
    sender(database, server).once()
    mail = message_from_bytes(server.got[0][2], policy=policy.default)
    text = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert text.replace("\r\n", "\n").startswith("one\n.\n..two\n.three\n")


def test_each_recipient_has_an_smtp_transaction_L18(database: Database, server: Server) -> None:
    server.start()
    id = queue(database, CARL, DANA)
    sender(database, server).once()
    assert [recipients for _, recipients, _ in server.got] == [(CARL,), (DANA,)]
    replies = [message_from_bytes(content)["Reply-To"] for _, _, content in server.got]
    assert len(set(replies)) == 2 and all(one.startswith("support+t1.") for one in replies)
    assert len(set(server.message_ids())) == 1
    assert set(states(database, id).values()) == {"sent"}


def test_bounces_of_each_delivery_come_to_an_address_of_its_own_L12(
    database: Database, server: Server
) -> None:
    server.start()
    id = queue(database, CARL, DANA)
    sender(database, server, envelope="bounces@help.example").once()
    with database.read() as tx:
        key = signing_key.read(tx)
    expected = [
        signed_addresses.bounce_address(key, "bounces@help.example", one.id)
        for one in deliveries(database, id).values()
    ]
    assert [sender for sender, _, _ in server.got] == expected


def test_an_error_mail_has_the_null_sender_L12(database: Database, server: Server) -> None:
    server.start()
    queue(database, kind="error")
    sender(database, server).once()
    assert server.got[0][0] == ""


def test_one_connection_carries_many_mails(database: Database, server: Server) -> None:
    server.start()
    for n in range(5):
        queue(database, n=n)
    assert sender(database, server).once() == 5
    assert server.connections == 1


def test_the_catcher_keeps_what_it_is_sent(database: Database, tmp_path: Path) -> None:
    server = Server()
    catcher = DebugSmtpServer(tmp_path / "caught", port=server.port)
    catcher.start()
    try:
        queue(database)
        sender(database, server).once()
    finally:
        catcher.stop()
    (caught,) = mails(tmp_path / "caught")
    assert caught.recipients == (CARL,)
    assert caught.sender.startswith("bounces+d")
    assert caught.mail["Subject"] == "Re: [Help #1] Printer is broken"


def test_a_mail_costs_two_transactions_with_few_statements(
    database: Database, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.start()
    for n in range(5):
        queue(database, n=n)
    writes, reads = [], []
    write, read = database.write, database.read
    monkeypatch.setattr(database, "write", lambda *a, **k: (writes.append(1), write(*a, **k))[1])
    monkeypatch.setattr(database, "read", lambda: (reads.append(1), read())[1])
    one = sender(database, server)
    one.drain()
    queued = [queue(database, n=n) for n in range(5, 10)]
    writes.clear()
    with heard() as statements:
        assert one.once() == len(queued)
    assert (len(writes), len(reads)) == (1 + 2 * 5, 0)
    content = 2 if database.is_sqlite else 1
    assert len(statements) == 1 + 5 * (content + 3)  # result, row, next claim


# ---- what goes wrong -----------------------------------------------------------------------------


def test_a_server_that_is_down_loses_nothing_L11(
    database: Database, server: Server, now: Callable[[datetime], None]
) -> None:
    first, second = queue(database, n=1), queue(database, n=2)
    one = sender(database, server)
    with pytest.raises(MailServerTrouble, match="cannot be used"):
        one.once()
    assert {get(database, id).state for id in (first, second)} == {"queued"}
    assert "Connection refused" in (get(database, first).error or "")
    assert get(database, second).attempts == 0  # one mail asks after the server, not all of them
    server.start()
    now(AT + timedelta(minutes=1))
    assert one.once() == 2
    assert {get(database, id).state for id in (first, second)} == {"sent"}
    assert len(set(server.message_ids())) == 2


def test_a_temporary_refusal_is_tried_again_by_the_table_L11(
    database: Database, server: Server, now: Callable[[datetime], None]
) -> None:
    server.start()
    server.rcpt = lambda address: "451 4.7.1 Greylisted"
    id = queue(database)
    one = sender(database, server, retry=(60, 300))
    one.once()
    row = get(database, id)
    assert (row.state, row.next_try_at) == ("queued", AT + timedelta(seconds=60))
    assert row.error == f"{CARL}: 451 4.7.1 Greylisted"
    kept = row.blob
    assert one.once() == 0
    now(AT + timedelta(seconds=60))
    one.once()
    assert get(database, id).next_try_at == AT + timedelta(seconds=360)
    server.rcpt = lambda address: "250 OK"
    now(AT + timedelta(seconds=360))
    one.once()
    assert get(database, id).state == "sent"
    assert get(database, id).blob == kept
    assert server.message_ids() == ["<t1.1.aaaaaaaaaaaaaaaa@help.example>"]


def test_after_five_days_sending_fails_and_the_ticket_shows_it_L11(
    database: Database, server: Server, now: Callable[[datetime], None]
) -> None:
    server.start()
    server.data = lambda smtp, envelope: "452 4.3.1 Full"
    id = queue(database)
    one = sender(database, server)
    now(AT + timedelta(days=4, hours=23))
    one.once()
    assert get(database, id).next_try_at is not None
    now(AT + timedelta(days=5))
    one.once()
    assert get(database, id).state == "failed"
    with database.read() as tx:
        ticket = get(database, id).ticket
        assert ticket is not None
        (event,) = events.of(tx, ticket, ("mail-failed",))
    assert event.field == CARL and "452" in (event.comment or "")


def test_a_refused_recipient_fails_alone_L11(database: Database, server: Server) -> None:
    server.start()
    server.rcpt = lambda address: "550 5.1.1 Nobody here" if address == CARL else "250 OK"
    id = queue(database, CARL, DANA)
    sender(database, server).once()
    assert states(database, id) == {CARL: "failed", DANA: "sent"}
    assert get(database, id).state == "failed"
    assert get(database, id).error == f"{CARL}: 550 5.1.1 Nobody here"


def test_one_later_one_now_L11(
    database: Database, server: Server, now: Callable[[datetime], None]
) -> None:
    server.start()
    server.rcpt = lambda address: "450 4.2.0 Later" if address == CARL else "250 OK"
    id = queue(database, CARL, DANA)
    one = sender(database, server)
    one.once()
    assert states(database, id) == {CARL: "queued", DANA: "sent"}
    server.rcpt = lambda address: "250 OK"
    now(AT + timedelta(minutes=1))
    one.once()
    assert [recipients for _, recipients, _ in server.got] == [(DANA,), (CARL,)]


def test_a_line_lost_after_the_mail_leaves_it_uncertain(
    database: Database, server: Server, now: Callable[[datetime], None]
) -> None:
    server.start()

    def take_and_drop(smtp: SMTP, envelope: Envelope) -> str:
        server.take(envelope)
        hang_up(smtp)
        return "451 nobody hears this"

    server.data = take_and_drop
    id = queue(database)
    one = sender(database, server)
    one.once()
    assert get(database, id).state == "uncertain"
    assert states(database, id) == {CARL: "uncertain"}
    assert "ticketctl outbox retry" in (get(database, id).error or "")
    now(AT + timedelta(days=1))
    assert one.once() == 0  # never by itself
    server.data = lambda smtp, envelope: "250 OK"
    database.write(lambda tx: outbox.retry(tx, id))
    assert one.once() == 1
    assert get(database, id).state == "sent"
    assert len(server.got) == 2 and server.got[0][2] == server.got[1][2]


def test_a_line_lost_inside_the_mail_means_again(
    database: Database, now: Callable[[datetime], None]
) -> None:
    server = Server()
    content = b"x" * 10_000_000  # more than the buffers of the connection hold
    sha256 = database.write(lambda tx: blobs.put(tx, content, AT))
    files = [{"name": "big.bin", "type": "application/octet-stream", "sha256": sha256}]
    id = queue(database, data={"attachments": files})
    with Dropping(server.port):
        sender(database, server).once()
    row = get(database, id)
    assert (row.state, row.attempts) == ("queued", 1)
    assert "the connection was lost" in (row.error or "")
    server.start()
    try:
        now(AT + timedelta(minutes=1))
        sender(database, server).once()
    finally:
        server.stop()
    assert get(database, id).state == "sent"
    assert server.message_ids() == ["<t1.1.aaaaaaaaaaaaaaaa@help.example>"]


class Dropping:
    """A server that says yes to everything and hangs up in the middle of the mail."""

    def __init__(self, port: int) -> None:
        self._listener = socket.create_server(("127.0.0.1", port))
        self._thread = threading.Thread(target=self._serve)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._thread.join()
        self._listener.close()

    def _serve(self) -> None:
        line, _ = self._listener.accept()
        with line, line.makefile("rb") as words:
            line.sendall(b"220 hello\r\n")
            for command in words:
                if command.startswith(b"DATA"):
                    line.sendall(b"354 go on\r\n")
                    words.read(1000)
                    return
                line.sendall(b"250 yes\r\n")


def test_a_server_that_closes_between_mails_is_called_again(
    database: Database, server: Server, now: Callable[[datetime], None]
) -> None:
    server.start()
    one = sender(database, server)
    queue(database, n=1)
    one.drain()
    server.stop()
    server.start()
    id = queue(database, n=2)
    one.drain()
    now(AT + timedelta(minutes=1))
    one.once()
    assert get(database, id).state == "sent"
    assert len(server.got) == 2


def test_a_mail_that_cannot_be_composed_fails_and_blocks_nobody(
    database: Database, server: Server
) -> None:
    server.start()
    broken = queue(database, n=1, data={"attachments": [{"name": "x", "type": "", "sha256": "0"}]})
    good = queue(database, n=2)
    assert sender(database, server).once() == 2
    assert get(database, broken).state == "failed"
    assert "cannot be composed" in (get(database, broken).error or "")
    assert get(database, good).state == "sent"


def test_a_mail_that_cannot_be_claimed_does_not_double_the_one_before(
    database: Database, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.start()
    first, second = queue(database, n=1), queue(database, n=2)
    claim = sending.claim

    def broken(tx: Tx, **how: Any) -> sending.Claimed | None:
        claimed = claim(tx, **how)
        if claimed and claimed.row.id == second:
            raise LookupError("a row of a later version")
        return claimed

    one = sender(database, server)
    with monkeypatch.context() as patch:
        patch.setattr(sending, "claim", broken)
        assert one.drain() == 1
        with pytest.raises(LookupError):
            one.drain()
    assert (get(database, first).state, get(database, second).state) == ("sent", "queued")
    assert one.once() == 1
    assert server.message_ids() == [f"<t1.{n}.aaaaaaaaaaaaaaaa@help.example>" for n in (1, 2)]


def test_a_sender_that_is_stopped_claims_no_further_mail(
    database: Database, server: Server
) -> None:
    stop = threading.Event()

    def take_and_stop(smtp: SMTP, envelope: Envelope) -> str:
        stop.set()
        return "250 OK"

    server.data = take_and_stop
    server.start()
    first, second = queue(database, n=1), queue(database, n=2)
    sender(database, server).run(stop)
    assert get(database, first).state == "sent"
    assert (get(database, second).state, get(database, second).attempts) == ("queued", 0)


def test_an_address_the_server_cannot_take_fails_clearly_L19(
    database: Database, server: Server
) -> None:
    server.start()
    id = queue(database, "žofie@customer.example")
    sender(database, server).once()
    assert get(database, id).state == "failed"
    assert "SMTPUTF8" in (get(database, id).error or "")
    assert server.got == []


def test_with_smtputf8_it_is_sent_L19(database: Database, server: Server) -> None:
    server.start(enable_SMTPUTF8=True)
    queue(database, "žofie@customer.example")
    sender(database, server).once()
    assert server.got[0][1] == ("žofie@customer.example",)


def test_a_recipient_that_is_none_is_never_spoken_to_the_server_L13(
    database: Database, server: Server
) -> None:
    server.start()
    id = queue(database, "a@b.example>\r\nRCPT TO:<victim@evil.example", DANA)
    sender(database, server).once()
    assert [recipients for _, recipients, _ in server.got] == [(DANA,)]
    assert sorted(states(database, id).values()) == ["failed", "sent"]


# ---- who sends, and how it is let in -------------------------------------------------------------


def test_a_slow_server_does_not_let_a_second_sender_in_L11(
    database: Database, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    wall = [AT]
    renewed = threading.Semaphore(0)
    renew = sending.renew

    def counted(tx: Tx, id: int, holder: str, lease_seconds: int) -> None:
        renew(tx, id, holder, lease_seconds)
        renewed.release()

    monkeypatch.setattr(clock, "wall", lambda: wall[0])
    monkeypatch.setattr(sending, "renew", counted)
    server.start()
    server.wait_before_reply = threading.Event()
    id = queue(database)
    thread = threading.Thread(target=sender(database, server, lease_seconds=1).once)
    thread.start()
    assert server.reading_reply.wait(60)
    wall[0] = AT + timedelta(minutes=9)  # the claim of the beginning is long over
    assert all(renewed.acquire(timeout=60) for _ in range(3))
    assert sender(database, server).once() == 0
    server.wait_before_reply.set()
    thread.join()
    assert get(database, id).state == "sent" and len(server.got) == 1


def test_what_a_killed_sender_held_is_sent_by_the_next_with_the_same_id_L11(
    database: Database, server: Server
) -> None:
    server.start()
    id = queue(database)
    database.write(lambda tx: sending.claim(tx, holder="gone", lease_seconds=0))
    assert get(database, id).state == "sending"
    assert sender(database, server).once() == 1
    assert server.message_ids() == ["<t1.1.aaaaaaaaaaaaaaaa@help.example>"]


def test_what_a_killed_sender_held_is_sent_by_one_that_runs_on_L11(
    database: Database, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.send.sender._FREE_LOST_SECONDS", 0.1)
    server.start()
    one = sender(database, server)
    assert one.drain() == 0
    id = queue(database)
    database.write(lambda tx: sending.claim(tx, holder="gone", lease_seconds=0))
    while not one.drain():
        threading.Event().wait(0.02)
    one.once()
    assert get(database, id).state == "sent" and len(server.got) == 1


def test_a_sender_killed_while_the_server_thinks_repeats_the_same_mail_L11(
    database: Database, server: Server
) -> None:
    server.start()
    server.wait_before_reply = threading.Event()
    id = queue(database)
    program = (
        "import sys; from ticketctl.settings.table import Outgoing, Settings;"
        "from ticketctl.store.db.database import Database; from gateway.send.sender import Sender;"
        "out = Outgoing(host='127.0.0.1', port=int(sys.argv[2]));"
        "Sender(Database(sys.argv[1]), Settings(outgoing=out), lease_seconds=1).once()"
    )
    url = database.url.text()
    root = Path(__file__).resolve().parents[2]
    process = subprocess.Popen([sys.executable, "-c", program, url, str(server.port)], cwd=root)
    try:
        assert server.reading_reply.wait(60)
    finally:
        process.kill()
        process.wait()
    server.wait_before_reply.set()
    while get(database, id).state == "sending" and not sender(database, server).once():
        threading.Event().wait(0.1)
    assert get(database, id).state == "sent"
    assert set(server.message_ids()) == {"<t1.1.aaaaaaaaaaaaaaaa@help.example>"}
    assert len({content for _, _, content in server.got}) == 1


def test_a_database_that_goes_away_for_a_moment_doubles_nothing_L11(
    database: Database, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.start()
    id = queue(database)
    away = [True, True]
    write = database.write

    def sometimes(work: Callable[[Tx], Any], **how: Any) -> Any:
        if server.got and away:
            away.pop()
            raise DatabaseTrouble("the database cannot be used: it restarts.")
        return write(work, **how)

    monkeypatch.setattr(database, "write", sometimes)
    assert sender(database, server).once() == 1
    assert get(database, id).state == "sent" and len(server.got) == 1


def test_a_database_that_is_away_for_longer_than_the_claim_doubles_nothing_L11(
    database: Database, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.send.sender._IDLE", 0.05)
    monkeypatch.setattr("gateway.send.sender._FIRST_PAUSE", 0.05)
    server.start()
    id = queue(database)
    away = [True] * 5
    write = database.write

    def sometimes(work: Callable[[Tx], Any], **how: Any) -> Any:
        if server.got and away:
            away.pop()
            raise DatabaseTrouble("the database cannot be used: it fails over.")
        return write(work, **how)

    monkeypatch.setattr(database, "write", sometimes)
    stop = threading.Event()
    thread = threading.Thread(target=sender(database, server, lease_seconds=0).run, args=(stop,))
    thread.start()
    try:
        while get(database, id).state != "sent":
            threading.Event().wait(0.02)
    finally:
        stop.set()
        thread.join()
    assert len(server.got) == 1


class Waits(threading.Event):
    """It waits for no time, notes for how long it should have, and is set after the sixth."""

    def __init__(self) -> None:
        super().__init__()
        self.noted: list[float | None] = []

    def wait(self, timeout: float | None = None) -> bool:
        self.noted.append(timeout)
        if len(self.noted) == 6:
            self.set()
        return self.is_set()


@pytest.mark.parametrize(
    ("trouble", "expected"),
    [
        (DatabaseTrouble("the database is away."), [5, 5, 5, 5]),
        (MailServerTrouble("the server is away."), [5, 10, 20, 40]),
    ],
)
def test_a_database_is_asked_again_soon_and_a_mail_server_later_each_time(
    database: Database,
    server: Server,
    monkeypatch: pytest.MonkeyPatch,
    trouble: DeskError,
    expected: list[float],
) -> None:
    def fails() -> int:
        raise trouble

    stop, one = Waits(), sender(database, server)
    monkeypatch.setattr(one, "drain", fails)
    monkeypatch.setattr("gateway.shared.wake.SEND.wait", lambda stop, seconds: stop.wait(seconds))
    one.run(stop)
    assert stop.noted[1:5] == expected


def test_a_cancelled_mail_is_never_sent_L22(database: Database, server: Server) -> None:
    server.start()
    id = queue(database)
    database.write(lambda tx: outbox.cancel(tx, id))
    assert sender(database, server).once() == 0
    assert server.got == []


def test_no_password_goes_out_in_clear_where_starttls_is_asked_for_L20(
    database: Database, server: Server
) -> None:
    server.start()
    id = queue(database)
    with pytest.raises(MailServerTrouble, match="does not offer STARTTLS"):
        sender(database, server, security="starttls").once()
    assert get(database, id).state == "queued" and server.got == []


def test_the_sender_logs_in_L20(
    database: Database, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    def check(smtp: SMTP, session: Session, envelope: Envelope, way: str, data: Any) -> AuthResult:
        right = isinstance(data, LoginPassword) and data.password == b"right"
        return AuthResult(success=right, handled=right)

    server.wants_login = True
    server.start(authenticator=check, auth_require_tls=False)
    id = queue(database)
    monkeypatch.setenv("TICKETCTL_OUTGOING_PASSWORD", "wrong")
    one = sender(database, server, username="desk")
    with pytest.raises(MailServerTrouble) as trouble:
        one.once()
    assert "wrong" not in str(trouble.value)
    assert get(database, id).state == "queued"
    with pytest.raises(MailServerTrouble, match="530"):  # no login where one is wanted
        database.write(lambda tx: outbox.retry(tx, id))
        sender(database, server).once()
    monkeypatch.setenv("TICKETCTL_OUTGOING_PASSWORD", "right")
    database.write(lambda tx: outbox.retry(tx, id))
    one.once()
    assert get(database, id).state == "sent"


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate and key for 127.0.0.1, signed by itself, in one file."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("there is no openssl to make a certificate with")
    file = tmp_path / "server.pem"
    how = "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=IP:127.0.0.1"
    where = ["-keyout", str(tmp_path / "key"), "-out", str(tmp_path / "crt")]
    subprocess.run([openssl, *how.split(), *where], check=True, capture_output=True)
    file.write_bytes((tmp_path / "key").read_bytes() + (tmp_path / "crt").read_bytes())
    return file


def test_starttls_is_used_and_the_certificate_is_checked_L20(
    database: Database, server: Server, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.start(tls_context=context, require_starttls=True)
    id = queue(database)
    one = sender(database, server, security="starttls")
    with pytest.raises(MailServerTrouble, match="certificate"):
        one.once()
    assert server.got == []
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    database.write(lambda tx: outbox.retry(tx, id))
    one.once()
    assert get(database, id).state == "sent"


def test_run_sends_new_mail_until_stopped(database: Database, server: Server) -> None:
    server.start()
    stop = threading.Event()
    thread = threading.Thread(target=sender(database, server).run, args=(stop,))
    thread.start()
    id = queue(database)
    while get(database, id).state != "sent" and thread.is_alive():
        threading.Event().wait(0.05)
    stop.set()
    thread.join(60)
    assert not thread.is_alive() and len(server.got) == 1


def test_each_recipients_own_mail_is_signed_L14(
    database: Database, server: Server, tmp_path: Path
) -> None:
    key = tmp_path / "dkim.pem"
    shutil.copyfile(DATA / "dkim.pem", key)
    key.chmod(0o600)
    server.start()
    queue(database, CARL, DANA)
    signing: dict[str, Any] = {
        "dkim_domain": "help.example",
        "dkim_selector": "desk",
        "dkim_key_file": str(key),
    }
    sender(database, server, **signing).once()
    heads = [message_from_bytes(content, policy=policy.default) for _, _, content in server.got]
    assert len({str(one["Reply-To"]) for one in heads}) == 2
    assert len({str(one["DKIM-Signature"]).partition(" b=")[2] for one in heads}) == 2
    assert all("reply-to" in str(one["DKIM-Signature"]) for one in heads)
