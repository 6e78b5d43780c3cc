"""Finds conditions that no ticket can match, because their parts exclude each other."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from itertools import product

from ticketctl.domain.base.condition import AllOf, AnyOf, Condition, Not, Value, Where, negation
from ticketctl.domain.base.records import CHANNELS, PRIORITIES
from ticketctl.domain.base.status import ACTIVE, ENDED, MERGED, SPAM, STATUSES

_MOST = 256  # ways to match a condition to look through; beyond that it counts as possible
_FAR = timedelta(days=36_500)

# Fields with one value a ticket, and all possible values if known.
_ONE: dict[str, frozenset[Value] | None] = {
    "status": frozenset(STATUSES),
    "priority": frozenset(PRIORITIES),
    "channel": frozenset(CHANNELS),
} | dict.fromkeys(("owner", "segment", "source_segment", "mailbox", "type", "language", "kind"))
_STATES = {
    "open": ACTIVE,
    "ended": ENDED,
    "spam": frozenset({SPAM}),
    "merged": frozenset({MERGED}),
}
_TIMES = ("created", "updated", "resolved", "closed")  # none is before the first

Way = tuple[Condition, ...]  # comparisons and negated ones, which all must hold


def never(condition: Condition) -> bool:
    """Do the parts of the condition exclude each other?"""
    ways = _ways(condition)
    return ways is not None and all(map(_contradicts, ways))


def never_from(read: Callable[[datetime], Condition], now: datetime) -> bool:
    """Is a condition with relative times impossible now, at each time it names, and far in the future?"""
    first = read(now)
    named = (value for leaf in _leaves(first) for value in leaf.values)
    later = {value for value in named if isinstance(value, datetime) and value > now}
    return never(first) and all(never(read(at)) for at in (*sorted(later)[:20], now + _FAR))


def _leaves(condition: Condition) -> Iterator[Where]:
    match condition:
        case Where():
            yield condition
        case Not(part):
            yield from _leaves(part)
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from _leaves(part)


def _ways(condition: Condition) -> list[Way] | None:
    """The ways to match a condition, of which one must hold; None for too many."""
    match condition:
        case Where() | Not(Where()):
            return [(condition,)]
        case Not(AllOf(parts)):
            return _ways(AnyOf(tuple(map(negation, parts))))
        case Not(AnyOf(parts)):
            return _ways(AllOf(tuple(map(negation, parts))))
        case Not(Not(part)):
            return _ways(part)
        case AnyOf(parts):
            found = [_ways(part) for part in parts]
            if any(ways is None for ways in found):
                return None
            flat = [way for ways in found for way in ways or ()]
            return flat if len(flat) <= _MOST else None
        case AllOf(parts):
            return _joined(parts)
    raise AssertionError(condition)


def _joined(parts: Iterable[Condition]) -> list[Way] | None:
    ways: list[Way] = [()]
    for part in parts:
        more = _ways(part)
        if more is None or len(ways) * len(more) > _MOST:
            return None
        ways = [(*one, *other) for one, other in product(ways, more)]
    return ways


def _contradicts(way: Way) -> bool:
    there = set(way)
    return (
        any(negation(part) in there for part in way)
        or any(_no_value(field, way) for field in _ONE)
        or _no_time(way)
    )


def _no_value(field: str, way: Way) -> bool:
    """Is no value of the field left?"""
    left = _ONE[field]
    without: set[Value] = set()
    for part in way:
        leaf = part.part if isinstance(part, Not) else part
        assert isinstance(leaf, Where)
        values = _values(field, leaf)
        if values is None:
            continue
        if isinstance(part, Not):
            without |= values
        else:
            left = values if left is None else left & values
    return left is not None and not left - without


def _values(field: str, leaf: Where) -> frozenset[Value] | None:
    """The values that a comparison leaves for a field; None if it says nothing exact."""
    if field == "status" and leaf.field == "is" and all(word in _STATES for word in leaf.values):
        return frozenset[Value]().union(*(_STATES[str(word)] for word in leaf.values))
    if leaf.field != field or "any" in leaf.values:
        return None
    if field == "priority":
        return frozenset(word for word in PRIORITIES if _ranked(leaf, word))
    return frozenset(leaf.values) if leaf.op == "=" else None


def _ranked(leaf: Where, word: str) -> bool:
    rank = PRIORITIES.index(word)
    return any(
        {"=": rank == other, "<": rank < other, "<=": rank <= other, ">": rank > other, ">=": rank >= other}[leaf.op]
        for other in map(PRIORITIES.index, map(str, leaf.values))
    )  # fmt: skip


def _no_time(way: Way) -> bool:
    """Does a time end before it begins? Everything happens to a ticket after its creation."""
    low: dict[str, list[datetime]] = defaultdict(list)
    high: dict[str, list[datetime]] = defaultdict(list)
    for part in way:
        if isinstance(part, Where) and isinstance(edge := part.values[0], datetime):
            (low if part.op == ">=" else high)[part.field].append(edge)
    for field, ends in high.items():
        starts = low[field] + (low["created"] if field in _TIMES[1:] else [])
        if starts and max(starts) >= min(ends):
            return True
    return False
