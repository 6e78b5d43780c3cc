"""Recognises attributions and header blocks by their form, in any language (I4, I5).

An address, a date and the empty lines around decide. line_kinds.py looks for the words of languages.py before.
"""

import re
from collections.abc import Sequence

from gateway.trim import patterns

MAX_PARAGRAPH = 4
"""Lines of a wrapped attribution."""

MAX_ATTRIBUTION = 300
MAX_WORDS = 20
MAX_BLOCK = 12
"""Lines of a header block."""

CLOCK = re.compile(r"(?<![\d./-])\d{1,2}[:.h]\d{2}(?![\d./-]\d)")
DAY = re.compile(
    r"\d{1,4}[./-]\s?\d{1,2}[./-]\s?\d{1,4}|(?<!\d)(?:19|20|١٩|٢٠|۱۹|۲۰)\d\d(?!\d)|\d{1,4}[年월년]"
)
FIELD = re.compile(r"^[*_]{0,2}[^\W\d][^:：<>@]{0,30}[:：][*_]{0,2}(?:\s|$|(?=[^\s/\d]))")
SENDER = re.compile(
    r"[:：][*_]{0,2}\s*[^\s<>@:：][^<>@]{0,120}\s<[\w.+'’=-]{1,64}@[\w.-]{1,120}>\s*$"
)
"""A field with a name and its address, and nothing else."""

UNNAMED = re.compile(r"^[^\s<>@:：][^<>@:：]{0,120}\s<[\w.+'’=-]{1,64}@[\w.-]{1,120}>\s*$")
"""A name with its address, and nothing else on the line."""

BARE_DATE = re.compile(
    r"^\d[\d./-]{5,10},?\s\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:\s?[AaPp]\.?[Mm]\.?)?\s*$"
)

FRAMED = re.compile(r"^\s*[-_=*]{2,}\s?[^\W_]|[:：]\s*$")
"""A line above a header block that may say that the mail was forwarded."""


def introduces(paragraph: str, *, quoted: bool) -> bool:
    """Does a paragraph of its own introduce a quote? `quoted`: quote marks are below."""
    line = paragraph.strip()
    if len(line) > MAX_ATTRIBUTION or line.count(" ") > MAX_WORDS:
        return False
    found = list(patterns.ANGLED.finditer(line))
    if len(found) != 1 or not patterns.DATE.search(line):
        return False
    after = line[found[0].end() :].rstrip(" :：")
    if quoted and not after:
        return True
    colon = line.endswith((":", "："))
    last = bool(after) and any(each.end() == len(after) for each in patterns.WROTE.finditer(after))
    dated = DAY.search(line) is not None and CLOCK.search(line) is not None
    # What follows the address is a verb ("wrote") or the date; more than that is a sentence.
    short = after.count(" ") < 3 or CLOCK.search(after) is not None
    return (colon or last) and short and (quoted or dated)


def header_block(lines: Sequence[str], first: int, above: str) -> int:
    """Return the line below the header block that begins at this line; `first` if there is none.

    `above`: the last line before it that is not empty.
    """
    end = _fields_end(lines, first)
    block = lines[first:end]
    ends = end < len(lines) and not lines[end].strip()
    # A label without a value, above the block or as its first line, may say that the mail was forwarded.
    if (
        len(block) < 3
        or not ends
        or FRAMED.search(above)
        or block[0].rstrip().endswith((":", "："))
    ):
        return first
    senders = [SENDER.search(line) is not None for line in block]
    dates = [DAY.search(line) is not None and CLOCK.search(line) is not None for line in block]
    beside = any(
        (one and dated) or (other and sent)
        for one, sent, dated, other in zip(senders, dates, dates[1:], senders[1:], strict=False)
    )
    return end if beside else first


def unnamed_block(lines: Sequence[str], first: int) -> int:
    """Do the same for a block that begins with the sender and the date alone, as Notes writes it."""
    if first + 4 > len(lines) or len(lines[first]) > MAX_ATTRIBUTION:
        return first
    if not (UNNAMED.match(lines[first]) and BARE_DATE.match(lines[first + 1][:MAX_ATTRIBUTION])):
        return first
    fields = first + (2 if lines[first + 2].strip() else 3)
    fields += 0 if lines[fields].strip() else 1
    end = _fields_end(lines, fields)
    ends = end < len(lines) and not lines[end].strip()
    addressed = any("@" in line for line in lines[fields:end])
    return end if end - fields > 1 and ends and addressed else first


def _fields_end(lines: Sequence[str], first: int) -> int:
    """Return the line below the fields that begin at this line."""
    end = first
    while end < min(first + MAX_BLOCK, len(lines)) and _is_field(lines[end]):
        end += 1
    return end


def _is_field(line: str) -> bool:
    return len(line) <= MAX_ATTRIBUTION and FIELD.match(line) is not None


def next_filled(letters: Sequence[str], at: int) -> int | None:
    """Return the next line that is not empty, within two lines."""
    return next(
        (each for each in range(at, min(at + 3, len(letters))) if letters[each] != "e"), None
    )


def mark_attributions(lines: Sequence[str], letters: list[str], code: set[int]) -> None:
    """Mark paragraphs of their own that introduce a quote."""
    for first in _starts(letters, code):
        end = first
        while end < min(first + MAX_PARAGRAPH, len(lines)) and letters[end] == "t":
            end += 1
        below = next_filled(letters, end)
        if below is None or (below == end and letters[end] not in "qk"):
            continue
        if any(len(line) > MAX_ATTRIBUTION for line in lines[first:end]):
            continue
        quoted = letters[below] in "qk"
        if introduces(" ".join(line.strip() for line in lines[first:end]), quoted=quoted):
            letters[first:end] = ("a" if quoted else "A") * (end - first)


def mark_blocks(lines: Sequence[str], letters: list[str], code: set[int]) -> None:
    """Mark header blocks with a mail below them."""
    above = ""
    starts = set(_starts(letters, code))
    for at, line in enumerate(lines):
        if at in starts:
            end = max(header_block(lines, at, above), unnamed_block(lines, at))
            if end > at and next_filled(letters, end) is not None:
                letters[at:end] = ["e" if each == "e" else "h" for each in letters[at:end]]
        above = line[:MAX_ATTRIBUTION] if letters[at] != "e" else above


def _starts(letters: Sequence[str], code: set[int]) -> list[int]:
    """Return the lines at which a paragraph of text begins, code left out."""
    return [
        at
        for at, letter in enumerate(letters)
        if letter == "t" and at not in code and (not at or letters[at - 1] in "edS")
    ]
