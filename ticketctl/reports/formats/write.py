"""Writes reports as bytes in any format but the terminal's tables, which are in text.py."""

from collections.abc import Sequence
from pathlib import Path

from ticketctl.reports.model import Report

FORMATS = ("json", "csv", "tsv", "md", "xlsx", "html")


def encode(
    reports: Sequence[Report],
    format: str,
    *,
    desk_name: str = "",
    template: str | None = None,
    site: Path | None = None,
    bom: bool = False,
    raw_csv: bool = False,
) -> bytes:
    """One or several reports as a file. The help desk's name, template and template folder are used by HTML;
    the byte order mark and `raw` by CSV.
    """
    # Each format is imported alone: those of HTML and workbooks take longer than a small report.
    if format == "html":
        from ticketctl.reports.formats import html

        return html.write(reports, desk_name=desk_name, template=template, site=site)
    if format == "xlsx":
        from ticketctl.reports.formats import xlsx

        return xlsx.write(reports)
    if format == "md":
        from ticketctl.reports.formats import markdown

        return markdown.write(reports)
    if format == "json":
        from ticketctl.reports.formats import json

        return json.write(reports)
    from ticketctl.reports.formats import csv

    return csv.write_tsv(reports) if format == "tsv" else csv.write(reports, bom=bom, raw=raw_csv)
