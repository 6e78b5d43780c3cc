"""Shows the arithmetic of a clock, run by run and day by day, for a person who wants to check it."""

from datetime import datetime

from ticketctl.domain.calendar import explain
from ticketctl.domain.calendar.calendar import Hours, NeverOpen
from ticketctl.domain.sla.sla_clock import Clock, used


def clock(one: Clock, hours: Hours, at: datetime) -> list[str]:
    """How the clock arrived at its used time and its due time. The days of its runs until now sum to the used time."""
    name = f"calendar {hours.name} ({hours.zone.key})" if hours.name else "around the clock, in UTC"
    lines = [f"target {explain.length(one.target)}, {name}"]
    for begin, end in one.runs:
        span = f"{explain.local(hours, begin)} until {explain.local(hours, end)}"
        lines += [f"ran {span}:", *_indented(explain.measuring(hours, begin, end))]
    left = one.target - one.used
    if one.since is not None:
        lines += _running(one, hours, one.since, left) if left >= 0 else []
        until_now = f"ran {explain.local(hours, one.since)} until now:"
        days = explain.measuring(hours, one.since, max(at, one.since))
        lines += [until_now, *_indented(days)] if days else []
    over = used(one, hours, at) - one.target
    spent = f"used {explain.length(used(one, hours, at))}"
    return [*lines, f"{spent}, {explain.length(abs(over))} {'over' if over > 0 else 'left'}"]


def _running(one: Clock, hours: Hours, since: datetime, left: int) -> list[str]:
    start = f"runs since {explain.local(hours, since)}, {explain.length(left)} left:"
    try:
        days = explain.adding(hours, since, left)
    except NeverOpen as never:
        return [start, f"  no due time: {never.sentence}"]
    due = f"due {explain.local(hours, one.due_at)}" if one.due_at else ""
    return [start, *_indented(days), due]


def _indented(lines: list[str]) -> list[str]:
    return [f"  {line}" for line in lines]
