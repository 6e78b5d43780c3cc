"""Finds signatures with rules around or inside them (I8); trim.py finds those below one delimiter.

People also part a text with rules. So lines between the rules must look like names, or be short and give a contact.
"""

import re
from collections.abc import Sequence
from itertools import takewhile

from gateway.trim.letters import HEADING_ENDS

SIGNATURE_LINES = 15
MAX_LENGTH = 70
MAX_NAMES = 4
MAX_WORDS = 5

SENTENCE_ENDS = (".", "?", "!", ";", "…", "。", "？", "！")
CONTACT = re.compile(r"@|www\.|https?://|\d[\d ()/-]{3,20}\d")
DATE = re.compile(r"(?<!\d)\d{1,2}[./-]\d{1,2}[./-]\d{2,4}(?!\d)|\d{4}-\d\d-\d\d")
NAME = re.compile(r"^(?:[^\W\d_a-zß-öø-ž]\S{0,40}|[^\W\d_]{1,3})$")
"""A word of a name: not in lower case, or a particle such as "van"."""


def mark_framed_signatures(lines: Sequence[str], letters: list[str]) -> None:
    """Leave one delimiter to a signature that has two, and give one to a signature between two rules."""
    rules = [at for at, letter in enumerate(letters) if letter in "dS"][-2:]
    if (
        len(rules) < 2
        or not 1 < rules[1] - rules[0] <= SIGNATURE_LINES
        or "t" not in letters[: rules[0]]
    ):
        return
    first, second = rules
    inside = [lines[at] for at in range(first + 1, second) if letters[at] == "t"]
    below = [lines[at] for at in range(second + 1, len(lines)) if letters[at] != "e"]
    above = next((lines[at].rstrip() for at in reversed(range(first)) if letters[at] != "e"), "")
    if not inside or above.endswith(HEADING_ENDS):
        return
    if letters[first] == letters[second] == "S":
        if _are_names(inside) and _are_contacts(below):
            letters[second] = "t"
    elif above.endswith(SENTENCE_ENDS) and not below and _is_contact_only(inside):
        # Rules below an open sentence ("my new address is") frame what it is about.
        letters[first] = "S"


def _are_names(lines: Sequence[str]) -> bool:
    """Are all lines names of persons or firms?"""
    return len(lines) <= MAX_NAMES and all(_is_name(line) for line in lines)


def _is_name(line: str) -> bool:
    words = line[:MAX_LENGTH].split()
    return (
        len(line) <= MAX_LENGTH
        and len(words) <= MAX_WORDS
        and not line.rstrip().endswith(SENTENCE_ENDS)
        and all(NAME.match(word) for word in words)
    )


def _are_contacts(lines: Sequence[str]) -> bool:
    """Is an address, a link or a phone number in the short lines above the first sentence?"""
    short = takewhile(lambda line: not _is_sentence(line), lines[:SIGNATURE_LINES])
    return any(CONTACT.search(line) and not DATE.search(line) for line in short)


def _is_contact_only(lines: Sequence[str]) -> bool:
    return _are_contacts(lines) and not any(map(_is_sentence, lines))


def _is_sentence(line: str) -> bool:
    return len(line) > MAX_LENGTH or (
        line.rstrip().endswith(SENTENCE_ENDS) and line.count(" ") >= MAX_WORDS
    )
