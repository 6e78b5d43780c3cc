"""Finds what is left of quoted lines that a mail program wrapped: it has no quote marks, but belongs to the quote.

The author's answers between quoted lines look alike, so a rest must continue the line above it, or fit its width.
"""

import re
from collections.abc import Sequence

from gateway.trim import patterns
from gateway.trim.letters import begins_in_lower_case, has_answer, next_filled

LONG = 60
"""Columns of a quoted line that may have been wrapped."""

MAX_REST = 5
"""Lines of a rest."""

WIDE = re.compile("[\u1100-\U0010ffff]")
"""From this character on, letters take two columns (nearly all do)."""

SENTENCE_ENDS = (".", "?", "!", ":", "…", "。", "？", "！", "：", "؟", "।")


def mark_continued(lines: Sequence[str], letters: list[str]) -> None:
    """Mark a line in lower case that continues the sentence of a long quoted line."""
    widest = _widest(lines, letters)
    for at in range(1, len(lines) - 1):
        if letters[at] == "t" and letters[at - 1] == "q" and begins_in_lower_case(lines[at]):
            following = next_filled(letters, at + 1)
            quoted = following is not None and letters[following] == "q"
            above = lines[at - 1]
            if quoted and _is_open(above) and _is_full(above, lines[at], widest):
                letters[at] = "q"


def mark_rests(lines: Sequence[str], letters: list[str]) -> None:
    """Mark all rests in the quote below the author's text, if the author wrote nothing else in it."""
    first = letters.index("a") if "a" in letters else len(letters)
    if not has_answer(lines, letters, first):
        return
    widest = _widest(lines, letters)
    certain = any(
        letter == "q" and not patterns.QUOTE.match(line)
        for line, letter in zip(lines, letters, strict=True)
    )
    rests: list[int] = []
    at = first
    while at < len(letters) and letters[at] not in "SohAm":
        if letters[at] == "t":
            end = _rest_end(lines, letters, at, widest, certain=certain or bool(rests))
            if end == at:
                return
            rests += range(at, end)
            at = end
        else:
            at += 1
    for each in rests:
        letters[each] = "q"


def _rest_end(
    lines: Sequence[str], letters: Sequence[str], first: int, widest: int, *, certain: bool
) -> int:
    """Return the line below the rest that begins here; `first` if there is none. `certain`: others are above."""
    above, rest = lines[first - 1], lines[first]
    if letters[first - 1] not in "qk" or not _is_full(above, rest, widest):
        return first
    continued = begins_in_lower_case(rest)
    if not continued and not _is_open(above):
        return first
    end = first + 1
    while (
        end < len(lines)
        and letters[end] == "t"
        and end - first < MAX_REST
        and _is_long(lines[end - 1])
    ):
        end += 1
    if end < len(lines) and letters[end] in "qk":
        return end
    last = next_filled(letters, end)
    ends = last is None or letters[last] in "Sd"
    return end if ends and certain and continued and _is_open(above) else first


def _widest(lines: Sequence[str], letters: Sequence[str]) -> int:
    """Return the columns of the widest quoted line; lines with a link do not count, as they are not wrapped."""
    quoted = zip(lines, letters, strict=True)
    return max(
        (_width(line) for line, letter in quoted if letter in "qk" and "://" not in line), default=0
    )


def _is_full(above: str, rest: str, widest: int) -> bool:
    """Was a quoted line too full for the first word of the rest? Otherwise the author ended the line there."""
    words = rest[: patterns.MAX_LINE].split(maxsplit=1)
    return _is_long(above) and _width(above) + 1 + _width(words[0]) > widest


def _is_long(line: str) -> bool:
    return _width(line[: patterns.MAX_LINE]) >= LONG


def _is_open(line: str) -> bool:
    """Does a line end within a sentence?"""
    return not line.rstrip().endswith(SENTENCE_ENDS)


def _width(line: str) -> int:
    """Return the columns of a line."""
    return len(line) if line.isascii() else len(line) + len(WIDE.findall(line))
