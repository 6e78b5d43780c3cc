"""Deletes old tickets with everything that belongs to them (F-R40). Their numbers are never reused."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from ticketctl.clock import parse, rfc3339
from ticketctl.domain.base.status import CLOSED
from ticketctl.store.db.core import sa, t
from ticketctl.store.db.database import Tx
from ticketctl.store.db.prepared import sql
from ticketctl.store.privacy import wipe
from ticketctl.store.tickets import search

JOURNAL = "purge"  # kind of the journal's entries
_SUBJECT = "closed before "


class Purged(Struct, frozen=True):
    """How much was deleted."""

    tickets: int
    messages: int
    comments: int
    mails: int  # raw mails and attachments


def due(tx: Tx, before: datetime, limit: int) -> list[int]:
    """Tickets closed before a time, the lowest numbers first, each with those merged into it; about `limit`."""
    old = sa.select(t.ticket.c.id).where(t.ticket.c.status == CLOSED, t.ticket.c.closed_at < before)
    found = list(tx.execute(old.order_by(t.ticket.c.id).limit(limit)).scalars())
    new = found
    while new:
        into = sa.select(t.ticket.c.id).where(t.ticket.c.merged_into.in_(new))
        new = list(tx.execute(into).scalars())
        found = new + found  # delete a ticket before the one it points at
    return found


def count(tx: Tx, before: datetime) -> int:
    """How many tickets were closed before a time."""
    old = (t.ticket.c.status == CLOSED, t.ticket.c.closed_at < before)
    return int(
        tx.execute(sa.select(sa.func.count()).select_from(t.ticket).where(*old)).scalar_one()
    )


def subject(before: datetime) -> str:
    """The subject of a purge in the journal."""
    return f"{_SUBJECT}{rfc3339(before)}"


_LATEST = sql(
    lambda: sa.select(sa.func.max(t.journal.c.subject)).where(t.journal.c.kind == JOURNAL)
)


def latest(tx: Tx) -> datetime | None:
    """The time before which closed tickets were deleted; None if there was no purge."""
    found: str | None = tx.execute(_LATEST).scalar_one()
    return parse(found.removeprefix(_SUBJECT)) if found else None


def purge(tx: Tx, ids: Sequence[int]) -> Purged:
    """Delete tickets: texts, history, mail in and out, and raw bytes that nothing else needs."""
    messages, comments = _forget(tx, ids)
    gone = set()
    for owner, table in (
        (t.attachment.c.message_id, t.message),
        (t.attachment.c.comment_id, t.comment),
    ):
        rows = tx.execute(
            sa.select(table.c.id, table.c.blob_sha256).where(table.c.ticket_id.in_(ids))
        )
        held = rows.all()
        gone |= {row.blob_sha256 for row in held if row.blob_sha256}
        gone |= wipe.delete_attachments(tx, owner, [row.id for row in held])
    for queue in (t.inbox, t.outbox):
        mine = sa.select(queue.c.blob_sha256).where(queue.c.ticket_id.in_(ids))
        gone |= {sha for sha in tx.execute(mine).scalars() if sha}
        named = t.mail_state.c.mail_id.in_(sa.select(queue.c.id).where(queue.c.ticket_id.in_(ids)))
        tx.execute(sa.delete(t.mail_state).where(t.mail_state.c.queue == queue.name, named))
    sent = sa.select(t.outbox.c.id).where(t.outbox.c.ticket_id.in_(ids))
    tx.execute(sa.delete(t.delivery).where(t.delivery.c.outbox_id.in_(sent)))
    tx.execute(
        sa.delete(t.link).where(sa.or_(t.link.c.ticket_id.in_(ids), t.link.c.other_id.in_(ids)))
    )
    for table in _hanging():
        tx.execute(sa.delete(table).where(table.c.ticket_id.in_(ids)))
    for id in ids:  # one by one, because one may point at another
        tx.execute(sa.delete(t.ticket).where(t.ticket.c.id == id))
    return Purged(len(ids), messages, comments, wipe.delete_blobs(tx, gone))


def _hanging() -> "list[sa.Table]":
    """All tables with rows that belong to a ticket."""
    return [table for table in reversed(t.metadata.sorted_tables) if "ticket_id" in table.c]


def _forget(tx: Tx, ids: Sequence[int]) -> tuple[int, int]:
    """Remove the tickets from the search index; how many messages and comments they have."""
    whole = sa.func.coalesce(t.message.c.full_text, t.message.c.text).label("text")
    said = sa.select(t.message.c.ticket_id, t.message.c.n, whole).where(
        t.message.c.ticket_id.in_(ids)
    )
    noted = sa.select(t.comment.c.ticket_id, t.comment.c.n, t.comment.c.text)
    heads = tx.execute(
        sa.select(t.ticket.c.id, t.ticket.c.subject).where(t.ticket.c.id.in_(ids))
    ).all()
    for head in heads:
        search.forget(tx, head.id, "subject", 0, head.subject)
    bodies = tx.execute(said).all()
    for row in bodies:
        search.forget(tx, row.ticket_id, "body", row.n, row.text)
    remarks = tx.execute(noted.where(t.comment.c.ticket_id.in_(ids))).all()
    for row in remarks:
        search.forget(tx, row.ticket_id, "comments", row.n, row.text)
    return len(bodies), len(remarks)
