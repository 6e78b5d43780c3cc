"""The fields of the query language: which values each takes, and which condition it makes.

`status:open` in a query and `--status open` on a command line both use `leaf`.
"""

import re
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from ticketctl.domain.base import synonyms, when
from ticketctl.domain.base.condition import Condition, Where, either, every, negation
from ticketctl.domain.base.records import ALERTS, CHANNELS, PRIORITIES
from ticketctl.domain.base.status import STATUSES
from ticketctl.domain.base.when import Side
from ticketctl.domain.query import own_fields
from ticketctl.domain.query.context import QueryContext, Use
from ticketctl.errors import BadInput

SORTS = (
    "created", "updated", "resolved", "closed", "due", "waiting", "id", "priority", "important", "status",
    "owner", "segment", "mailbox", "channel", "type", "subject", "customer",
)  # fmt: skip

# The words for columns whose name is another.
OF_COLUMNS = {
    "created_at": "created", "reported": "created", "updated_at": "updated", "resolved_at": "resolved",
    "closed_at": "closed", "due_at": "due", "awaiting_since": "waiting", "age_alert": "alert",
}  # fmt: skip

_GRADES = {"rating": (0, 10), "csat": (1, 5), "nps": (0, 10)}  # the lowest and the highest
_SECOND = timedelta(seconds=1)
_CUSTOM = re.compile(r"(customer\.)?cf\.[A-Za-z][A-Za-z0-9_-]{0,63}", re.ASCII)
_OWNERS = {"mine": "@me", "unassigned": "none"}  # words of `is` that ask for an owner
_LEVELS = {"breached": "breach", "no-sla": "none"}  # … and for a service level
IS = (
    "open", "ended", "unassigned", "mine", "important", "spam", "merged",
    "awaiting-agent", "awaiting-customer", "breached", "no-sla",
)  # fmt: skip
SLA = ("ok", "warn", "breach", "paused", "met", "none")
HAS = ("attachment", "comment", "order")
PAST = (
    "created",
    "updated",
    "last_customer",
    "resolved",
    "closed",
)  # times that are always in the past
KINDS = ("public", "private", "mixed")
AWAITING = ("agent", "customer", "nobody")
RECORDED = ("running", "paused", "met", "breached", "none", "any")


Leaf = Callable[[str, str, Sequence[str], QueryContext], Condition]


def leaf(field: str, op: str, words: Sequence[str], context: QueryContext) -> Condition:
    """The condition `field op words` (any of the words). BadInput names what is invalid."""
    if not is_field(field):
        raise BadInput(f'there is no field "{field}".', fields_line())
    field = field if field in FIELDS else OF_COLUMNS.get(field, field)
    return FIELDS.get(field, own_fields.leaf)(field, op, words, context)


def is_field(name: str) -> bool:
    """Is there a field of that name? Any `cf.NAME` is one."""
    return OF_COLUMNS.get(name, name) in FIELDS or bool(_CUSTOM.fullmatch(name))


def fields_line() -> str:
    """The line that lists the fields, for an error message or a help page."""
    return f"fields: {', '.join(FIELDS)}, cf.NAME, sort, columns"


def _only_equal(field: str, op: str) -> None:
    if op != "=":
        raise BadInput(f"{field} cannot be compared; write {field}:VALUE.")


def _only_equal_to(word: str, field: str, op: str) -> None:
    if op != "=":
        raise BadInput(f"nothing can be before or after {word}; write {field}:{word}.")


def _words(choices: Sequence[str] = ()) -> Leaf:
    """A field of words: any, or those of `choices`."""

    def read(field: str, op: str, words: Sequence[str], _context: QueryContext) -> Condition:
        _only_equal(field, op)
        return Where(field, "=", _known(field, words, choices))

    return read


def _known(field: str, words: Sequence[str], allowed: Sequence[str]) -> tuple[str, ...]:
    """The words, as spelled in `allowed`; BadInput for any other."""
    if not allowed:
        return tuple(words)
    for word in words:
        if word.lower() not in allowed:
            hint = f"choose one of {', '.join(allowed)}."
            if ours := synonyms.meant(field, word):
                hint = f"did you mean {field}:{ours}?"
            elif field == "status" and word.lower() in ("unresolved", "unsolved", "unclosed"):
                hint = "did you mean is:open?"
            elif field == "is" and (full := _elsewhere(word.lower())):
                hint = f"did you mean {full}?"
            raise BadInput(f'"{word}" is not a value of {field}; {hint}')
    return tuple(word.lower() for word in words)


