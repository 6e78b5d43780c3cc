"""The one way of text to the screen: colours of commands are kept, nothing else may reach the terminal as a control.

Terminals disagree about the width of some signs. These are replaced by what all draw alike: a sign that is wider than
expected would push the rest of its row into the next pane.
"""

import re
from collections.abc import Iterator

from rich.cells import cell_len
from rich.text import Text

from ticketctl.console.streams import broken
from ticketctl.safe import terminal
from ticketctl.text_table import wide

TAB = 8  # columns
_COLOUR = re.compile(r"(\x1b\[[0-9;]*m)")
_AS_EMOJI = re.compile("(.)\ufe0f(\u20e3?)")  # a sign that is to look like an emoji, or like a key
_SKIN = re.compile("[\U0001f3fb-\U0001f3ff]")
_UNSEEN = re.compile("[\xad\u034f\u180e\ufe0e\ufe0f\U000e0000-\U000e0fff]")
_NO_SIGN = "\ufffd"


def drawn(line: str) -> Text:
    """A line, whose ANSI colours become styles."""
    return Text.from_ansi(clean(line))


def clean(text: str) -> str:
    """The text with its colours, and otherwise only signs that every terminal draws in the same width."""
    if text.isascii() and text.isprintable():
        return text
    parts = _COLOUR.split(text)
    parts[::2] = map(_clean, parts[::2])
    return "".join(parts)


def folded(text: str, width: int) -> list[str]:
    """The lines of a text, broken between words, and within a word that is longer than a line."""
    lines = broken(clean(text), width).split("\n")
    return [part for line in lines for part in _pieces(line, width)]


def _clean(text: str) -> str:
    text = terminal(text).expandtabs(TAB)
    if text.isascii():
        return text
    text = _UNSEEN.sub("", _AS_EMOJI.sub(lambda found: _plain(found[1]) + found[2], text))
    text = _SKIN.sub("", text)
    return "\n".join(map(printable, text.split("\n")))


def printable(text: str) -> str:
    """The text with a sign in place of each that is a control, or that no terminal knows."""
    return "".join(one if one.isprintable() else _NO_SIGN for one in text)


def _plain(sign: str) -> str:
    """A sign in two columns, as an emoji has them."""
    return sign + " " * (2 - cell_len(sign))


def _pieces(line: str, width: int) -> Iterator[str]:
    """A line that has no blank to break it at, in pieces that fit."""
    if wide(_COLOUR.sub("", line)) <= width:
        yield line
        return
    front = " " * min(len(line) - len(line.lstrip(" ")), width // 2)
    piece, colours, room = "", "", width
    for n, part in enumerate(_COLOUR.split(line)):
        if n % 2:
            colours = "" if part == "\x1b[0m" else colours + part
            piece += part
            continue
        for sign in part:
            taken = wide(sign)
            if taken > room:
                yield piece
                piece, room = front + colours, width - len(front)
            piece += sign
            room -= taken
    yield piece
