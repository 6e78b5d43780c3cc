"""Normal forms of any text, in time that grows with its length."""

import unicodedata
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.growth import growth
from ticketctl.normal_form import normal_form

MARKS = "\u0301\u0323"  # in the wrong order, so that they must be sorted


@given(st.text(max_size=400))
def test_a_short_text_is_normalized_like_unicodedata(text: str) -> None:
    assert normal_form("NFC", text) == unicodedata.normalize("NFC", text)
    assert normal_form("NFKD", text) == unicodedata.normalize("NFKD", text)


def test_a_long_text_is_normalized_like_unicodedata() -> None:
    text = "Z\u030ce\u0301ro \u1100\u1161\u11a8 e" * 5_000
    assert normal_form("NFC", text) == unicodedata.normalize("NFC", text)


@pytest.mark.parametrize("form", ["NFC", "NFKD"])
def test_many_marks_on_one_letter_take_linear_time(form: Literal["NFC", "NFKD"]) -> None:
    assert growth(lambda size: normal_form(form, "a" + MARKS * size), 40_000) < 8
