"""Reports to a stream of bytes, in the format asked for. A terminal's tables are formats/text.py."""

from collections.abc import Sequence
from typing import BinaryIO

from ticketctl.reports.model import Report

FORMATS = ("json", "csv", "tsv", "md", "xlsx", "html")


def write(
    reports: Sequence[Report],
    format: str,
    out: BinaryIO,
    *,
    desk_name: str = "",
    bom: bool = False,
    raw_csv: bool = False,
) -> None:
    """Write one report or several. `desk_name` heads the HTML; `bom` and `raw_csv` are of CSV."""
    out.write(encoded(reports, format, desk_name=desk_name, bom=bom, raw_csv=raw_csv))


def encoded(
    reports: Sequence[Report],
    format: str,
    *,
    desk_name: str = "",
    bom: bool = False,
    raw_csv: bool = False,
) -> bytes:
    """The same as bytes."""
    from ticketctl.reports.formats import csv, html, json, markdown, xlsx

    if format == "csv":
        return csv.write(reports, bom=bom, raw=raw_csv)
    if format == "html":
        return html.write(reports, desk_name=desk_name)
    plain = {"json": json.write, "tsv": csv.write_tsv, "md": markdown.write, "xlsx": xlsx.write}
    return plain[format](reports)
