"""One letter a line: what each line of a mail is. The decisions in trim.py read the letters only.

t text · e empty · q quote · a attribution with its quote below · A attribution with no quote marks
below · o "original message" · h quoted header · m our own marker · d delimiter · S signature
delimiter · s line of a telephone
"""

from gateway.trim import patterns

LONGEST = 400
"""Characters of a line; a longer one is a paragraph, never an attribution, header or marker."""

WINDOW = 4
"""Lines over which an attribution may be wrapped (I4)."""

BLOCK = 12
"""Lines that a quoted header block may have."""

KNOWN = 20
"""Characters that a line must have to be recognised as the parent's."""

BIDI = dict.fromkeys((0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)))
"""Direction marks, which stand around names in Hebrew and Arabic."""


def normal(line: str) -> str:
    """A line for comparing: without quote marks and superfluous blanks, lower case."""
    return " ".join(line.lstrip("> |\t").split()).lower()


def letters_of(
    lines: list[str], parent_lines: frozenset[str] = frozenset(), markers: tuple[str, ...] = ()
) -> str:
    """The letters of the lines. `parent_lines` as made by trim.lines_of; `markers` are our own lines."""
    letters = [_plain(line) for line in lines]
    code = _code(lines)
    for at in code:
        letters[at] = "t"
    _wrapped_quotes(lines, letters)
    _known(lines, letters, code, parent_lines)
    _attributions(lines, letters, code)
    _telephones(letters)
    _headers(lines, letters, code)
    _markers(lines, letters, markers)
    _originals(lines, letters)
    _forward(lines, letters)
    return "".join(letters)


def _plain(line: str) -> str:
    """The letter that a line has by itself."""
    if not line or line.isspace():
        return "e"
    if patterns.QUOTE.match(line):
        return "q"
    if patterns.SIGNATURE.match(line[:LONGEST]) and len(line) < LONGEST:
        return "S"
    if line[:1] in " \t-_=*~#+–—ᐧ" and patterns.DELIMITER.match(line):
        return "d"
    if len(line) <= LONGEST and patterns.SENT_FROM.match(line):
        return "t" if patterns.SENTENCE.search(line) else "s"
    return "t"


def _code(lines: list[str]) -> set[int]:
    """The lines between two code fences, fences included; an open fence fences nothing (I9)."""
    fences = [at for at, line in enumerate(lines) if patterns.FENCE.match(line)]
    pairs = zip(fences[::2], fences[1::2], strict=False)
    return {at for first, last in pairs for at in range(first, last + 1)}


def _wrapped_quotes(lines: list[str], letters: list[str]) -> None:
    """A quoted line that some program wrapped: its rest stands without `>` but in mid-sentence."""
    for at in range(1, len(lines) - 1):
        long_quote = letters[at - 1] == "q" and len(lines[at - 1]) >= 60
        if letters[at] == "t" and long_quote and lines[at][:1].islower():
            open_end = lines[at - 1].rstrip()[-1:] not in ".?!:…"
            following = _next(letters, at + 1)
            if open_end and following is not None and letters[following] == "q":
                letters[at] = "q"


def _known(lines: list[str], letters: list[str], code: set[int], parent: frozenset[str]) -> None:
    """Lines of the mail that is answered are quotes, marked as such or not."""
    if not parent:
        return
    for at, line in enumerate(lines):
        if letters[at] == "t" and at not in code and len(line) >= KNOWN and normal(line) in parent:
            letters[at] = "q"


def _attributions(lines: list[str], letters: list[str], code: set[int]) -> None:
    """ "On … wrote:" over one to four lines (I4), found by its last line."""
    for at, line in enumerate(lines):
        if letters[at] not in "tq" or at in code or len(line) > LONGEST or not _may_end(line):
            continue
        following = _next(letters, at + 1)
        quoted = following is not None and letters[following] == "q"
        letter = "a" if quoted or letters[at] == "q" else "A"
        size = _window(lines, letters, at, quoted=quoted)
        for each in range(at - size + 1, at + 1):
            letters[each] = letter


def _telephones(letters: list[str]) -> None:
    """A telephone's line counts only as a paragraph of its own, among others or at the end (I8)."""
    for at, letter in enumerate(letters):
        if letter == "s" and letters[at - 1 : at] not in ([], ["e"], ["s"], ["d"], ["S"]):
            letters[at] = "t"


def _may_end(line: str) -> bool:
    """Whether a line may be the last of an attribution: a colon, or "wrote ----" as some web mail has it."""
    tail = line[-12:]
    if ":" in tail or "：" in tail:
        return _bare(tail)[-1:] in (":", "：")
    return "---" in tail and patterns.WROTE.search(line[-40:]) is not None


