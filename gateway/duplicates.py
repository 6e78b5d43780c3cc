"""Has this mail been here before? By its Message-ID or content, in this mailbox, in this ticket, or as our own."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from gateway.parse.mail import Mail
from ticketctl.desk.records import InboxRow
from ticketctl.store import inbox
from ticketctl.store.engine import Tx
from ticketctl.store.messages import KnownId


def filed_before(tx: Tx, row: InboxRow, mail: Mail, at: datetime) -> str | None:
    """Mark the mail as filed in this mailbox; why not, if it was before (C1, C2, C4)."""
    if inbox.mark_filed(tx, row.mailbox, identity_of(mail), mail.content_hash, row.id, at):
        return None
    return f"this mail was filed before in {row.mailbox or 'the bounce address'} (C1)"


def identity_of(mail: Mail) -> str:
    """The hash of the Message-ID, or of the content where there is none (C3, C4)."""
    if mail.message_id is None:
        return mail.content_hash
    return hashlib.sha256(mail.message_id.strip("<>").encode("utf-8", "surrogatepass")).hexdigest()


def is_ours(mail: Mail, known: Sequence[KnownId]) -> bool:
    """Is it a mail that we sent (C7)?"""
    return any(one.message_id == mail.message_id and one.direction == "out" for one in known)


def namesake(mail: Mail, known: Sequence[KnownId]) -> str | None:
    """The sentence for a mail whose Message-ID another mail, of other content, had before (C5)."""
    had = any(one.message_id == mail.message_id and one.direction == "in" for one in known)
    return "another mail with other content had the same Message-ID (C5)" if had else None


def was_there(tx: Tx, mail: Mail, ticket: int) -> bool:
    """Did this very mail reach the ticket by another mailbox (C6)?"""
    return inbox.filed_in_ticket(tx, identity_of(mail), mail.content_hash, ticket)
