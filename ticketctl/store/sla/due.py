"""Is there anything for `sla check` to do? Imports little and uses two indexes, since cron and metrics ask often."""

from datetime import datetime
from functools import cache

from ticketctl.domain.base.status import ACTIVE
from ticketctl.store.db.core import sa, t
from ticketctl.store.db.database import Tx
from ticketctl.store.db.prepared import sql

_WAITS = sql(
    lambda: sa.select(t.clock.c.id).where(t.clock.c.next_at <= sa.bindparam("now")).limit(1)
)
_IS_LATE = cache(lambda: t.ticket.c.due_at < sa.bindparam("now"))
_IS_WARNED = cache(
    lambda: sa.and_(t.ticket.c.due_at.is_not(None), t.ticket.c.warn_at <= sa.bindparam("now"))
)
_ACTIVE = cache(
    lambda: sa.select(t.ticket.c.id).where(t.ticket.c.status.in_(sorted(ACTIVE))).limit(1)
)
_HOW_MANY_LATE = sql(
    lambda: sa.select(sa.func.count()).where(t.ticket.c.status.in_(sorted(ACTIVE)), _IS_LATE())
)
_LATE = sql(lambda: _ACTIVE().where(_IS_LATE()))
_LATE_OR_WARNED = sql(lambda: _ACTIVE().where(sa.or_(_IS_LATE(), _IS_WARNED())))


def waits(tx: Tx, now: datetime) -> bool:
    """Is there anything to record or notify? One index look-up."""
    return tx.execute(_WAITS, {"now": now}).first() is not None


def pressing(tx: Tx, now: datetime, *, warned: bool) -> bool:
    """Is any active ticket past its due time, or, if `warned`, past its warning?"""
    return tx.execute(_LATE_OR_WARNED if warned else _LATE, {"now": now}).first() is not None


def late(tx: Tx, now: datetime) -> int:
    """The number of active tickets past their due time."""
    return int(tx.execute(_HOW_MANY_LATE, {"now": now}).scalar_one())
