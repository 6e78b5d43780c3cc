"""Writes reports as a mail: subject, text, HTML, and an attached workbook."""

from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from ticketctl.reports.formats import formatting, xlsx
from ticketctl.reports.formats.templates import SEVERAL, ReportTemplates
from ticketctl.reports.model import Report, Section
from ticketctl.safe import terminal_line

_LONGEST = 100_000  # bytes of HTML; Gmail hides what is beyond 102 kB
_ROWS = (400, 100, 40, 20, 10, 5)  # of a table, at most; fewer if the page is too long


class ReportMail(Struct, frozen=True, kw_only=True):
    """A report as a mail; `workbook` is attached under the name `file`."""

    subject: str
    text: str
    html: str
    file: str
    workbook: bytes


def of(
    reports: Sequence[Report],
    *,
    desk_name: str,
    template: str | None = None,
    site: Path | None = None,
) -> ReportMail:
    """The mail, with a site's `template` if it has one. NotFound, Refused as for templates."""
    pages = ReportTemplates(site)
    first = reports[0]
    title, name = (first.title, first.name) if len(reports) == 1 else ("reports", "reports")
    day = first.period.start.astimezone(formatting.zone(first)).date()
    return ReportMail(
        subject=terminal_line(f"{desk_name}: {title}, {formatting.period(first.period)}"),
        text=pages.text(pages.for_text(template or SEVERAL), reports, desk_name),
        html=_html(pages, pages.for_mail(template or SEVERAL), reports, desk_name),
        file=f"{name}-{day}.xlsx",
        workbook=xlsx.write(reports),
    )


def _html(pages: ReportTemplates, name: str, reports: Sequence[Report], desk_name: str) -> str:
    """The page, with fewer rows in long tables if mail readers would not show all of it."""
    html = ""
    for most in _ROWS:
        html = pages.page(name, [_cut(one, most) for one in reports], desk_name)
        if len(html.encode("utf-8", "replace")) <= _LONGEST:
            break
    return html


def _cut(report: Report, most: int) -> Report:
    return replace(report, sections=tuple(_cut_section(one, most) for one in report.sections))


def _cut_section(section: Section, most: int) -> Section:
    """The first rows and bars, and a note of how many rows there are."""
    count = len(section.rows)
    chart = section.chart
    if chart:
        series = tuple((name, found[:most]) for name, found in chart.series)
        chart = replace(chart, labels=chart.labels[:most], series=series)
    note = f"The first {most} of {count} rows; the attached workbook has all."
    return replace(
        section,
        rows=section.rows[:most],
        chart=chart,
        note=f"{section.note} {note}".strip() if count > most else section.note,
    )
