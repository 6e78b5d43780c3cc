"""Reports as pages and in mail on a phone (issue 15, item 11): no column is lost."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.support.browser import browser, measured
from tests.support.mail_page import PHONE
from tests.unit.reports import sample
from ticketctl.reports.formats import email
from ticketctl.reports.formats.sample import SAMPLE
from ticketctl.reports.formats.write import encode
from ticketctl.reports.model import Report, ReportColumn, Section

# Every cell that is not inside the window; a heading of one pixel is for screen readers, each row shows it again.
LOST = """[...document.querySelectorAll("th, td, dd")].filter(one => {
  const at = one.getBoundingClientRect()
  return at.width > 2 && (at.left < 0 || at.right > innerWidth + 1)
}).map(one => one.textContent).join("; ") || "none of " + document.querySelectorAll("th, td").length"""
TABLES = {
    "many figures": (["Agent", *(f"Figure {n}" for n in range(12))], ["ana", *["1,234"] * 12]),
    "long words": (["Segment", "Unverhältnismäßigkeit", "Beantwortet"], ["x" * 90, "9", "y" * 60]),
    "no Latin": (["担当者の名前", "平均初回応答時間", "解決までの平均時間"], ["田中さん" * 9, "1", "2"]),
    "right to left": (["الوكيل", "تم الحل", "متأخر"], ["آنا" * 20, "3 h 20 min", "٤"]),
    "just narrow": (["Segment", "Met", "Breached", "Rate"], ["returns and refunds", "9", "9", "4.0 %"]),
}  # fmt: skip


def table(titles: list[str], cells: list[str]) -> Report:
    columns = tuple(ReportColumn(f"c{n}", one) for n, one in enumerate(titles))
    return replace(
        SAMPLE, sections=(Section(title="Table", columns=columns, rows=(tuple(cells),)),)
    )


@browser
@pytest.mark.parametrize("form", ["html", "mail"])
def test_item_11_every_column_of_a_report_is_seen_on_a_phone(tmp_path: Path, form: str) -> None:
    reports = [*sample.ALL, *(table(*one) for one in TABLES.values())]
    page = tmp_path / "report.html"
    if form == "html":
        page.write_bytes(encode(reports, "html"))
    else:
        page.write_text(email.of(reports, desk_name="Help").html, "utf-8")
    found = measured(page, PHONE, LOST)
    assert found.startswith("none of ") and int(found.split()[-1]) > 100
