"""SQL as it is sent to a driver, and parts of SQL that are put together when a statement runs.

A value is always a parameter. The text of a part comes from statements of ours alone.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import Any, Protocol

from ticketctl.store.db.values import Convert, Dialect, binder, reader

SET = "set"  # the hole of an UPDATE for the columns it sets
PLACE: dict[Dialect, str] = {"sqlite": "?", "postgresql": "%s"}
_HOLE = re.compile(r"\[\[\w+\]\]")
# A new ticket has no changes that wait.
_NEW_TICKET = re.compile(r"INSERT INTO ticket \([^()]+\) VALUES ")
# The tables whose changes may wait (`Tx.later`).
_WAITED_FOR = re.compile(r"\b(?:ticket|event|mail_id|search_entry|search_text)\b")


class Part(Protocol):
    """A part of a statement, with its values."""

    def render(self, dialect: Dialect, values: list[object]) -> str:
        """Its text for this kind of database; its values are appended in the order of their places."""
        ...


class Sql:
    """A compiled statement or expression.

    `text` has a driver's placeholders, and `[[name]]` for a hole. `parameters` are the names of both in their order;
    after a name, `:` and a kind (see values.py) say how its values are converted, as in `columns`, which a result has.
    `defaults` are those of an INSERT's columns, `settable` the columns that an UPDATE may set. `tables` are those it
    needs among the tables whose changes may wait.
    """

    def __init__(
        self,
        dialect: Dialect,
        text: str,
        parameters: Sequence[str] = (),
        columns: Sequence[str] = (),
        *,
        defaults: Mapping[str, object] | None = None,
        settable: Sequence[str] = (),
    ) -> None:
        self.text = text
        self.read = reader(dialect, [_split(column) for column in columns])
        self.is_whole = "[[" not in text
        self._dialect = dialect
        self._defaults = defaults
        self._pieces = _HOLE.split(text)
        self._parameters = [
            (name.strip("[]"), name[:2] == "[[", binder(dialect, kind))
            for name, kind in map(_split, parameters)
        ]
        self._settable = {name: binder(dialect, kind) for name, kind in map(_split, settable)}
        self.tables = tables_of(text)
        self._pick = _picker([name for name, _, _ in self._parameters])
        self._converted = [
            (place, convert) for place, (_, _, convert) in enumerate(self._parameters) if convert
        ]

    def bind(self, values: Mapping[str, Any]) -> list[object]:
        """The values in the order of their placeholders, as the driver takes them; for a statement without holes."""
        if self._defaults:
            values = {**self._defaults, **values}
        bound = [*self._pick(values)]
        for place, convert in self._converted:
            if bound[place] is not None:
                bound[place] = convert(bound[place])
        return bound

    def fill(self, values: Mapping[str, Any], parts: Mapping[str, Part], into: list[object]) -> str:
        """The text with its holes filled; all values are appended to `into`, in the order of their placeholders."""
        filled = [self._pieces[0]]
        rest = iter(self._pieces[1:])
        for name, is_hole, convert in self._parameters:
            if not is_hole:
                into.append(_bound(values[name], convert))
            elif name == SET:
                filled += [self._set(values, into), next(rest)]
            else:
                filled += [parts[name].render(self._dialect, into), next(rest)]
        return "".join(filled)

    def _set(self, values: Mapping[str, Any], into: list[object]) -> str:
        """The assignments of an UPDATE: every value that is no parameter of its text is a column's."""
        fixed = {name for name, is_hole, _ in self._parameters if not is_hole}
        names = [name for name in values if name not in fixed]
        for name in names:
            into.append(_bound(values[name], self._settable[name]))
        return ", ".join(f'"{name}"={PLACE[self._dialect]}' for name in names)


def tables_of(text: str) -> frozenset[str]:
    """The tables that SQL reads or changes, among those whose changes may wait."""
    if _NEW_TICKET.match(text):
        return frozenset()
    return frozenset(_WAITED_FOR.findall(text))


def _picker(names: Sequence[str]) -> Callable[[Mapping[str, Any]], Sequence[Any]]:
    """A function that takes these values out of a mapping, in this order."""
    if len(names) > 1:
        return itemgetter(*names)
    return lambda values: [values[name] for name in names]


def _bound(value: object, convert: Convert | None) -> object:
    return value if value is None or convert is None else convert(value)


def _split(word: str) -> tuple[str, str]:
    name, _, kind = word.partition(":")
    return name, kind
