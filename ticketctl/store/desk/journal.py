"""Audit log of everything that is not a ticket: customers, canned replies, queries, absences. Only appended."""

from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import Row, insert, select

from ticketctl.domain.base.records import Actor
from ticketctl.store.db.engine import Tx
from ticketctl.store.db.schema import journal

_INSERT = insert(journal)


class JournalEntry(Struct, frozen=True, kw_only=True):
    """What happened to `subject` (a customer's number, a name) of some kind, and who did it."""

    id: int
    at: datetime
    actor: str
    os_user: str
    kind: str  # customer | template | query | agent
    subject: str
    type: str
    old: Any
    new: Any
    comment: str | None
    group: str


def append(
    tx: Tx,
    *,
    at: datetime,
    actor: Actor,
    kind: str,
    subject: str,
    type: str,
    group: str,
    old: object = None,
    new: object = None,
    comment: str | None = None,
) -> None:
    """Append an entry; `old` and `new` are JSON values, `group` is its undo group."""
    tx.execute(
        _INSERT,
        {
            "at": at,
            "actor": actor.name,
            "os_user": actor.os_user,
            "kind": kind,
            "subject": subject,
            "type": type,
            "old": old,
            "new": new,
            "comment": comment,
            "undo_group": group,
        },
    )


def of(tx: Tx, kind: str, subject: str) -> list[JournalEntry]:
    """The entries about one subject, oldest first."""
    this = (journal.c.kind == kind, journal.c.subject == subject)
    rows = tx.execute(select(journal).where(*this).order_by(journal.c.id))
    return [_record(row) for row in rows]


def last(tx: Tx, kind: str, subject: str) -> JournalEntry | None:
    """The latest entry about one subject; None for none."""
    this = (journal.c.kind == kind, journal.c.subject == subject)
    row = tx.execute(select(journal).where(*this).order_by(journal.c.id.desc()).limit(1)).first()
    return _record(row) if row else None


def of_group(tx: Tx, group: str) -> list[JournalEntry]:
    """The entries of one command, in order."""
    rows = tx.execute(select(journal).where(journal.c.undo_group == group).order_by(journal.c.id))
    return [_record(row) for row in rows]


def _record(row: Row[object]) -> JournalEntry:
    return JournalEntry(
        id=row.id,
        at=row.at,
        actor=row.actor,
        os_user=row.os_user,
        kind=row.kind,
        subject=row.subject,
        type=row.type,
        old=row.old,
        new=row.new,
        comment=row.comment,
        group=row.undo_group,
    )
