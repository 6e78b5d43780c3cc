"""The supervisor: what is dead or stuck is replaced, three strikes hold a mail, and an end in order loses nothing."""

import contextlib
import smtplib
import socket
import sqlite3
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import text

from gateway.intake.worker import Worker
from tests.support.running_gateway import RunningGateway, check_filed_once
from tests.support.senders import Mail, deliver, mail
from ticketctl.clock import now
from ticketctl.domain.base.records import InboxRow, ReceivedMail
from ticketctl.errors import DatabaseTrouble
from ticketctl.settings.table import Settings
from ticketctl.store.db import leases
from ticketctl.store.db.database import Database, Tx, unchecked
from ticketctl.store.queues import inbox

ONE_WORKER = "intake_workers = 1\nintake_seconds = 5"


def rows(running: RunningGateway) -> list[InboxRow]:
    with running.db.read() as tx:
        return inbox.listing(tx)[::-1]


class Snag:
    """Keeps whoever files a certain mail waiting, as long as it is open: its turn is taken."""

    _WAITING = "FROM pg_locks WHERE NOT granted"

    def __init__(self, tx: Tx, one: Mail) -> None:
        self._tx = tx
        leases.take_turns(tx, [one.message_id])

    def has_caught(self) -> bool:
        """Does a worker wait?"""
        return bool(self._tx.execute(text(f"SELECT count(*) {self._WAITING}")).scalar())

    def forget_the_dead(self) -> None:
        """End the transaction of a worker that was killed, which the database may not have noticed."""
        self._tx.execute(text(f"SELECT pg_terminate_backend(pid) {self._WAITING}"))


def test_a_stuck_worker_is_replaced_and_its_mail_filed(
    postgres_url: Callable[[], str], new_gateway: Callable[..., RunningGateway]
) -> None:
    running = new_gateway(postgres_url(), ONE_WORKER)
    running.catch()
    running.start()
    one = mail(1)
    with unchecked(running.db.url) as tx:
        Snag(tx, one)
        deliver(running.port, one)
        running.until(lambda: running.said("is replaced"), "the supervisor loses patience")
    running.until(running.idle, "the successor files the mail")
    assert running.said("part intake1 has been stuck for more than 5 s and is replaced") >= 1
    check_filed_once(running, [one])


def test_three_strikes_hold_a_mail_and_no_other(
    postgres_url: Callable[[], str], new_gateway: Callable[..., RunningGateway]
) -> None:
    running = new_gateway(postgres_url(), "intake_workers = 1")
    running.catch()
    running.start()
    poison = mail(2)
    with unchecked(running.db.url) as tx:
        snag = Snag(tx, poison)
        take_in(running.db, mail(1), poison, mail(3))  # the worker takes them up together
        for strike in (1, 2, 3):
            running.until(
                lambda n=strike: rows(running)[1].attempts == n and snag.has_caught(),
                "the bad mail is taken up",
            )
            assert running.kill("intake1")
            snag.forget_the_dead()
        running.until(running.idle, "all is filed or held")
    first, held, last = rows(running)
    assert (held.state, held.attempts) == (inbox.HELD, 3)
    assert held.error == "its worker stopped before it was filed, each time it was tried"
    assert [row.verdict for row in (first, last)] == ["new", "new"]
    assert max(first.attempts, last.attempts) <= 2
    late = mail(4)
    deliver(running.port, late)
    running.until(running.idle, "the next mails go on")
    assert rows(running)[-1].verdict == "new"


def test_a_successor_takes_up_at_once_what_its_predecessor_had_in_hand(db: Database) -> None:
    take_in(db, mail(1), mail(2))

    def claim(tx: Tx, holder: str) -> object:
        return inbox.claim(tx, holder=holder, limit=1, lease_seconds=3600, attempts=3)

    for holder in ("intake1", "intake2"):
        db.write(lambda tx, holder=holder: claim(tx, holder))  # type: ignore[misc]
    assert Worker(db, Settings()).drain() == 0
    assert Worker(db, Settings(), holder="intake1").drain() == 1
    with db.read() as tx:
        assert [(row.state, row.attempts) for row in inbox.listing(tx)] == [
            ("received", 1),
            ("done", 2),
        ]


