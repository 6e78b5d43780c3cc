"""What holds for every text, hostile ones included (I2, I10, I11)."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.trim.trim import MAX_TEXT, trim

LINES = st.one_of(
    st.sampled_from(
        [
            "",
            " ",
            "text",
            "Yes, on Monday:",
            "> quote",
            ">> deeper quote that is rather long and goes on and on until it is wrapped somewhere",
            "lower case rest",
            "--",
            "-- ",
            "----",
            "____",
            "```",
            "On 3 May 2026 10:00, Ana <a@b.example> wrote:",
            "On 3 May 2026 10:00, Ana <",
            "a@b.example> wrote:",
            "Ana wrote:",
            "-----Original Message-----",
            "---------- Forwarded message ---------",
            "From: Ana",
            "Sent: Monday",
            "To: Carl",
            "Subject: Printer",
            "12.9.2024 8:15 Ana <a@b.example> rašė:",
            "Nuo: Ana <a@b.example>",
            "Išsiųsta: 12.9.2024 8:15",
            "Tema: Spausdintuvas",
            "Sent from my iPhone",
            "reply above this line",
            "the parent said this at some length",
            "and it said some more",
        ]
    ),
    st.text(alphabet=st.characters(exclude_characters="\n"), max_size=30),
)
TEXTS = st.lists(LINES, max_size=25).map("\n".join)
MARKERS = ("reply above this line",)
PARENT = ("the parent said this at some length\nand it said some more",)


def is_subsequence(few: list[str], many: list[str]) -> bool:
    rest = iter(many)
    return all(line in rest for line in few)


@settings(max_examples=100, deadline=None)
@given(TEXTS)
def test_trimming_again_changes_nothing_I10(text: str) -> None:
    once = trim(text, sent=PARENT, markers=MARKERS).text
    assert trim(once, sent=PARENT, markers=MARKERS).text == once


@settings(max_examples=100, deadline=None)
@given(TEXTS)
def test_kept_lines_are_lines_of_the_text_in_order_I10(text: str) -> None:
    kept = trim(text, sent=PARENT, markers=MARKERS).text
    assert is_subsequence(kept.split("\n"), text.split("\n"))


@settings(max_examples=100, deadline=None)
@given(TEXTS)
def test_something_is_always_left_I2(text: str) -> None:
    assert bool(trim(text, sent=PARENT, markers=MARKERS).text) == bool(text)


@pytest.mark.parametrize(
    "text",
    [
        ">" * 1_000_000,
        ">\n" * 500_000,
        "On " * 300_000,
        "On a b\n" * 100_000,
        "On 1/1/2026 a wrote:\n" * 50_000,
        "12.9.2024 8:15 a <a@b.example> x:\n\nb\n\n" * 25_000,
        "a: b <c@d.example>\nb: 12.9.2024 8:15\nc: d\n\n" * 20_000,
        "a: b\n" * 200_000,
        "-" * 1_000_000,
        "--\n" * 300_000,
        "a\n--\n" * 200_000,
        "\n" * 1_000_000,
        "From: a\n" * 100_000,
        "> q\ntext\n" * 100_000,
        "```\n" * 200_000,
        "a@" * 400_000,
        "(" * 1_000_000 + ":",
    ],
    ids=range(17),
)
def test_hostile_texts_come_to_an_end_I11(text: str) -> None:
    assert trim(text).text


def test_what_comes_after_the_part_that_is_read_is_folded_with_the_quote_I11() -> None:
    quote = "On 3 May 2026 10:00, Ana wrote:\n" + "> quoted line\n" * (MAX_TEXT // 10)
    found = trim(f"It works.\n\n{quote}")
    assert found.text == "It works." and found.elided.count("quoted line") == MAX_TEXT // 10


def test_a_long_text_without_a_quote_is_kept_whole_I11() -> None:
    text = "words and words\n" * (MAX_TEXT // 10) + "end"
    assert trim(text).text == text
