"""Writes reports as Markdown: headings, key figures, and tables (GitHub's pipes)."""

import re
from collections.abc import Iterator, Sequence
from zoneinfo import ZoneInfo

from ticketctl.reports.formats import formatting
from ticketctl.reports.model import Report, Section
from ticketctl.safe import terminal_line

_MARKS = re.compile(r"([\\`*_\[\]<>|~&$])")
_ADDRESS = re.compile(r"://|@|(?<=www)\.", re.IGNORECASE)  # what renderers turn into links


def write(reports: Sequence[Report]) -> bytes:
    """All reports, each under its own heading."""
    return "\n".join(line for report in reports for line in _report(report)).encode() + b"\n"


def escaped(text: str) -> str:
    """Text that Markdown shows unchanged: no mark-up, no HTML, no autolinks."""
    text = _MARKS.sub(r"\\\1", text)
    return _ADDRESS.sub(lambda found: "".join(f"&#{ord(sign)};" for sign in found[0]), text)


def _report(report: Report) -> Iterator[str]:
    yield f"# {escaped(terminal_line(report.title))}"
    yield ""
    yield from (f"- {name}: {escaped(value)}" for name, value in formatting.head(report))
    yield ""
    if report.total.figures:
        yield from _figures(report)
    for section in formatting.sections(report):
        yield from _section(section, ZoneInfo(report.period.zone))


def _figures(report: Report) -> Iterator[str]:
    compared = report.previous is not None
    yield "| Figure | Value |" + (" Before | Change |" if compared else "")
    yield "|---|--:|" + ("--:|--:|" if compared else "")
    for tile in formatting.tiles(report):
        cells = (tile.title, tile.value, tile.before, tile.change)[: 4 if compared else 2]
        yield _row(cells)
    yield ""


def _section(section: Section, zone: ZoneInfo) -> Iterator[str]:
    yield f"## {escaped(terminal_line(section.title))}"
    yield ""
    if section.note:
        yield escaped(terminal_line(section.note))
        yield ""
    if not section.rows:
        return
    yield _row([column.title for column in section.columns])
    yield "|" + "".join(
        "--:|" if one.kind in formatting.NUMBERS else "---|" for one in section.columns
    )
    for row in section.rows:
        cells = zip(row, section.columns, strict=True)
        yield _row([formatting.cell(value, column.kind, zone) for value, column in cells])
    yield ""


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(map(escaped, cells)) + " |"
