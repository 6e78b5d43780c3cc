"""HTML mail shows the words that a browser shows (H10)."""

import pytest

from gateway.parse import html
from gateway.parse.limits import DEFAULT
from gateway.parse.parse import parse


def text_of(source: str) -> str:
    text, defect = html.to_text(f"<html><body>{source}</body></html>", DEFAULT)
    assert defect is None
    return text


@pytest.mark.parametrize(
    "hidden",
    [
        'style="display:none"',
        'style="display:none !important;display:block"',
        'style="font-size:0px"',
        'style="font: 0/0 a"',
        'style="FONT-SIZE: 0.0em !important"',
        'style="visibility:hidden"',
        'style="opacity:0"',
        'style="max-height:0;overflow:hidden"',
        'style="width:0; overflow: hidden"',
        "hidden",
    ],
)
def test_what_a_browser_hides_is_dropped_H10(hidden: str) -> None:
    secret = "Look<b>inside</b><i style='font-size:2em'>now</i>"
    assert text_of(f"<div {hidden}>{secret}</div><p>Hello</p>") == "Hello"


@pytest.mark.parametrize(
    "style",
    [
        "mso-hide:all",
        "display:none;display:block",
        "display:block !important;display:none",
        "max-height:0",
        "opacity:0.9",
        "font-size:0.9em",
        "font:bold 0.9em/1 Arial",
        "line-height:0;letter-spacing:0",
        "font-size:",
    ],
)
def test_what_a_browser_shows_is_kept_H10(style: str) -> None:
    assert text_of(f'<p>Hello</p><p style="{style}">again</p>') == "Hello\n\nagain"


@pytest.mark.parametrize(
    ("outer", "inner"),
    [
        ("font-size:0", "font-size:14px"),
        ("font-size:0", "font-size:small"),
        ("font-size:0", "font:italic 700 1rem/1.4 Georgia"),
        ("visibility:hidden", "visibility:visible"),
    ],
)
@pytest.mark.parametrize("words", ["Le robinet fuit.", "Kran przecieka.", "水栓が漏れています。"])
def test_an_element_may_override_what_it_inherits_H10(outer: str, inner: str, words: str) -> None:
    source = (
        f'<td style="{outer}">no <div>no</div><div style="{inner}">{words}<b> !</b></div> no</td>'
    )
    assert text_of(f"<table><tr>{source}</tr></table>") == f"{words} !"


def test_a_font_element_sets_a_size_H10() -> None:
    assert text_of('<div style="font-size:0">no<font size="2">Hej</font></div>') == "Hej"


def test_a_hidden_link_does_not_take_the_address_of_a_visible_one_H10() -> None:
    link = '<a href="https://x.example/pay">Pay</a>'
    found = text_of(f'<div style="display:none">{link}</div><p>{link}</p>')
    assert found == "Pay (https://x.example/pay)"


@pytest.mark.parametrize("style", ["display:none", "font-size:0", "opacity:0", "visibility:hidden"])
@pytest.mark.parametrize("beside", ["", "<img src=x alt=Logo>", "<p>---</p>"])
def test_hiding_never_leaves_a_mail_without_words_H10(style: str, beside: str) -> None:
    found = text_of(f'<div style="{style}">Die Heizung ist kalt.</div>{beside}')
    assert "Die Heizung ist kalt." in found.split("\n")


def test_html_of_columns_beside_a_stub_is_shown_H9() -> None:
    column = '<td style="font-size:0px"><div style="font-size:16px">{}</div></td>'
    words = "La commande est arrivée sans le câble " * 4
    mail = (
        "Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain\n\nCommande\n"
        "--b\nContent-Type: text/html; charset=utf-8\n\n<table><tr>"
        f"{column.format(words)}</tr></table>\n--b--\n"
    )
    assert parse(mail.encode()).text == words.strip()
