"""Candidates for shell completion: indexed statements that end early, as somebody is typing."""

from ticketctl.domain.base.condition import Condition
from ticketctl.domain.base.status import ACTIVE
from ticketctl.store.db.core import hole, sa, t
from ticketctl.store.db.database import Tx
from ticketctl.store.db.prepared import sql
from ticketctl.store.tickets import conditions

RECENT = 4000  # tickets changed last, among which the open ones are looked for first


def _tickets(*which: "sa.ColumnElement[bool]") -> "sa.Select[object]":
    return (
        sa.select(t.ticket.c.id, t.ticket.c.subject)
        .where(*which, hole("condition"))
        .order_by(t.ticket.c.updated_at.desc(), t.ticket.c.id.desc())
        .limit(sa.bindparam("most"))
    )


def _recent() -> "sa.Select[object]":
    """Read in the order of changes: coalesce keeps off the index of statuses, which has every open ticket."""
    changed = t.ticket.alias("changed")
    since = sa.select(changed.c.updated_at).order_by(changed.c.updated_at.desc())
    return _tickets(
        sa.func.coalesce(t.ticket.c.status, "").in_(sorted(ACTIVE)),
        t.ticket.c.updated_at > since.limit(1).offset(sa.bindparam("last")).scalar_subquery(),
    )


_RECENT_OPEN = sql(_recent)
_OPEN = sql(lambda: _tickets(t.ticket.c.status.in_(sorted(ACTIVE))))


def open_tickets(tx: Tx, among: Condition, most: int) -> list[tuple[int, str]]:
    """Number and subject of tickets not ended, the last changed first."""
    where = conditions.sql(among)
    rows = tx.execute(_RECENT_OPEN, {"most": most, "last": RECENT}, condition=where).all()
    if len(rows) < most:
        rows = tx.execute(_OPEN, {"most": most}, condition=where).all()
    return [(row.id, row.subject) for row in rows]
