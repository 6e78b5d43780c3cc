"""Mail through intake on each kind of database: raw mails in, tickets and outgoing mail out."""

from email.message import EmailMessage
from typing import Any

import pytest

from gateway.intake.explain import explain, shape
from gateway.intake.worker import Worker
from gateway.send.compose import compose, for_recipient
from ticketctl import clock
from ticketctl.domain.base.records import Arrival, InboxRow, OutboxRow
from ticketctl.domain.loading.load import parse
from ticketctl.settings.table import Gateway, Outgoing, Settings
from ticketctl.store.db import blobs, meta
from ticketctl.store.db.engine import Database
from ticketctl.store.desk import definitions
from ticketctl.store.queues import inbox, outbox
from ticketctl.store.tickets import events as history
from ticketctl.store.tickets import messages, tickets

DESK = """
[desk]
name = "Help"
domain = "help.example"

[[mailbox]]
address = "support@help.example"
segment = "support"
form_senders = ["www@shop.example"]
form_fields = { email = "E-mail", subject = "Subject" }

[[mailbox]]
address = "billing@help.example"
segment = "billing"

[[agent]]
name = "anna"
email = "anna@help.example"

[[agent]]
name = "ben"
email = "ben@help.example"

[[agent]]
name = "ida"
email = "ida@help.example"

[[segment]]
name = "support"
agents = ["anna", "ben"]

[[segment]]
name = "billing"
agents = ["ida"]
"""
PROOF = "mx.help.example; dmarc=pass header.from=help.example"
CARL = "Carl Customer <carl@customer.example>"
ANNA = "Anna Agent <anna@help.example>"


class Room:
    """A desk whose intake is at work. Carl has written once: ticket 1."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.settings = Settings(
            gateway=Gateway(authserv_id="mx.help.example", verify_dkim=False),
            outgoing=Outgoing(envelope="bounces@help.example"),
        )
        self.count = 0
        self.apply(DESK)

    def apply(self, toml: str) -> None:
        """Another desk.toml."""
        self.toml, desk = toml, parse(toml)
        self.db.write(lambda tx: definitions.save(tx, toml, desk, "test", "test", clock.now()))

    def raw(self, sender: str, to: str, subject: str, text: str, **more: Any) -> bytes:
        """A mail; `proven`: the relay vouches for the sender; `files`: name to bytes."""
        self.count += 1
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = sender, to, subject
        mail["Message-ID"] = more.pop("message_id", f"<{self.count}@mail.example>")
        mail.set_content(text)
        for name, content in more.pop("files", {}).items():
            mail.add_attachment(content, maintype="image", subtype="png", filename=name)
        if more.pop("proven", False):
            mail["Authentication-Results"] = PROOF
        for name, value in more.items():
            mail[name.replace("_", "-")] = value
        return mail.as_bytes()

    def feed(self, raw: bytes, *recipients: str, whole: int = 0) -> InboxRow:
        """Take a mail in, one row a recipient, and file it; the last row. `whole`: `raw` is the head of so much."""
        for one in recipients or ("support@help.example",):
            local, _, domain = one.partition("@")
            arrival = Arrival(
                raw=raw,
                via="pipe",
                mailbox=""
                if local.startswith("bounces")
                else f"{local.partition('+')[0]}@{domain}",
                envelope_from="",
                recipients=(one,),
                authserv_id=self.settings.gateway.authserv_id,
                whole=whole,
            )
            id = self.db.write(lambda tx, arrival=arrival: inbox.accept(tx, arrival, clock.now()))
            Worker(self.db, self.settings).drain()
        with self.db.read() as tx:
            return inbox.get(tx, id)

    def mail(self, sender: str, to: str, subject: str, text: str, **more: Any) -> InboxRow:
        """Write to the desk."""
        return self.feed(self.raw(sender, to, subject, text, **more), to)

    def anna(self, text: str, to: str = "", subject: str = "Re: Printer", **more: Any) -> InboxRow:
        """Anna answers the notification, proven."""
        return self.mail(ANNA, to or self.address(), subject, text, proven=True, **more)

    def address(self, which: str = "Reply-To") -> str:
        """Where Anna answers: the Reply-To of her last notification, or the comment address in it."""
        row = next(row for row in self.outbox("notification") if "anna@help.example" in row.to)
        if which == "comment":
            return str(row.data["comment_address"])
        head = self.bytes(row, "anna@help.example").decode().partition("Date:")[0]
        return head.partition("<")[2].partition(">")[0] or head.partition(": ")[2].strip()

    def bytes(self, row: OutboxRow, recipient: str) -> bytes:
        """An outgoing mail as this recipient gets it."""
        with self.db.read() as tx:
            desk, key = definitions.current(tx), meta.key(tx)
            content = compose(
                row, desk, instance="i", load_blob=lambda h: blobs.get(tx, h), date=clock.now()
            )
        return for_recipient(content, row, recipient, key)

    def text(self, row: OutboxRow) -> str:
        """All of an outgoing mail."""
        return self.bytes(row, row.to[0]).decode()

    def outbox(self, *kinds: str, to: str = "") -> list[OutboxRow]:
        """Outgoing mail of these kinds, newest first."""
        with self.db.read() as tx:
            rows = outbox.listing(tx)
        return [row for row in rows if row.kind in kinds and (not to or to in row.to)]

    def to_carl(self) -> list[OutboxRow]:
        """What went to the customer, but for acknowledgements."""
        return self.outbox("reply", "resolution", to="carl@customer.example")

    def ticket(self, id: int = 1) -> Any:
        with self.db.read() as tx:
            return tickets.get(tx, id)

    def messages(self, id: int = 1) -> list[Any]:
        with self.db.read() as tx:
            return messages.of(tx, id)

    def comments(self, id: int = 1) -> list[Any]:
        with self.db.read() as tx:
            return messages.comments(tx, id)

    def events(self, id: int = 1) -> list[Any]:
        with self.db.read() as tx:
            return history.of(tx, id)

    def explained(self, raw: bytes, *recipients: str) -> dict[str, Any]:
        """`gateway explain --json`."""
        id = self.settings.gateway.authserv_id
        return shape(explain(self.db, self.settings, raw, recipients, None, id))


@pytest.fixture
def room(sqlite_db: Database) -> Room:
    """A desk with Carl's ticket, on SQLite: the scenarios take the same way on PostgreSQL."""
    return _with_a_ticket(sqlite_db)


@pytest.fixture
def each_room(db: Database) -> Room:
    """The same on each kind of database, for what has statements of its own."""
    return _with_a_ticket(db)


def _with_a_ticket(db: Database) -> Room:
    made = Room(db)
    made.mail(CARL, "support@help.example", "Printer is broken", "It does not print.")
    return made
