"""The body of a mail of text alone: what a mail program reads is what was written, in 7-bit lines (L10)."""

from email import message_from_bytes, policy
from email.message import EmailMessage, MIMEPart

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.send import parts
from ticketctl.templating.render import MailText

ID = "<t1.1.aaaaaaaaaaaaaaaa@help.example>"
FILE = b"\x00\x01"
FILES = [{"name": "a.bin", "type": "application/octet-stream", "sha256": "0"}]
TEXTS = {
    "english": "Hello,\n\nit prints.\n-- \nAna\n",
    "czech": "Dobrý den,\n\nuž to tiskne. Příliš žluťoučký kůň.\n" * 9,
    "japanese": "こんにちは。\nプリンターは直りました。\n" * 9,
    "greek and a long line": "Γειά σου " * 60 + "\n",
    "one long line": "x" * 3000,
    "dots and From": ".\n..\nFrom here\n=20\n",
    "blanks at the end": "a \nb\t\n \n",
    "nothing": "",
    "no line end": "a",
}


def read(content: bytes) -> EmailMessage:
    mail = message_from_bytes(b"Subject: x\r\n" + content, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    return mail


def build(text: str, html: str | None = None) -> bytes:
    return parts.build(MailText("x", text, html, "en"), (), lambda sha256: FILE, ID)


def lines(text: str) -> list[str]:
    """The text's lines; how many empty ones end it does not matter."""
    return "\n".join(text.encode().decode().splitlines()).rstrip("\n").split("\n")


def content(part: MIMEPart | None) -> str:
    assert part is not None
    found: str = part.get_content()
    return found


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
@pytest.mark.parametrize("html", [None, *TEXTS.values()], ids=["no html", *TEXTS.keys()])
def test_texts_are_read_as_they_were_written_L10(text: str, html: str | None) -> None:
    raw = build(text, html)
    mail = read(raw)
    assert not mail.defects
    assert lines(content(mail.get_body(("plain",)))) == lines(text)
    if html is not None:
        assert mail.get_content_type() == "multipart/alternative"
        assert lines(content(mail.get_body(("html",)))) == lines(html)
    assert raw.isascii() and max(map(len, raw.splitlines())) <= 78
    assert raw.count(b"\n") == raw.count(b"\r\n") == raw.count(b"\r")


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_a_mail_with_files_has_the_same_texts_L10(text: str) -> None:
    with_files = read(parts.build(MailText("x", text, text, "en"), FILES, lambda sha256: FILE, ID))
    plain = read(build(text, text))
    for kind in ("plain", "html"):
        both = [lines(content(mail.get_body((kind,)))) for mail in (plain, with_files)]
        assert both[0] == both[1]


LETTERS = st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"])


@given(st.lists(st.text(LETTERS, max_size=120), max_size=30).map("\n".join))
@settings(max_examples=100, deadline=None)
def test_any_text_is_read_as_it_was_written_L10(text: str) -> None:
    raw = build(text, text)
    mail = read(raw)
    for kind in ("plain", "html"):
        assert lines(content(mail.get_body((kind,)))) == lines(text)
    assert raw.isascii() and max(map(len, raw.splitlines())) <= 78
