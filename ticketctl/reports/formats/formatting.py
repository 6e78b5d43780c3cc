"""Formats figures for people: 4h10m, 66.7 %, “–” for none; and their headings."""

import re
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from ticketctl.reports.model import Cell, Kind, Report, ReportColumn, ReportPeriod, Section
from ticketctl.safe import terminal_line

NOTHING = "–"
NUMBERS = frozenset({"count", "duration", "rate", "index"})

_TITLES = {
    "frt": "First response",
    "next": "Next response",
    "ttr": "Resolution",
    "csat": "Satisfied",
    "one_touch": "Solved in one reply",
    "quality": "Quality index",
    "satisfaction": "Satisfaction",
    "responsiveness": "Responsiveness",
    "any_breach_rate": "Tickets with a breach",
    "flow_ratio": "Resolved per created",
    "void": "Ended without a result",
    "age_under_8h": "Under 8 h",
    "age_8h_24h": "8 to 24 h",
    "age_1d_3d": "1 to 3 days",
    "age_3d_7d": "3 to 7 days",
    "age_7d_30d": "7 to 30 days",
    "age_over_30d": "Over 30 days",
}
_MEASURES = {"average": "average", "median": "median", "p90": "90th percentile"}
# The key figures of a report; any other report shows all.
_KEY = {
    "sla": ("met", "breached", "breach_rate", "any_breach_rate", "void", "overdue"),
    "response": ("first_responses", "frt_average", "frt_median", "frt_p90", "next_responses", "next_median"),
    "resolution": ("resolved", "ttr_average", "ttr_median", "ttr_p90", "one_touch", "reopen_rate"),
    "backlog": ("backlog", "overdue", "oldest", "unassigned", "awaiting_agent", "load"),
    "agents": ("touched", "resolved", "frt_median", "ttr_median", "breach_rate", "reopen_rate", "csat", "quality"),
    "segments": ("created", "resolved", "frt_median", "ttr_median", "breach_rate", "reopen_rate", "csat", "quality"),
    "csat": ("csat", "ratings", "surveys_sent", "response_rate"),
    "quality": ("quality", "satisfaction", "responsiveness", "ratings", "responses"),
    "coverage": ("created", "answered", "unanswered", "coverage"),
}  # fmt: skip
_KINDS: dict[str, Kind] = {
    "oldest": "duration",
    "nps": "rate",
    "csat": "rate",
    "one_touch": "rate",
    "coverage": "rate",
    "recovery": "rate",
    "satisfaction": "rate",
    "responsiveness": "rate",
    "quality": "index",
}
_ENDINGS: tuple[tuple[str, Kind], ...] = (
    ("_rate", "rate"),
    ("_average", "duration"),
    ("_median", "duration"),
    ("_p90", "duration"),
    ("_ratio", "count"),
    ("_overdue", "duration"),
    ("_waiting", "duration"),
    ("_at", "time"),
)
_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")


class Tile(Struct, frozen=True):
    """A key figure: its title, its value, that of the period before, and the difference ("": not compared)."""

    name: str
    title: str
    value: str
    before: str = ""
    change: str = ""


def figure(name: str) -> ReportColumn:
    """A figure by its name in `total` and `groups`: its title, and what its value means."""
    kind = _KINDS.get(name) or _by_ending(name)
    if name in _TITLES:
        return ReportColumn(name, _TITLES[name], kind)
    first, _, measure = name.rpartition("_")
    if measure in _MEASURES:
        return ReportColumn(
            name, f"{_TITLES.get(first, _sentence(first))}, {_MEASURES[measure]}", kind
        )
    return ReportColumn(name, _sentence(name), kind)


def zone(report: Report) -> ZoneInfo:
    """The zone of the report's days."""
    return ZoneInfo(report.period.zone)


def tiles(report: Report) -> list[Tile]:
    """The key figures of all tickets of the period, with those of the period before if known."""
    before = report.previous.total.figures if report.previous else {}
    figures = report.total.figures
    found = []
    for name in _KEY.get(report.name, tuple(figures)):
        if name in figures:
            known, value, was = figure(name), figures[name], before.get(name)
            tile = Tile(name, known.title, cell(value, known.kind, zone(report)))
            if report.previous:
                change = difference(value, was, known.kind)
                tile = replace(tile, before=cell(was, known.kind, zone(report)), change=change)
            found.append(tile)
    return found


def sections(report: Report) -> list[Section]:
    """The sections of a report; if it is compared, each table of groups is followed by that of the period before.

    A period without groups has no table: its totals are in the key figures.
    """
    compared = report.previous.sections if report.previous else ()
    before = {one.title: one for one in compared if one.of_groups and len(one.rows) > 1}
    found = []
    for section in report.sections:
        found.append(section)
        if was := before.get(section.title):
            found.append(replace(was, title=f"{was.title}, before", chart=None, note=""))
    return found


