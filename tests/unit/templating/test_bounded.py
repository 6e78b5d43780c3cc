"""A template takes its share and no more, whatever it says: each of these ends with a sentence, in few steps."""

from pathlib import Path

import pytest

from ticketctl.domain.rules.canned import Canned
from ticketctl.errors import BadInput, Refused
from ticketctl.reports.formats import templates as reports
from ticketctl.templating import canned, sandbox
from ticketctl.templating.render import MailTemplates, UserTemplate
from ticketctl.templating.samples import samples

# Of a list's row (--row-template) and of a site's page.
BOMBS = {
    "product": '{{ "a" * 10000000000 }}',
    "product of a list": "{{ [1] * 1000000000 }}",
    "product the other way": '{{ 1000000000 * "ab" }}',
    "products": '{{ ("a" * 10000) * 10000 }}',
    "power": "{{ 9 ** 9 ** 9 }}",
    "digits": "{{ " + "9" * 5000 + " }}",
    "large numbers": "{{ " + " * ".join(["9" * 300] * 300) + " }}",
    "format": '{{ "%1000000000d" % 1 }}',
    "format filter": '{{ "%1000000000d"|format(1) }}',
    "format method": '{{ "{:>1000000000}".format(1) }}',
    "center": '{{ "a"|center(1000000000) }}',
    "ljust": '{{ "a".ljust(1000000000) }}',
    "indent": '{{ "a\\nb"|indent(1000000000) }}',
    "named width": '{{ "a\\nb"|indent(width=1000000000) }}',
    "batch": "{{ [1]|batch(1000000000, 0)|list }}",
    "mapped": '{{ ["a"]|map("center", 1000000000)|list }}',
    "replace": '{{ "aaaaaaaaaa"' + '|replace("a", "aaaaaaaaaa")' * 12 + " }}",
    "join": '{{ ("a" * 10000)|list|join("a" * 10000) }}',
    "loops": "{% for a in b %}" * 7 + "{% endfor %}" * 7,
    "loops with output": "{% for a in b %}" * 7 + "x" + "{% endfor %}" * 7,
    "nested brackets": "{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}",
    "nested lists": "{{ " + "[" * 5000 + "]" * 5000 + " }}",
    "nested ifs": "{% if b %}" * 5000 + "{% endif %}" * 5000,
    "nested fors": "{% for a in b %}" * 30 + "{% endfor %}" * 30,
    "not": "{{ " + "not " * 5000 + "b }}",
}
# Of a site's page alone.
PAGES = {
    "range": "{% for a in range(1000000000) %}{% endfor %}",
    "ranges": "{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}",
    "macro without end": "{% macro a() %}{{ a() }}{% endmacro %}{{ a() }}",
    "macros with an end": "{% macro a(n) %}{% if n %}{{ a(n - 1) }}{{ a(n - 1) }}{% endif %}{% endmacro %}{{ a(60) }}",
    "laughs": "{% macro m0() %}lol{% endmacro %}"
    + "".join(f"{{% macro m{n}() %}}{f'{{{{ m{n - 1}() }}}}' * 10}{{% endmacro %}}" for n in range(1, 12))
    + "{{ m11() }}",
    "doubling": "{% set a = 'ab' %}" + "{% set a = a + a %}" * 40 + "{{ a }}",
    "doubling list": "{% set a = [1] %}" + "{% set a = a + a %}" * 40 + "{{ a }}",
    "doubling block": "{% set a %}x{% endset %}" + "{% set a %}{{ a }}{{ a }}{% endset %}" * 40,
    "doubling words": "{% set a = 'ab' %}" + "{% set a = a ~ a %}" * 40 + "{{ a }}",
    "includes itself": "{% include 'NAME' %}",
    "extends itself": "{% extends 'NAME' %}",
    "recursive loop": "{% for a in [[1]] recursive %}{{ loop([a]) }}{% endfor %}",
    "doubling words at once": "{% set a = 'ab' %}" + "{% set a = " + " ~ ".join("a" * 99) + " %}"
    + ("{% set a = " + " ~ ".join("a" * 99) + " %}") * 20,
    "lipsum": "{{ lipsum(1000000) }}",
    "call block": "{% macro a() %}{{ caller() }}{% endmacro %}{% call a() %}{% call a() %}x{% endcall %}{% endcall %}",
}  # fmt: skip


@pytest.mark.parametrize("name", BOMBS)
def test_a_row_template_is_bounded_F_T18(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "STEPS", 50_000)
    with pytest.raises(BadInput, match=r"the row template cannot be (read|filled in): \S"):
        UserTemplate(BOMBS[name], {}).render({"b": list(range(100))})


@pytest.mark.parametrize("name", BOMBS | PAGES)
def test_a_sites_mail_template_is_bounded_F_T18(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sandbox, "STEPS", 50_000)
    folder = tmp_path / "mail" / "en"
    folder.mkdir(parents=True)
    source = (BOMBS | PAGES)[name].replace("NAME", "ack.txt.j2")
    (folder / "ack.txt.j2").write_text(source)
    data = samples("ack")[0] | {"b": list(range(100))}
    with pytest.raises(Refused, match=r"the template \S+ cannot be filled in: \S"):
        MailTemplates(tmp_path).render("ack", "en", data)


@pytest.mark.parametrize("name", ["power", "nested brackets", "doubling"])  # filled in, read, page
def test_lint_names_a_mail_template_that_goes_too_far_F_T18(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sandbox, "STEPS", 50_000)
    folder = tmp_path / "mail" / "en"
    folder.mkdir(parents=True)
    (folder / "ack.txt.j2").write_text((BOMBS | PAGES)[name])
    assert any("ack" in problem for problem in MailTemplates(tmp_path).lint())


@pytest.mark.parametrize("name", PAGES)
def test_a_sites_report_template_is_bounded_F_T18(
    tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sandbox, "STEPS", 50_000)
    (tmp_path / "report").mkdir()
    (tmp_path / "report" / "own.txt.j2").write_text(PAGES[name].replace("NAME", "own.txt.j2"))
    assert any("own.txt.j2" in problem for problem in reports.lint(tmp_path))


@pytest.mark.parametrize("name", BOMBS | PAGES)
def test_a_canned_reply_allows_only_names_and_conditions_F_T18(name: str) -> None:
    with pytest.raises(BadInput):
        canned.check(Canned(name="x", text=(BOMBS | PAGES)[name]))


def test_a_canned_reply_may_use_names_filters_and_conditions() -> None:
    source = (
        "Hello {{ customer_name|default('you', true)|title }}, {% if ticket > 3 and tag %}{{ tag }}"
        "{% else %}no tag{% endif %} {{ 'x' if not tag else desk_name|upper }}"
    )
    canned.check(Canned(name="x", text=source))
