"""The clock that a list shows: the most urgent of a ticket's clocks and its manual due time."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from ticketctl.domain.sla.sla_clock import BREACHED, MET, PAUSED, RUNNING, VOID, Clock

MANUAL = "manual"


class Pressing(Struct, frozen=True):
    """The SLA columns of a ticket."""

    due_at: datetime | None = None
    due_clock: str | None = None  # first | next | resolve | assign | manual
    warn_at: datetime | None = None
    sla_state: str | None = None  # running | paused | met | breached; None: no clock


def pressing(clocks: Sequence[Clock], due_by: datetime | None) -> Pressing:
    """The clock that is due first; else a paused one; else the result of the finished ones.

    `due_by` is a manual due time, None for a ticket that has ended.
    """
    found = [_of(clock) for clock in clocks if clock.active]
    if due_by is not None:
        found.append(Pressing(due_by, MANUAL, None, RUNNING))
    due = [(one.due_at, n, one) for n, one in enumerate(found) if one.due_at is not None]
    if due:
        return min(due)[2]
    return found[0] if found else _ended(clocks)


def _of(clock: Clock) -> Pressing:
    late = clock.breached_at is not None
    state = BREACHED if late else PAUSED if clock.state == PAUSED else RUNNING
    return Pressing(clock.due_at, clock.kind, clock.warn_at, state)


def _ended(clocks: Sequence[Clock]) -> Pressing:
    if any(clock.breached_at for clock in clocks):
        return Pressing(sla_state=BREACHED)
    return Pressing(sla_state=MET if any(clock.state != VOID for clock in clocks) else None)
