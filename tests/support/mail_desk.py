"""A help desk that mail comes in to: raw mails in, tickets and outgoing mail out."""

from datetime import datetime
from email.message import EmailMessage
from functools import partial
from typing import Any

from gateway.intake.explain import explain, shape
from gateway.intake.worker import Worker
from gateway.send.compose import compose, for_recipient
from tests.support.desk import DESK, DeskFixture
from ticketctl import clock
from ticketctl.domain.base.records import InboxRow, OutboxRow, ReceivedMail
from ticketctl.settings.table import Gateway, Outgoing, Settings
from ticketctl.store.db import blobs, signing_key
from ticketctl.store.db.database import Database
from ticketctl.store.desk import definitions
from ticketctl.store.queues import inbox

PROOF = "mx.help.example; dmarc=pass header.from=help.example"
CARL = "Carl Customer <carl@customer.example>"
ANA = "Ana Agent <ana@help.example>"


class MailDesk(DeskFixture):
    """A desk whose intake is at work, at the time of the clock."""

    def __init__(self, db: Database, toml: str = DESK) -> None:
        self.settings = Settings(
            gateway=Gateway(authserv_id="mx.help.example", verify_dkim=False),
            outgoing=Outgoing(envelope="bounces@help.example"),
        )
        super().__init__(db, toml)

    def now(self) -> datetime:
        """The time of the clock."""
        return clock.now()

    def raw(self, sender: str, to: str, subject: str, text: str, **more: Any) -> bytes:
        """A mail; `proven`: the relay vouches for the sender; `files`: name to bytes."""
        self.mails += 1
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = sender, to, subject
        mail["Message-ID"] = more.pop("message_id", f"<{self.mails}@mail.example>")
        mail.set_content(text)
        for name, content in more.pop("files", {}).items():
            mail.add_attachment(content, maintype="image", subtype="png", filename=name)
        if more.pop("proven", False):
            mail["Authentication-Results"] = PROOF
        for name, value in more.items():
            mail[name.replace("_", "-")] = value
        return mail.as_bytes()

    def feed(self, raw: bytes, *recipients: str, size: int = 0) -> InboxRow:
        """File a mail, one row a recipient; return the last row. `size`: of the mail that `raw` is the head of."""
        for one in recipients or ("support@help.example",):
            local, _, domain = one.partition("@")
            is_bounce = local.startswith("bounces")
            mailbox = "" if is_bounce else f"{local.partition('+')[0]}@{domain}"
            received = ReceivedMail(
                raw=raw,
                via="pipe",
                envelope_from=None,
                recipients={mailbox: (one,)},
                authserv_id=self.settings.gateway.authserv_id,
                size=size,
            )
            (id,) = self.db.write(partial(inbox.accept, mail=received, at=clock.now()))
            Worker(self.db, self.settings).drain()
        return self.read(lambda tx: inbox.get(tx, id))

    def mail(self, sender: str, to: str, subject: str, text: str, **more: Any) -> InboxRow:
        """Write to the desk."""
        return self.feed(self.raw(sender, to, subject, text, **more), to)

    def ana_answers(
        self, text: str, to: str = "", subject: str = "Re: Printer", **more: Any
    ) -> InboxRow:
        """Ana answers the notification, proven."""
        return self.mail(ANA, to or self.address(), subject, text, proven=True, **more)

    def address(self, which: str = "Reply-To") -> str:
        """Where Ana answers: the Reply-To of the last notification, or the comment address in it."""
        row = self.outbox("notification", to="ana@help.example")[-1]
        if which == "comment":
            return str(row.data["comment_address"])
        head = self.bytes_to(row, "ana@help.example").decode().partition("Date:")[0]
        return head.partition("<")[2].partition(">")[0] or head.partition(": ")[2].strip()

    def bytes_to(self, row: OutboxRow, recipient: str) -> bytes:
        """An outgoing mail as this recipient gets it."""
        with self.db.read() as tx:
            definition, key = definitions.current(tx), signing_key.read(tx)
            content = compose(
                row,
                definition,
                instance="i",
                load_blob=lambda h: blobs.get(tx, h),
                date=clock.now(),
                key=key,
            )
        return for_recipient(content, row, recipient, key)

    def text(self, row: OutboxRow) -> str:
        """All of an outgoing mail."""
        return self.bytes_to(row, row.to[0]).decode()

    def to_carl(self) -> list[OutboxRow]:
        """What went to the customer, but for acknowledgements."""
        return self.outbox("reply", "resolution", to="carl@customer.example")

    def explained(self, raw: bytes, *recipients: str) -> dict[str, Any]:
        """`gateway explain --json`."""
        id = self.settings.gateway.authserv_id
        return shape(explain(self.db, self.settings, raw, recipients, None, id))