def _elsewhere(word: str) -> str:
    """The condition that a word of `is` means in another field."""
    if word in ("overdue", "late"):
        return "is:breached"
    if word in PRIORITIES:
        return f"priority:{word}"
    found = ((field, synonyms.meant(field, word)) for field in ("priority", "status", "sla"))
    return next((f"{field}:{ours}" for field, ours in found if ours), "")


def _owner(field: str, op: str, words: Sequence[str], context: QueryContext) -> Condition:
    _only_equal(field, op)
    if "@me" in words and not context.me:
        raise BadInput("@me is unknown here; say who you are with --as or TICKETCTL_AGENT.")
    return Where(field, "=", tuple(context.me or "" if word == "@me" else word for word in words))


def _ranked(field: str, op: str, words: Sequence[str], _context: QueryContext) -> Condition:
    return Where(field, op, _known(field, words, PRIORITIES))


def _number(field: str, op: str, words: Sequence[str], _context: QueryContext) -> Condition:
    """Numbers, and with `:` also ranges: 12, #12, 12-15."""
    ends = [[part.removeprefix("#") for part in word.split("-", op == "=")] for word in words]
    for word, numbers in zip(words, ends, strict=True):
        if not all(re.fullmatch("[0-9]{1,18}", number, re.ASCII) for number in numbers):
            raise BadInput(f'"{word}" is not a ticket number.')
    ranges = [
        every((Where(field, ">=", (int(first),)), Where(field, "<=", (int(last),))))
        for first, last in (pair for pair in ends if len(pair) == 2)
    ]
    single = tuple(int(pair[0]) for pair in ends if len(pair) == 1)
    return either([*([Where(field, op, single)] if single else []), *ranges])


def _score(field: str, op: str, words: Sequence[str], _context: QueryContext) -> Condition:
    for word in words:
        if not re.fullmatch("[0-9]|10", word, re.ASCII):
            raise BadInput(f'"{word}" is not a rating; write a number like {field}<=2.')
        low, high = _GRADES[field]
        if (int(word) > high and op not in ("<", "<=")) or (
            int(word) < low and op not in (">", ">=")
        ):
            raise BadInput(
                f"{field} goes from {low} to {high}: {field}{':' if op == '=' else op}{word} finds nothing."
            )
    return Where(field, op, tuple(map(int, words)))


def _time(field: str, op: str, words: Sequence[str], context: QueryContext) -> Condition:
    return either(_one_time(field, op, word, context) for word in words)


def _one_time(field: str, op: str, word: str, context: QueryContext) -> Condition:
    """Only `>= start` and `< end` remain, so the tree means the same in every zone and at every hour."""
    if word in ("none", "any"):
        _only_equal_to(word, field, op)
        return Where(field, "=", (word,))
    side = Side.PAST if field in PAST else Side.FUTURE
    period = when.period(word, side, now=context.now, zone=context.zone)
    if side is Side.PAST:
        _refuse_future(field, op, word, period, context)
    if op == "=" and when.offset(word, side, now=context.now, zone=context.zone):
        return _within(field, period.start, context.now)
    if op == "=":
        return every((Where(field, ">=", (period.start,)), Where(field, "<", (period.end,))))
    edge = period.start if op in ("<", ">=") else period.end
    return Where(field, "<" if op in ("<", "<=") else ">=", (edge,))


def _refuse_future(
    field: str, op: str, word: str, period: when.Period, context: QueryContext
) -> None:
    """BadInput for a future date with a field that is always in the past, as far as `context.use` forbids it."""
    comes, ends = period.start > context.now, period.end > context.now
    over = period.start < context.now and not (ends and op in ("<=", ">"))
    if context.use is Use.DEADLINE and not over:
        raise BadInput(f'"{word}" is in the future, and a timed rule needs a date in the past.')
    if context.use is Use.NOW and comes and op in ("=", ">=", ">"):
        raise BadInput(f'"{word}" is in the future, and {field} is always in the past.')
    if context.use is Use.NOW and ends and op == ">":
        raise BadInput(f'nothing is {field} after "{word}" yet; write {field}>={word}.')


