"""Reports for programs and spreadsheets: JSON to the letter, CSV, TSV, Markdown, a workbook."""

import csv
import io
import json
import re
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from msgspec.structs import replace

from tests.unit.reports import sample
from ticketctl.reports.formats import markdown, text
from ticketctl.reports.formats.write import FORMATS, encode
from ticketctl.reports.model import Chart, Report, ReportColumn, ReportGroup, Section
from ticketctl.text_table import wide


def parsed(*reports: Report) -> Any:
    return json.loads(encode(reports, "json"))


@pytest.mark.parametrize("format", FORMATS)
def test_the_same_report_gives_the_same_bytes(format: str) -> None:
    assert encode(sample.ALL, format) == encode(sample.ALL, format)


def test_json_has_the_names_that_scripts_rely_on() -> None:
    found = parsed(sample.SLA_REPORT)
    assert list(found) == [
        "report", "period", "clock", "as_of", "query", "counts", "purged_before", "groups", "total",
        "rows",
    ]  # fmt: skip
    assert found["period"] == {
        "from": "2026-02-28T23:00:00Z",
        "to": "2026-03-31T22:00:00Z",
        "zone": "Europe/Madrid",
    }
    assert (found["report"], found["clock"], found["as_of"]) == (
        "sla",
        "business",
        "2026-04-01T05:00:00Z",
    )
    assert found["groups"][1] == {
        "by": {"segment": "billing"},
        "figures": {"met": 121, "breached": 20, "breach_rate": 0.1418},
    }
    assert found["total"] == {"figures": sample.SLA}
    assert found["rows"] == [
        {"ticket": 1200, "owner": None, "overdue": 900, "due_at": "2026-04-01T05:00:00Z"}
    ]


def test_json_of_a_comparison_has_what_was_before_and_the_difference() -> None:
    found = parsed(sample.COMPARED)
    assert found["previous"]["period"]["to"] == found["period"]["from"]
    assert found["previous"]["total"] == {"figures": sample.SLA_BEFORE}
    assert found["difference"]["total"]["figures"] == {
        "met": 14,
        "breached": -15,
        "breach_rate": -0.0332,
        "any_breach_rate": -0.0275,
        "worst_overdue": None,
        "void": 0,
    }
    support, billing = found["difference"]["groups"]
    assert support["figures"] == {"met": 30, "breached": None, "breach_rate": None}
    assert billing["figures"] == {"met": None, "breached": None, "breach_rate": None}


def test_json_of_several_reports_is_an_array() -> None:
    assert [one["report"] for one in parsed(*sample.ALL)] == [one.name for one in sample.ALL]


def test_csv_is_one_table_with_a_line_a_group_and_one_for_all() -> None:
    content = encode([sample.AGENTS_REPORT], "csv").decode()
    assert content.count("\r\n") == content.count("\n") == 5
    head, ana, _, _, everybody = csv.reader(io.StringIO(content))
    assert head[:4] == ["report", "from", "to", "agent"]
    assert dict(zip(head, ana, strict=True)) | {"resolved": "141", "csat": "0.9412"} == dict(
        zip(head, ana, strict=True)
    )
    assert everybody[3] == "" and everybody[head.index("quality")] == "79.1"


def test_csv_of_a_comparison_has_lines_of_both_periods() -> None:
    rows = list(csv.DictReader(io.StringIO(encode([sample.COMPARED], "csv").decode())))
    assert [row["met"] for row in rows] == ["230", "121", "412", "200", "398"]
    assert rows[-1]["to"] == rows[0]["from"] and rows[-1]["worst_overdue"] == ""


def test_34_no_cell_of_a_csv_is_a_formula_unless_asked_for() -> None:
    safe = encode([sample.AGENTS_REPORT], "csv").decode()
    assert "'=HYPERLINK()" in safe and ",=" not in safe
    assert ",=HYPERLINK()" in encode([sample.AGENTS_REPORT], "csv", raw_csv=True).decode()
    assert encode([sample.AGENTS_REPORT], "csv", bom=True).startswith(b"\xef\xbb\xbfreport,")


def test_a_negative_number_in_a_csv_stays_a_number() -> None:
    below = replace(sample.EMPTY_REPORT, total=ReportGroup({}, {"nps": -12}))
    assert encode([below], "csv").decode().endswith(",-12\r\n")


def test_tsv_has_a_line_a_row_whatever_the_text() -> None:
    hostile = ReportGroup({"agent": "a\tb\nc\x1b[31m"}, {"resolved": 1})
    lines = encode([replace(sample.AGENTS_REPORT, groups=(hostile,))], "tsv").decode().split("\n")
    assert len(lines) == 4 and {line.count("\t") for line in lines[:3]} == {lines[0].count("\t")}
    assert "a\\tb\\nc\\x1b[31m" in lines[1]


def test_markdown_shows_text_as_it_is() -> None:
    page = encode([sample.COMPARED], "md").decode()
    tables = [line for line in page.splitlines() if line.startswith("|")]
    assert {len(re.findall(r"(?<!\\)\|", line)) for line in tables} == {5, 8}
    assert "\\<script\\>alert(1)\\</script\\>" in page and "\\| pipes \\|" in page
    assert "| Breached | 37 | 52 | −15 |" in page


@pytest.mark.parametrize("text", ["*a*", "[a](b)", "![x](y)", "`a`", "<b>", "a_b_", "&lt;"])
def test_markdown_has_no_live_marks(text: str) -> None:
    assert re.sub(r"\\.", "", markdown.escaped(text)).strip("()abyx!lt; ") == ""


