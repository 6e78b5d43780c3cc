"""Templates: every mail of every language can be filled in, and nothing filled in is read as a template."""

import os
from pathlib import Path

import pytest

from ticketctl.errors import BadInput, NotFound, Refused
from ticketctl.templating import render, rich_text
from ticketctl.templating.render import CHANNEL_KINDS, KINDS, MailTemplates, UserTemplate
from ticketctl.templating.samples import samples

LANGUAGES = ("cs", "en", "es")


def site_with(tmp_path: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        file = tmp_path / "mail" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return tmp_path


def test_every_kind_of_every_language_renders_with_sample_data_L15() -> None:
    assert render.lint() == []
    assert MailTemplates().languages == LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_mail_is_rendered_in_the_requested_language(kind: str, language: str) -> None:
    for sample in samples(kind):
        mail = MailTemplates().render(kind, language, sample)
        assert mail.language == language
        assert mail.text.strip() and mail.subject
        assert (mail.html is not None) == (kind in ("ack", "reply", "resolution", "survey"))
        assert "\n\n\n" not in mail.text


@pytest.mark.parametrize("kind", KINDS)
def test_the_languages_differ(kind: str) -> None:
    texts = {MailTemplates().render(kind, one, samples(kind)[0]).text for one in LANGUAGES}
    assert len(texts) == 3 or kind == "reply"  # a reply is the agent's own words


def test_the_acknowledgement_names_the_number() -> None:
    for language in LANGUAGES:
        mail = MailTemplates().render("ack", language, samples("ack")[0])
        assert "12" in mail.text and mail.html is not None and "12" in mail.html


def test_html_loads_nothing_from_elsewhere() -> None:
    for kind in ("ack", "reply", "resolution", "survey"):
        html = MailTemplates().render(kind, "en", samples(kind)[-1]).html or ""
        assert not any(word in html for word in ("http", "src=", "url(", "<link", "<script"))


def test_text_of_a_mail_is_never_read_as_a_template_K8() -> None:
    evil = "{{ 7 * 7 }} {% for x in y %} {{ ticket.__class__ }} <b>bold</b>"
    mail = MailTemplates().render("reply", "en", samples("reply")[0] | {"text": evil})
    assert evil in mail.text
    assert mail.html is not None
    assert "{{ 7 * 7 }}" in mail.html and "<b>" not in mail.html


def test_a_missing_variable_is_an_error_that_names_it() -> None:
    data = {name: value for name, value in samples("ack")[0].items() if name != "received_at"}
    with pytest.raises(Refused, match="received_at"):
        MailTemplates().render("ack", "en", data)


def test_lint_finds_the_variable_that_is_not_there(tmp_path: Path) -> None:
    site = site_with(tmp_path, {"es/ack.txt.j2": "{{ nombre }}"})
    assert any("mail/es" in line and "nombre" in line for line in render.lint(site))


def test_lint_names_the_kinds_a_new_language_lacks(tmp_path: Path) -> None:
    site = site_with(tmp_path, {"fr/ack.txt.j2": "Bonjour", "fr/ack.subject.j2": "{{ subject }}"})
    problems = render.lint(site)
    assert "mail/fr: there is no reply.txt.j2" in problems
    assert "mail/fr: there is no ack.txt.j2" not in problems


@pytest.mark.parametrize(
    ("asked", "desk", "used"),
    [
        ("es", "en", "es"),
        ("es-MX", "en", "es"),
        ("CS_cz", "en", "cs"),
        ("fr", "cs", "cs"),
        ("fr", "fr", "en"),
        ("", "es", "es"),
        ("../../../etc", "cs", "cs"),
        ("en/../es", "cs", "cs"),
    ],
)
def test_language_falls_back_to_the_desks_and_then_to_english_L15(
    asked: str, desk: str, used: str
) -> None:
    assert MailTemplates(language=desk).render("ack", asked, samples("ack")[0]).language == used


def test_the_sites_template_wins_over_ours(tmp_path: Path) -> None:
    site = site_with(tmp_path, {"es/ack.txt.j2": "De la casa: {{ ticket }}"})
    ours = MailTemplates().render("ack", "es", samples("ack")[0])
    theirs = MailTemplates(site).render("ack", "es", samples("ack")[0])
    assert theirs.text == "De la casa: 12"
    assert theirs.subject == ours.subject
    assert theirs.html is None  # ours would say something else than the site's text


def test_a_language_of_the_site_has_its_own_marker(tmp_path: Path) -> None:
    site = site_with(tmp_path, {"de/marker.txt.j2": "-- Bitte oberhalb antworten --\n"})
    assert "-- Bitte oberhalb antworten --" in render.markers(site)


def test_markers_stand_where_the_old_text_begins_I7() -> None:
    lines = render.markers()
    assert len(lines) == 3
    for language in LANGUAGES:
        notification = MailTemplates().render("notification", language, samples("notification")[0])
        assert notification.text.splitlines()[0] in lines
        reply = MailTemplates().render("reply", language, samples("reply")[1])
        assert sum(line in lines for line in reply.text.splitlines()) == 1
        assert reply.text.index("Please switch") < min(
            reply.text.index(line) for line in lines if line in reply.text
        )


def test_a_reply_is_signed_with_the_public_name() -> None:
    mail = MailTemplates().render("reply", "en", samples("reply")[0])
    assert mail.text.endswith("\n-- \nAna, Help desk\n")


def test_a_signature_mark_inside_the_text_does_not_cut_it() -> None:
    text = "Run this:\n-- \nand then\n--\nthis.\n--flag stays\n- - too"
    shown = render.body(text)
    assert "--" not in [line.rstrip() for line in shown.split("\n")]
    assert shown.replace("\u200b", "") == text
    mail = MailTemplates().render("reply", "en", samples("reply")[0] | {"text": text})
    assert [line.rstrip() for line in mail.text.split("\n")].count("--") == 1


def test_quoting_marks_every_line() -> None:
    assert render.quoted("a\r\n\n> b\n") == "> a\n>\n>> b"


def test_paragraphs_keep_lines_and_escape() -> None:
    html = rich_text.paragraphs("a <b>\nc\n\nd & e")
    assert html.count("<p ") == 2
    assert "a &lt;b&gt;<br>\nc</p>" in html and "d &amp; e" in html


def test_times_are_shown_in_the_desks_zone() -> None:
    text = MailTemplates().render("ack", "en", samples("ack")[0]).text
    assert "2026-03-09 09:10 CET" in text


def test_the_dossier_says_how_much_it_leaves_out_F_A30() -> None:
    some, none = samples("escalation")
    assert "30 earlier messages not shown" in MailTemplates().render("escalation", "en", some).text
    assert "earlier messages not shown" not in MailTemplates().render("escalation", "en", none).text


def test_a_kind_without_template_is_not_found() -> None:
    with pytest.raises(NotFound, match="'telegram'"):
        MailTemplates().render("telegram", "en", {})


def test_a_changed_template_is_noticed_within_a_second(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    second = 1
    monkeypatch.setattr(render, "_second", lambda: second)
    site = site_with(tmp_path, {"es/ack.txt.j2": "one", "es/ack.subject.j2": "s"})
    templates = MailTemplates(site)

    def text() -> str:
        mail = templates.render("ack", "es", samples("ack")[0])
        assert (mail.html is None) == (mail.text in ("one", "two"))
        return mail.text

    assert text() == text() == "one"
    site_with(tmp_path, {"es/ack.txt.j2": "two"})
    os.utime(site / "mail/es/ack.txt.j2", (0, 0))
    assert text() == "one"
    second = 2
    assert text() == "two"
    (site / "mail/es/ack.txt.j2").unlink()
    second = 3
    assert "Hola" in text()


def test_a_file_is_compiled_anew_only_when_its_source_has_changed(tmp_path: Path) -> None:
    for said in ("one", "two", "one"):
        site = site_with(tmp_path, {"es/ack.txt.j2": said, "es/ack.subject.j2": "s"})
        rendered = [MailTemplates(site).render("ack", "es", samples("ack")[0]) for _ in range(2)]
        assert [mail.text for mail in rendered] == [said, said]


def test_a_users_template_takes_filters_and_data() -> None:
    template = UserTemplate("{{ id }} {{ subject | short }}", {"short": lambda text: text[:3]})
    assert template.render({"id": 3, "subject": "{{ evil }}"}) == "3 {{ "


@pytest.mark.parametrize(
    "source",
    ["{{ nothing }}", "{{ ''.__class__.__mro__ }}", "{{ 1 / 0 }}", "{{ id.append(1) }}"],
)
def test_a_users_template_may_not_do_what_it_likes(source: str) -> None:
    with pytest.raises(BadInput, match=r"cannot be (read|filled in)"):
        UserTemplate(source, {}).render({"id": [1]})


def test_a_users_template_that_is_none_is_bad_input() -> None:
    with pytest.raises(BadInput, match="cannot be read"):
        UserTemplate("{% if %}", {})


def test_templates_are_found_from_any_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert render.templates().is_absolute()
    assert (render.templates() / "mail" / "en" / "ack.txt.j2").is_file()


@pytest.mark.parametrize("kind", CHANNEL_KINDS)
def test_what_is_said_on_other_channels_is_in_every_language_and_speaks_of_no_mail_F_L7(
    kind: str,
) -> None:
    said = {
        MailTemplates().channel_text(kind, language, sample)
        for language in LANGUAGES
        for sample in samples(kind)
    }
    assert {language for _, language in said} == set(LANGUAGES)
    assert not any("mail" in text or "correo" in text or "Asunto" in text for text, _ in said)
    assert MailTemplates().channel_text(kind, "xx", samples(kind)[0])[1] == "en"