def test_an_outage_of_the_database_is_no_strike(sqlite_url: str) -> None:
    db = Database(sqlite_url, busy_seconds=0.1)
    take_in(db, mail(1))
    outage = True
    with contextlib.closing(sqlite3.connect(db.url.database or "")) as other:

        def lock(busy: bool) -> None:
            if busy and outage and not other.in_transaction:
                other.execute("BEGIN IMMEDIATE")

        worker = Worker(db, Settings(), lock)  # locked out whenever it has taken up a mail
        for _ in range(4):
            with pytest.raises(DatabaseTrouble, match="locked by another program"):
                worker.once()
            other.rollback()
        with db.read() as tx:
            assert [(row.state, row.attempts) for row in inbox.listing(tx)] == [("received", 1)]
        assert Worker(db, Settings()).once() == 0, "the mail is still in the hands of the first"
        outage = False
        assert worker.once() == 1
    db.dispose()


def take_in(db: Database, *mails: Mail) -> None:
    """Put mails into the inbox in one transaction, as a door does with what arrives at once."""
    arrivals = [
        ReceivedMail(
            raw=one.raw,
            via="smtp",
            envelope_from=one.sender,
            recipients={"support@help.example": ("support@help.example",)},
        )
        for one in mails
    ]
    db.write(lambda tx: [inbox.accept(tx, one, now()) for one in arrivals])


@contextlib.contextmanager
def in_data(port: int, one: Mail) -> Iterator[smtplib.SMTP]:
    """A connection that has sent half a mail."""
    with contextlib.closing(smtplib.SMTP("127.0.0.1", port, timeout=60)) as client:
        client.ehlo()
        client.mail(one.sender)
        client.rcpt("support@help.example")
        assert client.docmd("DATA")[0] == 354
        client.send(one.raw[:50])
        yield client


def test_sigterm_ends_in_order_and_loses_nothing_A19(
    db_url: str, new_gateway: Callable[..., RunningGateway]
) -> None:
    running = new_gateway(db_url, "intake_workers = 1")
    running.catch()
    running.start()
    early, late = mail(1), mail(2)
    deliver(running.port, early)
    with in_data(running.port, late) as client:
        running.supervisor.terminate()
        running.until(lambda: refused(running.port), "the door is closed")
        client.send(late.raw[50:].replace(b"\n", b"\r\n") + b".\r\n")
        code = client.getreply()[0]
    assert running.supervisor.wait(60) == 0
    assert code in (250, 421, 451)
    running.start()
    running.until(running.idle, "what was taken is filed")
    check_filed_once(running, [early, late] if code == 250 else [early])


def refused(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def test_a_port_in_use_is_one_sentence(
    sqlite_url: str, new_gateway: Callable[..., RunningGateway]
) -> None:
    running = new_gateway(sqlite_url)
    with socket.create_server(("127.0.0.1", running.port)):
        assert running.launch().wait(60) == 9
    (line,) = running.log.read_text().splitlines()
    assert f"cannot listen on 127.0.0.1:{running.port}: the address is in use" in line


def test_a_second_gateway_on_the_same_database_is_safe(
    db_url: str, new_gateway: Callable[..., RunningGateway]
) -> None:
    gateways = [new_gateway(db_url, "intake_workers = 1") for _ in range(2)]
    for running in gateways:
        running.catch()
        running.start()
    sent = [mail(number) for number in range(1, 21)]
    for number, one in enumerate(sent):
        deliver(gateways[number % 2].port, one)
    gateways[0].until(gateways[0].idle, "all is filed and sent")
    check_filed_once(gateways[0], sent)
    names = [path.name for running in gateways for path in running.caught.glob("*.eml")]
    assert len(names) == len(gateways[0].outbox())
