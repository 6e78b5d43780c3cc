"""Writes reports as one self-contained HTML file: styles and charts inside, nothing loaded, no script."""

from collections.abc import Sequence
from pathlib import Path

from ticketctl.reports.formats.templates import ONE, SEVERAL, ReportTemplates
from ticketctl.reports.model import Report


def write(
    reports: Sequence[Report],
    *,
    desk_name: str = "",
    template: str | None = None,
    site: Path | None = None,
) -> bytes:
    """Render the page `template` (default: ours for one report, or for several) of the site's folder or ours."""
    name = template or (ONE if len(reports) == 1 else SEVERAL)
    return ReportTemplates(site).page(name, reports, desk_name).encode("utf-8", "replace")
