"""Has this mail been here before? By its Message-ID or content, in this mailbox, in this ticket, or as our own."""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from gateway.parse.mail import Mail
from ticketctl.domain.base.reasons import Reason, reason
from ticketctl.domain.base.records import InboxRow
from ticketctl.store.db.engine import Tx
from ticketctl.store.queues import inbox
from ticketctl.store.tickets.messages import KnownId

SPAN = timedelta(hours=1)
"""So far apart, equal mails that have neither Message-ID nor Date are two mails."""


def filed_before(tx: Tx, row: InboxRow, mail: Mail, at: datetime) -> Reason | None:
    """Mark the mail as filed in this mailbox; why not, if it was before (C1, C2, C4)."""
    key = (row.mailbox, identity_of(row, mail), mail.content_hash, row.id)
    if _is_nameless(mail):
        new = inbox.mark_filed_lately(tx, *key, row.received_at, SPAN)
    else:
        new = inbox.mark_filed(tx, *key, at)
    return None if new else reason("filed-before", mailbox=row.mailbox or "the bounce address")


def identity_of(row: InboxRow, mail: Mail) -> str:
    """The hash of the Message-ID, or of the content where there is none (C3, C4).

    Machines send the same again and again with neither Message-ID nor Date: then the envelope sender counts, too.
    """
    if mail.message_id is not None:
        return _hash(mail.message_id.strip("<>"))
    if _is_nameless(mail):
        return _hash(f"{mail.content_hash} {row.envelope_from.lower()}")
    return mail.content_hash


def stand_in(row: InboxRow, mail: Mail) -> str:
    """What stands for the Message-ID of a mail that has none."""
    number = f".{row.id}" if _is_nameless(mail) else ""
    return f"<{mail.content_hash}{number}@content.invalid>"


def is_ours(mail: Mail, known: Sequence[KnownId]) -> bool:
    """Is it a mail that we sent (C7)?"""
    return any(one.message_id == mail.message_id and one.direction == "out" for one in known)


def namesake(mail: Mail, known: Sequence[KnownId]) -> Reason | None:
    """The reason for a mail whose Message-ID another mail, of other content, had before (C5)."""
    had = any(one.message_id == mail.message_id and one.direction == "in" for one in known)
    return reason("message-id-reused") if had else None


def was_there(tx: Tx, row: InboxRow, mail: Mail, ticket: int) -> bool:
    """Did this very mail reach the ticket by another mailbox (C6)?"""
    key = (identity_of(row, mail), mail.content_hash, ticket)
    if _is_nameless(mail):
        return inbox.filed_lately_in_ticket(tx, *key, row.received_at, SPAN)
    return inbox.filed_in_ticket(tx, *key)


def _is_nameless(mail: Mail) -> bool:
    """Neither Message-ID nor Date: nothing that tells one such mail from the next."""
    return mail.message_id is None and not mail.first("date")


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
