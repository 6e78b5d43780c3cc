"""Ticket numbers as people type them: 12, #12, T-12, 12-15, 12,14,20-22, `-` for standard input, any mix."""

import re
import sys
from collections.abc import Iterable
from typing import NamedTuple

from ticketctl.errors import BadInput

_ONE = re.compile(r"\A(?:#|[Tt]-)?([0-9]{1,18})(?:-(?:#|[Tt]-)?([0-9]{1,18}))?\Z")
_MOST = 100_000


class Selection(NamedTuple):
    """The ticket or mail numbers on a command line, each once, in order."""

    numbers: tuple[int, ...] = ()
    piped: bool = False  # `-` was among the words: some came on standard input

    @property
    def is_empty(self) -> bool:
        """True if nothing was named, not even standard input."""
        return not self.numbers and not self.piped

    @property
    def only(self) -> int | None:
        """The number if there is exactly one, else None."""
        return self.numbers[0] if len(self.numbers) == 1 else None


def select(words: Iterable[str]) -> Selection:
    """Parse the words; `-` reads numbers from standard input. BadInput for a word that is not a number."""
    words = list(words)
    return Selection(tuple(numbers(words)), "-" in words)


def numbers(words: Iterable[str]) -> list[int]:
    """The numbers, each once, in the order given; BadInput for a word that is not a number."""
    found: dict[int, None] = {}
    for word in words:
        pieces = sys.stdin.read().split() if word == "-" else [word]
        for piece in pieces:
            for part in filter(None, piece.split(",")):
                found.update(dict.fromkeys(_range(part)))
    return list(found)


def number(word: str) -> int:
    """One number; BadInput if the word means none or several."""
    if "," not in word:
        found = list(_range(word))
        if len(found) == 1:
            return found[0]
    if looks_like(word):
        raise BadInput(f"{word!r} names several tickets; give the number of one, such as 12.")
    raise BadInput(f"{word!r} is not a ticket number; write it like 12.")


def _range(part: str) -> range:
    match = _ONE.match(part)
    if not match:
        raise BadInput(f"{part!r} is not a ticket number; write 12, #12, 12-15 or 12,14.")
    first = int(match[1])
    last = int(match[2] or match[1])
    if last < first:
        raise BadInput(f"the range {part!r} runs backwards; write {last}-{first}.")
    if last - first >= _MOST:
        raise BadInput(f"the range {part!r} has more than {_MOST} numbers.")
    return range(first, last + 1)


FILLERS = ("and", "&", "ticket", "tickets", "issue", "issues")  # of `close tickets 2 and 3`


def without_fillers(words: Iterable[str]) -> tuple[str, ...]:
    """The words without those that mean nothing beside numbers; all of them if there is no number."""
    given = tuple(words)
    left = tuple(word for word in given if word.lower() not in FILLERS)
    return left if any(map(looks_like, left)) else given


def looks_like(word: str) -> bool:
    """True if the word looks like ticket numbers."""
    return word == "-" or all(_ONE.match(part) for part in word.split(",") if part)
