"""The doors through which text from outside leaves clean hold for any text."""

import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ticketctl import safe

ANY = st.text(alphabet=st.characters(), max_size=60)  # lone surrogates too
SIGNS = "=+-@＝＋－＠﹦﹢﹣﹫"
CELLS = ANY | st.text(alphabet=SIGNS + "; \t\r\n\u3000'1.a", max_size=20)
HOSTILE = "\x00\x07\x1b\x7f\x80\x9b\u061c\u200b\u200d\u200e\u2028\u202e\u2066\ufeff\ud800"


def is_harmless(text: str) -> bool:
    """Does the text have no sign that a terminal may obey or hide?"""
    return all(c in "\t\n" or unicodedata.category(c) not in ("Cc", "Cs", "Zl", "Zp") for c in text)


@settings(max_examples=100)
@given(ANY)
def test_terminal_text_holds_no_control_character_K7(text: str) -> None:
    shown = safe.terminal(text)
    assert is_harmless(shown)
    assert not set(HOSTILE) & set(shown)
    shown.encode()
    assert safe.terminal(shown) == shown


@settings(max_examples=100)
@given(ANY)
def test_one_line_is_one_line(text: str) -> None:
    shown = safe.terminal_line(text)
    assert len(shown.splitlines()) <= 1
    assert is_harmless(shown) and "\t" not in shown


@pytest.mark.parametrize("sign", list(HOSTILE))
def test_a_control_character_is_made_visible_not_dropped_K7(sign: str) -> None:
    point = ord(sign)
    spelt = f"\\x{point:02x}" if point < 0x100 else f"\\u{point:04x}"
    assert safe.terminal(f"a{sign}b") == f"a{spelt}b"


def test_what_a_reader_needs_stays() -> None:
    text = "žluťoučký кот 株式会社 😀 مرحبا\n\tindented"
    assert safe.terminal(text) == text


@settings(max_examples=100)
@given(ANY)
def test_controls_changes_only_control_characters(text: str) -> None:
    shown = safe.controls(text)
    shown.encode()
    if all(unicodedata.category(c) not in ("Cc", "Cs") for c in text):
        assert shown == text
    assert not any(unicodedata.category(c) == "Cc" and c not in "\t\n\r" for c in shown)


@settings(max_examples=100)
@given(CELLS)
def test_no_spreadsheet_cell_begins_a_formula(text: str) -> None:
    cell = safe.spreadsheet(text)
    assert not cell.startswith(("\t", "\r"))
    for piece in re.split(r"[;\t\r\n]", cell):  # wherever a spreadsheet may cut it
        assert cell == "-" or piece.strip()[:1] not in tuple(SIGNS)
    assert cell.replace("'", "") == text.replace("'", "")


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("  @SUM(A1)", "'  @SUM(A1)"),
        ("＝cmd|' /C calc'!A0", "'＝cmd|' /C calc'!A0"),
        ("hello;=1+1; -2+3", "hello;'=1+1;' -2+3"),
        ("two\n+3", "two\n'+3"),
        ("-5", "'-5"),
        ("-", "-"),
        ("-2+3", "'-2+3"),
        ("a=b; c-d", "a=b; c-d"),
    ],
)
def test_a_formula_is_disarmed_wherever_a_cell_may_begin(text: str, cell: str) -> None:
    assert safe.spreadsheet(text) == cell
    assert safe.csv_cell(text) == cell
    assert safe.tsv_cell("=1\t=2") == "'=1\\t=2"


@settings(max_examples=100)
@given(ANY)
def test_a_file_name_has_no_path_and_fits_J2(text: str) -> None:
    name = safe.filename(text)
    assert name not in ("", ".", "..")
    assert not set('/\\<>:"|?*\0\n') & set(name)
    assert len(name.encode()) <= 255
    assert is_harmless(name)
    assert safe.filename(name) == name


@pytest.mark.parametrize(
    ("given_", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Temp\\a.pdf", "a.pdf"),
        ("con.txt", "_con.txt"),
        ("  .hidden. ", "hidden"),
        ("a\u202egnp.exe", "a_gnp.exe"),
        ("...", "file"),
        ("x" * 300 + ".pdf", "x" * 196 + ".pdf"),
    ],
)
def test_hostile_file_names_J2(given_: str, kept: str) -> None:
    assert safe.filename(given_) == kept


@settings(max_examples=100)
@given(st.text(max_size=60))
def test_escaped_json_means_the_same(text: str) -> None:
    import json

    document = json.dumps({"a": text}, ensure_ascii=False)
    escaped = safe.json_escaped(document)
    assert json.loads(escaped) == {"a": text}
    assert not set(HOSTILE) & set(escaped)


@settings(max_examples=300)
@given(
    st.lists(
        st.one_of(CELLS, ANY, st.sampled_from(["-", "Zoë", "a; b", "x\\y", "\xa0=1", "a;\u2003-1"]))
    )
)
def test_many_cells_are_those_of_one_by_one(texts: list[str]) -> None:
    assert safe.csv_cells(texts) == [safe.csv_cell(text) for text in texts]
    assert safe.tsv_cells(texts) == [safe.tsv_cell(text) for text in texts]


def test_no_character_that_is_made_visible_is_printable() -> None:
    for letter in filter(str.isprintable, map(chr, range(0x110000))):
        assert not re.match(safe._HOSTILE, letter)
        assert not re.match(safe._CONTROLS, letter)
