"""The age colour of a ticket: yellow over 18 h, red over 24 h by default, strictly more than (F-C14, F-C15)."""

from datetime import UTC, datetime, timedelta

from ticketctl.domain.base.condition import Condition, Where, both, either, every, negation
from ticketctl.domain.base.records import Ticket
from ticketctl.domain.base.status import ACTIVE
from ticketctl.domain.definition.definition import Definition

NONE, YELLOW, RED = "none", "yellow", "red"
_BASES = {"last_customer_message": "last_customer"}  # fields of the query language with other names
_EVER = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)


def alert(ticket: Ticket, definition: Definition, now: datetime) -> str:
    """`none`, `yellow` or `red`; only tickets that have not ended have an age."""
    if ticket.status not in ACTIVE:
        return NONE
    yellow, red = thresholds(definition, ticket.segment)
    age = _age(definition, _basis(ticket, definition.alerts.basis), now)
    if age > red:
        return RED
    return YELLOW if age > yellow else NONE


def condition(word: str, definition: Definition, now: datetime) -> Condition:
    """The tickets with that age colour at `now`, as `alert` finds it."""
    yellow = _over(0, definition, now)
    if word == NONE:
        return both(negation(yellow), negation(Where("status", "=", ("merged",))))
    red = _over(1, definition, now)
    return red if word == RED else both(yellow, negation(red))


def _over(level: int, definition: Definition, now: datetime) -> Condition:
    """The active tickets that are older than the limit of a level: 0 is yellow, 1 red."""
    basis = definition.alerts.basis
    field = _BASES.get(basis, basis)
    own = [s.name for s in definition.segments if s.yellow is not None or s.red is not None]
    limits = {name: thresholds(definition, name)[level] for name in own}
    before = {
        name: Where(field, "<", (_latest(definition, limit, now),))
        for name, limit in {**limits, "": thresholds(definition, "")[level]}.items()
    }
    others: Condition = before.pop("")
    apart = [both(Where("segment", "=", (name,)), old) for name, old in before.items()]
    if apart:
        others = both(negation(Where("segment", "=", tuple(own))), others)
    return every((Where("is", "=", ("open",)), either([*apart, others])))


def _latest(definition: Definition, limit: int, now: datetime) -> datetime:
    """The instant after which nothing is older than so many seconds; what is older began before it."""
    if not definition.alerts.calendar:
        return now - timedelta(seconds=limit)
    over = timedelta(seconds=limit) + _SECOND
    while _age(definition, now - over, now) <= limit:
        over *= 2
        if now - over < _EVER:  # it is never open so long
            return _EVER
    low, high = over // 2, over  # so long ago it was not too old yet, and it was
    while high - low > _SECOND:
        middle = timedelta(seconds=int((low + high).total_seconds()) // 2)
        low, high = (low, middle) if _age(definition, now - middle, now) > limit else (middle, high)
    return now - high + _SECOND


def thresholds(definition: Definition, segment: str) -> tuple[int, int]:
    """The ages in seconds at which a ticket of a segment is yellow and red: its own, else those of [alerts]."""
    own = definition.segment(segment)
    yellow = own.yellow if own and own.yellow is not None else definition.alerts.yellow
    red = own.red if own and own.red is not None else definition.alerts.red
    return yellow, red


def _age(definition: Definition, since: datetime, now: datetime) -> int:
    """The age in seconds, by the calendar of [alerts] if it names one."""
    if not definition.alerts.calendar:
        return int((now - since).total_seconds())
    from ticketctl.domain.calendar import calendar  # around the clock needs no calendar

    return calendar.measure(calendar.of(definition, definition.alerts.calendar), since, now)


def _basis(ticket: Ticket, basis: str) -> datetime:
    if basis == "updated":
        return ticket.updated_at
    if basis == "last_customer_message":
        return ticket.last_customer_at or ticket.created_at
    return ticket.created_at
