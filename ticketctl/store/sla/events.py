"""Events of SLA clocks: warnings, breaches, escalation levels, each once by a unique key."""

from datetime import datetime

from msgspec import Struct

from ticketctl.domain.sla.sla_clock import Clock, Moment
from ticketctl.store.db.core import sa, t
from ticketctl.store.db.database import Tx
from ticketctl.store.db.prepared import sql
from ticketctl.store.db.rows import if_new
from ticketctl.store.db.values import Row

_KEY = ("ticket_id", "clock", "cycle", "kind", "level")
_add = if_new("sla_event")
_OF = sql(
    lambda: (
        sa.select(t.sla_event)
        .where(t.sla_event.c.ticket_id == sa.bindparam("of_ticket"))
        .order_by(
            t.sla_event.c.at,
            t.sla_event.c.clock,
            t.sla_event.c.cycle,
            t.sla_event.c.level,
            t.sla_event.c.kind,
        )
    )
)
_UNTOLD = sql(lambda: _OF().where(t.sla_event.c.told_at.is_(None)))
_MARK_TOLD = sql(
    lambda: (
        sa.update(t.sla_event)
        .where(
            *(t.sla_event.c[name] == sa.bindparam(f"of_{name}") for name in _KEY),
            t.sla_event.c.told_at.is_(None),
        )
        .values(told_at=sa.bindparam("now"))
    )
)


class SlaEvent(Struct, frozen=True, kw_only=True):
    """An event of a clock: `at` is when it was due, `told_at` when people were notified."""

    ticket: int
    clock: str
    cycle: int
    kind: str  # warning | breach | level
    level: str  # `due+4h` of a level
    at: datetime
    noted_at: datetime
    told_at: datetime | None = None


def event(ticket_id: int, clock: Clock, moment: Moment, now: datetime) -> SlaEvent:
    """The event of a moment of a clock, recorded `now`."""
    return SlaEvent(
        ticket=ticket_id,
        clock=clock.kind,
        cycle=clock.cycle,
        kind=moment.kind,
        level=moment.level,
        at=moment.at,
        noted_at=now,
    )


def add(tx: Tx, one: SlaEvent) -> SlaEvent | None:
    """Store an event; None if it is stored already."""
    return one if _add(tx, _row(one)) else None


def of(tx: Tx, ticket_id: int) -> list[SlaEvent]:
    """The events of a ticket's clocks, in order."""
    return [_record(row) for row in tx.execute(_OF, {"of_ticket": ticket_id})]


def untold(tx: Tx, ticket_id: int) -> list[SlaEvent]:
    """The events that nobody was notified of yet."""
    return [_record(row) for row in tx.execute(_UNTOLD, {"of_ticket": ticket_id})]


def mark_told(tx: Tx, one: SlaEvent, at: datetime) -> bool:
    """Record that people are notified. False if somebody else has notified them in the meantime."""
    row = _row(one)
    this = {f"of_{name}": row[name] for name in _KEY}
    return bool(tx.execute(_MARK_TOLD, {**this, "now": at}).rowcount)


def _row(one: SlaEvent) -> dict[str, object]:
    return {
        "ticket_id": one.ticket,
        "clock": one.clock,
        "cycle": one.cycle,
        "kind": one.kind,
        "level": one.level,
        "at": one.at,
        "noted_at": one.noted_at,
    }


def _record(row: Row) -> SlaEvent:
    return SlaEvent(
        ticket=row.ticket_id,
        clock=row.clock,
        cycle=row.cycle,
        kind=row.kind,
        level=row.level,
        at=row.at,
        noted_at=row.noted_at,
        told_at=row.told_at,
    )
