"""Templates of a site: where they are found, what they may use and may not, and what is said of a bad one."""

from pathlib import Path

import pytest

from tests.unit.reports import sample
from ticketctl.errors import NotFound, Refused
from ticketctl.reports.formats import email, html, templates
from ticketctl.reports.formats.templates import ReportTemplates


@pytest.fixture
def site(tmp_path: Path) -> Path:
    (tmp_path / "report").mkdir()
    return tmp_path


def filled(site: Path, source: str) -> str:
    (site / "report" / "mine.html.j2").write_text(source, "utf-8")
    return html.write(sample.ALL, desk_name="Help", template="mine", site=site).decode()


def test_our_templates_can_be_filled_in() -> None:
    assert templates.lint() == []
    assert ReportTemplates().names() == ["mail", "report", "weekly"]


def test_a_template_of_the_site_has_the_documented_names_F_T16(site: Path) -> None:
    source = (
        "{{ desk_name }} {{ reports[0].period }} {{ reports[0].figures.worst_overdue|duration }}"
        " {{ reports[0].figures.breach_rate|rate }} {{ reports[0].groups[0].by.segment }}"
        " {{ reports[0].lines[0].ticket }} {{ reports[0].sections[0].rows[0][0] }}"
    )
    assert filled(site, source) == "Help March 2026 55h10m 8.2 % support 1200 support"


def test_a_template_of_the_site_may_extend_ours(site: Path) -> None:
    page = filled(site, '{% extends "weekly.html.j2" %}{% block title %}Mine{% endblock %}')
    assert "<title>Mine</title>" in page and "Clocks by segment" in page


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("\n\n{% if %}", "mine.html.j2, line 3: Expected an expression"),
        ("\n{{ reports[0].nothing }}", "mine.html.j2, line 2: "),
        ("\n{{ ''.__class__.__mro__ }}", "mine.html.j2, line 2: access to attribute '__class__'"),
        ("{{ 1 // 0 }}", "mine.html.j2, line 1: "),
        ("{% include 'other.html.j2' %}", "mine.html.j2, line 1: there is no template 'other"),
        ("{% include '../../etc/passwd' %}", "mine.html.j2, line 1: there is no template"),
    ],
)
def test_a_bad_template_is_a_sentence_with_its_line(site: Path, source: str, said: str) -> None:
    with pytest.raises(Refused) as wrong:
        filled(site, source)
    assert str(wrong.value).startswith(f"the template {said}") and str(wrong.value).endswith(".")
    assert templates.lint(site) == [f"report: {wrong.value}"]


def test_text_is_data_in_every_template(site: Path) -> None:
    page = filled(site, "{{ reports[0].sections[1].rows[2][1] }}")
    assert page == "&lt;script&gt;alert(1)&lt;/script&gt; invoice"


@pytest.mark.parametrize("name", ["nothing", "../mail/en/ack", "_parts", "", "a/b"])
def test_an_unknown_template_names_those_there_are(name: str) -> None:
    with pytest.raises(NotFound, match="there are mail, report, weekly"):
        ReportTemplates().page(name, sample.ALL, "Help")


def test_a_mail_takes_the_page_of_a_site_and_else_a_plain_one(site: Path) -> None:
    plain = email.of(sample.ALL, desk_name="Help", template="weekly", site=site)
    assert "<svg" not in plain.html and "Clocks by segment" in plain.html
    (site / "report" / "weekly.html.j2").write_text("mine", "utf-8")
    assert email.of(sample.ALL, desk_name="Help", template="weekly", site=site).html == "mine"


def test_a_mail_is_named_after_its_report_and_period() -> None:
    one = email.of([sample.COMPARED], desk_name="Help")
    assert one.subject == "Help: Service levels, March 2026"
    assert one.file == "sla-2026-03-01.xlsx"
    assert email.of(sample.ALL, desk_name="Help").subject == "Help: reports, March 2026"
    assert "Breach rate:                    8.2 %  (−3.3 points, before 11.6 %)" in one.text
    assert "\x1b" not in one.text
