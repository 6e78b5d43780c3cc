"""Writes reports as one CSV table: a line for each group of each period, then one for all tickets of the period.

Columns are `report`, `from`, `to`, the grouping fields (empty: all tickets), and the figures, as in JSON.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from ticketctl.clock import rfc3339
from ticketctl.reports.model import Cell, Report, ReportGroup
from ticketctl.safe import csv_cell, tsv_cell


def write(reports: Sequence[Report], *, bom: bool = False, raw: bool = False) -> bytes:
    """RFC 4180, UTF-8, CRLF; text that a spreadsheet would run gets an apostrophe in front unless `raw`."""
    out = io.StringIO()
    lines = csv.writer(out, lineterminator="\r\n")
    for line in table(reports):
        lines.writerow(
            cell if raw or not isinstance(cell, str) else csv_cell(cell) for cell in line
        )
    return (b"\xef\xbb\xbf" if bom else b"") + out.getvalue().encode("utf-8", "replace")


def write_tsv(reports: Sequence[Report]) -> bytes:
    """A line of cells separated by tabs, escaped by `safe.tsv_cell`."""
    lines = ("\t".join(map(_tsv, line)) for line in table(reports))
    return "".join(line + "\n" for line in lines).encode()


def table(reports: Sequence[Report]) -> Iterator[list[str | int | float]]:
    """The head and the lines, all of the same length; None is empty, times are RFC 3339."""
    groups = [group for report in _periods(reports) for group in (*report.groups, report.total)]
    by = _names(group.by for group in groups)
    figures = _names(group.figures for group in groups)
    yield ["report", "from", "to", *by, *figures]
    for report in _periods(reports):
        start = [report.name, rfc3339(report.period.start), rfc3339(report.period.end)]
        for group in (*report.groups, report.total):
            yield [*start, *_line(group, by, figures)]


def _periods(reports: Sequence[Report]) -> Iterator[Report]:
    for report in reports:
        yield report
        if report.previous is not None:
            yield report.previous


def _names(parts: Iterable[Iterable[str]]) -> list[str]:
    return list(dict.fromkeys(name for part in parts for name in part))


def _line(group: ReportGroup, by: list[str], figures: list[str]) -> Iterator[str | int | float]:
    yield from (group.by.get(name, "") for name in by)
    yield from (_plain(group.figures.get(name)) for name in figures)


def _plain(value: Cell) -> str | int | float:
    if isinstance(value, datetime):
        return rfc3339(value)
    return "" if value is None else value


def _tsv(cell: str | int | float) -> str:
    return tsv_cell(cell) if isinstance(cell, str) else str(cell)
