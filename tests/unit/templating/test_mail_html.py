"""The HTML of every mail in every language: readable in light and dark, on a phone, by ear, without a style sheet."""

from collections.abc import Callable
from functools import cache, partial
from itertools import chain
from pathlib import Path

import pytest

from tests.support.mail_page import CLIPPED, LEAST_CONTRAST, PAGE, PHONE, MailPage, declared
from tests.support.sources import ROOT
from ticketctl.domain.rules import survey
from ticketctl.templating.direction import direction
from ticketctl.templating.render import KINDS, MailTemplates
from ticketctl.templating.samples import samples

TEMPLATES = MailTemplates()
LANGUAGES = TEMPLATES.languages
MARGIN = 16  # CSS pixels at each side


def page(kind: str, language: str = "en", **data: object) -> MailPage:
    html = TEMPLATES.render(kind, language, samples(kind)[0] | data).html
    assert html is not None
    return MailPage(html)


def linked() -> MailPage:
    text = "See https://help.example/a, or write to ana@help.example."
    return page("reply", text=text, quote=samples("reply")[1]["quote"])


def pages() -> dict[str, Callable[[], MailPage]]:
    """The HTML of every kind of mail, language and sample, each made when it is asked for."""
    kinds = [one for one in KINDS if (ROOT / f"templates/mail/en/{one}.html.j2").exists()]
    made: dict[str, Callable[[], MailPage]] = {
        f"{kind}-{language}-{n}": partial(page, kind, language, **sample)
        for kind in kinds
        for language in LANGUAGES
        for n, sample in enumerate(samples(kind))
    }
    made["reply-links"] = linked
    made["survey-nps"] = lambda: page("survey", grades=grades("0-10"))
    return {name: cache(make) for name, make in made.items()}


def grades(scale: str) -> list[dict[str, object]]:
    link = "mailto:support%2Bs12.{}.abcdefghijklmnop@help.example?subject=x&body={}"
    return [{"grade": one, "link": link.format(one, one)} for one in survey.grades(scale)]


PAGES = pages()
every = pytest.mark.parametrize("shown", PAGES, indirect=True)


@pytest.fixture
def shown(request: pytest.FixtureRequest) -> MailPage:
    """The page of this name."""
    return PAGES[request.param]()


@every
def test_a_mail_has_a_title_a_language_and_a_direction(shown: MailPage) -> None:
    assert (shown.tree.findtext(".//title") or "").strip()
    for one in (shown.tree, shown.tree.body[0]):  # web mail keeps no <html>
        assert one.get("lang") in LANGUAGES and one.get("dir") == "ltr"
    assert "width=device-width" in shown.meta("viewport")
    assert shown.meta("color-scheme") == shown.meta("supported-color-schemes") == "light dark"


@every
def test_every_colour_comes_with_its_background(shown: MailPage) -> None:
    assert shown.half_painted() == []
    assert shown.left_light() == []
    assert {"color", "background-color"} <= declared(shown.tree.body.get("style", "")).keys()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@every
def test_words_stand_out_in_light_and_dark(shown: MailPage, scheme: str) -> None:
    words = list(shown.painted(scheme))
    assert words and [one for one in words if one.contrast < LEAST_CONTRAST] == []


def test_dark_is_dark_and_light_is_light() -> None:
    shown = page("reply")
    light, dark = (next(shown.painted(one)) for one in ("light", "dark"))
    assert (light.paper, dark.ink) > (light.ink, dark.paper)


@every
def test_a_mail_fits_a_phone_and_is_no_wider_than_a_page(shown: MailPage) -> None:
    assert shown.wide(PHONE - 2 * MARGIN) == []
    style = declared(shown.tree.body[0].get("style", ""))
    assert style["max-width"] == f"{PAGE}px"
    assert style["overflow-wrap"] == "anywhere" and style["word-break"] == "break-word"
    assert "nowrap" not in shown.source


