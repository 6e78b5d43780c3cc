"""Reports as mail and as pages: readable in light and dark and on a phone, and short enough for mail readers."""

import itertools
import re

import pytest
from msgspec.structs import replace

from gateway.page.style import STYLE as TICKET_STYLE
from tests.support.mail_page import (
    CLIPPED,
    LEAST_CONTRAST,
    PAGE,
    PHONE,
    MailPage,
    contrast,
    declared,
)
from tests.unit.reports import sample
from ticketctl.reports.formats import email
from ticketctl.reports.formats.sample import SAMPLE
from ticketctl.reports.formats.write import encode
from ticketctl.reports.model import Report, ReportColumn, Section

MAILS = {
    "one": [sample.COMPARED],
    "several": list(sample.ALL),
    "nothing": [sample.EMPTY_REPORT],
    "sample": [SAMPLE, SAMPLE],
}
SCHEMES = ("light", "dark")


def mailed(reports: list[Report]) -> MailPage:
    return MailPage(email.of(reports, desk_name="Acme & Sons").html)


every = pytest.mark.parametrize("shown", [mailed(one) for one in MAILS.values()], ids=MAILS)


@every
def test_a_mailed_report_has_a_title_a_language_and_a_direction(shown: MailPage) -> None:
    assert "March 2026" in shown.tree.findtext(".//title")
    for one in (shown.tree, shown.tree.body[0]):
        assert (one.get("lang"), one.get("dir")) == ("en", "ltr")
    assert "width=device-width" in shown.meta("viewport")
    assert shown.meta("color-scheme") == shown.meta("supported-color-schemes") == "light dark"


@every
def test_every_colour_of_a_mailed_report_comes_with_its_background(shown: MailPage) -> None:
    assert shown.half_painted() == []
    assert shown.left_light() == []


@pytest.mark.parametrize("scheme", SCHEMES)
@every
def test_words_of_a_mailed_report_stand_out(shown: MailPage, scheme: str) -> None:
    words = list(shown.painted(scheme))
    assert words and [one for one in words if one.contrast < LEAST_CONTRAST] == []


@every
def test_a_mailed_report_fits_a_phone(shown: MailPage) -> None:
    assert shown.wide(PHONE - 32) == []
    style = declared(shown.tree.body[0].get("style", ""))
    assert (style["max-width"], style["overflow-wrap"]) == (f"{PAGE}px", "anywhere")


@every
def test_tables_of_a_mailed_report_have_headings_or_are_for_layout(shown: MailPage) -> None:
    assert shown.tables_of_no_kind() == []
    for table in shown.tree.xpath("//table[not(@role)]"):
        assert len(table.xpath(".//th[@scope='row']")) == len(table.xpath(".//tr")) - 1
    levels = [int(one.tag[1]) for one in shown.elements if re.fullmatch("h[1-6]", one.tag)]
    assert levels[0] == 1 and all(two <= one + 1 for one, two in itertools.pairwise(levels))


def test_a_wide_table_is_written_row_by_row_in_a_mail_with_all_its_figures() -> None:
    breached = sample.COMPARED.sections[1]
    table = mailed([sample.COMPARED]).tree.xpath("//table[not(@role)]")[1]
    first = table.xpath(".//tr")[1].text_content()
    for column in breached.columns[1:]:
        assert f"{column.title}: " in first
    assert "Owner: ana" in first and "Due: 2026-03-02 10:10" in first and "Overdue: 15m" in first
    assert len(table.xpath(".//tr")) == 1 + len(breached.rows)


@pytest.mark.parametrize(
    ("titles", "cells", "fits"),
    [
        (["Day", "In", "Out"], ["2026-03-31", "120", "118"], True),
        (["Segment", "Met", "Breached", "Rate"], ["returns and refunds", "9", "9", "4.0 %"], True),
        (["A"], ["word " * 50], True),
        (["Agent", *(f"Figure {n}" for n in range(8))], ["ana", *["1"] * 8], False),
        (["Agent", "Resolved", "Unverhältnismäßigkeit", "Beantwortet"], ["a"] * 4, False),
        (["担当者の名前", "平均初回応答時間", "解決までの平均時間"], ["あ"] * 3, False),
    ],
)
def test_a_table_stays_one_if_it_fits_a_phone(
    titles: list[str], cells: list[str], fits: bool
) -> None:
    section = Section(
        title="Table",
        columns=tuple(ReportColumn(f"c{n}", one) for n, one in enumerate(titles)),
        rows=(tuple(cells),),
    )
    report = replace(SAMPLE, sections=(section,))
    page = MailPage(encode([report], "html").decode())
    assert [one.get("role") for one in page.tree.xpath("//table")] == [None if fits else "table"]


@pytest.mark.parametrize("rows", [10, 600])
def test_a_long_report_is_cut_where_mail_readers_would_cut_it(rows: int) -> None:
    breached = sample.COMPARED.sections[1]
    many = tuple((n, *breached.rows[n % len(breached.rows)][1:]) for n in range(rows))
    long = replace(sample.COMPARED, sections=(replace(breached, rows=many),) * 5)
    html = email.of([long], desk_name="Help").html
    assert len(html.encode()) < CLIPPED
    noted = re.findall(r"The first (\d+) of (\d+) rows; the attached workbook has all\.", html)
    shown = html.count('scope="row"')
    assert noted == ([] if rows == 10 else [(str(shown // 5), str(rows))] * 5)


# ---- pages -----------------------------------------------------------------------------------------


def colours(sheet: str) -> dict[str, dict[str, str]]:
    """The variables of a style sheet in light and dark."""
    light, dark = (
        dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6})\b", block))
        for block in re.findall(r":root \{(.*?)\}", sheet, re.DOTALL)[:2]
    )
    return {
        scheme: {name: _long(one) for name, one in found.items()}
        for scheme, found in (("light", light), ("dark", light | dark))
    }


def _long(colour: str) -> str:
    return "#" + "".join(2 * one for one in colour[1:]) if len(colour) == 4 else colour


@pytest.mark.parametrize("scheme", SCHEMES)
def test_words_of_a_page_stand_out(scheme: str) -> None:
    found = colours(MailPage(encode(sample.ALL, "html").decode()).sheet)[scheme]
    for ink in ("ink", "soft", "s1"):
        assert contrast(found[ink], found["paper"]) >= LEAST_CONTRAST
        assert contrast(found[ink], found["card"]) >= LEAST_CONTRAST


@pytest.mark.parametrize("scheme", SCHEMES)
def test_words_of_an_exported_ticket_stand_out(scheme: str) -> None:
    found = colours(TICKET_STYLE)[scheme]
    for ink in ("ink", "faint", "in", "out"):
        assert contrast(found[ink], found["card"]) >= LEAST_CONTRAST
    for ink in ("ink", "faint"):
        assert contrast(found[ink], found["ground"]) >= LEAST_CONTRAST


def test_a_wide_table_of_a_page_tells_its_headings_in_each_row() -> None:
    shown = MailPage(encode([sample.COMPARED], "html").decode())
    narrow, wide = shown.tree.xpath("//table")
    assert narrow.get("role") is None and narrow.xpath(".//td[@data-title]") == []
    assert wide.get("role") == "table"
    titles = [one.text_content() for one in wide.xpath(".//th[@role='columnheader']")]
    for row in wide.xpath("./tbody/tr[@role='row']"):
        assert [one.get("data-title") for one in row.xpath("./td[@role='cell']")] == titles[1:]
    assert re.search(r"@media \(max-width: \d+px\) \{\s+\.wide, [^}]*display: block", shown.sheet)
