"""Classifies the lines of a mail, a letter for each line. trim.py decides by the letters only.

t text · e empty · q quote · k quote of a mail, for certain · a attribution with its quote below · A attribution
with no quote marks below · o "original message" · h quoted header · m our own marker · d delimiter ·
S signature delimiter · s line of a mobile phone
"""

from itertools import accumulate

from gateway.trim import patterns
from gateway.trim.forwards import mark_forward, mark_originals
from gateway.trim.letters import next_filled
from gateway.trim.our_mails import OurMails, normal
from gateway.trim.patterns import MAX_LINE
from gateway.trim.phone_lines import mark_phone_lines
from gateway.trim.signatures import mark_framed_signatures
from gateway.trim.structure import (
    mark_attributions,
    mark_blocks,
    mark_dated_quotes,
    mark_head_lines,
)
from gateway.trim.wrapped import mark_continued, mark_rests
from ticketctl.phrases import Words, fold, has_word, words_in

WINDOW = 4
"""Lines of a wrapped attribution (I4)."""

MAX_HEADER_LINES = 12
"""Lines of a quoted header block."""


def letters_of(
    lines: list[str], ours: OurMails | None = None, markers: tuple[str, ...] = ()
) -> str:
    """Return the letters of the lines. `ours`: mails we sent; `markers`: our own lines."""
    letters = [_plain(line) for line in lines]
    folded = fold("\n".join(lines))
    if sent_from := words_in(patterns.SENT_FROM_WORDS, folded):
        _mark_sent_from(lines, folded.split("\n"), letters, sent_from)
    code = _code(lines)
    for at in code:
        letters[at] = "t"
    mark_continued(lines, letters)
    # Most texts have not even the words of a marker.
    markers = tuple(mark for mark in markers if all(word in folded for word in fold(mark).split()))
    forms = [normal(line) for line in lines] if ours or markers else []
    if ours:
        _mark_known(forms, letters, code, ours)
    mark_dated_quotes(lines, letters)
    _attributions(lines, letters, code)
    mark_attributions(lines, letters, code)
    mark_blocks(lines, letters, code)
    mark_rests(lines, letters)
    _headers(lines, letters, code)
    mark_head_lines(lines, letters)
    _markers(lines, forms, letters, markers)
    mark_originals(lines, letters)
    mark_phone_lines(lines, letters)
    mark_framed_signatures(lines, letters)
    mark_forward(lines, letters)
    return "".join(letters)


def _plain(line: str) -> str:
    """Return the letter of a line on its own."""
    if not line or line.isspace():
        return "e"
    if patterns.QUOTE.match(line):
        return "q"
    if line[0] in "-—–_" and len(line) < MAX_LINE and patterns.SIGNATURE.match(line):
        return "S"
    if line[:1] in " \t-_=*~#+–—━─═＝＊ᐧ" and patterns.DELIMITER.match(line):
        return "d"
    return "t"


def _mark_sent_from(lines: list[str], folded: list[str], letters: list[str], words: Words) -> None:
    """Mark lines that mobile phones add; `words`: those of such lines that are in the text."""
    for at, (line, text) in enumerate(zip(lines, folded, strict=True)):
        if (
            letters[at] == "t"
            and len(line) <= MAX_LINE
            and has_word(words, text)
            and patterns.SENT_FROM.match(line)
        ):
            letters[at] = "t" if patterns.SENTENCE.search(line) else "s"


def _code(lines: list[str]) -> set[int]:
    """Return the lines between two code fences, with the fences; an unclosed fence does not count (I9)."""
    fences = [
        at
        for at, line in enumerate(lines)
        if ("```" in line or "~~~" in line) and patterns.FENCE.match(line)
    ]
    pairs = zip(fences[::2], fences[1::2], strict=False)
    return {at for first, last in pairs for at in range(first, last + 1)}


def _mark_known(forms: list[str], letters: list[str], code: set[int], ours: OurMails) -> None:
    """Mark where a quote repeats the beginning of our mail, and a whole mail of ours without quote marks.

    Fewer lines without quote marks are no quote: customers repeat a line of an offer, or what they wrote before.
    """
    filled = [
        at for at, letter in enumerate(letters) if letter in "tq" and forms[at] and at not in code
    ]
    starts = [0, *accumulate(len(forms[at]) + 1 for at in filled)]
    said = " ".join(forms[at] for at in filled)
    bare: dict[str, int] = {}
    for number, start in enumerate(starts[:-1]):
        opening = ours.opening_at(said, start)
        if opening and letters[filled[number]] == "q":
            letters[filled[number]] = "k"
        elif opening:
            bare[opening] = number
    ends = {start - 1: number for number, start in enumerate(starts)}
    for opening, number in bare.items():
        last = ends.get(ours.end_of(opening, said, starts[number]), 0)
        if last - number > 1:
            for at in filled[number:last]:
                letters[at] = "k"


