"""Writes reports as text, for a terminal and for the plain part of a mail."""

from collections.abc import Callable, Iterator, Sequence
from zoneinfo import ZoneInfo

import tabulate as tables

from ticketctl import text_table
from ticketctl.reports.formats import formatting
from ticketctl.reports.model import Chart, Report, ReportColumn, Section
from ticketctl.safe import terminal_line

Bar = Callable[[float, float, int], str]
_WIDEST_BAR = 40
_LEAST_BAR = 8
_HEAD = 10  # columns of a figure's heading before it is wrapped
_ASCII = str.maketrans({"–": "-", "−": "-", "±": "+-", "…": "."})


def write(
    reports: Sequence[Report],
    *,
    width: int | None = None,
    bar: Bar | None = None,
    ascii_only: bool = False,
    strong: Callable[[str], str] = str,
) -> str:
    """The reports, tables cut to `width` columns (None: never); `bar` draws the charts, `strong` marks headings."""
    lines: list[str] = []
    for report in reports:
        if lines:
            lines += ["", ""]
        lines += _report(report, width, bar, strong)
    text = "\n".join(lines) + "\n"
    return text.translate(_ASCII) if ascii_only else text


def table(section: Section, zone: ZoneInfo, width: int | None = None) -> list[str]:
    """The lines of a section's table, figures right-aligned; none for a section without rows."""
    if not section.rows:
        return []
    cells = [
        [
            formatting.cell(value, one.kind, zone)
            for value, one in zip(row, section.columns, strict=True)
        ]
        for row in section.rows
    ]
    return _grid(cells, section.columns, width)


def chart(one: Chart, width: int, bar: Bar, zone: ZoneInfo) -> list[str]:
    """A bar for each label with its value; for several series a line each. Empty if all values are None."""
    most = max((value or 0 for _, values in one.series for value in values), default=0)
    if not most:
        return []
    several = len(one.series) > 1
    lines = []
    names = [formatting.label(text) for text in one.labels]
    front = max([text_table.wide(name) for name in names], default=0)
    front = min(front, max(text_table.LEAST, width // 3))
    second = (
        max((text_table.wide(title) for title, _ in one.series), default=0) + 2 if several else 0
    )
    room = min(_WIDEST_BAR, max(_LEAST_BAR, width - front - second - 12))
    for place, name in enumerate(names):
        for number, (title, values) in enumerate(one.series):
            value = values[place]
            head = _left("" if number else text_table.cut(name, front), front)
            kind = _left(terminal_line(title), second - 2) + "  " if several else ""
            drawn = bar(value, most, room) if value else ""
            text = formatting.cell(_whole(value), one.kind, zone)
            lines.append(f"{head}  {kind}{drawn}{' ' if drawn else ''}{text}")
    return lines


def _report(
    report: Report, width: int | None, bar: Bar | None, strong: Callable[[str], str]
) -> Iterator[str]:
    zone = ZoneInfo(report.period.zone)
    yield strong(terminal_line(report.title))
    facts = dict(formatting.head(report))
    for name, value in facts.items():
        yield f"{name + ':':15}{value}"
    if report.total.figures:
        yield ""
        yield from _figures(report, width)
    for section in formatting.sections(report):
        yield ""
        yield strong(terminal_line(section.title))
        if section.note:
            note = terminal_line(section.note)
            yield from text_table.wrapped(note, width) if width else [note]
        yield from table(section, zone, width)
        drawn = chart(section.chart, width or 80, bar, zone) if section.chart and bar else []
        if section.chart and drawn:
            yield from ("", terminal_line(section.chart.title), *drawn)


def _figures(report: Report, width: int | None) -> list[str]:
    found = formatting.tiles(report)
    columns = [ReportColumn("figure", "Figure"), ReportColumn("value", "Value", "count")]
    if report.previous:
        columns += [ReportColumn(name.lower(), name, "count") for name in ("Before", "Change")]
    cells = [[one.title, one.value, one.before, one.change][: len(columns)] for one in found]
    return _grid(cells, columns, width)


def _grid(cells: list[list[str]], columns: Sequence[ReportColumn], width: int | None) -> list[str]:
    """Columns of figures keep their width and are right-aligned, with headings of several lines if needed.

    If that is still too wide, the last of them are left out, and a line says so.
    """
    if width is None:
        return _drawn(cells, columns, None)
    kept = _with_room(cells, columns, width)
    if len(kept) == len(columns):
        return _drawn(cells, columns, width)
    shown = [[row[n] for n in kept] for row in cells]
    missing = len(columns) - len(kept)
    lines = _drawn(shown, [columns[n] for n in kept], width)
    return [
        *lines,
        f"(no room for {missing} of {len(columns)} columns: --format csv has all)",
    ]


def _with_room(cells: list[list[str]], columns: Sequence[ReportColumn], width: int) -> list[int]:
    """The places of the columns for which there is room."""
    least = []
    for n, column in enumerate(columns):
        head = column.title.upper()
        is_figure = column.kind in formatting.NUMBERS
        heads = text_table.wrapped(head, _HEAD) if is_figure else [head]
        room = max(map(text_table.wide, (*heads, *(row[n] for row in cells))))
        least.append(min(room, text_table.LEAST) if column.kind == "text" else room)
    kept = [*range(len(columns))]
    while sum(least[n] + text_table.GAP for n in kept) - text_table.GAP > width:
        figures = [n for n in kept[1:] if columns[n].kind in formatting.NUMBERS]
        if not figures:
            break
        kept.remove(figures[-1])
    return kept


def _drawn(cells: list[list[str]], columns: Sequence[ReportColumn], width: int | None) -> list[str]:
    heads = [[column.title.upper()] for column in columns]
    rooms = [
        max(text_table.wide(head[0]), *(text_table.wide(row[n]) for row in cells))
        for n, head in enumerate(heads)
    ]
    if width is not None and sum(rooms) + text_table.GAP * (len(rooms) - 1) > width:
        heads = [
            text_table.wrapped(head[0], _HEAD) if column.kind in formatting.NUMBERS else head
            for head, column in zip(heads, columns, strict=True)
        ]
    if width is not None:
        widest = [max(head, key=text_table.wide) for head in heads]
        shares = [int(one.kind == "text") for one in columns]
        text_table.fit(cells, widest, shares, width)
    most = max(map(len, heads))
    tables.MIN_PADDING = 0  # a heading needs no room beyond its word
    text = tables.tabulate(
        cells,
        ["\n".join([""] * (most - len(head)) + head) for head in heads],
        tablefmt="simple",
        colalign=["right" if one.kind in formatting.NUMBERS else "left" for one in columns],
        disable_numparse=True,
        preserve_whitespace=True,
    )
    return [line.rstrip() for line in text.split("\n")]


def _left(text: str, room: int) -> str:
    return text + " " * (room - text_table.wide(text))


def _whole(value: float | None) -> int | float | None:
    return int(value) if value is not None and value == int(value) else value
