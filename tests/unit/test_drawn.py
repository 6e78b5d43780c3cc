"""Text for the screen of `ticketctl ui`: clean, of a sure width, folded into its pane."""

import pytest

from ticketctl.text_table import pointed, wide
from ticketctl.ui.panes.drawn import clean, drawn, folded

RED, PLAIN = "\x1b[31m", "\x1b[0m"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("a\tb", "a       b"),
        ("❤️ x", "❤  x"),
        ("1️⃣", "1 \u20e3"),
        ("👍🏽", "👍"),
        ("Straßen\xadbahn", "Straßenbahn"),
        ("\ue000", "\ufffd"),
        ("\x1b[2J", "\\x1b[2J"),
        ("\u202e", "\\u202e"),
        ("請求書", "請求書"),
        (f"{RED}x\u2066{PLAIN}", f"{RED}x\\u2066{PLAIN}"),
    ],
)
def test_what_terminals_draw_differently_or_obey_is_replaced(text: str, shown: str) -> None:
    assert clean(text) == shown
    assert clean(shown) == shown


def test_colours_of_commands_become_styles() -> None:
    line = drawn(f"{RED}late{PLAIN} [bold]no markup[/]")
    assert line.plain == "late [bold]no markup[/]"
    assert [(span.start, span.end) for span in line.spans] == [(0, 4)]


@pytest.mark.parametrize("text", ["x" * 55, "  " + "é" * 50, "請" * 30, f"{RED}{'y' * 50}{PLAIN}"])
def test_a_word_longer_than_a_line_is_broken(text: str) -> None:
    lines = folded(text, 20)
    assert all(wide(drawn(line).plain) <= 20 for line in lines)
    assert "".join(drawn(line).plain.strip() for line in lines) == drawn(text).plain.strip()
    if RED in text:
        assert all(RED in line for line in lines)


@pytest.mark.parametrize("before", ["", "tag:a ", "subject:請求書 ", "word " * 30])
def test_carets_stand_below_what_they_point_to(before: str) -> None:
    query = f"  {before}stats:new and more words after it to fill the line"
    at = query.index("stats")
    line, carets = pointed(query, " " * at + "^" * 5, 60)
    assert wide(line) <= 60
    column = carets.index("^")
    front = next(n for n in range(len(line)) if wide(line[:n]) == column)
    assert line[front : front + carets.count("^")] == "stats"
