"""Recognises the line above a mail that was quoted or forwarded as a whole, such as "Original message" (I6)."""

from collections.abc import Sequence

from gateway.trim import patterns
from gateway.trim.letters import next_filled
from gateway.trim.patterns import MAX_LINE
from gateway.trim.structure import is_dated

RULES = " \t*>-_="
"""Characters with which a line between rules begins."""


def mark_originals(lines: Sequence[str], letters: list[str]) -> None:
    """Mark "-----Original Message-----" in every language (I6)."""
    has_block = "h" in letters
    for at, line in enumerate(lines):
        may_be = has_block or line[:1] in RULES
        if (
            may_be
            and letters[at] in "tdS"
            and len(line) <= MAX_LINE
            and _original(lines, letters, at)
        ):
            letters[at] = "o"


def _original(lines: Sequence[str], letters: list[str], at: int) -> bool:
    """Is a line "-----Original Message-----", or these words alone above a header block?"""
    if lines[at][:1] in RULES:
        return patterns.ORIGINAL.match(lines[at]) is not None or _has_fields(lines[at])
    following = next_filled(letters, at + 1)
    above_block = following is not None and letters[following] == "h"
    return above_block and patterns.ORIGINAL_BARE.match(lines[at].strip()) is not None


def _has_fields(line: str) -> bool:
    """Is a line words between rules, with the fields of the header block after them, in any language?"""
    framed = patterns.FRAMED_FIELDS.match(line) is not None and is_dated(line)
    return framed and not patterns.is_forwarded(line)


def mark_forward(lines: Sequence[str], letters: list[str]) -> None:
    """Mark a forwarded mail as text: up to its end, or as far as it is inside quote marks (I6)."""
    before = ""
    for at, line in enumerate(lines):
        if letters[at] in "oAm":
            return
        if letters[at] in "td" and len(line) <= MAX_LINE and patterns.is_forwarded(line):
            letters[at:] = ["e" if letter == "e" else "t" for letter in letters[at:]]
            return
        if letters[at] == "q" and before not in ("q", "k", "a") and _quotes_forward(lines, at):
            _mark_block(lines, letters, at)
        before = before if letters[at] == "e" else letters[at]


def _quotes_forward(lines: Sequence[str], at: int) -> bool:
    """Does a forwarded mail begin at this line, inside quote marks: a line with a colon above a header block?"""
    if len(lines[at]) > MAX_LINE:
        return False
    line = patterns.bare(lines[at])
    if patterns.is_forwarded(line):
        return True
    below = [patterns.bare(each[:MAX_LINE]) for each in lines[at + 1 : at + 7]]
    fields = [each for each in below if patterns.FIELD.match(each)]
    return line.endswith((":", "：")) and len(fields) > 2 and any("@" in each for each in fields)


def _mark_block(lines: Sequence[str], letters: list[str], first: int) -> None:
    """Mark a quote, up to the next line without quote marks, as text."""
    for at in range(first, len(lines)):
        if letters[at] not in "qkae":
            return
        letters[at] = "e" if letters[at] == "e" else "t"
