"""Recognises attributions and header blocks by their form, in any language (I4, I5).

An address, a date and the empty lines around decide. line_kinds.py looks for the words of languages.py before.
"""

import re
from collections.abc import Sequence

from gateway.trim import patterns
from gateway.trim.letters import HEADING_ENDS, next_filled

MAX_PARAGRAPH = 4
"""Lines of a wrapped attribution."""

MAX_ATTRIBUTION = 300
MAX_WORDS = 20
MAX_BLOCK = 12
"""Lines of a header block."""

FIELD = re.compile(r"^[*_]{0,2}[^\W\d][^:：<>@]{0,30}[:：][*_]{0,2}(?:\s|$|(?=[^\s/\d]))")
_ADDRESS = r"[<\[](?:mailto:)?[\w.+'’=-]{1,64}@[\w.-]{1,120}[>\]]"
SENDER = re.compile(
    rf"[:：][*_]{{0,2}}\s*(?:[^\s<>@:：][^<>@]{{0,120}}\s{_ADDRESS}|[\w.+'’=-]{{1,64}}@[\w.-]{{1,120}}\s<[^\s<>:]{{3,190}}>)\s*$"
)
"""A field with a name and its address, and nothing else."""

UNNAMED = re.compile(rf"^[^\s<>@:：][^<>@:：]{{0,120}}\s{_ADDRESS}")
"""A name with its address at the beginning of a line."""

TABBED = re.compile(r"^[^\W\d][^\t<>@]{0,30}\t")
"""A field without a colon, as Notes writes it."""

DATED_FIRST = re.compile(r"^(?:[^\W\d]{1,12}[.,]?\s){0,2}\d{1,4}[.)/年-]")
"""The beginning of a line with at most two words before the date."""

FRAMED = re.compile(r"^\s*[-_=*]{2,}\s?[^\W_]|[:：]\s*$")
"""A line above a header block that may say that the mail was forwarded."""


def introduces(paragraph: str, *, quoted: bool, ours: bool = False) -> bool:
    """Does a paragraph of its own introduce a quote? `quoted`: quote marks are below; `ours`: with a mail of ours."""
    line = paragraph.strip()
    if len(line) > MAX_ATTRIBUTION or line.count(" ") > MAX_WORDS:
        return False
    found = list(patterns.ANGLED.finditer(line))
    if not found and quoted:
        return is_dated_name(line)
    if len(found) != 1 or not (ours or patterns.DATE.search(line)):
        return False
    after = line[found[0].end() :].strip(" :：፦")
    if quoted and (not after or (is_dated(line) and _is_end(after))):
        return True
    colon = line.endswith(HEADING_ENDS)
    last = bool(after) and any(each.end() == len(after) for each in patterns.WROTE.finditer(after))
    # What follows the address is a verb ("wrote") or the date; more than that is a sentence.
    short = after.count(" ") < 3 or patterns.CLOCK.search(after) is not None
    return (colon or last) and short and (quoted or is_dated(line))


def _is_end(after: str) -> bool:
    """Is what follows an address one word, or a date and a time of day?"""
    if " " not in after:
        return not after.endswith(".")
    return any(clock.end() == len(after) for clock in patterns.CLOCK.finditer(after))


def is_dated(line: str) -> bool:
    """Has a line a day and a time of day?"""
    return patterns.DAY.search(line) is not None and patterns.CLOCK.search(line) is not None


def is_dated_name(line: str) -> bool:
    """Is a line a date and then a name and a verb, or these three in another order, with a colon at the end?

    The verb must be a known word if the line does not begin with the date.
    """
    if not is_dated(line) or not line.endswith(HEADING_ENDS) or line.count(" ") > MAX_WORDS:
        return False
    clocks = list(patterns.CLOCK.finditer(line))
    words = line[clocks[-1].end() :].strip(" ,;:：፦–-").split()
    named = 1 < len(words) < 8 and any(not word[0].islower() for word in words)
    if DATED_FIRST.match(line):
        return named and not re.search(r"[.!?;]\s", " ".join(words))
    return patterns.WROTE.search(line) is not None


def header_block(lines: Sequence[str], first: int, above: str, *, dated: bool = False) -> int:
    """Return the line below the header block that begins at this line; `first` if there is none.

    `above`: the last line before it that is not empty. `dated`: a line with the date touches it from above.
    """
    end = _fields_end(lines, first)
    block = lines[first:end]
    ends = end < len(lines) and not lines[end].strip()
    # A label without a value, above the block or as its first line, may say that the mail was forwarded.
    if (
        len(block) < 3
        or not ends
        or (FRAMED.search(above) and not is_dated(above))
        or block[0].rstrip().endswith(HEADING_ENDS)
    ):
        return first
    senders = [SENDER.search(line) is not None for line in block]
    dates = [is_dated(line) for line in block]
    beside = any(
        (sender and next_date) or (date and next_sender)
        for sender, date, next_sender, next_date in zip(
            senders, dates, senders[1:], dates[1:], strict=False
        )
    )
    # Some programs put the receiver or the subject between them.
    addressed = senders[0] and any("@" in line for line in block[1:])
    return end if beside or (addressed and (dated or any(dates))) else first