def cell(value: Cell, kind: Kind, zone: ZoneInfo) -> str:
    """A cell on one line, safe for any page or terminal; times in `zone`."""
    if value is None or value == "":
        return NOTHING
    if isinstance(value, datetime):
        return value.astimezone(zone).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, str):
        return terminal_line(value)
    if kind == "duration":
        return duration(round(value))
    if kind == "rate":
        return f"{_rounded(value, 1, times=100)} %"
    if kind == "index":
        return _rounded(value, 1)
    if kind == "ticket":
        return f"#{value}"
    return str(value) if isinstance(value, int) else _rounded(value, 2).rstrip("0").rstrip(".")


def duration(seconds: int) -> str:
    """`45s`, `12m`, `4h10m`; from a hundred hours on whole hours. Minutes are rounded."""
    if seconds < 0:
        return "−" + duration(-seconds)
    if seconds < 60:
        return f"{seconds}s"
    hours, minutes = divmod((seconds + 30) // 60, 60)
    if hours >= 100:
        return f"{(seconds + 1800) // 3600}h"
    return (
        (f"{hours}h" if hours else "")
        + (f"{minutes:02}m" if hours and minutes else "")
        + (f"{minutes}m" if not hours else "")
    )


def difference(now: Cell, before: Cell, kind: Kind) -> str:
    """`+12m`, `−3.1 points`, `±0`: from before to now; “–” if one of them is None."""
    if not isinstance(now, int | float) or not isinstance(before, int | float):
        return NOTHING
    delta = round(now - before, 4)
    size = abs(delta)
    if kind == "duration":
        text = duration(round(size))
    elif kind == "rate":
        text = f"{_rounded(size, 1, times=100)} points"
    elif kind == "index":
        text = _rounded(size, 1)
    else:
        text = cell(round(size, 2), "count", ZoneInfo("UTC"))
    if not re.search("[1-9]", text):
        return "±0"
    return ("+" if delta > 0 else "−") + text


def _rounded(value: float, places: int, times: int = 1) -> str:
    """A number with that many places; halves are rounded up, as spreadsheets do."""
    exact = Decimal(repr(value)) * times
    return str(exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))


def period(one: ReportPeriod) -> str:
    """`March 2026`, `week 11, 9 to 15 March 2026`, `2 March to 4 April 2026`; with hours unless it is whole days."""
    zone = ZoneInfo(one.zone)
    start, end = one.start.astimezone(zone), one.end.astimezone(zone)
    if (start.hour, start.minute, start.second, end.hour, end.minute, end.second) != (0,) * 6:
        return f"{start:%Y-%m-%d %H:%M} to {end:%Y-%m-%d %H:%M}"
    first, last = start.date(), end.date() - timedelta(days=1)
    if first >= last:
        return day(first)
    if first.day == 1 and last + timedelta(days=1) == _next_month(first):
        return f"{first:%B %Y}"
    week = f"week {first.isocalendar().week}, " if _is_week(first, last) else ""
    same_month = (first.year, first.month) == (last.year, last.month)
    opening = str(first.day) if same_month else day(first).removesuffix(f" {last.year}")
    return f"{week}{opening} to {day(last)}"


def day(one: date) -> str:
    """`9 March 2026`."""
    return f"{one.day} {one:%B %Y}"


def label(text: str) -> str:
    """A chart's label: a day as `9 Mar`, anything else unchanged."""
    if not _ISO_DAY.fullmatch(text):
        return terminal_line(text)
    one = date.fromisoformat(text)
    return f"{one.day} {one:%b}"


def head(report: Report) -> list[tuple[str, str]]:
    """The header of a report: period, zone, clock, query, counts, purge, as of."""
    lines = [("Period", period(report.period))]
    if report.previous:
        lines.append(("Compared with", period(report.previous.period)))
    lines += [
        ("Time zone", report.period.zone),
        ("Clock", "business hours" if report.clock == "business" else "real time"),
        ("Query", terminal_line(report.query) or "all tickets"),
        *([("Tickets", _counted(report.counts))] if report.counts else []),
        *_purged(report),
        ("As of", f"{report.as_of.astimezone(zone(report)):%Y-%m-%d %H:%M:%S %Z}"),
    ]
    return lines


def _purged(report: Report) -> list[tuple[str, str]]:
    before = report.purged_before or (report.previous and report.previous.purged_before)
    if not before:
        return []
    deleted = cell(before, "time", zone(report))
    return [("Purged", f"tickets closed before {deleted} were deleted and are not counted")]


def _by_ending(name: str) -> Kind:
    for ending, kind in _ENDINGS:
        if name.endswith(ending):
            return kind
    return "count"


def _counted(counts: dict[str, int]) -> str:
    return ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in counts.items())


def _sentence(name: str) -> str:
    text = name.replace("_", " ")
    return text[:1].upper() + text[1:]


def _next_month(first: date) -> date:
    return (first.replace(day=1) + timedelta(days=32)).replace(day=1)


def _is_week(first: date, last: date) -> bool:
    return first.isoweekday() == 1 and (last - first).days == 6
