"""Durations and sizes: what is read, what is printed, what is refused."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ticketctl.domain.base import duration
from ticketctl.errors import BadInput

HUNDRED_YEARS = 36_500 * 86_400


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0", 0),
        ("90s", 90),
        ("1m", 60),
        ("4h", 14400),
        ("14d", 1209600),
        ("2w", 1209600),
        ("1d12h", 129600),
        ("1w1d1h1m1s", 694861),
        ("36500d", HUNDRED_YEARS),
    ],
)
def test_durations_are_read(text: str, seconds: int) -> None:
    assert duration.parse(text) == seconds


@pytest.mark.parametrize(
    "text",
    ["", "4", "h", "-1h", "1.5h", "4 h", "4H", "1h1d", "1h1h", "1y", "1mo", "36501d", "1h ", "٣h"],
)
def test_other_text_is_no_duration(text: str) -> None:
    with pytest.raises(BadInput, match=r"duration|too long"):
        duration.parse(text)


@given(st.integers(0, HUNDRED_YEARS))
@settings(max_examples=100)
def test_a_printed_duration_is_read_as_the_same(seconds: int) -> None:
    assert duration.parse(duration.show(seconds)) == seconds


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0"), (59, "59s"), (60, "1m"), (129_600, "1d12h"), (432_000, "5d")]
)
def test_durations_are_printed_short(seconds: int, text: str) -> None:
    assert duration.show(seconds) == text


@pytest.mark.parametrize(
    ("text", "size"),
    [("50MiB", 52_428_800), ("50 MiB", 52_428_800), ("200KB", 200_000), ("1gib", 2**30), ("7B", 7)],
)
def test_sizes_are_read(text: str, size: int) -> None:
    assert duration.parse_size(text) == size


@pytest.mark.parametrize("text", ["", "50", "50M", "MiB", "-1B", "1.5MiB", "1TiB"])
def test_other_text_is_no_size(text: str) -> None:
    with pytest.raises(BadInput, match="not a size"):
        duration.parse_size(text)


@given(st.integers(0, 10**11))
@settings(max_examples=100)
def test_a_printed_size_is_read_as_the_same(size: int) -> None:
    assert duration.parse_size(duration.show_size(size)) == size
