"""`cf.NAME` in a query: a custom field, whose type decides which values it takes.

It means the ticket's field; the customer's if only customers have a field of that name, or as `customer.cf.NAME`.
"""

import math
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from ticketctl.domain.base.condition import Condition, Where, either, every
from ticketctl.domain.base.values import LARGEST
from ticketctl.errors import BadInput

if TYPE_CHECKING:
    from ticketctl.domain.definition.definition import Field
    from ticketctl.domain.query.context import QueryContext

OF_CUSTOMER = "customer."
_BOOLS = {"yes": "true", "no": "false", "true": "true", "false": "false"}
_NAMES = ("none", "any")  # is it filled?


def kinds(fields: Iterable["Field"]) -> dict[str, str]:
    """The type of each custom field by its name in a query: `cf.reason` of tickets, `customer.cf.tier` of customers."""
    return {f"{OF_CUSTOMER * (one.on == 'customer')}cf.{one.name}": one.type for one in fields}


def leaf(field: str, op: str, words: Sequence[str], context: "QueryContext") -> Condition:
    """The condition for any of the words; dates become absolute. BadInput for words that the type does not allow."""
    if field not in context.types and OF_CUSTOMER + field in context.types:
        field = OF_CUSTOMER + field
    kind = context.types.get(field)
    if kind == "date":
        return either(_date(field, op, word, context) for word in words)
    if kind == "number":
        _check_numbers(field, words)
    if kind == "bool":
        words = [_bool(field, word) for word in words]
    return Where(field, op, tuple(words))


def _check_numbers(field: str, words: Sequence[str]) -> None:
    for word in words:
        if word in _NAMES:
            continue
        try:
            number = float(word)
        except ValueError:
            number = math.nan
        if math.isnan(number):
            raise BadInput(f'{field} is a number; "{word}" is not.')
        if abs(number) > LARGEST:
            raise BadInput(f"{field} is a number up to {LARGEST:,}, down to {-LARGEST:,}.")


def _bool(field: str, word: str) -> str:
    if word in _NAMES:
        return word
    if word not in _BOOLS:
        raise BadInput(f'{field} is yes or no; "{word}" is neither.')
    return _BOOLS[word]


def _date(field: str, op: str, word: str, context: "QueryContext") -> Condition:
    """A day, or all days of what the word names: `2026-03`, `today`, `-7d` (the last seven days).

    A custom date may be in the past or the future, so a span needs its sign.
    """
    if word in _NAMES:
        return Where(field, op, (word,))
    from ticketctl.domain.base import when
    from ticketctl.domain.base.when import Side

    period = when.period(word, Side.EITHER, now=context.now, zone=context.zone)
    first = period.start.astimezone(context.zone).date()
    last = (period.end - timedelta(seconds=1)).astimezone(context.zone).date()
    if op in ("<", ">="):
        return Where(field, op, (first.isoformat(),))
    if op in ("<=", ">"):
        return Where(field, op, (last.isoformat(),))
    if when.offset(word, Side.EITHER, now=context.now, zone=context.zone):
        today = context.now.astimezone(context.zone).date()
        first, last = min(first, today), max(last, today)
    return _between(field, first, last)


def _between(field: str, first: date, last: date) -> Condition:
    if first == last:
        return Where(field, "=", (first.isoformat(),))
    return every(
        (Where(field, ">=", (first.isoformat(),)), Where(field, "<=", (last.isoformat(),)))
    )
