"""Reports as plain records: `figures` fills them, `formats` writes them.

Durations are whole seconds, rates are fractions rounded to four places, the index is rounded to one place; a figure
over no facts is None. The same database and the same `as_of` give an equal report.
"""

from datetime import datetime
from typing import Literal

from msgspec import Struct

Cell = str | int | float | datetime | None
Kind = Literal["text", "ticket", "count", "duration", "rate", "index", "time"]


class ReportPeriod(Struct, frozen=True):
    """From `start` until before `end` (aware, UTC), as days of `zone`."""

    start: datetime
    end: datetime
    zone: str


class ReportGroup(Struct, frozen=True):
    """Figures by name (`frt_average` …) of the tickets that share `by` (`{"agent": "ana"}`; empty: all of them)."""

    by: dict[str, str]
    figures: dict[str, Cell]


class ReportColumn(Struct, frozen=True):
    """A column: its name in JSON and CSV, its heading, and the kind of its values."""

    name: str
    title: str
    kind: Kind = "text"


class Chart(Struct, frozen=True):
    """Bars, stacked bars (several series), lines over time or a histogram, with a label each.

    `kind` says what the values mean; a label that is a day is written 2026-03-09.
    """

    title: str
    labels: tuple[str, ...]
    series: tuple[tuple[str, tuple[float | None, ...]], ...]
    kind: Kind = "count"
    shape: Literal["bars", "stacked", "line", "histogram"] = "bars"


class Section(Struct, frozen=True, kw_only=True):
    """A table under a heading, with a chart and a sentence if there is something to say."""

    title: str
    columns: tuple[ReportColumn, ...]
    rows: tuple[tuple[Cell, ...], ...]
    chart: Chart | None = None
    note: str = ""
    of_groups: bool = (
        False  # a line for each group, so that it can be compared with the period before
    )


class Report(Struct, frozen=True, kw_only=True):
    """A report. `rows` are what `--json` lists beside the groups; `sections` are how people read all of it."""

    name: str
    title: str
    period: ReportPeriod
    clock: Literal["business", "real"]
    as_of: datetime
    query: str
    groups: tuple[ReportGroup, ...]
    total: ReportGroup
    rows: tuple[dict[str, Cell], ...] = ()
    sections: tuple[Section, ...] = ()
    previous: "Report | None" = None  # the period of equal length before it (--compare)
    # Tickets `created` and `resolved` in the period, and those created that no report counts (`left_out`).
    counts: dict[str, int] = {}
    # Tickets closed before this time were deleted, perhaps some of the period; None: none of it.
    purged_before: datetime | None = None
