"""Recognises a mail that was filed before: in its mailbox, in its ticket, or as one of our own."""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from gateway.parse.mail import Mail
from ticketctl.domain.base.reasons import Reason, reason
from ticketctl.domain.base.records import InboxRow
from ticketctl.store.db.database import Tx
from ticketctl.store.queues import filed
from ticketctl.store.tickets.mail_ids import KnownId

SAME_MAIL_WITHIN = timedelta(hours=1)
"""Equal mails with neither Message-ID nor Date are the same mail only within this time."""


def mark_filed(tx: Tx, row: InboxRow, mail: Mail, at: datetime) -> Reason | None:
    """Record the mail as filed in this mailbox. Return the reason if it was filed before (C1, C2, C4)."""
    key = (row.mailbox, identity_of(row, mail), mail.content_hash, row.id)
    if _lacks_id_and_date(mail):
        new = filed.mark_lately(tx, *key, row.received_at, SAME_MAIL_WITHIN)
    else:
        new = filed.mark(tx, *key, at)
    return None if new else reason("filed-before", mailbox=row.mailbox or "the bounce address")


def forget(tx: Tx, row: InboxRow, mail: Mail) -> None:
    """Undo `mark_filed` for a mail that is held: released or sent again, it is no duplicate."""
    filed.unmark(tx, row.mailbox, identity_of(row, mail), mail.content_hash, row.id)


def identity_of(row: InboxRow, mail: Mail) -> str:
    """Return the hash of the Message-ID, or of the content without one (C3, C4).

    With neither Message-ID nor Date, as some machines send, the envelope sender is part of the hash.
    """
    if mail.message_id is not None:
        return _hash(mail.message_id.strip("<>"))
    if _lacks_id_and_date(mail):
        return _hash(f"{mail.content_hash} {(row.envelope_from or '').lower()}")
    return mail.content_hash


def substitute_id(row: InboxRow, mail: Mail) -> str:
    """Return an id to use for a mail without a Message-ID."""
    number = f".{row.id}" if _lacks_id_and_date(mail) else ""
    return f"<{mail.content_hash}{number}@content.invalid>"


def is_ours(mail: Mail, known: Sequence[KnownId]) -> bool:
    """Did we send this mail (C7)?"""
    return any(one.message_id == mail.message_id and one.direction == "out" for one in known)


def reused_id(mail: Mail, known: Sequence[KnownId]) -> Reason | None:
    """Return the reason if another mail with other content had the same Message-ID (C5)."""
    had = any(one.message_id == mail.message_id and one.direction == "in" for one in known)
    return reason("message-id-reused") if had else None


def is_in_ticket(tx: Tx, row: InboxRow, mail: Mail, ticket: int) -> bool:
    """Did the same mail reach the ticket through another mailbox (C6)?"""
    key = (identity_of(row, mail), mail.content_hash, ticket)
    if _lacks_id_and_date(mail):
        return filed.is_lately_in_ticket(tx, *key, row.received_at, SAME_MAIL_WITHIN)
    return filed.is_in_ticket(tx, *key)


def _lacks_id_and_date(mail: Mail) -> bool:
    """Does it have neither Message-ID nor Date, so that equal mails cannot be told apart?"""
    return mail.message_id is None and not mail.first("date")


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
