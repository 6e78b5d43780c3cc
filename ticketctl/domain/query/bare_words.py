"""Words of a query without a field: those with one clear meaning, those with two, and text to search for."""

import re
from datetime import UTC, datetime

from ticketctl.domain.base import when
from ticketctl.domain.base.condition import Condition, Where, negation
from ticketctl.domain.base.records import PRIORITIES
from ticketctl.domain.base.status import STATUSES
from ticketctl.domain.query.context import QueryContext, Use
from ticketctl.domain.query.fields import FIELDS, HAS, IS, SORTS, leaf
from ticketctl.errors import BadInput

ALL = "all"  # every ticket, however old
EVER: Condition = Where("created", ">=", (datetime(1970, 1, 1, tzinfo=UTC),))

# Names of fields that nobody searches texts for.
_NO_TEXT = (
    "status", "priority", "owner", "segment", "mailbox", "channel", "tag", "sla", "id", "created", "updated",
)  # fmt: skip
_ELSEWHERE = {  # what other programs call our fields
    "assignee": "owner", "assigned": "owner", "from": "email", "sender": "email", "state": "status", "label": "tag",
    "queue": "segment", "order": "sort", "project": "segment", "team": "segment",
    "prio": "priority", "agent": "owner", "requester": "customer", "title": "subject", "labels": "tag", "tags": "tag",
}  # fmt: skip
_MAY_LACK = (
    "owner",
    "watcher",
    "segment",
    "type",
    "tag",
    "due",
    "sla",
    "resolved",
    "closed",
    "survey",
    "language",
)
_NUMBERS = re.compile(r"#?[0-9]+([-,]#?[0-9]+)*,?", re.ASCII)
_PERIOD = re.compile(r"(this|last)-[a-z0-9]+|[0-9]{4}-[Ww][0-9]{1,2}", re.ASCII)


NOUNS = ("ticket", "tickets", "issues")  # of `new tickets`, `my tickets`


def is_my(word: str, following: str) -> bool:
    """Is it the `my` of `my tickets`?"""
    return word.lower() == "my" and following.lower() in NOUNS


def plain(word: str) -> str | None:
    """The full form of a word with one meaning: `is:open` for `open`; None for any other word."""
    low = word.lower()
    if low in IS:
        return f"is:{low}"
    if low in STATUSES:
        return f"status:{low}"
    return "created>=1970" if low == ALL else None


def condition(word: str, context: QueryContext) -> Condition:
    """The condition of a word with one meaning. BadInput in a stored query, which needs the full form."""
    spelling = plain(word) or "is:mine"
    if context.use is not Use.NOW:
        raise _two(word, spelling)
    if word.lower() == ALL:
        return EVER
    field, _, value = spelling.partition(":")
    return leaf(field, "=", [value], context)


def text(word: str, context: QueryContext, following: str = "") -> Condition:
    """The word to search for in texts. BadInput, with the right spelling, if it looks like something else.

    `following` is the next word, which may be the value of the field that the word names.
    """
    if not any(sign.isalnum() for sign in word):
        raise BadInput(
            f"{word} stands alone; write field:value without spaces, and text in quotes."
        )
    if other := _of_two(word, following) or _other(word):
        raise _two(word, other.replace("VALUE", following or "VALUE"))
    return leaf("text", "=", (word,), context)


_SIGNS = {"above": ">", "over": ">", "more": ">", "below": "<", "under": "<", "less": "<"}
_UNITS = {"minute": "m", "hour": "h", "day": "d", "week": "w", "month": "mo", "year": "y"}


def _of_two(word: str, following: str) -> str:
    """What a word means with the one after it: `3 days` is an age, `closed today` a time."""
    unit = _UNITS.get(following.lower().rstrip("s"), "")
    if word.isdecimal() and unit:
        return f"created<-{word}{unit}"
    if word.lower() == "by" and following.lower() in SORTS:
        return f"sort:{following.lower()}"
    sign = _SIGNS.get(following.lower(), "")
    return (
        f"{word.lower()}{sign}VALUE" if sign and word.lower() in ("priority", "age", "due") else ""
    )


def beside_text(word: str) -> BadInput:
    """The note about a plain word beside search words: `new york`."""
    return _two(word, plain(word) or "")


def lacking(word: str, context: QueryContext) -> Condition | None:
    """The condition of GitHub's `no:owner`, for us `owner:none`; None for a field that no ticket lacks."""
    low = word.lower()
    field = _ELSEWHERE.get(low, low)
    if low in HAS:
        return negation(leaf("has", "=", (low,), context))
    return leaf(field, "=", ("none",), context) if field in _MAY_LACK else None


def no_field(name: str, value: str = "") -> str:
    """The error for an unknown field."""
    from difflib import get_close_matches

    low = name.lower()
    if low == "no" and (field := _ELSEWHERE.get(value, value)) in _MAY_LACK:
        hint = f"write {field}:none."
    elif low in _ELSEWHERE:
        hint = f"write {_ELSEWHERE[low]}:{value or 'VALUE'}."
    else:
        like = get_close_matches(low, FIELDS, 1, 0.7)
        hint = f"did you mean {like[0]}?" if like else "put text with such a sign in quotes."
    return f'there is no field "{name}"; {hint}'


def _two(word: str, spelling: str) -> BadInput:
    return BadInput(f"write {spelling}, or '\"{word}\"' for the text {word}.")


def _other(word: str) -> str:
    """What a word may mean other than text, in full form; "" if only text."""
    low = word.lower()
    if low in PRIORITIES:
        return f"priority:{low}"
    if low in ("breach", "overdue"):
        return "is:breached"
    if low in _NO_TEXT:
        return f"{low}:VALUE"
    if _PERIOD.fullmatch(low) or when.is_time(low):
        return f"created:{low}" if when.is_time(low) else "created:PERIOD, as 2026-03"
    return f"id:{word.strip(',')}" if _NUMBERS.fullmatch(word) else ""
