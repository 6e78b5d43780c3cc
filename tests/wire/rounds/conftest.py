"""Desks on loopback whose mail really goes round: doors, intake, sender, and a road between that may strip marks."""

import asyncio
import os
import re
import shutil
import smtplib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from msgspec import Struct
from sqlalchemy import update

from gateway.intake.worker import Worker
from gateway.send.sender import Sender
from tests.support.desk import DeskFixture
from ticketctl import clock
from ticketctl.domain.base.records import Ticket
from ticketctl.domain.definition.definition import DeskSettings
from ticketctl.settings.table import Db, Gateway, Outgoing, Settings
from ticketctl.store.db import schema
from ticketctl.store.db.database import Database, Tx
from ticketctl.store.desk import definitions
from ticketctl.store.queues import inbox
from ticketctl.store.tickets import tickets

DESK = """
[desk]
name = "{name}"
domain = "{domain}"

[[mailbox]]
address = "support@{domain}"
aliases = ["hilfe@{domain}"]
segment = "support"

[[agent]]
name = "ana"
email = "ana@{domain}"

[[segment]]
name = "support"
agents = ["ana"]
"""

Strip = Callable[[bytes], bytes]
OpenDoors = Callable[[Database, Settings], AbstractContextManager[dict[str, str]]]


class Left(Struct, frozen=True):
    """A mail on the road: its envelope and its bytes."""

    sender: str
    recipient: str
    raw: bytes

    @property
    def mail(self) -> EmailMessage:
        """As a reader sees it."""
        found = message_from_bytes(self.raw, policy=policy.default)
        assert isinstance(found, EmailMessage)
        return found


class Road:
    """The mail server that desks send by: it keeps a copy and hands mail on to the desk of its domain."""

    def __init__(self) -> None:
        self.carried: list[Left] = []
        self.doors: dict[str, str] = {}  # domain to host:port
        self.strip: Strip = lambda raw: raw
        self.server = _AnyPort(self, hostname="127.0.0.1", port=0)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Keep it; it goes on when the round is over."""
        assert envelope.original_content is not None
        for recipient in envelope.rcpt_tos:
            sender = (envelope.mail_from or "").strip("<>")
            self.carried.append(Left(sender, recipient, self.strip(envelope.original_content)))
        return "250 2.0.0 OK"

    def deliver(self, start: int) -> int:
        """Hand on what was carried since `start` to desks that are here; how many mails that were."""
        count = 0
        for one in self.carried[start:]:
            door = self.doors.get(one.recipient.rpartition("@")[2])
            if door and not one.recipient.startswith("ana@"):
                host, _, port = door.rpartition(":")
                with smtplib.SMTP(host, int(port), timeout=60) as client:
                    client.sendmail(one.sender, [one.recipient], one.raw)
                count += 1
        return count


class _AnyPort(Controller):
    """Port 0 is a free one."""

    def _trigger_server(self) -> None:
        assert isinstance(self.server, asyncio.Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


class Office(DeskFixture):
    """One desk: mail comes in by its SMTP door and leaves by the road."""

    def __init__(self, db: Database, toml: str, settings: Settings, road: Road) -> None:
        super().__init__(db, toml)
        self.settings, self.road, self.plain_toml = settings, road, toml
        self.door = ""  # host:port, once it is open

    def take(self, raw: str | bytes, sender: str, *recipients: str) -> None:
        """Hand mail in at the door ("" is the null sender); lines may end with LF."""
        content = raw.encode() if isinstance(raw, str) else raw
        host, _, port = self.door.rpartition(":")
        with smtplib.SMTP(host, int(port), timeout=60) as client:
            client.sendmail(sender, recipients, re.sub(rb"\r?\n", b"\r\n", content))

    def work(self) -> None:
        """File all that came in, send all that is due, with workers that remember nothing."""
        Worker(self.db, self.settings).drain()
        Sender(self.db, self.settings).once()

    def definition_with(self, lines: str) -> DeskSettings:
        """Apply desk.toml with these lines in [desk] besides."""
        self.apply(self.plain_toml.replace("[desk]", f"[desk]\n{lines}"))
        return self.read(definitions.current).settings

    def restart(self) -> None:
        """Forget all that is not in the database."""
        self.db.dispose()
        self.db = Database(self.settings.db.url)

    def tickets(self) -> list[Ticket]:
        """Every ticket, by number."""
        with self.db.read() as tx:
            numbers = dict.fromkeys(r.ticket for r in inbox.listing(tx) if r.ticket is not None)
            return tickets.some(tx, sorted(numbers))


def _own_secrets(tx: Tx) -> None:
    """A desk of its own: the databases are copies of one."""
    for name in ("key", "instance"):
        change = update(schema.meta).where(schema.meta.c.name == name)
        tx.execute(change.values(value=os.urandom(32).hex()))


NewOffice = Callable[..., Office]


@pytest.fixture
def road() -> Iterator[Road]:
    """The mail server between the desks."""
    one = Road()
    one.server.start()
    yield one
    one.server.stop()


@pytest.fixture
def office(
    request: pytest.FixtureRequest,
    road: Road,
    open_doors: OpenDoors,
    tmp_path: Path,
    sqlite_template: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[NewOffice]:
    """A function: an open desk of this name and domain, on a database of this kind. Time stands still."""
    monkeypatch.setenv(clock.VARIABLE, "2026-03-09T08:10:00Z")
    with ExitStack() as ends:

        def make(name: str = "Help", domain: str = "help.example", kind: str = "sqlite") -> Office:
            if kind == "postgres":
                url = str(request.getfixturevalue("postgres_url")())
            else:
                path = tmp_path / f"{domain}.db"
                shutil.copyfile(sqlite_template, path)
                url = f"sqlite:///{path}"
            toml = DESK.format(name=name, domain=domain)
            settings = Settings(
                db=Db(url=url),
                gateway=Gateway(smtp=("127.0.0.1:0",), lmtp=()),
                outgoing=Outgoing(port=road.server.port, envelope=f"bounces@{domain}"),
            )
            one = Office(Database(url), toml, settings, road)
            one.db.write(_own_secrets)
            at_the_door = Database(url)
            ends.callback(at_the_door.dispose)
            one.door = ends.enter_context(open_doors(at_the_door, settings))["smtp"]
            ends.callback(lambda: one.db.dispose())
            road.doors[domain] = one.door
            return one

        yield make