def _attributions(lines: list[str], letters: list[str], code: set[int]) -> None:
    """Mark "On … wrote:" over one to four lines (I4), found by the last one."""
    for at, line in enumerate(lines):
        if letters[at] not in "tq" or at in code or len(line) > MAX_LINE or not _may_end(line):
            continue
        following = next_filled(letters, at + 1)
        quoted = following is not None and letters[following] in "qk"
        letter = "a" if quoted or letters[at] == "q" else "A"
        size = _window(lines, letters, at, quoted=quoted)
        for each in range(at - size + 1, at + 1):
            letters[each] = letter


def _may_end(line: str) -> bool:
    """May a line end an attribution: with a colon, or "wrote ----" as in some web mail?"""
    tail = line[-12:]
    if ":" in tail or "：" in tail:
        return patterns.bare(tail)[-1:] in (":", "：")
    return "---" in tail and patterns.WROTE.search(line[-40:]) is not None


def _window(lines: list[str], letters: list[str], at: int, *, quoted: bool) -> int:
    """Return the number of lines of the attribution that ends here; 0 if there is none."""
    joined, size = "", 0
    for each in range(1, WINDOW + 1):
        first = at - each + 1
        if first < 0 or letters[first] not in ("t", letters[at]) or len(lines[first]) > MAX_LINE:
            break
        joined = f"{patterns.bare(lines[first])} {joined}".strip()
        # The last lines alone may look like one ("ana@x.example> wrote:"): continue to where it begins.
        if (not size or _opens(lines[first])) and is_attribution(joined, quoted=quoted):
            size = each
            if _opens(lines[first]):
                break
    return size


def _opens(line: str) -> bool:
    """Does a line begin like an attribution, with "On" and a date or with the date?"""
    bare = patterns.bare(line)
    dated = patterns.DATE.search(bare) is not None
    return dated and bool(patterns.OPENS.match(bare) or patterns.DATED.match(bare))


def is_attribution(line: str, *, quoted: bool) -> bool:
    """Does a line (joined again) introduce a quote? `quoted`: quote marks follow."""
    mailed = "@" in line
    dated = patterns.DATE.search(line) is not None
    if not (mailed or dated or quoted):
        return False
    wrote = patterns.WROTE.search(line) if patterns.may_say_wrote(line) else None
    opens = patterns.OPENS.match(line) is not None
    begins = opens or patterns.DATED.match(line) is not None
    if wrote and begins and (dated or mailed):
        return True
    if dated and patterns.ANGLED.search(line) and (quoted or (wrote and _wrote_last(line))):
        return True  # a name with an address, and a date: common in every language
    if mailed and (patterns.NAMED.match(line) or (_opens(line) and line.endswith((">:", "):")))):
        return True
    if not quoted or len(line) > 120 or line.count(" ") > 12:
        return False
    bare = line.rstrip(" :：")
    return (wrote is not None and wrote.end() >= len(bare)) or (opens and dated and bare != line)


def _wrote_last(line: str) -> bool:
    """Does a line end with "wrote", with a colon or without?"""
    end = len(line.rstrip(" :："))
    return any(found.end() >= end for found in patterns.WROTE.finditer(line))


def _headers(lines: list[str], letters: list[str], code: set[int]) -> None:
    """Mark blocks of From, Sent, To, Subject (I5)."""
    kinds = [
        kind_of(line) if letters[at] == "t" and at not in code else None
        for at, line in enumerate(lines)
    ]
    at = 0 if any(kinds) else len(lines)
    while at < len(lines):
        last = _block_end(letters, kinds, at) if kinds[at] else -1
        for each in range(at, last + 1):
            letters[each] = "h"
        at = max(at, last) + 1


def kind_of(line: str) -> str | None:
    """Return which header of a quoted block a line is: from, date, to, subject; None if it is none."""
    head = line[:60]
    if ":" not in head and "：" not in head:
        return None
    return next((kind for kind, pattern in patterns.HEADER.items() if pattern.match(head)), None)


def _block_end(letters: list[str], kinds: list[str | None], first: int) -> int:
    """Return the last line of the header block that begins here; -1 if there is none."""
    seen: set[str] = set()
    last, strange = first, 0
    for at in range(first, min(first + MAX_HEADER_LINES, len(kinds))):
        kind = kinds[at]
        if kind:
            seen.add(kind)
            last, strange = at, 0
        else:
            strange += 1
        if strange > 2 or (letters[at] == "e" and len(seen) > 1):
            break
    before = next(
        (each for each in reversed(letters[max(0, first - 3) : first]) if each != "e"), ""
    )
    needed = 2 if before in ("d", "S", "o") else 3
    return last if "from" in seen and len(seen) >= needed else -1


def _markers(
    lines: list[str], forms: list[str], letters: list[str], markers: tuple[str, ...]
) -> None:
    """Mark our own "reply above this line", also if quoted or wrapped (I7)."""
    said = " ".join(forms)
    wanted = [mark for mark in map(normal, markers) if mark and mark in said]
    if not wanted:
        return
    short = [form if len(line) <= MAX_LINE else "" for line, form in zip(lines, forms, strict=True)]
    for at, (form, below) in enumerate(zip(short, [*short[1:], ""], strict=True)):
        if form and any(mark in f"{form} {below}" and mark not in below for mark in wanted):
            letters[at] = "m"
