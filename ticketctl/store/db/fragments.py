"""SQL as it is sent to a driver, and parts of SQL that are put together when a statement runs.

A value is always a parameter. The text of a part comes from statements of ours alone.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from ticketctl.store.db.values import Dialect, binder, reader

SET = "set"  # the hole of an UPDATE for the columns it sets
PLACE: dict[Dialect, str] = {"sqlite": "?", "postgresql": "%s"}
_HOLE = re.compile(r"\[\[\w+\]\]")


class Part(Protocol):
    """A part of a statement, with its values."""

    def render(self, dialect: Dialect, values: list[object]) -> str:
        """Its text for this kind of database; its values are appended in the order of their places."""
        ...


class Sql:
    """A compiled statement or expression.

    `text` has a driver's placeholders, and `[[name]]` for a hole. `parameters` are the names of both in their order;
    after a name, `:` and a kind (see values.py) say how its values are converted, as in `columns`, which a result has.
    `defaults` are those of an INSERT's columns, `settable` the columns that an UPDATE may set.
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
        self._dialect = dialect
        self._pieces = _HOLE.split(text)
        self._defaults = defaults
        self._parameters = [
            (name.strip("[]"), _HOLE.fullmatch(name) is not None, binder(dialect, kind))
            for name, kind in map(_split, parameters)
        ]
        self._settable = {name: binder(dialect, kind) for name, kind in map(_split, settable)}
        self.is_whole = len(self._pieces) == 1

    def bind(self, values: Mapping[str, Any]) -> list[object]:
        """The values in the order of their placeholders, as the driver takes them; for a statement without holes."""
        if self._defaults:
            values = {**self._defaults, **values}
        return [
            values[name] if convert is None else convert(values[name])
            for name, _, convert in self._parameters
        ]

    def fill(self, values: Mapping[str, Any], parts: Mapping[str, Part], into: list[object]) -> str:
        """The text with its holes filled; all values are appended to `into`, in the order of their placeholders."""
        filled = [self._pieces[0]]
        rest = iter(self._pieces[1:])
        for name, is_hole, convert in self._parameters:
            if not is_hole:
                into.append(values[name] if convert is None else convert(values[name]))
            else:
                found = parts.get(name)
                text = found.render(self._dialect, into) if found else self._set(values, into)
                filled += [text, next(rest)]
        return "".join(filled)

    def _set(self, values: Mapping[str, Any], into: list[object]) -> str:
        """The assignments of an UPDATE: every value that is no parameter of its text is a column's."""
        fixed = {name for name, is_hole, _ in self._parameters if not is_hole}
        names = [name for name in values if name not in fixed]
        for name in names:
            convert = self._settable[name]
            into.append(values[name] if convert is None else convert(values[name]))
        return ", ".join(f"{name}={PLACE[self._dialect]}" for name in names)


def _split(word: str) -> tuple[str, str]:
    name, _, kind = word.partition(":")
    return name, kind