@every
def test_tables_of_a_mail_are_for_layout(shown: MailPage) -> None:
    assert shown.tables_of_no_kind() == []


@every
def test_a_mail_is_short_enough_to_be_shown_whole(shown: MailPage) -> None:
    assert len(shown.source.encode()) < CLIPPED // 10


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("scale", "rows"), [("1-5", [5]), ("0-10", [6, 5])])
def test_a_scale_has_even_rows_of_links_for_thumbs_F_C11(
    scale: str, rows: list[int], language: str
) -> None:
    shown = page("survey", language, grades=grades(scale), unsubscribe="")
    tables = list(shown.tree.iter("table"))
    assert [len(list(one.iter("a"))) for one in tables] == rows
    for link in shown.tree.iter("a"):
        style = declared(link.get("style", ""))
        assert style["display"] == "block"
        assert (style["min-width"], style["line-height"]) == ("44px", "44px")
    assert shown.links() == [(str(one["link"]), str(one["grade"])) for one in grades(scale)]
    assert f"{scale.partition('-')[0]} = " in shown.tree.text_content()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_survey_says_where_to_unsubscribe_L7(language: str) -> None:
    address = "support+us12.abcdefghijklmnop@help.example"
    link, words = page("survey", language, grades=grades("1-5")).links()[-1]
    assert (link, len(words) > 3) == (f"mailto:{address}?subject=unsubscribe", True)
    long_name = samples("survey")[0] | {"unsubscribe": ""}
    texts = [
        MailTemplates().render("survey", language, values).text
        for values in (samples("survey")[0], long_name)
    ]
    assert [text.count(address) for text in texts] == [1, 0]
    assert all("\n\n\n" not in text for text in texts)


@pytest.mark.parametrize("language", LANGUAGES)
def test_links_are_in_the_agents_words_and_not_in_quoted_ones_K5(language: str) -> None:
    text = "See https://help.example/a?x=1&y=2."
    quote = samples("reply")[1]["quote"] | {"text": "https://evil.example/"}  # type: ignore[operator]
    shown = page("reply", language, text=text, quote=quote)
    assert shown.links() == [("https://help.example/a?x=1&y=2",) * 2]
    assert "https://evil.example/" in shown.tree.text_content()
    rendered = MailTemplates().render("reply", language, samples("reply")[0] | {"text": text})
    assert text in rendered.text


@pytest.mark.parametrize("kind", ["ack", "reply", "resolution", "survey"])
def test_words_keep_their_own_direction(kind: str) -> None:
    arabic = "الطابعة لا تعمل"
    shown = page(kind, ticket_subject=arabic, text=arabic)
    around = [one for one in shown.elements if one.text == arabic and one.tag != "title"]
    assert around and all(one.get("dir") == "auto" for one in around)


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("ar", "rtl"), ("he", "rtl"), ("fa-ir", "rtl"), ("az-arab", "rtl"), ("yi", "rtl"),
        ("en", "ltr"), ("cs", "ltr"), ("zh-hant", "ltr"), ("ur-latn", "ltr"), ("pt-br", "ltr"),
    ],
)  # fmt: skip
def test_a_language_has_its_direction(language: str, written: str) -> None:
    assert direction(language) == written


def test_a_language_of_the_site_has_its_direction_in_our_frame(tmp_path: Path) -> None:
    folder = tmp_path / "mail" / "he"
    folder.mkdir(parents=True)
    (folder / "ack.txt.j2").write_text("שלום", "utf-8")
    own = '{% extends "layout.html.j2" %}{% block content %}<p>שלום</p>{% endblock %}'
    (folder / "ack.html.j2").write_text(own, "utf-8")
    html = MailTemplates(tmp_path).render("ack", "he", samples("ack")[0]).html
    assert html is not None
    tree = MailPage(html).tree
    assert {(one.get("lang"), one.get("dir")) for one in chain([tree], tree.body)} == {
        ("he", "rtl")
    }
