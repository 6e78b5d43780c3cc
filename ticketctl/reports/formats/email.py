"""Writes reports as a mail: subject, text, HTML, and an attached workbook."""

from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from ticketctl.reports.formats import formatting, xlsx
from ticketctl.reports.formats.templates import SEVERAL, ReportTemplates
from ticketctl.reports.model import Report
from ticketctl.safe import terminal_line


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
        html=pages.page(pages.for_mail(template or SEVERAL), reports, desk_name),
        file=f"{name}-{day}.xlsx",
        workbook=xlsx.write(reports),
    )
