"""Reads iCalendar files (RFC 5545) as closures: every event, all-day, timed or recurring, is a closed time."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from msgspec import Struct

from ticketctl.domain.definition.definition import Holiday
from ticketctl.errors import BadInput

if TYPE_CHECKING:
    from icalendar import Event

_RULES = ("YEARLY", "MONTHLY", "WEEKLY", "DAILY")
_TIMES = frozenset({"DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID"})
_LONGEST_NAME = 80
_MIDNIGHT = 1440  # minutes
_DAY = timedelta(days=1)

Start = date | datetime  # a whole day, a local time, or a time in a zone
_Key = tuple[str, Start]


class _Window(Struct, frozen=True):
    """The days to look up, including the last one, and the zone of their local time."""

    first: date
    last: date
    zone: ZoneInfo


def closures(content: bytes, zone: str, first: date, last: date) -> list[Holiday]:
    """The closures of a file between two days, including the last one, in the local time of `zone`.

    BadInput, with a phrase to follow the file's name, if it is no calendar or has an event that cannot be read.
    """
    events = _events(content)
    moved = {(event.get("UID"), _instead_of(event)) for event in events}
    window = _Window(first, last, ZoneInfo(zone))
    return [holiday for event in events for holiday in _closed(event, window, moved)]


def _events(content: bytes) -> "list[Event]":
    from icalendar import Calendar, Event

    try:
        found = Calendar.from_ical(content, multiple=True)
        events = [event for one in found for event in one.walk("VEVENT")]
    except (ValueError, LookupError, TypeError) as wrong:
        raise BadInput(f"is not an iCalendar file: {_short(wrong)}") from None
    if not events:
        raise BadInput("has no events")
    return [event for event in events if isinstance(event, Event)]


def _instead_of(event: "Event") -> Start | None:
    """The recurrence of another event that this one replaces."""
    start: Start | None = getattr(event.get("RECURRENCE-ID"), "dt", None)
    return start


def _closed(
    event: "Event", window: _Window, moved: set[tuple[object, Start | None]]
) -> list[Holiday]:
    if str(event.get("STATUS", "")).upper() == "CANCELLED":
        return []
    name = _short(event.get("SUMMARY", ""))
    wrong = next((each for each, _ in event.errors if str(each) in _TIMES), None)
    if wrong:
        raise BadInput(f'has an event "{name}" whose {wrong} cannot be read')
    try:
        spans = list(_spans(event, window, moved))
    except (ValueError, TypeError, LookupError, OverflowError) as trouble:
        raise BadInput(f'has an event "{name}" that cannot be read: {_short(trouble)}') from None
    return [Holiday(day, name) for start, end in spans for day in _days(start, end, window)]


def _spans(
    event: "Event", window: _Window, moved: set[tuple[object, Start | None]]
) -> Iterator[tuple[datetime, datetime]]:
    """The start and end of each occurrence, in local time."""
    start, length = event.start, event.end - event.start
    if length < timedelta():
        raise ValueError("it ends before it begins")
    left_out: set[Start] = set(event.exdates)
    if _instead_of(event) is None:
        left_out |= {begin for uid, begin in moved if begin and uid == event.get("UID")}
    out = {key for each in left_out for key in _excluding(each, window.zone)}
    for begin in _starts(event, start, length, window):
        if out.isdisjoint(_keys(begin)):
            yield _local(begin, window.zone), _local(begin + length, window.zone)


def _excluding(at: Start, zone: ZoneInfo) -> Iterator[_Key]:
    """What an EXDATE or RECURRENCE-ID may mean, whatever the recurrences are: days, local times, times in a zone.

    For a whole day, a time in a zone means the day that begins there, or here if it is no midnight there.
    """
    if not isinstance(at, datetime):
        yield from (("day", at), ("whole day", at))
    elif at.tzinfo is None:
        yield from (("local", at), ("whole day", at.date()))
    else:
        here = _local(at, zone)
        yield from (("moment", at.astimezone(UTC)), ("here", here))
        yield "whole day", at.date() if at.time() == time.min else here.date()


def _keys(begin: Start) -> Iterator[_Key]:
    """The keys under which a recurrence may be excluded."""
    if not isinstance(begin, datetime):
        yield "whole day", begin
    elif begin.tzinfo is None:
        yield from (("local", begin), ("here", begin), ("day", begin.date()))
    else:
        yield from (
            ("moment", begin.astimezone(UTC)), ("local", _wall(begin)), ("day", begin.date()),
        )  # fmt: skip


def _starts(event: "Event", start: Start, length: timedelta, window: _Window) -> list[Start]:
    rules = event.get("RRULE", [])
    rules = rules if isinstance(rules, list) else [rules]
    recurring = [one for rule in rules for one in _recurring(rule, start, length, window)]
    further = [one[0] for one in event.rdates]
    return list(dict.fromkeys([*(recurring if rules else [start]), *further]))


def _recurring(rule: Any, start: Start, length: timedelta, window: _Window) -> Iterator[Start]:
    """The recurrences in the window, counted in the event's own local time (RFC 5545 section 3.3.10)."""
    from dateutil.rrule import rrulestr
    from icalendar import vRecur

    parts = dict(rule)
    until = parts.pop("UNTIL", [None])[0]
    if parts["FREQ"][0] not in _RULES or min(parts.get("INTERVAL", [1])) < 1:
        raise ValueError("it recurs more often than daily")
    zone = start.tzinfo if isinstance(start, datetime) else None
    last = datetime.combine(window.last, time.max)
    if until is not None:
        last = min(last, _until(until, zone or window.zone))
    written: bytes = vRecur(parts).to_ical()  # type: ignore[no-untyped-call]
    found = rrulestr(written.decode(), dtstart=_wall(start))
    first = datetime.combine(window.first, time.min) - length - _DAY
    for each in found.between(first, last, inc=True):
        yield each.replace(tzinfo=zone) if isinstance(start, datetime) else each.date()


def _until(until: Start, zone: tzinfo) -> datetime:
    if not isinstance(until, datetime):
        return datetime.combine(until, time.max)
    return until.astimezone(zone).replace(tzinfo=None) if until.tzinfo else until


def _wall(at: Start) -> datetime:
    """The local time as written."""
    if isinstance(at, datetime):
        return at.replace(tzinfo=None)
    return datetime.combine(at, time.min)


def _local(at: Start, zone: ZoneInfo) -> datetime:
    """The local time in another zone; days and times without a zone are local everywhere."""
    in_a_zone = isinstance(at, datetime) and at.tzinfo is not None
    return _wall(at.astimezone(zone) if in_a_zone else at)  # type: ignore[union-attr]


def _days(start: datetime, end: datetime, window: _Window) -> Iterator[str]:
    """The time between two local times, day by day, as in `closed` of a calendar; parts of minutes are rounded up."""
    day = max(start.date(), window.first)
    while day <= min(end.date(), window.last):
        midnight = datetime.combine(day, time.min)
        since = max(0, int((start - midnight).total_seconds() // 60))
        until = min(_MIDNIGHT, -int((midnight - end).total_seconds() // 60))
        if since < until:
            whole = (since, until) == (0, _MIDNIGHT)
            yield day.isoformat() + ("" if whole else f" {_clock(since)}-{_clock(until)}")
        day += _DAY


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _short(text: object) -> str:
    return " ".join(str(text).split())[:_LONGEST_NAME]
