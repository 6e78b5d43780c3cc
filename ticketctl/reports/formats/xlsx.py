"""Writes reports as a workbook: a summary, then a sheet a section; typed cells, native charts, reproducible bytes."""

import io
import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from ticketctl.reports.formats import formatting
from ticketctl.reports.model import Cell, Chart, Kind, Report, ReportColumn, Section
from ticketctl.safe import controls
from ticketctl.text_table import wide

_CELL = 32_767  # characters; Excel refuses more
_SHEET = 31  # characters of a sheet's name
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_DAY = 86_400  # seconds; spreadsheets count days
_WIDEST = 60  # columns
_NUMBER_FORMATS: dict[Kind, str] = {
    "duration": "[h]:mm:ss",
    "rate": "0.0%",
    "index": "0.0",
    "time": "yyyy-mm-dd hh:mm",
}
_SHAPES: dict[str, dict[str, str]] = {
    "bars": {"type": "bar"},
    "stacked": {"type": "bar", "subtype": "stacked"},
    "line": {"type": "line"},
    "histogram": {"type": "column"},
}
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def write(reports: Sequence[Report]) -> bytes:
    """The workbook; times are in each report's zone, durations are days shown as hours, minutes and seconds."""
    from xlsxwriter import Workbook

    out = io.BytesIO()
    with Workbook(out, _OPTIONS) as book:
        made = max(report.as_of for report in reports).replace(tzinfo=None)
        book.set_properties({"title": reports[0].title, "created": made})
        sheets = _Book(book)
        for report in reports:
            sheets.summary(report)
            for section in formatting.sections(report):
                sheets.section(report, section, several=len(reports) > 1)
    return out.getvalue()


