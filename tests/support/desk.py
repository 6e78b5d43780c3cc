"""A help desk in a fresh database, and short ways to act in it and to see what came of it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, TypeVar

from ticketctl.actions.base.context import GATEWAY, Work, begin
from ticketctl.actions.tickets import open_ticket
from ticketctl.domain.base.proof import TOKEN, Proof
from ticketctl.domain.base.reasons import Reason
from ticketctl.domain.base.records import (
    Actor,
    Comment,
    Event,
    InboxRow,
    Incoming,
    Message,
    OutboxRow,
    Ticket,
)
from ticketctl.domain.loading.load import parse
from ticketctl.store.db import blobs
from ticketctl.store.db.database import Database, Tx
from ticketctl.store.desk import definitions
from ticketctl.store.queues import inbox, outbox
from ticketctl.store.tickets import events, messages, tickets

T = TypeVar("T")
_parsed = cache(parse)  # most tests have the same desk.toml

# The desk.toml of most tests; a test that needs more adds it: `helpdesk.apply(DESK + RULE)`.
DESK = """
[desk]
name = "Help"
domain = "help.example"

[[mailbox]]
address = "support@help.example"
segment = "support"
aliases = ["soporte@help.example"]
form_senders = ["www@shop.example"]
form_fields = { email = "E-mail", subject = "Subject" }

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


class DeskFixture:
    """A desk: support (eva, root manage; ana, ben) and billing (ida alone). Carl is a customer."""

    def __init__(self, db: Database, toml: str = DESK) -> None:
        self.db = db
        self.at = datetime(2026, 3, 9, 8, 0, tzinfo=UTC)
        self.mails = 0
        self.apply(toml)

    def now(self) -> datetime:
        """The time at which this desk is."""
        return self.at

    def apply(self, toml: str) -> None:
        """Apply a desk.toml."""
        self.toml, definition = toml, _parsed(toml)
        self.db.write(lambda tx: definitions.save(tx, toml, definition, "root", "root", self.now()))

    def later(self, **span: int) -> None:
        """Let time pass."""
        self.at += timedelta(**span)

    def do(
        self, action: Callable[[Work], T], who: str = "ana", role: str = "agent", **how: Any
    ) -> T:
        """Run an action in a transaction of its own, as an agent."""
        actor = GATEWAY if who == "gateway" else Actor(who, who, role)
        return self.db.write(lambda tx: action(begin(tx, actor, self.now(), **how)))

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
            "blob": self.db.write(lambda tx: blobs.put(tx, raw, self.now())),
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
        return self.do(lambda work: open_ticket.from_mail(work, mail), "gateway")[0]

    def read(self, ask: Callable[[Tx], T]) -> T:
        """What a read transaction answers."""
        with self.db.read() as tx:
            return ask(tx)

    def ticket(self, id: int = 1) -> Ticket:
        """The ticket as it is now."""
        return self.read(lambda tx: tickets.get(tx, id))

    def messages(self, id: int = 1) -> list[Message]:
        """Its messages."""
        return self.read(lambda tx: messages.of(tx, id))

    def comments(self, id: int = 1) -> list[Comment]:
        """Its comments."""
        return self.read(lambda tx: messages.comments(tx, id))

    def events(self, id: int = 1, *types: str) -> list[Event]:
        """Its history, or the lines of these types."""
        return self.read(lambda tx: events.of(tx, id, types or None))

    def inbox(self) -> list[InboxRow]:
        """Mail that came in, oldest first."""
        return self.read(inbox.listing)[::-1]

    def raws(self) -> list[bytes]:
        """The same, as bytes."""
        return self.read(lambda tx: [inbox.raw(tx, r.id) for r in inbox.listing(tx)[::-1]])

    def outbox(self, *kinds: str, to: str = "") -> list[OutboxRow]:
        """Mail to send and sent, oldest first; of these kinds, to this recipient."""
        rows = self.read(outbox.listing)[::-1]
        return [r for r in rows if (not kinds or r.kind in kinds) and (not to or to in r.to)]
