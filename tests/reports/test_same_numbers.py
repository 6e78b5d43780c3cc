"""One report has the same numbers in every format: cell by cell, compared or not, in any grouping."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import pytest

from tests.reports.chance import TOML, Busy
from tests.reports.conftest import made
from tests.support import report_files
from tests.support.desk import DeskFixture
from tests.support.report_files import NOTHING, Page, Row, shown
from ticketctl.reports.formats import email, formatting, text
from ticketctl.reports.formats.write import encode
from ticketctl.reports.kinds.registry import NAMES
from ticketctl.reports.model import Report

GROUPINGS = ((), ("segment", "priority"))
# The list that has the rows of JSON.
LISTS = {
    "sla": "Missed targets, worst first", "response": "Slowest first responses", "resolution": "Longest resolutions",
    "backlog": "The oldest", "coverage": "Not answered", "reopen": "Tickets", "mail": "To look at",
}  # fmt: skip


class Files(NamedTuple):
    """A report as files."""

    report: Report
    json: Any
    csv: list[dict[str, str]]
    tsv: list[dict[str, str]]
    book: Page
    pages: dict[str, Page]  # the other formats for people


def files(report: Report) -> Files:
    mail = email.of([report], desk_name="Help")
    book = encode([report], "xlsx")
    assert mail.workbook == book
    return Files(
        report,
        json.loads(encode([report], "json")),
        report_files.lines(encode([report], "csv")),
        report_files.lines(encode([report], "tsv"), "\t"),
        report_files.workbook(book),
        {
            "html": report_files.page(encode([report], "html").decode()),
            "mail": report_files.mail_page(mail.html),
            "md": report_files.markdown(encode([report], "md").decode()),
            "text": report_files.text(text.write([report])),
        },
    )


@pytest.mark.parametrize(
    ("zone", "compare"),
    [("America/Los_Angeles", False), ("Asia/Kathmandu", True)],
)
def test_every_format_of_every_report_has_the_same_numbers(
    sqlite_helpdesk: DeskFixture, zone: str, compare: bool
) -> None:
    Busy(sqlite_helpdesk, len(zone)).live(120)
    sqlite_helpdesk.apply(TOML.replace('timezone = "Europe/Madrid"', f'timezone = "{zone}"', 1))
    tables = 0
    for name in NAMES:
        for by in GROUPINGS if name != "mail" else ((),):
            words = "this-month" if len(by) < 2 else f"2026-03-16..{sqlite_helpdesk.at:%Y-%m-%d}"
            found = files(made(sqlite_helpdesk, name, words=words, by=by, compare=compare))
            _check_headers(found)
            _check_figures(found)
            _check_tables(found)
            _check_lines(found)
            _check_groups(found)
            _check_rows(found)
            tables += len(found.book.tables)
    assert tables > 50


def _check_headers(found: Files) -> None:
    for form in ("md", "text"):
        assert found.pages[form].head == found.book.head, form
    html = found.pages["html"].head
    assert html == {name: said for name, said in found.book.head.items() if name != "Period"}
    said = ", ".join(f"{n} {what.replace('_', ' ')}" for what, n in found.json["counts"].items())
    assert found.book.head["Tickets"] == said


def _check_figures(found: Files) -> None:
    """Key figures are those of JSON, the workbook has all of them, and changes are the same everywhere."""
    for form, page in found.pages.items():
        assert page.figures, form
        for title, cells in page.figures.items():
            assert cells == found.book.figures[title], (form, title)
    before = found.json.get("previous", {}).get("total", {}).get("figures", {})
    for name, value in found.json["total"]["figures"].items():
        known = formatting.figure(name)
        cells = found.book.figures[known.title]
        assert cells[0] == shown(value, known.kind), name
        if before:
            assert cells[1] == shown(before[name], known.kind), name
            change = found.json["difference"]["total"]["figures"][name]
            assert (cells[2] == NOTHING) == (change is None), name


def _check_tables(found: Files) -> None:
    """All tables for people are the same, also those of the period before."""
    for form, page in found.pages.items():
        assert len(page.tables) == len(found.book.tables), form
        for table, typed in zip(page.tables, found.book.tables, strict=True):
            by_row = len(table[0]) < len(typed[0])
            assert not by_row or form == "mail", form
            heads, *rows = report_files.row_by_row(typed) if by_row else typed
            said = tuple(one.upper() for one in heads) if form == "text" else heads
            assert table[0] == said, form
            assert table[1:] == rows, (form, found.report.name)


def _check_lines(found: Files) -> None:
    """CSV and TSV have each number of the groups and the total of JSON, of both periods."""
    assert found.csv == found.tsv
    left = iter(found.csv)
    for part in (found.json, found.json.get("previous")):
        for group in [*part["groups"], part["total"] | {"by": {}}] if part else ():
            line = next(left)
            assert (line["from"], line["to"]) == (part["period"]["from"], part["period"]["to"])
            for name, value in (group["by"] | group["figures"]).items():
                assert line[name] == ("" if value is None else str(value)), name
    assert next(left, None) is None


def _check_groups(found: Files) -> None:
    """The tables of groups have the numbers of the groups and the total of JSON."""
    sections = [one for one in formatting.sections(found.report) if one.rows]
    for section, table in zip(sections, found.book.tables, strict=True):
        if not section.of_groups:
            continue
        source = found.json["previous"] if section.title.endswith(", before") else found.json
        by = list(source["groups"][0]["by"]) if source["groups"] else []
        names = [one.name for one in section.columns]
        ours = (
            names[: len(by)] == by
        )  # else another grouping of the same facts: only the total is in JSON
        figures = [one for one in section.columns if one.name in source["total"]["figures"]]
        whole = ("all", *([NOTHING] * (len(names) - len(figures) - 1)))
        assert table[-1] == (*whole, *_cells(source["total"]["figures"], figures))
        if ours:
            lines = [
                (*group["by"].values(), *_cells(group["figures"], figures))
                for group in source["groups"]
            ]
            assert table[1:-1] == lines


def _check_rows(found: Files) -> None:
    """The rows of JSON are those of the list, times in the report's zone."""
    titles = [one.title for one in formatting.sections(found.report) if one.rows]
    wanted = LISTS.get(found.report.name)
    if wanted not in titles:
        assert not (wanted and found.json["rows"])
        return
    section = next(one for one in found.report.sections if one.title == wanted)
    table = found.book.tables[titles.index(wanted)]
    zone = ZoneInfo(found.report.period.zone)
    for row, cells in zip(found.json["rows"], table[1:], strict=True):
        local = {one.name: _local(row[one.name], one.kind, zone) for one in section.columns}
        star = " *" if row.get("at_retarget") else ""
        expected = _cells(local, section.columns)
        assert cells == tuple(
            f"{cell}{star}" if one.name == "clock" else cell
            for cell, one in zip(expected, section.columns, strict=True)
        )


def _local(value: Any, kind: str, zone: ZoneInfo) -> Any:
    timed = kind == "time" and value is not None
    return datetime.fromisoformat(value).astimezone(zone) if timed else value


def _cells(figures: Mapping[str, Any], columns: Iterable[Any]) -> Row:
    return tuple(shown(figures[one.name], one.kind) for one in columns)


@pytest.mark.parametrize("value", [0.0625, 0.8125, 0.1425, 0.00125, 1.0, 0.0])
def test_halves_of_rates_round_up_as_in_a_spreadsheet(value: float) -> None:
    assert formatting.cell(value, "rate", ZoneInfo("UTC")) == shown(value, "rate")
