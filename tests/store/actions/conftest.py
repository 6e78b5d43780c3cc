"""A small desk in a fresh database, and short ways to act in it and to look at what came of it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import pytest

from tests.support.databases import db_url as db_url
from tests.support.databases import pytest_generate_tests as pytest_generate_tests
from ticketctl.actions.base.context import GATEWAY, Work, begin
from ticketctl.actions.tickets import open as opening
from ticketctl.domain.base.proof import TOKEN, Proof
from ticketctl.domain.base.reasons import Reason
from ticketctl.domain.base.records import (
    Actor,
    Comment,
    Event,
    Incoming,
    Message,
    OutboxRow,
    Ticket,
)
from ticketctl.domain.loading.load import parse
from ticketctl.store.db import blobs
from ticketctl.store.db.engine import Database
from ticketctl.store.desk import definitions
from ticketctl.store.queues import outbox
from ticketctl.store.tickets import events, messages, tickets

T = TypeVar("T")

DESK = """
[desk]
name = "Help"
domain = "help.example"

[[mailbox]]
address = "support@help.example"
segment = "support"
aliases = ["soporte@help.example"]

[[mailbox]]
address = "billing@help.example"
segment = "billing"

[[agent]]
name = "ana"
email = "ana@help.example"

[[agent]]
name = "ben"
email = "ben@help.example"

[[agent]]
name = "eva"
email = "eva@help.example"
role = "manager"

[[agent]]
name = "ida"
email = "ida@help.example"

[[agent]]
name = "root"
email = "root@help.example"
role = "admin"

[[segment]]
name = "support"
managers = ["eva", "root"]
agents = ["ana", "ben"]

[[segment]]
name = "billing"
managers = ["ida"]

[[field]]
on = "ticket"
name = "reason"
type = "choice"
choices = ["refund", "other"]

[[field]]
on = "ticket"
name = "invoice"
type = "number"
"""


class House:
    """A desk: support (eva, root manage; ana, ben) and billing (ida alone). Carl is a customer."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.at = datetime(2026, 3, 9, 8, 0, tzinfo=UTC)
        self.mails = 0

    def apply(self, toml: str) -> None:
        """Apply a desk.toml."""
        self.db.write(lambda tx: definitions.save(tx, toml, parse(toml), "root", "root", self.at))

    def later(self, **span: int) -> None:
        """Let time pass."""
        self.at += timedelta(**span)

    def do(
        self, action: Callable[[Work], T], who: str = "ana", role: str = "agent", **how: Any
    ) -> T:
        """Run an action in a transaction of its own, as an agent."""
        actor = GATEWAY if who == "gateway" else Actor(who, who, role)
        return self.db.write(lambda tx: action(begin(tx, actor, self.at, **how)))

    def incoming(self, text: str = "It does not print.", **changes: Any) -> Incoming:
        """A mail of Carl's as intake hands it over."""
        self.mails += 1
        raw = f"{self.mails} {text}".encode()
        base: dict[str, Any] = {
            "mailbox": "support@help.example",
            "author": "carl@customer.example",
            "author_name": "Carl",
            "subject": "Printer is broken",
            "text": text,
            "full_text": text,
            "language": None,
            "class_": "human",
            "message_id": f"<m{self.mails}@customer.example>",
            "in_reply_to": None,
            "references": (),
            "blob": self.db.write(lambda tx: blobs.put(tx, raw, self.at)),
            "attachments": (),
            "others": (),
            "may_ack": True,
            "proof": Proof(TOKEN, Reason(None, "as every test here has it")),
        }
        base |= changes
        base.setdefault("answer_to", base["author"])
        return Incoming(**base)

    def open(self, text: str = "It does not print.", **changes: Any) -> int:
        """Open a ticket by mail; its number."""
        mail = self.incoming(text, **changes)
        return self.do(lambda work: opening.from_mail(work, mail), "gateway")[0]

    def ticket(self, id: int) -> Ticket:
        """The ticket as it is now."""
        with self.db.read() as tx:
            return tickets.get(tx, id)

    def messages(self, id: int) -> list[Message]:
        """Its messages."""
        with self.db.read() as tx:
            return messages.of(tx, id)

    def comments(self, id: int) -> list[Comment]:
        """Its comments."""
        with self.db.read() as tx:
            return messages.comments(tx, id)

    def events(self, id: int, *types: str) -> list[Event]:
        """Its history, or the lines of these types."""
        with self.db.read() as tx:
            return events.of(tx, id, types or None)

    def outbox(self, *kinds: str) -> list[OutboxRow]:
        """Mail to send, oldest first."""
        with self.db.read() as tx:
            rows = outbox.listing(tx)
        return [row for row in reversed(rows) if not kinds or row.kind in kinds]

    def read(self, ask: Callable[[Any], T]) -> T:
        """What a read transaction answers."""
        with self.db.read() as tx:
            return ask(tx)


@pytest.fixture
def house(db: Database) -> House:
    """A fresh desk: on SQLite, and on PostgreSQL in a test marked so."""
    made = House(db)
    made.apply(DESK)
    return made


@pytest.fixture
def sqlite_house(sqlite_db: Database) -> House:
    """A fresh desk on SQLite, where a test needs many tickets and the kind of database does not matter."""
    made = House(sqlite_db)
    made.apply(DESK)
    return made
