"""Times as people write them, read in a zone: `-7d`, `2h`, `1mo`, `today`, `monday`, `2026-03`, ISO 8601.

Every text names a period: a day, a month, a year; a moment is a period of one second.
"""

import re
from calendar import monthrange
from datetime import UTC, date, datetime, timedelta, tzinfo

from msgspec import Struct

from ticketctl.desk import duration
from ticketctl.errors import BadInput

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_NEAR = {"yesterday": -1, "today": 0, "tomorrow": 1}
_MONTHS = re.compile(r"([0-9]{1,4})(mo|y)", re.ASCII)
_OFFSET = re.compile(r"([+-]?)([0-9]+[a-z][0-9a-z]*)", re.ASCII)
_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?", re.ASCII)
_SECOND = timedelta(seconds=1)


class Period(Struct, frozen=True):
    """From `start` until before `end`, both aware, in UTC and whole seconds."""

    start: datetime
    end: datetime


def period(text: str, *, now: datetime, zone: tzinfo) -> Period:
    """What a text names; a weekday is the last one, today included. BadInput for what is no time."""
    try:
        found = _day(text, now.astimezone(zone).date(), zone) or _dated(text, zone)
        return found or _moment(offset(text, now=now, zone=zone) or _iso(text, now, zone))
    except (ValueError, OverflowError):
        raise BadInput(
            f'"{text}" is not a time; write it like -7d, today, monday, 2026-03, 2026-03-09 or 2026-03-09T08:10.'
        ) from None


def ahead(text: str, *, now: datetime, zone: tzinfo) -> datetime:
    """The start of what a text names when it speaks of the future: a weekday is the next one, never today."""
    if text in _DAYS:
        today = now.astimezone(zone).date()
        days = (_DAYS.index(text) - today.weekday() - 1) % 7 + 1
        return _midnight(today + timedelta(days=days), zone)
    return period(text, now=now, zone=zone).start


def offset(text: str, *, now: datetime, zone: tzinfo) -> datetime | None:
    """`-7d` (before now), `2h` or `+2h` (after it), `1mo`, `1y` by the calendar; None for no offset.

    ValueError or OverflowError for what no calendar holds.
    """
    found = _OFFSET.fullmatch(text)
    if not found:
        return None
    sign = -1 if found[1] == "-" else 1
    if months := _MONTHS.fullmatch(found[2]):
        count = int(months[1]) * (12 if months[2] == "y" else 1)
        return _months_later(now.astimezone(zone), sign * count).astimezone(UTC)
    try:
        seconds = duration.parse(found[2])
    except BadInput:
        return None
    return now + sign * timedelta(seconds=seconds)


def _months_later(local: datetime, months: int) -> datetime:
    """The same day of another month, or that month's last day."""
    year, month = divmod(local.year * 12 + local.month - 1 + months, 12)
    day = min(local.day, monthrange(year, month + 1)[1])
    return local.replace(year=year, month=month + 1, day=day)


def _day(text: str, today: date, zone: tzinfo) -> Period | None:
    if text in _NEAR:
        return _days(today + timedelta(days=_NEAR[text]), 1, zone)
    if text in _DAYS:
        return _days(today - timedelta(days=(today.weekday() - _DAYS.index(text)) % 7), 1, zone)
    return None


def _dated(text: str, zone: tzinfo) -> Period | None:
    """`2026`, `2026-03` or `2026-03-09`, whole."""
    found = _DATE.fullmatch(text)
    if not found:
        return None
    year, month, day = int(found[1]), int(found[2] or 1), int(found[3] or 1)
    first = date(year, month, day)
    if found[3]:
        return _days(first, 1, zone)
    if found[2]:
        return _days(first, monthrange(year, month)[1], zone)
    return _days(first, (date(year + 1, 1, 1) - first).days, zone)


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
