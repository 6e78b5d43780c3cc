"""The fields of the query language: what may stand after each, and the condition it makes.

`status:open` in a query and `--status open` on a command line both come through `leaf`.
"""

import re
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta, tzinfo

from msgspec import Struct

from ticketctl.desk import when
from ticketctl.desk.condition import Condition, Where, either, every
from ticketctl.desk.records import CHANNELS, PRIORITIES
from ticketctl.desk.status import STATUSES
from ticketctl.errors import BadInput

SORTS = (
    "created", "updated", "resolved", "closed", "id", "priority", "important", "status",
    "owner", "segment", "mailbox", "channel", "type", "subject", "customer",
)  # fmt: skip

_SECOND = timedelta(seconds=1)
_CUSTOM = re.compile(r"cf\.[A-Za-z][A-Za-z0-9_-]{0,63}", re.ASCII)
_OWNERS = {"mine": "@me", "unassigned": "none"}  # words of `is` that ask for an owner
_IS = (
    "open", "ended", "unassigned", "mine", "important", "spam", "merged",
    "awaiting-agent", "awaiting-customer",
)  # fmt: skip


class Asking(Struct, frozen=True):
    """Who asks, when, and in which zone the dates are meant; `me` is empty where nobody is known."""

    now: datetime
    zone: tzinfo
    me: str | None


Leaf = Callable[[str, str, Sequence[str], Asking], Condition]


def leaf(field: str, op: str, words: Sequence[str], asking: Asking) -> Condition:
    """The condition `field op words` (any of the words). BadInput names what cannot be understood."""
    if not is_field(field):
        raise BadInput(f'there is no field "{field}".', fields_line())
    if field in FIELDS:
        return FIELDS[field](field, op, words, asking)
    return Where(field, op, tuple(words))


def is_field(name: str) -> bool:
    """Is there a field of that name? Any `cf.NAME` is one."""
    return name in FIELDS or bool(_CUSTOM.fullmatch(name))


def fields_line() -> str:
    """The line that lists the fields, for an error message or a help page."""
    return f"fields: {', '.join(FIELDS)}, cf.NAME, sort"


def _only_equal(field: str, op: str) -> None:
    if op != "=":
        raise BadInput(f"{field} has no order; write {field}:VALUE.")


def _words(choices: Sequence[str] = ()) -> Leaf:
    """A field of words: any, or those of `choices`."""

    def read(field: str, op: str, words: Sequence[str], _asking: Asking) -> Condition:
        _only_equal(field, op)
        for word in words:
            _check(field, word, choices)
        return Where(field, "=", tuple(words))

    return read


def _check(field: str, word: str, allowed: Sequence[str]) -> None:
    if allowed and word not in allowed:
        raise BadInput(f'"{word}" is no value of {field}; it is one of {", ".join(allowed)}.')


def _owner(field: str, op: str, words: Sequence[str], asking: Asking) -> Condition:
    _only_equal(field, op)
    if "@me" in words and not asking.me:
        raise BadInput("@me is nobody here; say who you are with --as or TICKETCTL_AGENT.")
    return Where(field, "=", tuple(asking.me or "" if word == "@me" else word for word in words))


def _ranked(field: str, op: str, words: Sequence[str], _asking: Asking) -> Condition:
    for word in words:
        _check(field, word, PRIORITIES)
    return Where(field, op, tuple(words))


def _number(field: str, op: str, words: Sequence[str], _asking: Asking) -> Condition:
    numbers = [word.removeprefix("#") for word in words]
    for number in numbers:
        if not re.fullmatch("[0-9]{1,18}", number, re.ASCII):
            raise BadInput(f'"{number}" is no number of a ticket.')
    return Where(field, op, tuple(map(int, numbers)))


def _time(field: str, op: str, words: Sequence[str], asking: Asking) -> Condition:
    return either(_one_time(field, op, word, asking) for word in words)


def _one_time(field: str, op: str, word: str, asking: Asking) -> Condition:
    """Only `>= start` and `< end` remain, so the tree means the same in every zone and at every hour."""
    period = when.period(word, now=asking.now, zone=asking.zone)
    if op == "=" and when.offset(word, now=asking.now, zone=asking.zone):
        return _within(field, period.start, asking.now)
    if op == "=":
        return every((Where(field, ">=", (period.start,)), Where(field, "<", (period.end,))))
    edge = period.start if op in ("<", ">=") else period.end
    return Where(field, "<" if op in ("<", "<=") else ">=", (edge,))


def _within(field: str, moment: datetime, now: datetime) -> Condition:
    """`created:-7d`: in the last seven days; `2h`: within the next two hours. Both ends count."""
    first, last = min(moment, now), max(moment, now)
    return every((Where(field, ">=", (first,)), Where(field, "<", (last + _SECOND,))))


def _age(field: str, op: str, words: Sequence[str], asking: Asking) -> Condition:
    if op == "=":
        raise BadInput("age is compared: write age>2h or age<=7d.")
    return either(_one_age(op, word, asking) for word in words)


def _one_age(op: str, word: str, asking: Asking) -> Condition:
    try:
        made = when.offset(f"-{word}", now=asking.now, zone=asking.zone)
    except (ValueError, OverflowError):
        made = None
    if made is None:
        raise BadInput(f'"{word}" is no age; write it like 90m, 2h, 7d or 1mo.')
    if op in (">", "<="):
        return Where("created", "<" if op == ">" else ">=", (made,))
    return Where("created", "<" if op == ">=" else ">=", (made + _SECOND,))


def _is(field: str, op: str, words: Sequence[str], asking: Asking) -> Condition:
    _only_equal(field, op)
    for word in words:
        _check(field, word, _IS)
    plain = tuple(word for word in words if word not in _OWNERS)
    owners = [_OWNERS[word] for word in words if word in _OWNERS]
    return either(
        [
            *([Where(field, "=", plain)] if plain else []),
            *([_owner("owner", "=", owners, asking)] if owners else []),
        ]
    )


FIELDS: dict[str, Leaf] = {
    "id": _number,
    "status": _words(STATUSES),
    "priority": _ranked,
    "owner": _owner,
    "segment": _words(),
    "source_segment": _words(),
    "mailbox": _words(),
    "channel": _words(CHANNELS),
    "type": _words(),
    "tag": _words(),
    "customer": _words(),
    "email": _words(),
    "subject": _words(),
    "body": _words(),
    "comments": _words(),
    "text": _words(),
    "created": _time,
    "updated": _time,
    "resolved": _time,
    "closed": _time,
    "age": _age,
    "kind": _words(("public", "private", "mixed")),
    "language": _words(),
    "is": _is,
    "has": _words(("attachment", "comment")),
}