def unnamed_block(lines: Sequence[str], first: int) -> int:
    """Do the same for a block that begins with the sender and the date alone, as Notes writes it."""
    if first + 4 > len(lines) or len(lines[first]) > MAX_ATTRIBUTION:
        return first
    sender = UNNAMED.match(lines[first])
    if not sender:
        return first
    rest = lines[first][sender.end() :]
    fields = first + (2 if not rest.strip() else 1)
    if not _is_bare_date(rest if rest.strip() else lines[first + 1]):
        return first
    while fields < min(first + 4, len(lines) - 1) and not lines[fields].strip():
        fields += 1
    end = _fields_end(lines, fields, tabbed=True)
    ends = end < len(lines) and not lines[end].strip()
    addressed = any("@" in line for line in lines[fields:end])
    return end if end - fields > 1 and ends and addressed else first


def _is_bare_date(line: str) -> bool:
    """Is a line a date with a time of day, and hardly anything else?"""
    return _is_head_line(line) and line.count(":") < 4 and not _is_field(line)


def _fields_end(lines: Sequence[str], first: int, *, tabbed: bool = False) -> int:
    """Return the line below the fields that begin at this line."""
    end = first
    while end < min(first + MAX_BLOCK, len(lines)) and (
        _is_field(lines[end]) or (tabbed and TABBED.match(lines[end]))
    ):
        end += 1
    return end


def _is_field(line: str) -> bool:
    return len(line) <= MAX_ATTRIBUTION and FIELD.match(line) is not None


def mark_attributions(lines: Sequence[str], letters: list[str], code: set[int]) -> None:
    """Mark paragraphs of their own that introduce a quote."""
    indented = _indented_from(lines, letters)
    for first in _starts(letters, code):
        end = first
        while end < min(first + MAX_PARAGRAPH, len(lines)) and letters[end] == "t":
            end += 1
        below = next_filled(letters, end)
        quoted = below is not None and letters[below] in "qk"
        if below is None or (below == end and not quoted):
            continue
        if any(len(line) > MAX_ATTRIBUTION for line in lines[first:end]):
            continue
        paragraph = " ".join(line.strip() for line in lines[first:end])
        told = below >= indented and is_dated_name(paragraph) and patterns.WROTE.search(paragraph)
        if told or introduces(paragraph, quoted=quoted, ours=letters[below] == "k"):
            letters[first:end] = ("a" if quoted else "A") * (end - first)


def _indented_from(lines: Sequence[str], letters: Sequence[str]) -> int:
    """Return the line from which on all lines up to the end, or the signature, are indented or empty."""
    end = next((at for at, letter in enumerate(letters) if letter == "S"), len(letters))
    at = end
    while at and (letters[at - 1] == "e" or lines[at - 1].startswith(("  ", "\t"))):
        at -= 1
    return at


def mark_blocks(lines: Sequence[str], letters: list[str], code: set[int]) -> None:
    """Mark header blocks with a mail below them."""
    above = ""
    starts = set(_starts(letters, code))
    for at, line in enumerate(lines):
        if at in starts:
            headed = _is_head_line(line) and not _is_field(line)
            first = at + 1 if headed else at
            end = header_block(lines, first, above, dated=headed)
            end = max(end if end > first else at, unnamed_block(lines, at))
            if end > at and next_filled(letters, end) is not None:
                letters[at:end] = ["e" if each == "e" else "h" for each in letters[at:end]]
        above = line[:MAX_ATTRIBUTION] if letters[at] != "e" else above


def mark_head_lines(lines: Sequence[str], letters: list[str]) -> None:
    """Mark a line with a date that touches a header block from above ("Message of 12/09/2024 08:15")."""
    for at in range(len(lines) - 1):
        alone = letters[at] in "td" and (not at or letters[at - 1] in "ed")
        if alone and letters[at + 1] == "h" and _is_head_line(lines[at]):
            letters[at] = "h"


def mark_dated_quotes(lines: Sequence[str], letters: list[str]) -> None:
    """Mark quotes that say themselves of which mail they are.

    Those with a dated line and a header block inside the quote marks, and `>>> Name 12/09/2024 08:15 >>>` above text.
    """
    above = ""
    for at, line in enumerate(lines):
        begins = letters[at] == "q" and (not at or letters[at - 1] not in "qka")
        if begins and _is_arrow_line(line) and letters[at + 1 : at + 2] != ["q"]:
            letters[at] = "A"
        elif begins and not above.endswith(HEADING_ENDS) and _quotes_block(lines, at):
            letters[at] = "k"
        above = line[-MAX_ATTRIBUTION:].rstrip() or above


def _is_arrow_line(line: str) -> bool:
    short = line.startswith(">>> ") and len(line) <= MAX_ATTRIBUTION
    return short and line.rstrip().endswith(" >>>") and is_dated(line)


def _quotes_block(lines: Sequence[str], first: int) -> bool:
    """Do a dated line and a header block begin a quote?"""
    bare = [line[:MAX_ATTRIBUTION].lstrip("> ") for line in lines[first : first + 5]]
    fields = _fields_end(bare, 1) - 1
    return fields > 2 and _is_head_line(bare[0]) and any("@" in line for line in bare[1:])


def _is_head_line(line: str) -> bool:
    return len(line) <= 80 and line.count(" ") < 10 and is_dated(line)


def _starts(letters: Sequence[str], code: set[int]) -> list[int]:
    """Return the lines at which a paragraph of text begins, code left out."""
    return [
        at
        for at, letter in enumerate(letters)
        if letter == "t" and at not in code and (not at or letters[at - 1] in "edS")
    ]
