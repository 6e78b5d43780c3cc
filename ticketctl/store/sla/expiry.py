"""Finds tickets whose time has come: past the reopen window, past their wait, still without an owner."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache

from ticketctl.domain.base.condition import Where
from ticketctl.domain.base.status import ACTIVE, RESOLVED, WAITING
from ticketctl.store.db.core import hole, sa, t
from ticketctl.store.db.database import Tx
from ticketctl.store.db.prepared import sql
from ticketctl.store.tickets import conditions

_LAST_SAID = cache(
    lambda: (
        sa.select(t.event.c.type)
        .where(t.event.c.ticket_id == t.ticket.c.id, t.event.c.type.in_(("assigned", "unassigned")))
        .order_by(t.event.c.n.desc())
        .limit(1)
        .correlate(t.ticket)
        .scalar_subquery()
    )
)
_FIRST = cache(lambda: sa.select(t.ticket.c.id).order_by(t.ticket.c.id).limit(sa.bindparam("most")))
_AFTER = cache(lambda: _FIRST().where(t.ticket.c.id > sa.bindparam("after")))
_RESOLVED = sql(
    lambda: _AFTER().where(
        t.ticket.c.status == RESOLVED, t.ticket.c.resolved_at < sa.bindparam("before")
    )
)
_WAITING = sql(
    lambda: _AFTER().where(
        t.ticket.c.status == WAITING, t.ticket.c.wait_until <= sa.bindparam("now")
    )
)
_IS_UNROUTED = cache(
    lambda: sa.and_(
        t.ticket.c.status.in_(sorted(ACTIVE)), hole("free"), _LAST_SAID() == "unassigned"
    )
)
_UNROUTED = sql(lambda: _AFTER().where(_IS_UNROUTED()))
_OLDER_UNROUTED = sql(
    lambda: _FIRST().where(
        _IS_UNROUTED(),
        t.ticket.c.segment == sa.bindparam("of_segment"),
        t.ticket.c.id < sa.bindparam("before"),
    )
)
_FREE = Where("owner", "=", ("none",))


def resolved(tx: Tx, before: datetime, after: int, limit: int) -> Sequence[int]:
    """Tickets resolved before a time, by number from `after` on."""
    values = {"before": before, "after": after, "most": limit}
    return tx.execute(_RESOLVED, values).scalars()


def waiting(tx: Tx, now: datetime, after: int, limit: int) -> Sequence[int]:
    """Tickets whose wait is over, by number from `after` on."""
    return tx.execute(_WAITING, {"now": now, "after": after, "most": limit}).scalars()


def unrouted(tx: Tx, after: int, limit: int) -> Sequence[int]:
    """Active tickets for which routing found nobody last time, by number from `after` on."""
    values = {"after": after, "most": limit}
    return tx.execute(_UNROUTED, values, free=conditions.sql(_FREE)).scalars()


def older_unrouted(tx: Tx, segment: str, before: int, limit: int) -> Sequence[int]:
    """The oldest of these in a segment, with numbers below `before`."""
    values = {"of_segment": segment, "before": before, "most": limit}
    return tx.execute(_OLDER_UNROUTED, values, free=conditions.sql(_FREE)).scalars()
