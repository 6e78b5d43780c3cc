"""Events of SLA clocks: warnings, breaches, escalation levels, each once by a unique key."""

from datetime import datetime

from msgspec import Struct
from sqlalchemy import Row, bindparam, select, update

from ticketctl.domain.sla.sla_clock import Clock, Moment
from ticketctl.store.db.engine import Tx
from ticketctl.store.db.rows import if_new
from ticketctl.store.db.schema import sla_event as table

_add = if_new(table)
_OF = select(table).where(table.c.ticket_id == bindparam("of_ticket"))
_IN_ORDER = (table.c.at, table.c.clock, table.c.cycle, table.c.level, table.c.kind)


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
    return [_record(row) for row in tx.execute(_OF.order_by(*_IN_ORDER), {"of_ticket": ticket_id})]


def untold(tx: Tx, ticket_id: int) -> list[SlaEvent]:
    """The events that nobody was notified of yet."""
    query = _OF.where(table.c.told_at.is_(None)).order_by(*_IN_ORDER)
    return [_record(row) for row in tx.execute(query, {"of_ticket": ticket_id})]


def mark_told(tx: Tx, one: SlaEvent, at: datetime) -> bool:
    """Record that people are notified. False if somebody else has notified them in the meantime."""
    this = (
        table.c.ticket_id == one.ticket,
        table.c.clock == one.clock,
        table.c.cycle == one.cycle,
        table.c.kind == one.kind,
        table.c.level == one.level,
        table.c.told_at.is_(None),
    )
    return bool(tx.execute(update(table).where(*this).values(told_at=at)).rowcount)


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


def _record(row: Row[object]) -> SlaEvent:
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
