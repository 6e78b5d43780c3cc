"""Cells to the lines of a table that fits the terminal: who is cut, and how much."""

import re
from bisect import bisect_right
from collections.abc import Container, Sequence
from functools import cache
from itertools import zip_longest

LEAST = 8  # columns that a cut cell keeps
TELLING = 12  # … and that tell what a ticket is about
READABLE = 24  # … and that read well
GAP = 2  # blanks between two columns
_MARK = re.compile(r"[ \t>]*")
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_PLAIN = "\x1b[0m"
_GAPS = re.compile(r"^ +|(?<=\S)  +")
_WORDS = re.compile(r"^ +|[^ ]+ *")
_ALONE = (
    "Lu", "Ll", "Lt", "Lm", "Lo", "Nd", "Nl", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Sc", "Sm", "Zs",
)  # fmt: skip
# Letters that are part of a Korean syllable, or its fillers.
_JOINING = {*range(0x1160, 0x1200), 0x3164, *range(0xD7B0, 0xD800), 0xFFA0}


def lines(
    cells: list[list[str]],
    titles: list[str],
    shares: Sequence[int],
    width: int | None,
    right: Container[int] = (),
) -> list[str]:
    """The lines of a table with a head (none without titles), at most `width` columns wide where it can be.

    `shares` says for each column what part of the room it may claim where not all fit; 0: never cut. `right` has the
    places of columns that are aligned there.
    """
    return [joined(row) for row in laid(cells, titles, shares, width, right)]


def laid(
    cells: list[list[str]],
    titles: list[str],
    shares: Sequence[int],
    width: int | None,
    right: Container[int] = (),
) -> list[list[str]]:
    """The cells of the lines, each as wide as its column."""
    if width is not None:
        fit(cells, titles, shares, width)
    widths = _widths(cells, titles)
    return [_padded(row, widths, right) for row in [*_head(titles, widths), *cells]]


def in_lines(
    cells: list[list[str]],
    titles: list[str],
    shares: Sequence[int],
    wraps: Sequence[bool],
    width: int | None,
    right: Container[int] = (),
) -> list[list[list[str]]]:
    """As `laid`, but several lines a row: where `wraps` says so, cells are broken at blanks and lose nothing.

    A word that is wider than its column stays whole. The head, if there is one, is the first row.
    """
    wanted = _widths(cells, titles)
    rooms_ = wanted
    if width is not None:
        rooms_ = rooms(wanted, shares, width - GAP * (len(shares) - 1), [*map(wide, titles)])

    def lines_of(row: list[str]) -> list[list[str]]:
        parts = (
            wrapped(cell, room) if breaks else [cut(cell, room)]
            for cell, room, breaks in zip(row, rooms_, wraps, strict=True)
        )
        return [_padded(line, rooms_, right) for line in zip_longest(*parts, fillvalue="")]

    head = [_padded(row, rooms_, right) for row in _head(titles, rooms_)]
    return [*([head] if head else []), *map(lines_of, cells)]


def _head(titles: list[str], widths: Sequence[int]) -> list[list[str]]:
    return [titles, ["-" * room for room in widths]] if titles else []


def _padded(row: Sequence[str], widths: Sequence[int], right: Container[int]) -> list[str]:
    return [
        " " * (room - wide(cell)) + cell if n in right else cell + " " * (room - wide(cell))
        for n, (cell, room) in enumerate(zip(row, widths, strict=True))
    ]


def joined(cells: Sequence[str]) -> str:
    """A line of such cells."""
    return (" " * GAP).join(cells).rstrip()


def fit(cells: list[list[str]], titles: list[str], shares: Sequence[int], width: int) -> None:
    """Cut the cells so that the table is at most `width` columns wide, where it can be."""
    wanted = _widths(cells, titles)
    heads = [*map(wide, titles)]
    given = rooms(wanted, shares, width - GAP * (len(shares) - 1), heads)
    for i, room in enumerate(given):
        if room < wanted[i]:
            for row in cells:
                row[i] = cut(row[i], room)


def _widths(cells: list[list[str]], titles: list[str]) -> list[int]:
    """How wide each column is: as its widest cell, or its title."""
    rows = [titles, *cells] if titles else cells
    return [max(map(wide, column)) for column in zip(*rows, strict=True)]


