"""Shows business time day by day, for a person who wants to check it.

Fri  6 Mar 2026  16:30-18:00   1h30m  2h30m left
Sat  7 Mar 2026  closed until Sun 8 Mar 2026
Mon  9 Mar 2026  09:00-11:30   2h30m  0 left
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from msgspec import Struct

from ticketctl.domain.calendar import calendar
from ticketctl.domain.calendar.calendar import Hours

_DAY = timedelta(days=1)


class DaySpan(Struct, frozen=True):
    """A part of a local day, in seconds since 1970, that is open, or closed like everything else."""

    day: date
    start: int
    end: int
    open: bool
    why: str  # the exception of that day


def adding(hours: Hours, at: datetime, seconds: int) -> list[str]:
    """How `add` reaches its end, a line for each open part; raises NeverOpen as it does."""
    left, lines = seconds, []
    for group in _grouped(_parts(hours, at, calendar.add(hours, at, seconds))):
        left -= _open(group)
        lines.append(_line(hours, group, f"{length(left)} left"))
    return lines


def measuring(hours: Hours, start: datetime, end: datetime) -> list[str]:
    """How `measure` reaches its sum, a line for each open part."""
    total, lines = 0, []
    for group in _grouped(_parts(hours, start, end)):
        total += _open(group)
        lines.append(_line(hours, group, f"{length(total)} in all"))
    return lines


def local(hours: Hours, at: datetime) -> str:
    """`Mon 9 Mar 2026 11:30` in the calendar's zone, with seconds if there are some."""
    there = at.astimezone(hours.zone)
    return f"{_date(there.date())} {_clock(there)}"


def length(seconds: int) -> str:
    """`13h30m`, never in days, since a day is as long as its opening hours; 0 for none."""
    counts = zip((seconds // 3_600, seconds // 60 % 60, seconds % 60), "hms", strict=True)
    return "".join(f"{count}{unit}" for count, unit in counts if count) or "0"


def _parts(hours: Hours, start: datetime, end: datetime) -> Iterator[DaySpan]:
    """The open parts of each day from `start` to `end`, and the closed days between them."""
    first, last = int(start.timestamp()), int(end.timestamp())
    day = start.astimezone(hours.zone).date()
    while max(midnight := calendar.instant(hours.zone, day, 0), first) < last:
        why = hours.why_different(day)
        spans = ((max(one[0], first), min(one[1], last)) for one in hours.day(day.toordinal()))
        parts = [DaySpan(day, since, until, True, why) for since, until in spans if since < until]
        next_midnight = calendar.instant(hours.zone, day, calendar.MIDNIGHT)
        yield from parts or [
            DaySpan(day, max(midnight, first), min(next_midnight, last), False, why)
        ]
        day += _DAY


def _grouped(parts: Iterator[DaySpan]) -> Iterator[list[DaySpan]]:
    """Each open part separately; closed days in a row with the same reason together."""
    closed: list[DaySpan] = []
    for part in parts:
        if closed and (part.open or part.why != closed[0].why):
            yield closed
            closed = []
        if part.open:
            yield [part]
        else:
            closed.append(part)
    if closed:
        yield closed


def _open(group: list[DaySpan]) -> int:
    return sum(part.end - part.start for part in group if part.open)


def _line(hours: Hours, group: list[DaySpan], balance: str) -> str:
    first, last = group[0], group[-1]
    start, end = (datetime.fromtimestamp(at, hours.zone) for at in (first.start, last.end))
    why = f"  ({first.why})" if first.why else ""
    day = f"{first.day:%a} {first.day.day:2} {first.day:%b %Y}"
    if not first.open:
        return f"{day}  closed{_bounds(group, start, end)}{why}"
    span = f"{_clock(start)}-{_end(end, first.day)}"
    return f"{day}  {span:11}  {length(_open(group)):>6}  {balance}{why}{_changed(start, end)}"


def _bounds(group: list[DaySpan], start: datetime, end: datetime) -> str:
    """From when until when it is closed, unless that is one whole day."""
    first, last = group[0].day, group[-1].day
    words = "" if _clock(start) == "00:00" else f" from {_clock(start)}"
    until = [] if first == last else [_date(last)]
    until += [] if _end(end, last) == "24:00" else [_clock(end)]
    return words + (f" until {' '.join(until)}" if until else "")


def _changed(start: datetime, end: datetime) -> str:
    """A note about a clock change between the two ends of an open part."""
    shift = (end.utcoffset() or _DAY) - (start.utcoffset() or _DAY)
    seconds = int(shift.total_seconds())
    way = "forward" if seconds > 0 else "back"
    return f"  (the clock goes {way} {length(abs(seconds))})" if seconds else ""


def _date(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b %Y}"


def _end(at: datetime, day: date) -> str:
    """The time on the clock; the midnight that ends `day` is 24:00."""
    return "24:00" if at.date() > day and _clock(at) == "00:00" else _clock(at)


def _clock(at: datetime) -> str:
    return f"{at:%H:%M:%S}" if at.second else f"{at:%H:%M}"
