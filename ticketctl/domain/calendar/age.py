"""The age colour of a ticket: yellow over 18 h, red over 24 h by default, strictly more than (F-C14, F-C15)."""

from datetime import datetime

from ticketctl.domain.base.records import Ticket
from ticketctl.domain.base.status import ACTIVE
from ticketctl.domain.definition.definition import Definition

NONE, YELLOW, RED = "none", "yellow", "red"


def alert(ticket: Ticket, definition: Definition, now: datetime) -> str:
    """`none`, `yellow` or `red`; only tickets that have not ended have an age."""
    if ticket.status not in ACTIVE:
        return NONE
    yellow, red = thresholds(definition, ticket.segment)
    age = _age(definition, _basis(ticket, definition.alerts.basis), now)
    if age > red:
        return RED
    return YELLOW if age > yellow else NONE


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