def _window(lines: list[str], letters: list[str], at: int, *, quoted: bool) -> int:
    """How many lines the attribution that ends at this line has; 0: it is none."""
    joined, size = "", 0
    for each in range(1, WINDOW + 1):
        first = at - each + 1
        if first < 0 or letters[first] not in ("t", letters[at]) or len(lines[first]) > LONGEST:
            break
        joined = f"{_bare(lines[first])} {joined}".strip()
        # The last lines alone may look like one ("ana@x.example> wrote:"): go on to where it opens.
        if (not size or _opens(lines[first])) and is_attribution(joined, quoted=quoted):
            size = each
            if _opens(lines[first]):
                break
    return size


def _bare(line: str) -> str:
    """A line without quote marks, stars and rules around it, and without direction marks."""
    return line.translate(BIDI).strip(" \t\r>*_|–—-")


def _opens(line: str) -> bool:
    """Whether a line begins as an attribution does: with "On" and a date, or with the date itself."""
    bare = _bare(line)
    dated = patterns.DATE.search(bare) is not None
    return dated and bool(patterns.OPENS.match(bare) or patterns.DATED.match(bare))


def is_attribution(line: str, *, quoted: bool) -> bool:
    """Whether a line (put together again) introduces a quote; `quoted`: quote marks follow."""
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
        return True  # somebody with his address, and when: so clients write in every language
    if mailed and (patterns.NAMED.match(line) or (_opens(line) and line.endswith((">:", "):")))):
        return True
    if not quoted or len(line) > 120 or line.count(" ") > 12:
        return False
    bare = line.rstrip(" :：")
    return (wrote is not None and wrote.end() >= len(bare)) or (opens and dated and bare != line)


def _wrote_last(line: str) -> bool:
    """Whether a line ends with "wrote", a colon or not."""
    end = len(line.rstrip(" :："))
    return any(found.end() >= end for found in patterns.WROTE.finditer(line))


def _headers(lines: list[str], letters: list[str], code: set[int]) -> None:
    """Blocks of From, Sent, To, Subject (I5)."""
    kinds = [
        kind_of(line) if letters[at] == "t" and at not in code else None
        for at, line in enumerate(lines)
    ]
    at = 0
    while at < len(lines):
        last = _block_end(letters, kinds, at) if kinds[at] else -1
        for each in range(at, last + 1):
            letters[each] = "h"
        at = max(at, last) + 1


def kind_of(line: str) -> str | None:
    """Which header a line is of a quoted block: from, date, to, subject; None: none."""
    head = line[:60]
    if ":" not in head and "：" not in head:
        return None
    return next((kind for kind, pattern in patterns.HEADER.items() if pattern.match(head)), None)


def _block_end(letters: list[str], kinds: list[str | None], first: int) -> int:
    """The last line of the header block that begins here, or -1 if that is no block."""
    seen: set[str] = set()
    last, strange = first, 0
    for at in range(first, min(first + BLOCK, len(kinds))):
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


def _markers(lines: list[str], letters: list[str], markers: tuple[str, ...]) -> None:
    """Our own "reply above this line", quoted, wrapped or not (I7)."""
    wanted = tuple(normal(marker) for marker in markers if marker.strip())
    if not wanted:
        return
    forms = [normal(line) if len(line) <= LONGEST else "" for line in lines] + [""]
    for at, form in enumerate(forms[:-1]):
        both = f"{form} {forms[at + 1]}"
        if form and any(mark in both and mark not in forms[at + 1] for mark in wanted):
            letters[at] = "m"


def _originals(lines: list[str], letters: list[str]) -> None:
    """ "-----Original Message-----" in every language (I6)."""
    for at, line in enumerate(lines):
        if letters[at] in "tdS" and len(line) <= LONGEST and _original(lines, letters, at):
            letters[at] = "o"


def _original(lines: list[str], letters: list[str], at: int) -> bool:
    """Whether a line is "-----Original Message-----", or the bare words above a header block."""
    if lines[at][:1] in " \t*>-_=":
        return patterns.ORIGINAL.match(lines[at]) is not None
    following = _next(letters, at + 1)
    above_block = following is not None and letters[following] == "h"
    return above_block and patterns.ORIGINAL_BARE.match(lines[at].strip()) is not None


def _forward(lines: list[str], letters: list[str]) -> None:
    """A forwarded mail is content to its end, whatever it looks like (I6)."""
    for at, line in enumerate(lines):
        if letters[at] in "oAm":
            return
        if letters[at] in "td" and len(line) <= LONGEST and patterns.FORWARDED.match(line):
            letters[at:] = ["e" if letter == "e" else "t" for letter in letters[at:]]
            return


def _next(letters: list[str], at: int) -> int | None:
    """The first line from here on that is not empty, looking two lines ahead."""
    return next(
        (each for each in range(at, min(at + 3, len(letters))) if letters[each] != "e"), None
    )