def rooms(
    wanted: Sequence[int], shares: Sequence[int], width: int, heads: Sequence[int] = ()
) -> list[int]:
    """The room of each column: a little for each, the rest by shares; who wants less leaves it to the others.

    `heads` are the widths of the heads, which are never cut.

    The column with the greatest share is cut last: only where cutting all the others is not enough.
    """
    given = [
        min(want, max(LEAST, head)) if share else want
        for want, share, head in zip(wanted, shares, heads or [0] * len(wanted), strict=True)
    ]
    last = max(range(len(shares)), key=lambda i: shares[i])
    if sum(given) - given[last] + wanted[last] <= width:
        given[last] = wanted[last]
    room = max(0, width - sum(given))
    wishing = {i for i, want in enumerate(wanted) if given[i] < want}
    while wishing:
        total = sum(shares[i] for i in wishing)
        content = {i for i in wishing if wanted[i] - given[i] <= room * shares[i] // total}
        if not content:
            for i in wishing:
                given[i] += room * shares[i] // total
            break
        for i in content:
            room -= wanted[i] - given[i]
            given[i] = wanted[i]
        wishing -= content
    return given


def wide(text: str) -> int:
    """How many columns of a terminal the text takes."""
    if text.isascii():
        return len(text)
    columns = [*map(_columns, text)]
    if all(columns):
        return sum(columns)
    from wcwidth import wcswidth

    return max(wcswidth(text), 0)


@cache
def _columns(sign: str) -> int:
    """How many columns a letter, number, mark of punctuation or wide symbol takes, whatever stands beside it.

    0 for what may join its neighbours: that takes the tables of wcwidth, which are slow to load.
    """
    from unicodedata import category, east_asian_width

    kind, is_wide = category(sign), east_asian_width(sign) in "WF"
    alone = kind in _ALONE or (kind == "So" and is_wide)
    if not alone or ord(sign) in _JOINING:
        return 0
    return 2 if is_wide else 1


def cut(text: str, room: int) -> str:
    """The text, or its beginning and an ellipsis, in at most `room` columns."""
    if wide(text) <= room:
        return text
    text = text[: 4 * room]  # what is beyond cannot be seen, however narrow its signs
    kept = bisect_right(range(1, len(text) + 1), room - 1, key=lambda n: wide(text[:n]))
    return text[:kept].rstrip() + "…"


def pointed(line: str, mark: str, width: int) -> list[str]:
    """A line and the carets below it, which count its signs: in columns, cut to what is around the carets."""
    start, end = len(mark) - len(mark.lstrip()), len(mark)
    if wide(line[:end]) > width:
        front = max(start - width // 4, 0)
        line, start, end = "  …" + line[front:], start - front + 3, end - front + 3
    carets = "^" * max(wide(line[start:end]), 1)
    return [cut(line, width), (" " * wide(line[:start]) + carets)[:width]]


def hanging(line: str, width: int) -> list[str]:
    """The line in pieces of at most `width` columns, broken at blanks; a longer word stays whole.

    What follows stands below the text of the line: after its blanks, or after its last gap in the first half.
    """
    if wide(_COLOUR.sub("", line)) <= width:
        return [line]
    gaps = [found.end() for found in _GAPS.finditer(line) if found.end() <= width // 2]
    front = " " * max(gaps, default=min(2, width // 2))
    pieces, colour = [""], ""
    words = _WORDS.findall(line)
    for word in [part for one in words for part in _apart(one, width - len(front))]:
        fits = wide(_COLOUR.sub("", pieces[-1] + word.rstrip())) <= width
        if not fits and pieces[-1].strip() and word.strip():
            pieces[-1] = pieces[-1].rstrip() + (_PLAIN if colour else "")
            pieces.append(front + colour)
        pieces[-1] += word
        for one in _COLOUR.findall(word):
            colour = "" if one == _PLAIN else colour + one
    return pieces


def wrapped(line: str, width: int) -> list[str]:
    """The line in pieces of at most `width` columns, broken at blanks; a longer word stays whole.

    What stands in front of it, blanks or the marks of a quote, is repeated on each piece.
    """
    if wide(line) <= width:
        return [line]
    mark = _MARK.match(line)
    front = mark[0] if mark and len(mark[0]) < width // 2 else ""
    pieces: list[str] = []
    words = [
        part for one in line[len(front) :].split(" ") for part in _apart(one, width - len(front))
    ]
    for word in words:
        if pieces and wide(pieces[-1]) + 1 + wide(word) <= width:
            pieces[-1] += " " + word
        else:
            pieces.append(front + word)
    return pieces


def _apart(word: str, room: int) -> list[str]:
    """A word that is too long in pieces, if it is of a script that needs no blanks; else the word."""
    if word.isascii() or wide(word) <= room or _COLOUR.search(word):
        return [word]
    if not any(_columns(sign) == 2 for sign in word):
        return [word]
    pieces = [""]
    for sign in word:
        if wide(pieces[-1] + sign) > room:
            pieces.append("")
        pieces[-1] += sign
    return pieces
