"""Trimming takes steps in proportion to the lines of a mail (I11). Steps are counted; no clock."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import gateway.trim
from gateway.trim.trim import trim
from tests.support.steps import steps

FOLDER = Path(gateway.trim.__file__).parent
LINES = 60
GROWTH = 4
SLACK = 1.75
"""Linear work grows by GROWTH (a little more where a longer mail needs more rounds), quadratic by its square."""

CONSTANT = 2_000
"""Steps that may come with the first mail of a size, such as limits that a short mail does not reach."""

MARKER = "reply above this line"
SENT = ("the parent said this at some length\nand it said some more",)
DEVICE = "Poslano s iPhonea"
QUOTE = "> a quoted line that is rather long and goes on and on until it is wrapped somewhere"
PIECES = [
    *("", " ", "text", "Text, of a customer:", "> q", ">> q", ">" * 40 + " q", QUOTE, "lower case rest", "Rest"),
    *("--", "-- ", "----", "____", "=====", "```", "| a | b |", "Anna Grain", "Tel. 020 7946 0000"),
    *("On 3 May 2026 10:00, Ana <a@b.example> wrote:", "On 3 May 2026 10:00, Ana <", "a@b.example> wrote:"),
    *("Ana wrote:", "12.9.2024 8:15 Ana <a@b.example> rašė:", "12.9.2024 8:15, Ana rašė:", "On 1/1/2026 a"),
    *("Ana Roe schrieb am 3.5.2026 um 10:00:", "    indented", ">>> Ana 3.5.2026 10:00 >>>", "> 3.5.2026 10:00"),
    *("-----Original Message-----", "---------- Forwarded message ---------", "Begin forwarded message:"),
    *("From: Ana", "Sent: Monday", "To: Carl", "Subject: Printer", "> Od: Ana <a@b.example>", "a: b", "A:\tb"),
    *("Nuo: Ana <a@b.example>", "Išsiųsta: 12.9.2024 8:15", "Tema: x", "Ana <a@b.example>", "12.9.2024 8:15"),
    *("---- Izvorna poruka ----Od: Ana <a@b.example> Datum: 12.9.2024 8:15", "Message of 12.9.2024 8:15"),
    *("Sent from my iPhone", DEVICE, "Novi Galaxy", "Preuzmite Outlook<https://a.example>", MARKER),
    *SENT[0].split("\n"),
    *("long " * 60, "word" * 200, "a@" * 150, "(" * 300),
]  # fmt: skip


def work(unit: list[str], times: int) -> int:
    """Return the steps of trimming a mail that repeats these lines."""
    text = "\n".join(unit * times)
    return steps(FOLDER, lambda: trim(text, sent=SENT, markers=(MARKER,), html="<p>"))


def assert_linear(unit: list[str]) -> None:
    times = max(1, LINES // len(unit))
    assert work(unit, GROWTH * times) <= SLACK * GROWTH * work(unit, times) + CONSTANT


@pytest.mark.parametrize("piece", PIECES)
@pytest.mark.parametrize("parts", [[], [""], ["", "> q", ""]], ids=["alone", "empty", "quote"])
def test_a_line_that_is_repeated_costs_the_same_each_time_I11(piece: str, parts: list[str]) -> None:
    assert_linear([piece, *parts])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(PIECES), min_size=2, max_size=6))
def test_lines_that_are_repeated_cost_the_same_each_time_I11(unit: list[str]) -> None:
    assert_linear(unit)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=3))
def test_longer_lines_cost_no_more_steps_I11(unit: list[str]) -> None:
    longer = [line + " x" * 20_000 for line in unit]
    assert work(longer, 1) <= work(unit, 1) + CONSTANT


def test_a_step_counter_that_counts_can_fail() -> None:
    """Comparing each line with each other is quadratic, and counted as such."""
    few, many = (steps(FOLDER, lambda n=n: _pairs(n)) for n in (LINES, GROWTH * LINES))
    assert few == many == 0
    few, many = (
        steps(Path(__file__).parent, lambda n=n: _pairs(n)) for n in (LINES, GROWTH * LINES)
    )
    assert many > SLACK * GROWTH * few + CONSTANT


def _pairs(count: int) -> int:
    return sum(1 for one in range(count) for other in range(count) if one < other)
