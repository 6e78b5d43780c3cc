"""Links between tickets. A link is stored once, from one side, and read from both."""

from datetime import datetime
from functools import cache

from ticketctl.domain.base.records import LINKS, Link
from ticketctl.store.db.core import sa, t
from ticketctl.store.db.database import Tx
from ticketctl.store.db.prepared import sql
from ticketctl.store.db.rows import if_new
from ticketctl.store.db.tx import Values

_OWN = sql(
    lambda: (
        sa.select(t.link.c.kind, t.ticket.c.id, t.ticket.c.status)
        .join(t.ticket, t.ticket.c.id == t.link.c.other_id)
        .where(t.link.c.ticket_id == sa.bindparam("of_ticket"))
    )
)
_THEIRS = sql(
    lambda: (
        sa.select(t.link.c.kind, t.ticket.c.id, t.ticket.c.status)
        .join(t.ticket, t.ticket.c.id == t.link.c.ticket_id)
        .where(t.link.c.other_id == sa.bindparam("of_ticket"))
    )
)
_OTHER = sql(
    lambda: (
        sa.select(t.link.c.other_id)
        .where(
            t.link.c.ticket_id == sa.bindparam("of_ticket"),
            t.link.c.kind == sa.bindparam("of_kind"),
        )
        .order_by(t.link.c.other_id)
        .limit(1)
    )
)
_IS_THIS = cache(
    lambda: sa.and_(
        t.link.c.ticket_id == sa.bindparam("of_ticket"),
        t.link.c.kind == sa.bindparam("of_kind"),
        t.link.c.other_id == sa.bindparam("to_ticket"),
    )
)
_THIS = sql(lambda: sa.select(t.link.c.kind).where(_IS_THIS()))
_DELETE = sql(lambda: sa.delete(t.link).where(_IS_THIS()))
_add = if_new("link")


def of(tx: Tx, id: int) -> list[Link]:
    """A ticket's links, stored from either side, by kind and number."""
    this = {"of_ticket": id}
    found = {Link(*row) for row in tx.execute(_OWN, this)}
    found |= {Link(LINKS[row.kind], row.id, row.status) for row in tx.execute(_THEIRS, this)}
    return sorted(found, key=lambda one: (one.kind, one.ticket))


def exists(tx: Tx, id: int, kind: str, other: int) -> bool:
    """Is it stored, in this direction, that `id` is linked to `other` as `kind`?"""
    return tx.execute(_THIS, _this(id, kind, other)).first() is not None


def other(tx: Tx, id: int, kind: str) -> int | None:
    """The first ticket that `id` is linked to as `kind`; None for none."""
    found: int | None = tx.execute(_OTHER, {"of_ticket": id, "of_kind": kind}).scalar()
    return found


def add(tx: Tx, id: int, kind: str, other: int, at: datetime) -> bool:
    """Store that `id` is linked to `other` as `kind` (of LINKS). False if it is stored already."""
    return _add(tx, {"ticket_id": id, "kind": kind, "other_id": other, "at": at})


def drop(tx: Tx, id: int, kind: str, other: int) -> bool:
    """Delete a link. False if there is none."""
    return bool(tx.execute(_DELETE, _this(id, kind, other)).rowcount)


def _this(id: int, kind: str, other: int) -> Values:
    return {"of_ticket": id, "of_kind": kind, "to_ticket": other}
