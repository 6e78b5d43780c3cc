"""Conditions on custom fields (`cf.reason:refund`), which are one JSON column of tickets and one of customers.

A field may hold a text, a number, a boolean, or several texts. A word of a query is compared with each as whatever it
can mean: `5` as the number and the text, `true` as the boolean and the text.
"""

from collections.abc import Sequence
from typing import Any

import msgspec

from ticketctl.domain.base.condition import Value
from ticketctl.store.db.core import sa, t
from ticketctl.store.db.fragments import Part
from ticketctl.store.db.prepared import Expression, any_of, expression

_OPS = ("=", "<", "<=", ">", ">=")


def _column(table: str) -> Any:
    return t.ticket.c.fields if table == "ticket" else t.customer.c.profile


def _path() -> Any:
    return sa.bindparam("path", type_=sa.String)


def _value(table: str) -> Any:
    from ticketctl.store.tickets import elements

    return sa.func.coalesce(elements.FieldValue(_column(table), _path()), "")


def _holds(table: str, op: str) -> Any:
    from ticketctl.store.tickets import elements

    wanted = sa.bindparam("wanted", type_=sa.String)
    return elements.FieldHolds(_column(table), _path(), wanted, sa.literal_column(op))


_TABLES = ("ticket", "customer")


def _empty(table: str) -> Expression:
    return expression(lambda: _value(table) == "", table, f"{table} empty")


def _filled(table: str) -> Expression:
    return expression(lambda: _value(table) != "", table, f"{table} filled")


def _compared(table: str, op: str) -> Expression:
    return expression(lambda: _holds(table, op), table, f"{table} {op}")


_EMPTY = {table: _empty(table) for table in _TABLES}
_FILLED = {table: _filled(table) for table in _TABLES}
_HOLDS = {(table, op): _compared(table, op) for table in _TABLES for op in _OPS}


def field(table: str, name: str, op: str, values: Sequence[Value]) -> Part:
    """The rows of `ticket` or `customer` whose custom field compares so with one of the values; `none`, `any`: is it
    empty or filled?
    """
    path = {"path": "$." + msgspec.json.encode(name).decode()}  # as both databases read it
    words = [str(value) for value in values if value not in ("none", "any")]
    found: list[Part] = []
    if words:
        meanings = msgspec.json.encode([each for word in words for each in _meanings(word)])
        found.append(_HOLDS[table, op].part(path | {"wanted": meanings.decode()}))
    if "none" in values:
        found.append(_EMPTY[table].part(path))
    if "any" in values:
        found.append(_FILLED[table].part(path))
    return any_of(*found)


def _meanings(word: str) -> list[str | int | float | bool]:
    """What a typed word can be in JSON."""
    meanings: list[str | int | float | bool] = [word]
    try:
        other = msgspec.json.decode(word.encode())
    except (msgspec.DecodeError, UnicodeEncodeError):
        return meanings
    return [*meanings, other] if isinstance(other, int | float) else meanings
