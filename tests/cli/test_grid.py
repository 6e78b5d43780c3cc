"""Tables fit the terminal: the subject gets the most room, wide characters count for two."""

from hypothesis import given, settings
from hypothesis import strategies as st
from wcwidth import wcswidth

from ticketctl import text_table

SHARES = st.lists(st.integers(0, 4), min_size=1, max_size=6)


def test_what_fits_is_not_cut() -> None:
    assert text_table.rooms([3, 10, 20], [0, 1, 4], 80) == [3, 10, 20]


def test_width_is_shared_in_proportion() -> None:
    assert text_table.rooms([10, 100, 100], [0, 1, 4], 61) == [10, 15, 36]


def test_a_column_narrower_than_its_share_leaves_the_rest() -> None:
    assert text_table.rooms([10, 100, 15], [0, 1, 4], 60) == [10, 35, 15]


def test_no_column_is_cut_below_its_least_width() -> None:
    assert text_table.rooms([70, 40, 40], [0, 1, 4], 60) == [70, text_table.LEAST, text_table.LEAST]


@settings(max_examples=100)
@given(SHARES, st.data())
def test_rooms_never_grow_and_use_what_there_is(shares: list[int], data: st.DataObject) -> None:
    wanted = [data.draw(st.integers(1, 120)) for _ in shares]
    width = data.draw(st.integers(20, 200))
    given_ = text_table.rooms(wanted, shares, width)
    assert all(got <= want for got, want in zip(given_, wanted, strict=True))
    fixed = sum(want for want, share in zip(wanted, shares, strict=True) if not share)
    least = sum(min(text_table.LEAST, w) for w, share in zip(wanted, shares, strict=True) if share)
    assert sum(given_) <= max(width, fixed + least)


def test_a_cut_counts_columns_not_characters() -> None:
    assert text_table.cut("ご注文の商品", 8) == "ご注文…"
    assert text_table.wide(text_table.cut("ご注文の商品", 8)) <= 8
    assert text_table.cut("short", 8) == "short"


@settings(max_examples=100)
@given(st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=80), st.integers(8, 40))
def test_a_cut_fits(text: str, room: int) -> None:
    assert text_table.wide(text_table.cut(text, room)) <= room or text == text_table.cut(text, room)


def test_long_lines_break_between_words_and_keep_their_marks() -> None:
    assert text_table.wrapped("> one two three", 9) == ["> one two", "> three"]
    assert text_table.wrapped("https://example.org/a-long-address", 9) == [
        "https://example.org/a-long-address"
    ]
    assert text_table.wrapped("ご注文の ご注文の", 9) == ["ご注文の", "ご注文の"]


@settings(max_examples=100)
@given(st.text("ab >\t", max_size=60), st.integers(10, 30))
def test_wrapping_loses_no_word(line: str, width: int) -> None:
    marks = text_table.wrapped(line, width)
    assert "".join(marks).replace(" ", "").replace(">", "").replace("\t", "") == line.replace(
        " ", ""
    ).replace(">", "").replace("\t", "")


def test_the_table_of_an_empty_list_is_its_head() -> None:
    assert text_table.lines([], ["ID", "SUBJECT"], [0, 4], 80)[0].split() == ["ID", "SUBJECT"]


def test_every_character_is_as_wide_as_the_tables_of_wcwidth_say() -> None:
    # The planes between, where nothing is assigned or all is private, by samples.
    numbers = (
        *range(0x80, 0xD800),
        *range(0xE000, 0x34000),
        *range(0xE0000, 0xE0200),
        *range(0x34000, 0x110000, 251),
    )
    signs = [chr(n) for n in numbers]
    assert [sign for sign in signs if text_table.wide(sign) != max(wcswidth(sign), 0)] == []


@settings(max_examples=500)
@given(st.text(max_size=12))
def test_a_text_is_as_wide_as_the_tables_of_wcwidth_say(text: str) -> None:
    assert text_table.wide(text) == (len(text) if text.isascii() else max(wcswidth(text), 0))


def test_columns_are_aligned_below_their_heads_and_rows_end_with_their_text() -> None:
    cells = [["1", "ご注文の商品", "ana"], ["12", "Zażółć gęślą", "jörg 👩‍🚀"], ["3", "", ""]]
    assert text_table.lines(cells, ["ID", "SUBJECT", "OWNER"], [0, 1, 1], None) == [
        "ID  SUBJECT       OWNER",
        "--  ------------  -------",
        "1   ご注文の商品  ana",
        "12  Zażółć gęślą  jörg 👩‍🚀",
        "3",
    ]
    assert text_table.lines([["1", "ana"], ["12", "ben"]], [], [0, 0], None) == [
        "1   ana",
        "12  ben",
    ]
