"""Attack strings for a regular expression, made from the expression itself: a text that leads to a repeat, what it
repeats many times over, and an end that does not fit.

`slow` says with which of them a pattern takes time that grows faster than the text.
"""

import re
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from types import FrameType
from typing import Any

SMALL, LARGE = 8_000, 32_000  # characters of the two texts whose times are compared
FIRST = 4_000  # of one that is tried before
RATIO = 8.0  # four times the text takes 4 times as long where time is linear, 16 times where it is quadratic
FLOOR = 0.05  # seconds of processor for the large text
LIMIT = 0.5  # seconds of processor for one text, whatever its growth
LONG_REPEAT = 200  # a repeat that may go on for longer than this is pumped

Sequence = Any  # re._parser.SubPattern: a list of (operation, argument)
_REPEATS = (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT)
_CATEGORIES = {
    sre.CATEGORY_SPACE: " \n\t",
    sre.CATEGORY_NOT_SPACE: "a-0",
    sre.CATEGORY_DIGIT: "0",
    sre.CATEGORY_NOT_DIGIT: "a -",
    sre.CATEGORY_WORD: "a0_",
    sre.CATEGORY_NOT_WORD: "- >",
}
_OTHERS = "a 0-\n\t>.<(\"'\\:=\x00é"  # tried where a class says only what it is not


class _TooSlow(Exception):
    pass


def slow(pattern: re.Pattern[Any], methods: set[str]) -> str:
    """An attack and its times, "" where every attack takes linear time by each of the methods."""
    for method in sorted(methods):
        call = _caller(pattern, method)
        for attack in attacks(pattern):
            if said := _grows(call, attack, isinstance(pattern.pattern, bytes)):
                return f"{method} {said}"
    return ""


def _caller(pattern: re.Pattern[Any], method: str) -> Callable[[Any], object]:
    if method == "finditer":
        return lambda text: sum(1 for _ in pattern.finditer(text))
    if method in ("sub", "subn"):
        return lambda text: getattr(pattern, method)(text[:0], text)
    return lambda text: getattr(pattern, method)(text)


Attack = tuple[str, str, str]  # a beginning, what is repeated, an end