def test_markdown_makes_no_links_of_addresses() -> None:
    found = markdown.escaped("https://evil.example ana@help.example www.evil.example 11.8 %")
    assert not re.search(r"://|@|www\.", found) and "11.8 %" in found


# ---- the workbook ----------------------------------------------------------------------------------


def workbook(*reports: Report) -> Any:
    return openpyxl.load_workbook(io.BytesIO(encode(reports, "xlsx")))


def test_a_workbook_has_a_summary_and_a_sheet_a_section_with_typed_cells() -> None:
    book = workbook(sample.SLA_REPORT)
    assert book.sheetnames == ["Service levels", "Clocks by segment", "Breached tickets"]
    sheet = book["Breached tickets"]
    assert [cell.value for cell in sheet[1]][:3] == ["Ticket", "Subject", "Owner"]
    assert sheet.freeze_panes == "A2" and sheet["A1"].font.bold
    row = {head.value: cell for head, cell in zip(sheet[1], sheet[5], strict=True)}
    assert row["Ticket"].value == 1221
    due = row["Due (Europe/Madrid)"]
    assert due.value == datetime(2026, 3, 5, 10, 10) and due.is_date
    assert row["Overdue"].value == timedelta(hours=4)
    assert row["Overdue"].number_format == "[h]:mm:ss"
    assert row["Owner"].value is None
    rate = book["Clocks by segment"]["D3"]
    assert rate.value == 0.1418 and rate.number_format == "0.0%"


def test_text_that_looks_like_a_formula_is_text_F_Q16_F_R34() -> None:
    cell = workbook(sample.SLA_REPORT)["Breached tickets"]["B3"]
    assert cell.value == "=cmd|' /C calc'!A0" and cell.data_type == "s"


def test_a_workbook_draws_its_charts() -> None:
    book = workbook(*sample.ALL)
    assert [len(sheet._charts) for sheet in book if sheet._charts] == [1, 1, 1, 1]


def test_sheet_names_are_those_that_a_spreadsheet_takes_and_unique() -> None:
    titles = ("a/b:c*d?[e]", "'quoted'", "who's who", "History", "x" * 40, "x" * 50, "X" * 40, "")
    sections = tuple(
        Section(
            title=title,
            columns=(ReportColumn("a", "A"),),
            rows=(("b",),),
            chart=Chart("a", ("b",), (("c", (1,)),)),
        )
        for title in titles
    )
    names = workbook(replace(sample.EMPTY_REPORT, sections=sections)).sheetnames
    assert len({name.lower() for name in names}) == 9
    assert all(len(name) <= 31 and not re.search(r"[\[\]:*?/\\]|^'|'$", name) for name in names)
    assert "History" not in names


def test_several_reports_make_one_workbook() -> None:
    names = workbook(*sample.ALL).sheetnames
    assert "volume A day" in names and len(names) == 11


# ---- text ------------------------------------------------------------------------------------------


def bars(value: float, most: float, room: int) -> str:
    return "#" * round(room * value / most)


@pytest.mark.parametrize("width", [80, 120])
def test_text_keeps_to_the_terminal(width: int) -> None:
    page = text.write(sample.ALL, width=width, bar=bars)
    rows = [line for line in page.splitlines() if not line.startswith(("Query", "Ticket"))]
    assert max(map(wide, rows)) <= width


def test_headings_of_figures_are_broken_where_they_have_no_room() -> None:
    page = text.write([sample.AGENTS_REPORT], width=64).splitlines()
    head = next(n for n, line in enumerate(page) if line.startswith("AGENT "))
    assert page[head - 1].split() == ["FIRST"] and page[head].split()[2] == "RESPONSE"
    assert page[head + 1].startswith("-----") and page[head + 2].startswith("ana ")


def test_figures_are_aligned_beside_labels_of_any_script_under_headings_of_two_lines() -> None:
    columns = (ReportColumn("tag", "Tag"), ReportColumn("n", "Opened again", "count"))
    rows = (("ご注文の商品", 7), ("jörg 👩", 120), ("e\u0301te\u0301", None))
    section = Section(title="Tags", columns=columns, rows=rows)
    assert text.table(section, ZoneInfo("UTC"), 20) == [
        "              OPENED",
        "TAG            AGAIN",
        "------------  ------",
        "ご注文の商品       7",
        "jörg 👩          120",
        "e\u0301te\u0301                –",
    ]


def test_text_says_durations_and_rates_as_people_do() -> None:
    page = text.write([sample.AGENTS_REPORT])
    assert re.search(r"ben +118 +2h36m +14h28m +83\.3 % +71\.9", page)
    assert re.search(r"Chloé Lefèvre-Martínez +97 +1h07m +11h10m +– +–", page)
    assert "Period:        March 2026" in page and "Clock:         business hours" in page


def test_text_charts_have_a_bar_and_its_value() -> None:
    page = text.write([sample.AGENTS_REPORT], width=80, bar=bars)
    assert re.search(r"ben +#{40} 2h36m\n", page)
    stacked = text.write([sample.SLA_REPORT], width=80, bar=bars)
    assert re.search(r"billing +met +#{21} 121\n +breached +### 20\n", stacked)


def test_text_is_ascii_where_the_terminal_is() -> None:
    page = text.write([sample.COMPARED], ascii_only=True)
    assert "-3.3 points" in page and "+-0" in page and not set("–−±…") & set(page)


def test_34_text_harms_no_terminal() -> None:
    assert "\x1b" not in text.write(sample.ALL) + encode(sample.ALL, "md").decode()
