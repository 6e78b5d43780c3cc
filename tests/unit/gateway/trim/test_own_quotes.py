"""Text of the author that only looks like a quote stays: tables, logs, indented words, forwarded mails (I6, I9)."""

import pytest

from gateway.parse import html
from gateway.parse.limits import DEFAULT
from gateway.trim.trim import trim

SENT = "Hello Nina,\n\nplease read the meter in the cellar.\n\nBea"
OWN = {
    "table": "| Zähler | Stand |\n|--------|-------|\n| Keller | 4711  |",
    "log": ">>> connexion 10:02\n>>> vanne 3 fermée\n>>> ERREUR 88",
    "quote": "> The seal is broken.\n> Do not open the valve.",
    "deep quote": ">> Uszczelka jest zerwana.\n>> Nie otwierać zaworu.",
}


@pytest.mark.parametrize("own", OWN)
@pytest.mark.parametrize("sent", [[], [SENT]], ids=["first answer", "later"])
def test_what_looks_like_a_quote_but_is_of_no_mail_stays_I9(own: str, sent: list[str]) -> None:
    for text in (
        f"Bonjour,\n\nvoici :\n\n{OWN[own]}",
        f"Bonjour,\nvoici\n{OWN[own]}",
        f"{OWN[own]}\n\nNina",
    ):
        assert trim(text, sent=sent).text == text
        assert trim(f"{text}\n\n-- \nNina Holm", sent=sent).text == text


def test_a_quote_of_our_mail_needs_no_attribution_I9() -> None:
    quote = "\n".join(f"> {line}" for line in SENT.split("\n"))
    wrapped = quote.replace("meter in", "meter\n> in")
    for below in (quote, wrapped):
        assert trim(f"4711.\n\n{below}", sent=[SENT]).text == "4711."
        assert trim(f"{below}\n\n4711.", sent=[SENT]).text == "4711."


def test_a_second_quote_below_an_attributed_one_is_cut_I9() -> None:
    first = "On 3 May 2026 10:00, Bea wrote:\n> The meter?\n\n4711.\n\n"
    assert OWN["quote"] not in trim(first + OWN["quote"]).text


def test_an_indented_paragraph_of_html_stays_I9() -> None:
    source = "<p>På skylten står:</p><blockquote>Öppna inte ventilen.<br>Ring jouren.</blockquote>"
    text, _ = html.to_text(source, DEFAULT)
    assert trim(text, sent=[SENT], html=source).text == text
    assert "Öppna inte ventilen." in text


FORWARDS = {
    "nl": "Begin doorgestuurd bericht:\n\nVan: Bo <bo@x.example>\nOnderwerp: Klep\nDatum: 3 mei 2026",
    "pl": "Początek przekazywanej wiadomości:\n\nOd: Bo <bo@x.example>\nTemat: Zawór\nData: 3 maja 2026",
    "ja": "転送されたメッセージ:\n\n差出人: Bo <bo@x.example>\n件名: バルブ\n日付: 2026年5月3日",
    "is": "Upphaf áframsends skeytis:\n\nFrá: Bo <bo@x.example>\nEfni: Loki\nDagsetning: 3. maí 2026",
}


@pytest.mark.parametrize("language", FORWARDS)
@pytest.mark.parametrize("cite", ["", '<blockquote type="cite">'])
def test_a_mail_forwarded_inside_quote_marks_is_content_I6(language: str, cite: str) -> None:
    mail = f"{FORWARDS[language]}\n\nThe valve costs 40.\n\nOn 1 May 2026, Nina wrote:\n> How much?"
    text = "See below.\n\n" + "\n".join(f"> {line}".rstrip() for line in mail.split("\n"))
    assert trim(text, sent=[SENT], html=cite).text == text
    assert trim(f"{text}\n\nNina", html=cite).text == f"{text}\n\nNina"


def test_a_forwarded_mail_in_an_attributed_quote_is_a_quote_I6() -> None:
    quote = "\n".join(f"> {line}" for line in FORWARDS["nl"].split("\n"))
    text = f"Thanks.\n\nOn 4 May 2026, Bea <bea@x.example> wrote:\n\n{quote}\n> The valve."
    assert trim(text).text == "Thanks."
