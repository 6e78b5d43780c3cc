"""Parses --period into a start and an end, in the days of a zone. Weeks begin on Monday."""

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from ticketctl.domain.base import when
from ticketctl.errors import BadInput
from ticketctl.reports.model import ReportPeriod

_LAST = re.compile(r"last-([0-9]{1,4})([dwmqy])", re.ASCII)
_MONTHS = {"month": 1, "quarter": 3, "year": 12}
_WEEK = re.compile(r"([0-9]{4})-[Ww]([0-9]{1,2})", re.ASCII)


def parse(text: str | None, *, now: datetime, zone: ZoneInfo) -> ReportPeriod:
    """Parse a period: a word, a day, week, month, quarter or year, a span until now, or FROM..TO with its last day.

    None is one calendar month back until the end of today, as in `list`. `last-7d` ends with today; `last-2w`,
    `last-3m`, `last-2q` and `last-2y` end before this week, month, quarter and year; `7d` ends now. BadInput for
    anything else, for an end before the start, and for a period in the future.
    """
    today = now.astimezone(zone).date()
    if text is None:
        return _days(_month_back(today), _after(today), zone)
    try:
        found = _word(text, today) or _last(text, today) or _week(text)
        asked = _days(*found, zone) if found else _range(text, now, zone)
    except (ValueError, OverflowError):
        raise BadInput(
            f'"{text}" is not a period; write it like last-week, this-month, last-quarter, last-7d, '
            "2026-03, 2026-Q1, 2026-W10, 2026 or 2026-03-02..2026-03-08."
        ) from None
    if asked.start > now:
        raise BadInput(f'"{text}" is in the future; a report covers the past.')
    return asked


def before(period: ReportPeriod) -> ReportPeriod:
    """The period of equal length that ends where this one begins: whole months before whole months.

    BadInput if no calendar goes back so far.
    """
    try:
        return _before(period)
    except (ValueError, OverflowError):
        raise BadInput(f"there is no such period before {period.start.date()}.") from None


def _before(period: ReportPeriod) -> ReportPeriod:
    zone = ZoneInfo(period.zone)
    start, end = period.start.astimezone(zone), period.end.astimezone(zone)
    if not (_is_midnight(start) and _is_midnight(end)):
        return ReportPeriod(period.start - (period.end - period.start), period.start, period.zone)
    first, last = start.date(), end.date()
    if first.day == last.day == 1:
        months = 12 * (last.year - first.year) + last.month - first.month
        return _days(_months_later(first, -months), first, zone)
    return _days(first - (last - first), first, zone)


def _word(text: str, today: date) -> tuple[date, date] | None:
    if text == "today":
        return today, _after(today)
    if text == "yesterday":
        return today - timedelta(days=1), today
    which, _, unit = text.partition("-")
    if unit == "week":
        begin = today - timedelta(days=today.weekday())
        around = [begin - timedelta(days=7), begin, begin + timedelta(days=7)]
    elif unit in _MONTHS:
        begin = _begin(today, _MONTHS[unit])
        around = [_months_later(begin, n * _MONTHS[unit]) for n in (-1, 0, 1)]
    else:
        return None
    return {"last": (around[0], around[1]), "this": (around[1], around[2])}.get(which)


def _begin(today: date, months: int) -> date:
    """The first day of the month, quarter or year: of so many months."""
    return today.replace(month=(today.month - 1) // months * months + 1, day=1)


def _last(text: str, today: date) -> tuple[date, date] | None:
    found = _LAST.fullmatch(text)
    if not found or not int(found[1]):
        return None
    count = int(found[1])
    if found[2] == "d":
        return _after(today) - timedelta(days=count), _after(today)
    if found[2] == "w":
        week = today - timedelta(days=today.weekday())
        return week - timedelta(weeks=count), week
    months = {"m": 1, "q": 3, "y": 12}[found[2]]
    begin = _begin(today, months)
    return _months_later(begin, -count * months), begin


def _week(text: str) -> tuple[date, date] | None:
    found = _WEEK.fullmatch(text)
    if not found:
        return None
    monday = date.fromisocalendar(int(found[1]), int(found[2]), 1)
    return monday, monday + timedelta(days=7)


def _range(text: str, now: datetime, zone: ZoneInfo) -> ReportPeriod:
    """`2026-03`, a day, a span until now, or two of these with `..` between them; a moment is where it ends."""
    first, dots, last = text.partition("..")
    start = _named(first, now, zone)
    end = _named(last, now, zone) if dots else start
    until = end.start if _is_moment(end) else end.end
    if not dots and _is_moment(start):
        if when.offset(first, when.Side.PAST, now=now, zone=zone) is None:
            raise ValueError
        until = now
    if start.start >= until:
        raise BadInput(f'"{text}" ends before it begins.')
    return ReportPeriod(start.start, until, zone.key)


def _is_moment(named: when.Period) -> bool:
    return named.end - named.start == timedelta(seconds=1)


def _named(text: str, now: datetime, zone: ZoneInfo) -> when.Period:
    if week := _week(text):
        days = _days(*week, zone)
        return when.Period(days.start, days.end)
    try:
        return when.period(text, when.Side.PAST, now=now, zone=zone)
    except BadInput:
        raise ValueError from None  # explained in terms of periods


def _days(first: date, end: date, zone: ZoneInfo) -> ReportPeriod:
    return ReportPeriod(_midnight(first, zone), _midnight(end, zone), zone.key)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def _is_midnight(local: datetime) -> bool:
    return (local.hour, local.minute, local.second) == (0, 0, 0)


def _after(day: date) -> date:
    return day + timedelta(days=1)


def _month_back(day: date) -> date:
    """The same day of the month before, or that month's last day."""
    last = day.replace(day=1) - timedelta(days=1)
    return last.replace(day=min(day.day, last.day))


def _months_later(first: date, months: int) -> date:
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return date(year, month + 1, 1)
