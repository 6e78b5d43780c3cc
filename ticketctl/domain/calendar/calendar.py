"""Business time: when a calendar is open, the open seconds between two instants, and adding open seconds.

Spans are half-open and written as local time; durations are seconds that really pass while open, so a clock change
inside opening hours counts for what it is. A local time that a clock change leaves out means the instant after the
gap; one that comes twice means the first. Instants are aware and in whole seconds; results are in UTC.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import TypeVar
from zoneinfo import ZoneInfo

import msgspec

from ticketctl.domain.base import values
from ticketctl.domain.definition.definition import Calendar, Definition, Holiday
from ticketctl.errors import NotFound, Refused

DAY = 86_400
MIDNIGHT = 1440  # minutes
_EPOCH = date(1970, 1, 1).toordinal()
_LAST = date.max.toordinal() - 1
_LONGEST_CLOSURE = 3_660  # days; 29 February comes after eight years at the latest

T = TypeVar("T")
Span = tuple[int, int]  # half-open: minutes of a day, or seconds since 1970


class NeverOpen(Refused):
    """A calendar that does not have as many open seconds as needed."""


class Hours:
    """A calendar ready for use. Days are computed when first needed, and cached."""

    __slots__ = ("_days", "changes", "name", "week", "zone")

    def __init__(
        self, name: str, zone: ZoneInfo, week: Sequence[Sequence[Span]], changes: "_Changes"
    ) -> None:
        self.name = name
        self.zone = zone
        self.week = week  # minutes by weekday, Monday first
        self.changes = changes
        self._days: dict[int, tuple[Span, ...]] = {}

    def day(self, ordinal: int) -> tuple[Span, ...]:
        """The open spans of a local day (a proleptic ordinal) in seconds since 1970."""
        found = self._days.get(ordinal)
        if found is None:
            found = self._days[ordinal] = self._worked_out(ordinal)
        return found

    def _worked_out(self, ordinal: int) -> tuple[Span, ...]:
        if not 1 < ordinal < _LAST:
            return ()
        day = date.fromordinal(ordinal)
        ends = (
            (instant(self.zone, day, start), instant(self.zone, day, end))
            for start, end in self.minutes(day)
        )
        return tuple((start, end) for start, end in ends if start < end)

    def minutes(self, day: date) -> list[Span]:
        """The open spans of a day in minutes of local time: weekly hours without closures, and special openings."""
        spans = list(self.week[day.weekday()])
        for closure in _of_day(self.changes.closed, day):
            spans = [part for span in spans for part in _without(span, closure)]
        return _united([*spans, *_of_day(self.changes.opened, day)])

    def why_different(self, day: date) -> str:
        """Why a day has unusual hours: the name of a holiday, else the closure as written; "" for no reason."""
        return " and ".join(_of_day(self.changes.reasons, day))


class _Changes:
    """Exceptions on single days: by date, `2026-04-03`, and by day of each year, `01-01`."""

    __slots__ = ("closed", "opened", "reasons")

    def __init__(
        self, closed: Iterable[str], opened: Iterable[str], holidays: Sequence[Holiday]
    ) -> None:
        named = [(one, one) for one in closed] + [
            (one.day, one.name or one.day) for one in holidays
        ]
        self.closed = _by_day((day, values.day_part(day)[1]) for day, _ in named)
        self.opened = _by_day((one, values.day_part(one)[1]) for one in opened)
        self.reasons = _by_day(named)


def of(definition: Definition, name: str) -> Hours:
    """The calendar of that name with its holidays; "" is around the clock. NotFound for any other."""
    if not name:
        return ALWAYS
    found = next((one for one in definition.calendars if one.name == name), None)
    if found is None:
        raise NotFound(f'no calendar "{name}".')
    dates = definition.holidays.get(name)
    return compile(found, dates.days if dates else ())


def compile(calendar: Calendar, holidays: Sequence[Holiday] = ()) -> Hours:
    """Prepare a calendar of desk.toml; the same calendar gives the same object while it is in use."""
    return _compiled(msgspec.json.encode((calendar, holidays)))


@lru_cache(maxsize=256)
def _compiled(document: bytes) -> Hours:
    calendar, holidays = msgspec.json.decode(document, type=tuple[Calendar, tuple[Holiday, ...]])
    week = [
        sorted(values.minutes(span) for span in calendar.hours.get(day, ())) for day in values.DAYS
    ]
    changes = _Changes(calendar.closed, calendar.open, holidays)
    return Hours(calendar.name, ZoneInfo(calendar.timezone), week, changes)


def is_open(hours: Hours, at: datetime) -> bool:
    """Is it open at that instant? The second of closing is closed."""
    now = _seconds(at)
    return hours is ALWAYS or next(spans(hours, now, now + 1), None) is not None


def next_open(hours: Hours, at: datetime) -> datetime:
    """The first open instant, `at` itself if open. NeverOpen if there is none in ten years."""
    now = _seconds(at)
    return at if hours is ALWAYS else _instant(hours, next(spans(hours, now))[0])


def add(hours: Hours, at: datetime, seconds: int) -> datetime:
    """The earliest instant with exactly that many (0 or more) open seconds after `at`; NeverOpen if there is none."""
    if seconds == 0:
        return at
    left, now = seconds, _seconds(at)
    if hours is ALWAYS:
        return _instant(hours, now + left)
    for start, end in spans(hours, now):
        if left <= end - start:
            return _instant(hours, start + left)
        left -= end - start
    raise AssertionError  # without an end, only NeverOpen ends the spans


def measure(hours: Hours, start: datetime, end: datetime) -> int:
    """The open seconds from `start` until before `end`; 0 if the end is not later."""
    first, last = _seconds(start), _seconds(end)
    if hours is ALWAYS:
        return max(0, last - first)
    return sum(until - since for since, until in spans(hours, first, last))


def spans(hours: Hours, start: int, end: int | None = None) -> Iterator[Span]:
    """The open spans from `start` until `end`, seconds since 1970; without an end, NeverOpen after ten closed years."""
    # The local date is at most a day off UTC's, and a clock change may repeat a date for an hour.
    ordinal = start // DAY + _EPOCH - 2
    last = None if end is None else end // DAY + _EPOCH + 2
    closed = 0
    while last is None or ordinal <= last:
        found = hours.day(ordinal)
        for since, until in found:
            since, until = max(since, start), until if end is None else min(until, end)
            if since < until:
                yield since, until
        closed = 0 if found else closed + 1
        if end is None and closed > _LONGEST_CLOSURE:
            raise NeverOpen(f'the calendar "{hours.name}" has no opening hours after that.')
        ordinal += 1


def instant(zone: ZoneInfo, day: date, minute: int) -> int:
    """A minute of a local day (1440 is the next midnight) in seconds since 1970."""
    wall = datetime(day.year, day.month, day.day) + timedelta(minutes=minute)
    before, after = _offset(wall.replace(tzinfo=zone)), _offset(wall.replace(tzinfo=zone, fold=1))
    seconds = (wall.toordinal() - _EPOCH) * DAY + wall.hour * 3_600 + wall.minute * 60
    if after <= before:  # of a time that comes twice, `before` is the offset of the first
        return seconds - before
    return _after_gap(zone, seconds - after, seconds - before)


def _after_gap(zone: ZoneInfo, low: int, high: int) -> int:
    """The first second with the offset of `high`; the clock goes forward after `low` and not after `high`."""
    before = _offset(datetime.fromtimestamp(low, zone))
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(datetime.fromtimestamp(middle, zone)) == before:
            low = middle
        else:
            high = middle
    return high


def _offset(local: datetime) -> int:
    return int((local.utcoffset() or timedelta()).total_seconds())


def _seconds(at: datetime) -> int:
    return int(at.timestamp())


def _instant(hours: Hours, seconds: int) -> datetime:
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError):
        raise NeverOpen("that is later than the last possible date.") from None


def _by_day(written: Iterable[tuple[str, T]]) -> dict[str, list[T]]:
    days: dict[str, list[T]] = {}
    for one, value in written:
        days.setdefault(values.day_part(one)[0], []).append(value)
    return days


def _of_day(days: dict[str, list[T]], day: date) -> list[T]:
    """The exceptions for that date and for that day of each year."""
    if not days:
        return []
    this = day.isoformat()
    return days.get(this, []) + days.get(this[5:], [])


def _without(span: Span, hole: Span) -> list[Span]:
    """The parts of a span before and after a hole."""
    parts = ((span[0], min(span[1], hole[0])), (max(span[0], hole[1]), span[1]))
    return [(start, end) for start, end in parts if start < end]


def _united(spans: list[Span]) -> list[Span]:
    """The same minutes in order; overlapping and adjacent spans are joined."""
    united: list[Span] = []
    for start, end in sorted(spans):
        if united and start <= united[-1][1]:
            united[-1] = (united[-1][0], max(end, united[-1][1]))
        else:
            united.append((start, end))
    return united


ALWAYS = Hours("", ZoneInfo("UTC"), [[(0, MIDNIGHT)]] * 7, _Changes((), (), ()))
"""Around the clock: what the name "" means."""