class _Book:
    """The workbook being written: its formats, and the sheet names in use."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._taken: set[str] = set()
        self._title = book.add_format({"bold": True, "font_size": 14})
        self._quiet = book.add_format({"font_color": "#666666"})
        rule = {"bold": True, "bottom": 1, "bg_color": "#EEF1F4", "valign": "top"}
        self._head = book.add_format(rule)
        self._head_right = book.add_format(rule | {"align": "right"})
        self._right = book.add_format({"align": "right"})
        self._formats = {
            kind: book.add_format({"num_format": shape, "align": "right"})
            for kind, shape in _NUMBER_FORMATS.items()
        }

    def summary(self, report: Report) -> None:
        """The report's header, and its figures; if compared, those of the period before and the differences."""
        sheet = self._sheet(report.title)
        sheet.write_string(0, 0, _text(report.title), self._title)
        top = 0
        for top, (name, said) in enumerate(formatting.head(report), 1):
            sheet.write_string(top, 0, name, self._quiet)
            sheet.write_string(top, 1, _text(said))
        top += 2
        titles = ("Figure", "Value", *(("Before", "Change") if report.previous else ()))
        for column, title in enumerate(titles):
            sheet.write_string(top, column, title, self._head_right if column else self._head)
        zone = ZoneInfo(report.period.zone)
        before = report.previous.total.figures if report.previous else {}
        for row, (name, value) in enumerate(report.total.figures.items(), top + 1):
            known = formatting.figure(name)
            sheet.write_string(row, 0, known.title)
            self._cell(sheet, row, 1, value, known.kind, zone)
            if report.previous:
                self._cell(sheet, row, 2, before.get(name), known.kind, zone)
                # as text, because spreadsheets cannot show a negative duration
                change = formatting.difference(value, before.get(name), known.kind)
                sheet.write_string(row, 3, change, self._right)
        sheet.set_column(0, 0, 30)
        sheet.set_column(1, 3, 24)

    def section(self, report: Report, section: Section, *, several: bool) -> None:
        """A table with its chart beside it."""
        name = f"{report.name} {section.title}" if several else section.title
        sheet, zone = self._sheet(name), ZoneInfo(report.period.zone)
        for column, one in enumerate(section.columns):
            head = self._head_right if one.kind in formatting.NUMBERS else self._head
            sheet.write_string(0, column, _text(_title(one, zone)), head)
            sheet.set_column(column, column, _width(section, column, zone))
        for row, cells in enumerate(section.rows, 1):
            for column, (value, one) in enumerate(zip(cells, section.columns, strict=True)):
                self._cell(sheet, row, column, value, one.kind, zone)
        sheet.freeze_panes(1, 0)
        if section.rows and section.columns:
            sheet.autofilter(0, 0, len(section.rows), len(section.columns) - 1)
        if section.note:
            sheet.write_string(len(section.rows) + 2, 0, _text(section.note), self._quiet)
        if section.chart is not None and section.chart.labels:
            self._chart(sheet, section.chart, len(section.columns) + 1)

    def _chart(self, sheet: Any, chart: Chart, left: int) -> None:
        """A native chart right of the table, over data of its own below it, which people may edit."""
        down, name, last = 22, sheet.get_name(), len(chart.labels)
        shape = self._formats.get(chart.kind)
        drawn = self._book.add_chart(_SHAPES[chart.shape])
        for row, label in enumerate(chart.labels, 1):
            sheet.write_string(down + row, left, _text(label))
        for column, (title, values) in enumerate(chart.series, left + 1):
            sheet.write_string(down, column, _text(title), self._head_right)
            for row, value in enumerate(values, 1):
                if value is not None:
                    number = value / _DAY if chart.kind == "duration" else value
                    sheet.write_number(down + row, column, number, shape)
            drawn.add_series(
                {
                    "name": [name, down, column],
                    "categories": [name, down + 1, left, down + last, left],
                    "values": [name, down + 1, column, down + last, column],
                    "data_labels": {"value": len(chart.labels) <= 12},
                    "gap": 10 if chart.shape == "histogram" else 60,
                }
            )
        sheet.set_column(left, left, 14)
        drawn.set_title({"name": _text(chart.title), "name_font": {"size": 12}})
        drawn.set_legend({"none": True} if len(chart.series) == 1 else {"position": "bottom"})
        if _SHAPES[chart.shape]["type"] == "bar":
            drawn.set_y_axis({"reverse": True})  # the first label on top, as in the table
        drawn.set_size({"width": 560, "height": 400})
        sheet.insert_chart(0, left, drawn)

    def _cell(
        self, sheet: Any, row: int, column: int, value: Cell, kind: Kind, zone: ZoneInfo
    ) -> None:
        if value is None or value == "":
            return
        shape = self._formats.get(kind)
        if isinstance(value, datetime):
            local = value.astimezone(zone).replace(tzinfo=None)
            sheet.write_datetime(row, column, local, self._formats["time"])
        elif isinstance(value, str):
            sheet.write_string(row, column, _text(value))
        else:
            sheet.write_number(row, column, value / _DAY if kind == "duration" else value, shape)

    def _sheet(self, title: str) -> Any:
        return self._book.add_worksheet(next(n for n in _names(title) if self._take(n)))

    def _take(self, name: str) -> bool:
        free = name.lower() not in self._taken
        self._taken.add(name.lower())
        return free


def _names(title: str) -> Iterator[str]:
    """Sheet names that Excel accepts: no special characters, no apostrophe at an end, not “History”; unique."""
    base = _NOT_IN_NAMES.sub(" ", _text(title)).strip(" '") or "Sheet"
    if base.lower() == "history":
        base = "History of it"
    yield base[:_SHEET].strip(" '")
    for n in range(2, 1_000):
        yield f"{base[: _SHEET - 4].strip()} {n}"


def _title(column: ReportColumn, zone: ZoneInfo) -> str:
    """The heading of a column; for times it names the zone, which their cells cannot."""
    return f"{column.title} ({zone.key})" if column.kind == "time" else column.title


def _width(section: Section, place: int, zone: ZoneInfo) -> int:
    column: ReportColumn = section.columns[place]
    shown = (formatting.cell(row[place], column.kind, zone) for row in section.rows)
    return min(
        _WIDEST, max(8, wide(_title(column, zone)) + 4, *(wide(one) + 2 for one in shown), 0)
    )


def _text(text: str) -> str:
    return controls(text)[:_CELL]
