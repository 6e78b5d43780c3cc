"""Parses times as people write them, in a time zone: `-7d`, `2h`, `1mo`, `today`, `monday`, `2026-03`, ISO 8601.

Every text names a period: a day, a month, a year; a moment is a period of one second. The caller says whether a span
without a sign lies in the past or in the future (`Side`).
"""

import re
from calendar import monthrange
from datetime import UTC, date, datetime, timedelta, tzinfo
from enum import Enum

from msgspec import Struct

from ticketctl.domain.base import duration
from ticketctl.errors import BadInput

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_NEAR = {"yesterday": -1, "today": 0, "tomorrow": 1}
_MONTHS = re.compile(r"([0-9]{1,4})(mo|y)", re.ASCII)
_OFFSET = re.compile(r"([+-]?)([0-9]+[a-z][0-9a-z]*)", re.ASCII)
_SPAN = re.compile(r"[+-]?([0-9]{1,9}(mo|[ywdhms]))+", re.ASCII)
_QUARTER = re.compile(r"([0-9]{4})-[Qq]([1-4])", re.ASCII)
_WEEK = re.compile(r"[0-9]{4}-?W[0-9]{2}", re.ASCII)
_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?", re.ASCII)
_SECOND = timedelta(seconds=1)
_UNITS = {
    "min": "m",
    "minute": "m",
    "h": "h",
    "hour": "h",
    "d": "d",
    "day": "d",
    "w": "w",
    "week": "w",
    "month": "mo",
}
_UNIT = "(min|minute|h|hour|d|day|w|week|month)s?"
_AGO = re.compile(f"(?:in )?([0-9]{{1,6}}) ?{_UNIT}(?: ago)?", re.ASCII)
_DOTTED = re.compile(r"([0-9]{1,2})\.([0-9]{1,2})\.([0-9]{4})", re.ASCII)
_SLASHED = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})", re.ASCII)
_CALENDAR = re.compile("(last|this|next)-(week|month|year)")


class Side(Enum):
    """On which side of now the times of a field or an option are."""

    PAST = "past"  # created, updated, closed, since …: a span with + is refused
    FUTURE = "future"  # due, until …: a span with - is what is overdue
    EITHER = "either"  # a span needs its sign


_LIKE = {  # how times are written, for whoever wrote none
    Side.PAST: "-7d, today, monday, 2026-03, 2026-03-09",
    Side.FUTURE: "2d, tomorrow, monday, 2026-03-09",
    Side.EITHER: "-7d, today, monday, 2026-03, 2026-03-09",
}


class Period(Struct, frozen=True):
    """From `start` until before `end`, both aware, in UTC and whole seconds."""

    start: datetime
    end: datetime


def period(text: str, side: Side, *, now: datetime, zone: tzinfo) -> Period:
    """The period that a text names; BadInput if it is no time, or a span in the wrong direction.

    A weekday is the last one, including today; in the future it is the next one, never today.
    """
    text = _spoken(text)
    try:
        found = (
            _named(text, now.astimezone(zone).date(), zone)
            or _day(text, now.astimezone(zone).date(), zone, side)
            or _dated(text, zone)
        )
        return found or _moment(offset(text, side, now=now, zone=zone) or _iso(text, now, zone))
    except (ValueError, OverflowError):
        if slashed := _SLASHED.fullmatch(text):
            first, second, year = int(slashed[1]), int(slashed[2]), slashed[3]
            raise BadInput(
                f'"{text}" may be two dates; write {year}-{first:02}-{second:02} or '
                f"{year}-{second:02}-{first:02}."
            ) from None
        day = text.lower().replace("-", " ").removeprefix("next ").strip()
        if day in _DAYS:
            raise BadInput(
                f'"{text}" may be two days; write {day} for the coming one, or its date.'
            ) from None
        raise BadInput(
            f'"{text}" is not a time; write it like {_LIKE[side]} or 2026-03-09T08:10.'
        ) from None


def _spoken(text: str) -> str:
    """`2 days ago` as `-2d`, `in 3 hours` as `+3h`, `last week` as `last-week`, `09.03.2026` as `2026-03-09`."""
    low = text.strip().lower()
    if found := _AGO.fullmatch(low):
        sign = "-" if low.endswith("ago") else "+" * low.startswith("in ")
        return f"{sign}{found[1]}{_UNITS[found[2]]}"
    if found := _DOTTED.fullmatch(low):
        return f"{found[3]}-{int(found[2]):02}-{int(found[1]):02}"
    return "-".join(low.split()) if _CALENDAR.fullmatch("-".join(low.split())) else text


def _named(text: str, today: date, zone: tzinfo) -> Period | None:
    """`last-week`, `this-month`, `next-year`, whole; weeks begin on Monday."""
    found = _CALENDAR.fullmatch(text)
    if not found:
        return None
    step = ("last", "this", "next").index(found[1]) - 1
    if found[2] == "week":
        return _days(today - timedelta(days=today.weekday() - 7 * step), 7, zone)
    if found[2] == "year":
        return _dated(f"{today.year + step:04}", zone)
    month = today.year * 12 + today.month - 1 + step
    return _dated(f"{month // 12:04}-{month % 12 + 1:02}", zone)