def _grows(call: Callable[[Any], object], attack: Attack, raw: bool) -> str:
    def text(length: int) -> Any:
        begin, piece, end = attack
        whole = begin + piece * (length // len(piece)) + end
        return whole.encode("latin-1", "replace") if raw else whole

    try:
        if _seconds(call, text(FIRST)) < FLOOR / (LARGE / FIRST) ** 2:
            return ""  # were it quadratic, the large text would still take less than the floor
        large = _seconds(call, text(LARGE))
        if large < FLOOR:
            return ""
        large = min(large, _seconds(call, text(LARGE)), _seconds(call, text(LARGE)))
        small = min(_seconds(call, text(SMALL)) for _ in range(3))
    except _TooSlow:
        return f"{attack!r}: more than {LIMIT} s"
    return (
        f"{attack!r}: {small:.4f} s, then {large:.4f} s"
        if large > max(FLOOR, RATIO * small)
        else ""
    )


def _seconds(call: Callable[[Any], object], text: Any) -> float:
    with _limit():
        start = time.thread_time()
        call(text)
        return time.thread_time() - start


@contextmanager
def _limit() -> Iterator[None]:
    def strike(number: int, frame: FrameType | None) -> None:
        raise _TooSlow

    before = signal.signal(signal.SIGVTALRM, strike)
    signal.setitimer(signal.ITIMER_VIRTUAL, LIMIT)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def attacks(pattern: re.Pattern[Any]) -> Iterator[Attack]:
    """Every attack that the pattern itself suggests, each once."""
    written = pattern.pattern
    source = written.decode("latin-1") if isinstance(written, bytes) else written
    tree = _parser.parse(
        source, pattern.flags & ~re.UNICODE if isinstance(written, bytes) else pattern.flags
    )
    letters = _letters(tree)
    seen: set[Attack] = set()
    for before, body in _repeats(tree, ""):
        pieces = dict.fromkeys((*_variants(body, letters), *letters[:12], " ", "\n"))
        for piece in filter(None, pieces):
            for end in ("\x00", "\n\x00", ""):
                seen.add((before, piece, end))
            seen.add(("", before + piece, "\x00"))
        if before:
            seen.add(("", before, "\x00"))
    yield from sorted(seen)


def _repeats(tree: Sequence, before: str) -> Iterator[tuple[str, Sequence]]:
    """Each long repeat, with a text that leads to it."""
    for op, arg in tree:
        if op in _REPEATS:
            if arg[1] is sre.MAXREPEAT or arg[1] >= LONG_REPEAT:
                yield before, arg[2]
            yield from _repeats(arg[2], before)
        elif op is sre.SUBPATTERN:
            yield from _repeats(arg[3], before)
        elif op is sre.ATOMIC_GROUP:
            yield from _repeats(arg, before)
        elif op in (sre.ASSERT, sre.ASSERT_NOT):
            yield from _repeats(arg[1], before)
        elif op is sre.BRANCH:
            for branch in arg[1]:
                yield from _repeats(branch, before)
        before += _sample([(op, arg)])


def _sample(tree: Sequence, any_: str = "a", pick: int = 0) -> str:
    """A short text that fits; `pick` chooses among the letters of a class and among branches."""
    said = ""
    for op, arg in tree:
        if op is sre.LITERAL:
            said += chr(arg)
        elif op is sre.NOT_LITERAL:
            said += any_ if ord(any_) != arg else "a" if arg != ord("a") else "b"
        elif op is sre.ANY:
            said += any_
        elif op is sre.IN:
            members = _members(arg)
            said += any_ if any_ in members else members[pick % len(members)]
        elif op is sre.BRANCH:
            said += _sample(arg[1][pick % len(arg[1])], any_, pick)
        elif op is sre.SUBPATTERN:
            said += _sample(arg[3], any_, pick)
        elif op is sre.ATOMIC_GROUP:
            said += _sample(arg, any_, pick)
        elif op in _REPEATS:
            said += _sample(arg[2], any_, pick) * min(arg[0], 50)
    return said


def _variants(tree: Sequence, letters: str) -> Iterator[str]:
    for pick in range(8):
        yield _sample(tree, "a", pick)
    for letter in letters[:20]:
        for pick in range(3):
            yield _sample(tree, letter, pick)


def _members(items: Any) -> str:
    """Some letters of a class."""
    if items[0][0] is sre.NEGATE:
        return "".join(one for one in _OTHERS if not _holds(items[1:], one)) or "\u2603"
    found = ""
    for op, arg in items:
        if op is sre.LITERAL:
            found += chr(arg)
        elif op is sre.RANGE:
            found += chr(arg[0])
        elif op is sre.CATEGORY:
            found += _CATEGORIES[arg]
    return found


def _holds(items: Any, letter: str) -> bool:
    for op, arg in items:
        if op is sre.LITERAL and chr(arg) == letter:
            return True
        if op is sre.RANGE and arg[0] <= ord(letter) <= arg[1]:
            return True
        if op is sre.CATEGORY and re.match(f"[{_ESCAPES[arg]}]", letter):
            return True
    return False


_ESCAPES = {
    sre.CATEGORY_SPACE: r"\s",
    sre.CATEGORY_NOT_SPACE: r"\S",
    sre.CATEGORY_DIGIT: r"\d",
    sre.CATEGORY_NOT_DIGIT: r"\D",
    sre.CATEGORY_WORD: r"\w",
    sre.CATEGORY_NOT_WORD: r"\W",
}


def _letters(tree: Sequence) -> str:
    """The letters that a pattern names, each once; those that are no word letters first."""
    found: dict[str, None] = {}

    def walk(part: Any) -> None:
        if isinstance(part, tuple) and len(part) == 2 and part[0] is sre.LITERAL:
            found[chr(part[1])] = None
        elif isinstance(part, tuple) and len(part) == 2 and part[0] is sre.IN:
            for one in _members(part[1]):
                found[one] = None
        elif isinstance(part, (tuple, list, _parser.SubPattern)):
            for each in part:
                walk(each)

    walk(list(tree))
    return "".join(sorted(found, key=str.isalnum))