def _within(field: str, moment: datetime, now: datetime) -> Condition:
    """`created:7d`: in the last seven days; `due:2h`: within the next two hours. Both ends count."""
    first, last = min(moment, now), max(moment, now)
    return every((Where(field, ">=", (first,)), Where(field, "<", (last + _SECOND,))))


def _age(field: str, op: str, words: Sequence[str], context: QueryContext) -> Condition:
    if op == "=":
        raise BadInput("age must be compared: write age>2h or age<=7d.")
    return either(_one_age(op, word, context) for word in words)


def _one_age(op: str, word: str, context: QueryContext) -> Condition:
    try:
        made = when.offset(f"-{word}", Side.PAST, now=context.now, zone=context.zone)
    except (ValueError, OverflowError):
        made = None
    if made is None:
        raise BadInput(f'"{word}" is not an age; write it like 90m, 2h, 7d or 1mo.')
    if op in (">", "<="):
        return Where("created", "<" if op == ">" else ">=", (made,))
    return Where("created", "<" if op == ">=" else ">=", (made + _SECOND,))


def _left(field: str, op: str, words: Sequence[str], context: QueryContext) -> Condition:
    """`sla.first<1h`: less than an hour is left, so the clock is due within it; 0 is now, -1h an hour ago."""
    return _time(field, op, ["now" if word == "0" else word for word in words], context)


def _sla(field: str, op: str, words: Sequence[str], context: QueryContext) -> Condition:
    """The state at this moment, computed from due time, warning time and recorded state (F-A15)."""
    _only_equal(field, op)
    return either(_one_sla(word, context.now) for word in _known(field, words, SLA))


def _one_sla(word: str, now: datetime) -> Condition:
    running = negation(Where("sla_state", "=", ("paused", "met", "breached")))
    late = Where("due", "<", (now,))  # just in time is met
    warned = Where("warn", "<", (now + _SECOND,))
    return {
        "ok": every((Where("due", ">=", (now,)), negation(warned), running)),
        "warn": every((Where("due", ">=", (now,)), warned, running)),
        "breach": either((Where("sla_state", "=", ("breached",)), every((late, running)))),
        "paused": Where("sla_state", "=", ("paused",)),
        "met": Where("sla_state", "=", ("met",)),
        "none": every((Where("due", "=", ("none",)), running)),
    }[word]


def _alert(field: str, op: str, words: Sequence[str], context: QueryContext) -> Condition:
    """The age colour, which the desk's limits decide (F-C14)."""
    _only_equal(field, op)
    words = _known(field, words, ALERTS)
    if context.alert is None:
        raise BadInput("alert cannot be used here; write is:open age>24h.")
    return either(map(context.alert, words))


def _is(field: str, op: str, words: Sequence[str], context: QueryContext) -> Condition:
    _only_equal(field, op)
    states = tuple(
        word.lower() for word in words if word.lower() in STATUSES and word.lower() not in IS
    )
    words = _known(field, [word for word in words if word.lower() not in states], IS)
    plain = tuple(word for word in words if word not in _OWNERS and word not in _LEVELS)
    owners = [_OWNERS[word] for word in words if word in _OWNERS]
    levels = [_LEVELS[word] for word in words if word in _LEVELS]
    return either(
        [
            *([Where(field, "=", plain)] if plain else []),
            *([_owner("owner", "=", owners, context)] if owners else []),
            *([_sla("sla", "=", levels, context)] if levels else []),
            *([Where("status", "=", states)] if states else []),
        ]
    )


FIELDS: dict[str, Leaf] = {
    "id": _number,
    "status": _words(STATUSES),
    "priority": _ranked,
    "owner": _owner,
    "watcher": _owner,
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
    "last_customer": _time,  # when the customer wrote last; until then the time of creation
    "age": _age,
    "alert": _alert,
    "due": _time,
    "sla": _sla,
    "sla.first": _left,
    "sla.next": _left,
    "sla.resolve": _left,
    "sla.assign": _left,
    "sla_state": _words(RECORDED),  # what `sla` is computed from: the recorded state …
    "warn": _time,  # … and the time of the warning
    "kind": _words(KINDS),
    "awaiting": _words(AWAITING),
    "language": _words(),
    "rating": _score,  # of the customer's latest answer to a survey
    "csat": _score,  # the same, if its scale is 1-5
    "nps": _score,  # the same, if its scale is 0-10
    "survey": _words(),
    "is": _is,
    "has": _words(HAS),
}
