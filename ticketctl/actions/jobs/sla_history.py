"""What `sla check` writes into a ticket's history: a line for each warning, breach and level, and who was told.

The line is written when people are told, with their names. If the notice waits for opening hours, the line is written
when it happens, and a line `notified` follows. These lines change nothing, so there is nothing to undo.
"""

from collections.abc import Sequence

from ticketctl.actions.base.context import Work
from ticketctl.clock import rfc3339
from ticketctl.domain.sla.happenings import NOTIFIED, SLA_BREACH, SLA_WARNING
from ticketctl.domain.sla.sla_clock import Clock
from ticketctl.store.sla.events import SlaEvent


def record(work: Work, event: SlaEvent, clock: Clock, told: Sequence[str] | None) -> None:
    """Write the line of an event; `told` None: the notice waits for opening hours."""
    due = clock.due_at
    late = event.kind == "breach" or (event.kind == "level" and due is not None and event.at >= due)
    type = SLA_BREACH if late else SLA_WARNING
    work.event(event.ticket, type, new=_facts(event, clock, told))


def record_notice(work: Work, event: SlaEvent, clock: Clock, told: Sequence[str]) -> None:
    """Write who was told of an event whose line was written before."""
    if told:
        work.event(event.ticket, NOTIFIED, new=_facts(event, clock, told))


def _facts(event: SlaEvent, clock: Clock, told: Sequence[str] | None) -> dict[str, object]:
    return {
        "clock": event.clock,
        "cycle": event.cycle,
        "level": event.level or None,
        "due_at": clock.due_at and rfc3339(clock.due_at),
        "told": None if told is None else list(told),
    }
