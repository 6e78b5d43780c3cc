"""Values as a driver takes and gives them, and rows with names.

A kind says how a value is stored: `time` (timestamptz on PostgreSQL, RFC 3339 text on SQLite), `json` (jsonb, text),
`list` (an array, a JSON array), `bool` (boolean, 0 or 1). Values of no kind are stored as they are.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from ticketctl.clock import rfc3339

Dialect = Literal["sqlite", "postgresql"]
Convert = Callable[[Any], Any]
_LIKE = str.maketrans({sign: f"/{sign}" for sign in "/%_"})


class Row(tuple[Any, ...]):
    """A row of a result; its columns are attributes, or items of `as_dict()` where a name is a word of Python."""

    __slots__ = ()
    _names: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """The columns by name."""
        return dict(zip(self._names, self, strict=True))

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...


def storable(text: str) -> str:
    """Text from outside as both databases can store it: PostgreSQL takes no NUL, UTF-8 no lone surrogate."""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode()


def escape_like(text: str) -> str:
    """A text within the pattern of a LIKE ... ESCAPE '/': it stands for itself."""
    return text.translate(_LIKE)


def row_type(names: Sequence[str]) -> type[Row]:
    """The type of rows with these columns."""
    columns = {name: property(itemgetter(place)) for place, name in enumerate(names)}
    return type("Row", (Row,), {"__slots__": (), "_names": tuple(names), **columns})


def reader(dialect: Dialect, columns: Sequence[tuple[str, str]]) -> Callable[[Any], Row]:
    """A function from a driver's tuple to a row with these columns, each a name and a kind."""
    made = row_type([name for name, _ in columns])
    converts = [
        (place, convert)
        for place, (_, kind) in enumerate(columns)
        if (convert := _READ[dialect].get(kind))
    ]
    if not converts:
        return lambda values: made(values)

    def read(values: Sequence[Any]) -> Row:
        changed = list(values)
        for place, convert in converts:
            if changed[place] is not None:
                changed[place] = convert(changed[place])
        return made(changed)

    return read


def binder(dialect: Dialect, kind: str) -> Convert | None:
    """A function from a value of a kind, which is not None, to what the driver takes; None if that is the same."""
    return _BIND[dialect].get(kind)


def _json_text(value: object) -> str:
    return msgspec.json.encode(value).decode()


def _jsonb(value: object) -> object:
    from psycopg.types.json import Jsonb

    return Jsonb(value, msgspec.json.encode)


def _utc(stamp: datetime) -> datetime:
    return stamp.astimezone(UTC)


_BIND: dict[Dialect, dict[str, Convert]] = {
    "sqlite": {
        "time": rfc3339,
        "json": _json_text,
        "list": lambda values: _json_text(list(values)),
    },
    "postgresql": {"json": _jsonb, "list": list},
}
_READ: dict[Dialect, dict[str, Convert]] = {
    "sqlite": {"time": datetime.fromisoformat, "json": msgspec.json.decode, "bool": bool},
    "postgresql": {"time": _utc},
}
