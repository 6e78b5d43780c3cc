"""Base64 with words below it, or declared over plain words."""

import base64

import pytest

from gateway.parse.base64_text import base64_text
from gateway.parse.parse import parse, part_bytes

TEXTS = [
    "Das Dach ist undicht.",
    "Le toit fuit déjà.",
    "Крыша течёт.",
    "屋根から水が漏れています。",
]
HEAD = b"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n"


@pytest.mark.parametrize(
    "text",
    [*TEXTS, "Danke", "Hola Ida", "ok!", "yes, thanks", "Das Dach\nist undicht\n", "Dana Lind"],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_plain_words_declared_as_base64_stay_H22(text: str, newline: str) -> None:
    found = parse(HEAD + (text + "\n").replace("\n", newline).encode())
    assert found.text == text.strip() and found.defects


@pytest.mark.parametrize("text", [*TEXTS, "Dach", "ok", "a" * 500, "é" * 500])
@pytest.mark.parametrize("width", [76, 60, 20])
def test_real_base64_is_decoded_H22(text: str, width: int) -> None:
    coded = base64.b64encode(text.encode())
    lines = b"\r\n".join(coded[at : at + width] for at in range(0, len(coded), width))
    assert base64_text(lines) == (text.encode(), None)
    assert base64_text(lines.rstrip(b"="))[0] == text.encode()


BELOW = ["Rundbrief", "To leave this list write to us", "-- \nVersand: Liste Dach", "Отписаться"]


@pytest.mark.parametrize("text", [*TEXTS, "Das Dach ist undicht!!"])
@pytest.mark.parametrize("below", BELOW)
@pytest.mark.parametrize("gap", ["\n", "\r\n\r\n", " "])
def test_words_below_base64_are_kept_as_words_H22(text: str, below: str, gap: str) -> None:
    coded = base64.b64encode(text.encode()).decode()
    if gap == " " and not coded.endswith("="):
        gap = "\n"
    assert parse(HEAD + (coded + gap + below).encode()).text == f"{text}\n{below}"


@pytest.mark.parametrize(
    "above", ["Mail from outside!", "-- Externe E-Mail --", "Внешнее письмо, осторожно"]
)
def test_words_above_base64_are_kept_as_words_H22(above: str) -> None:
    text = "Das Dach ist undicht, bitte kommen Sie noch in dieser Woche vorbei."
    coded = base64.encodebytes(text.encode()).decode()
    assert parse(HEAD + f"{above}\n\n{coded}".encode()).text == f"{above}\n{text}"


@pytest.mark.parametrize("charset", ["utf-16", "utf-16be", "ISO-10646-UCS-2"])
@pytest.mark.parametrize("text", ["Крыша", "Крыша течёт", "Στέγη χαλασμένη", "Dach"])
def test_wide_characters_in_base64_are_decoded_H22(charset: str, text: str) -> None:
    codec = "utf-16" if charset == "utf-16" else "utf-16-be"
    head = HEAD.replace(b"utf-8", charset.encode())
    found = parse(head + base64.b64encode(text.encode(codec)))
    assert (found.text, found.parts) == (text, ())


def test_words_below_the_base64_of_a_file_are_not_in_it_H22() -> None:
    content = bytes(range(256)) + b"."
    part = b"--b\nContent-Type: image/png; name=roof.png\nContent-Transfer-Encoding: base64\n\n"
    raw = b"Content-Type: multipart/mixed; boundary=b\n\n" + part + base64.encodebytes(content)
    for below in (b"Rundbrief\n", b"Write to leave this list\n", b""):
        found = parse(raw + below + b"--b--\n")
        assert part_bytes(raw + below + b"--b--\n", found.parts[0].path) == content


def test_blocks_with_padding_of_their_own_are_joined_H22() -> None:
    blocks = [base64.b64encode(word.encode()) for word in ("Крыша ", "всё ещё ", "течёт")]
    assert base64_text(b"\n".join(blocks))[0].decode() == "Крыша всё ещё течёт"
