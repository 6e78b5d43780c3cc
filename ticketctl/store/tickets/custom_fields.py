"""Conditions on custom fields (`cf.reason:refund`), which are one JSON column of tickets and one of customers.

A field may hold a text, a number, a boolean, or several texts. A word of a query is compared with each as whatever it
can mean: `5` as the number and the text, `true` as the boolean and the text.
"""

from collections.abc import Sequence

import msgspec
from sqlalchemy import (
    Boolean,
    ColumnElement,
    String,
    func,
    literal,
    literal_column,
    not_,
    or_,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from ticketctl.domain.base.condition import Value

_OPS = {op: op for op in ("=", "<", "<=", ">", ">=")}  # what may become SQL text


def field(
    fields: ColumnElement[object], name: str, op: str, values: Sequence[Value]
) -> ColumnElement[bool]:
    """The rows whose custom field compares so with one of the values; `none`, `any`: is it empty or filled?"""
    words = [str(value) for value in values if value not in ("none", "any")]
    empty = func.coalesce(_Value(fields, _key(name)), "") == ""
    found: list[ColumnElement[bool]] = []
    if words:
        meanings = msgspec.json.encode([each for word in words for each in _meanings(word)])
        wanted = literal(meanings.decode(), String())
        found.append(_Holds(fields, _key(name), wanted, literal_column(_OPS[op])))
    if "none" in values:
        found.append(empty)
    if "any" in values:
        found.append(not_(empty))
    return or_(*found)


def _key(name: str) -> ColumnElement[object]:
    """The JSON path of a field, as both SQLite and PostgreSQL read it."""
    return literal("$." + msgspec.json.encode(name).decode(), String())


def _meanings(word: str) -> list[str | int | float | bool]:
    """What a typed word can be in JSON."""
    meanings: list[str | int | float | bool] = [word]
    try:
        other = msgspec.json.decode(word.encode())
    except (msgspec.DecodeError, UnicodeEncodeError):
        return meanings
    return [*meanings, other] if isinstance(other, int | float) else meanings


class _Value(FunctionElement[str]):
    """The value of a field, as text; NULL for none. Arguments: the JSON column, the path."""

    type = String()
    inherit_cache = True


@compiles(_Value, "sqlite")
def _value_on_sqlite(element: _Value, compiler: SQLCompiler, **options: object) -> str:
    fields, path = (compiler.process(clause, **options) for clause in element.clauses)
    return f"json_extract({fields}, {path})"


@compiles(_Value, "postgresql")
def _value_on_postgresql(element: _Value, compiler: SQLCompiler, **options: object) -> str:
    fields, path = (compiler.process(clause, **options) for clause in element.clauses)
    return f"jsonb_path_query_first({fields}, CAST({path} AS jsonpath)) #>> '{{}}'"


class _Holds(FunctionElement[bool]):
    """Does a field compare with one of some JSON values of its own type? Arguments: column, path, array, operator."""

    type = Boolean()
    inherit_cache = True


@compiles(_Holds, "sqlite")
def _holds_on_sqlite(element: _Holds, compiler: SQLCompiler, **options: object) -> str:
    fields, path, wanted, op = (compiler.process(clause, **options) for clause in element.clauses)
    return (
        f"EXISTS (SELECT 1 FROM json_each({fields}, {path}) AS have, json_each({wanted}) AS want"  # noqa: S608
        f" WHERE have.value {op} want.value AND replace(have.type, 'integer', 'real')"
        " = replace(want.type, 'integer', 'real'))"
    )


@compiles(_Holds, "postgresql")
def _holds_on_postgresql(element: _Holds, compiler: SQLCompiler, **options: object) -> str:
    fields, path, wanted, op = (compiler.process(clause, **options) for clause in element.clauses)
    op = "==" if op == "=" else op
    return (
        f"jsonb_path_exists({fields}, CAST({path} || '[*] ? (@ {op} $want[*])' AS jsonpath),"
        f" jsonb_build_object('want', CAST({wanted} AS jsonb)))"
    )
