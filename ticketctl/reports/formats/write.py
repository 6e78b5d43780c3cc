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
    from ticketctl.reports.formats import csv, html, json, markdown, xlsx

    if format == "csv":
        return csv.write(reports, bom=bom, raw=raw_csv)
    if format == "html":
        return html.write(reports, desk_name=desk_name, template=template, site=site)
    plain = {"json": json.write, "tsv": csv.write_tsv, "md": markdown.write, "xlsx": xlsx.write}
    return plain[format](reports)