def is_time(text: str) -> bool:
    """Is it the name of a day, a span or a date? A number alone is not, though it may be a year."""
    if text.isdecimal():
        return False
    text = _spoken(text)
    if _CALENDAR.fullmatch(text):
        return True
    named = text in (*_DAYS, *_NEAR, "now")
    return named or bool(_SPAN.fullmatch(text) or _DATE.fullmatch(text) or _QUARTER.fullmatch(text))


def past(text: str, *, now: datetime, zone: tzinfo) -> datetime:
    """The start of the period that a text names; BadInput if it is in the future."""
    start = period(text, Side.PAST, now=now, zone=zone).start
    if start > now:
        raise BadInput(f'"{text}" is in the future; give a time in the past.')
    return start


def ahead(text: str, *, now: datetime, zone: tzinfo) -> datetime:
    """The start of the period that a text names; BadInput if it is in the past."""
    start = period(text, Side.FUTURE, now=now, zone=zone).start
    if start <= now:
        raise BadInput(f'"{text}" is in the past; give a time in the future.')
    return start


def end(text: str, *, now: datetime, zone: tzinfo) -> datetime:
    """The end of the day, month or year that a text names, or the moment itself; BadInput if it is in the past."""
    found = period(text, Side.FUTURE, now=now, zone=zone)
    last = found.start if found == _moment(found.start) else found.end
    if last <= now:
        raise BadInput(f'"{text}" is in the past; give a time in the future.')
    return last


def offset(text: str, side: Side, *, now: datetime, zone: tzinfo) -> datetime | None:
    """`-7d` (before now), `+2h` (after it), `7d` (on that side), `1mo`, `1y` by the calendar; None for no offset.

    BadInput for the wrong direction, or an ambiguous one; ValueError or OverflowError for a date out of range.
    """
    found = _OFFSET.fullmatch(text)
    if not found:
        return None
    months, seconds = _MONTHS.fullmatch(found[2]), 0
    if not months:
        try:
            seconds = duration.parse(found[2])
        except BadInput:
            return None
    sign = _sign(found[1], found[2], side)
    if months:
        count = int(months[1]) * (12 if months[2] == "y" else 1)
        return _months_later(now.astimezone(zone), sign * count).astimezone(UTC)
    return now + sign * timedelta(seconds=seconds)


def _sign(sign: str, span: str, side: Side) -> int:
    if sign == "+" and side is Side.PAST:
        raise BadInput(f'"+{span}" is in the future; for {span} ago write -{span}.')
    if not sign and side is Side.EITHER:
        raise BadInput(f'"{span}" may be before or after now; write -{span} or +{span}.')
    return -1 if sign == "-" or (not sign and side is Side.PAST) else 1


def _months_later(local: datetime, months: int) -> datetime:
    """The same day of another month, or that month's last day."""
    year, month = divmod(local.year * 12 + local.month - 1 + months, 12)
    day = min(local.day, monthrange(year, month + 1)[1])
    return local.replace(year=year, month=month + 1, day=day)


def _day(text: str, today: date, zone: tzinfo, side: Side) -> Period | None:
    if text in _NEAR:
        return _days(today + timedelta(days=_NEAR[text]), 1, zone)
    if text not in _DAYS:
        return None
    days = _DAYS.index(text) - today.weekday()
    if side is Side.FUTURE:
        return _days(today + timedelta(days=(days - 1) % 7 + 1), 1, zone)
    return _days(today - timedelta(days=-days % 7), 1, zone)


def _dated(text: str, zone: tzinfo) -> Period | None:
    """`2026`, `2026-Q1`, `2026-03`, `2026-03-09` or `2026-W10`, whole."""
    if quarter := _QUARTER.fullmatch(text):
        year, month = int(quarter[1]), 3 * int(quarter[2]) - 2
        first = date(year, month, 1)
        after = date(year + month // 10, (month + 2) % 12 + 1, 1)
        return _days(first, (after - first).days, zone)
    found = _DATE.fullmatch(text)
    if not found:
        return _other_date(text, zone)
    year, month, day = int(found[1]), int(found[2] or 1), int(found[3] or 1)
    first = date(year, month, day)
    if found[3]:
        return _days(first, 1, zone)
    if found[2]:
        return _days(first, monthrange(year, month)[1], zone)
    return _days(first, (date(year + 1, 1, 1) - first).days, zone)


def _other_date(text: str, zone: tzinfo) -> Period | None:
    """`20260309`, `2026-W10`, `2026-W10-1`: the days and weeks of ISO 8601."""
    try:
        first = date.fromisoformat(text)
    except ValueError:
        return None
    return _days(first, 7 if _WEEK.fullmatch(text) else 1, zone)


def _days(first: date, count: int, zone: tzinfo) -> Period:
    return Period(_midnight(first, zone), _midnight(first + timedelta(days=count), zone))


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def _moment(at: datetime) -> Period:
    return Period(at, at + _SECOND)


def _iso(text: str, now: datetime, zone: tzinfo) -> datetime:
    if text == "now":
        return now
    stamp = datetime.fromisoformat(text)
    if stamp.tzinfo is None:
        stamp = stamp.replace(tzinfo=zone)
    return stamp.astimezone(UTC).replace(microsecond=0)
