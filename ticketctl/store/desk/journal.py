"""Audit log of everything that is not a ticket: customers, canned replies, queries, absences. Only appended."""

from datetime import datetime
from functools import cache
from typing import Any

from msgspec import Struct

from ticketctl.domain.base.records import Actor
from ticketctl.store.db.core import sa, t
from ticketctl.store.db.database import Tx
from ticketctl.store.db.prepared import sql
from ticketctl.store.db.values import Row

_INSERT = sql(lambda: sa.insert(t.journal))
_ABOUT = cache(
    lambda: sa.select(t.journal).where(
        t.journal.c.kind == sa.bindparam("of_kind"),
        t.journal.c.subject == sa.bindparam("of_subject"),
    )
)
_OF = sql(lambda: _ABOUT().order_by(t.journal.c.id))
_LAST = sql(lambda: _ABOUT().order_by(t.journal.c.id.desc()).limit(1))
_OF_GROUP = sql(
    lambda: (
        sa.select(t.journal)
        .where(t.journal.c.undo_group == sa.bindparam("of_group"))
        .order_by(t.journal.c.id)
    )
)


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
    rows = tx.execute(_OF, {"of_kind": kind, "of_subject": subject})
    return [_record(row) for row in rows]


def last(tx: Tx, kind: str, subject: str) -> JournalEntry | None:
    """The latest entry about one subject; None for none."""
    row = tx.execute(_LAST, {"of_kind": kind, "of_subject": subject}).first()
    return _record(row) if row else None


def of_group(tx: Tx, group: str) -> list[JournalEntry]:
    """The entries of one command, in order."""
    return [_record(row) for row in tx.execute(_OF_GROUP, {"of_group": group})]


def _record(row: Row) -> JournalEntry:
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
