"""Snippets: what stands around the words that a search found in a text, and which of it are those words.

They are made of the stored text, not by the database, so that they are the same on both kinds.
"""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from functools import lru_cache
from unicodedata import category

from ticketctl.safe import terminal, terminal_line
from ticketctl.store.tickets.hits import Term
from ticketctl.store.tickets.search import fold
from ticketctl.text_table import cut, wide

_LEAD = 24  # columns of a snippet before the first word that was found, at most
_MOST = 160  # columns of all of it
_PIECE = 2000  # characters of a text that are looked at together …
_OVERLAP = 400  # … and that two such pieces share: more than a word


def snippet(text: str, terms: Sequence[Term], lead_room: int = _LEAD) -> str:
    """One line of the text around the first of the terms, fit for a terminal; `…` where something is left out.

    `lead_room`: columns of what may stand before the term.
    """
    lead_room = min(_LEAD, lead_room)
    start = _start(text, terms)
    before = terminal(text[max(0, start - _LEAD) : start])
    lead = " ".join(before.split()) + (" " if before[-1:].isspace() else "")
    is_cut = start > _LEAD or wide(lead) > lead_room
    if is_cut:
        lead = _end_of(lead, lead_room)
    said = terminal_line(lead + terminal(text[start : start + 2 * _MOST]))
    shown = cut(("…" if is_cut else "") + said, _MOST)
    goes_on = len(text) > start + 2 * _MOST and not shown.endswith("…")
    return shown + "…" if goes_on else shown


def _start(text: str, terms: Sequence[Term]) -> int:
    """Where the first of the terms begins in the text; 0 if it has none.

    The text is folded piece by piece. No term is found at the edge of a piece, where its word may be cut: the pieces
    overlap.
    """
    overlap = max(_OVERLAP, *(4 * len(one.phrase) for one in terms))
    for begin in range(0, len(text), _PIECE):
        piece = text[begin : begin + _PIECE + overlap]
        front = "" if begin else " "
        folded = front + fold(piece) + (" " if begin + len(piece) == len(text) else "")
        places = [folded.find(f" {phrase}" if more else f" {phrase} ") for phrase, more in terms]
        first = min((place for place in places if place >= 0), default=None)
        if first is not None:
            before = folded.count(" ", len(front), first + 1)
            ends = range(1, len(piece) + 1)
            return begin + bisect_right(ends, before, key=lambda end: _words(piece[:end]))
    return 0


def _words(text: str) -> int:
    folded = fold(text)
    return folded.count(" ") + 1 if folded else 0


def _end_of(lead: str, room: int) -> str:
    """The end of the text before a word: whole words if it has blanks, whole characters in any case."""
    kept = next(n for n in range(len(lead) + 1) if wide(lead[n:]) < room)
    blank = lead.find(" ", kept, -1)
    kept = kept if blank < 0 else blank + 1
    while category(lead[kept : kept + 1] or " ")[0] == "M":
        kept += 1
    return lead[kept:]


def marked(text: str, terms: Sequence[Term], mark: Callable[[str], str]) -> str:
    """The text with each term in it marked."""
    letters, places = _letters(text)
    spans = []
    for phrase, more in terms:
        wanted = f" {phrase}" if more else f" {phrase} "
        found = letters.find(wanted)
        while found >= 0:
            end = found + 1 + len(phrase)
            end = letters.find(" ", end) if more else end
            spans.append((places[found + 1], places[end - 1] + 1))
            found = letters.find(wanted, end)
    shown, done = "", 0
    for start, end in sorted(spans):
        while category(text[end : end + 1] or " ")[0] == "M":
            end += 1
        if start >= done:
            shown += text[done:start] + mark(text[start:end])
            done = end
    return shown + text[done:]


def _letters(text: str) -> tuple[str, list[int]]:
    """The folded text between two blanks, and for each of its characters from where in the text it is."""
    letters, places = " ", [0]
    for n, one in enumerate(text):
        for letter in _folded(one):
            if letter != " " or letters[-1] != " ":
                letters += letter
                places.append(n)
    return (letters, places) if letters[-1] == " " else (letters + " ", [*places, len(text)])


@lru_cache(maxsize=4096)
def _folded(letter: str) -> str:
    """A letter as it is folded within a word."""
    return fold(f"x{letter}x")[1:-1]
