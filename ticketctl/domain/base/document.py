"""Reads a TOML table into typed structs, and collects all problems with their paths instead of stopping at the first.

The type of a field says how it is read: `Annotated[str, Meta(extra={"read": values.address})]` is text that
`values.address` checks and converts. The name of a field is the key in the file; an absent key means the default.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, time
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

from msgspec import NODEFAULT, Meta, Struct, json
from msgspec.structs import FieldInfo, fields

from ticketctl.domain.base import duration
from ticketctl.errors import BadInput, Refused

S = TypeVar("S", bound=Struct)
Problems = list[str]

_KINDS: dict[Any, str] = {
    bool: "true or false",
    int: "a whole number",
    str: "text in quotes",
}
_PRINTERS = {duration.parse: duration.show, duration.parse_size: duration.show_size}


def toml(text: str, what: str) -> dict[str, object]:
    """The tables of a TOML text. Refused, beginning with `what`, if it is invalid or too large."""
    import tomllib

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as wrong:
        raise Refused(f"{what} is not TOML: {wrong}.") from None
    except ValueError:  # Python reads no number of more than 4,300 digits
        raise Refused(f"{what} has a number with too many digits.") from None
    except RecursionError:
        raise Refused(f"{what} has tables or lists inside each other too deeply.") from None
    except MemoryError:
        raise Refused(f"{what} is too large.") from None


def reader(read: Callable[[str], object]) -> Meta:
    """Marks a type: written as text, stored as what `read` returns (BadInput says what is wrong)."""
    return Meta(extra={"read": read})


def read_table(kind: type[S], raw: object, path: str, problems: Problems) -> S:
    """Read `raw` as a struct of `kind`. Problems (`$.desk.name: …`) go to `problems`, with a blank value instead.

    A struct with blanks is only good for finding further problems.
    """
    if not isinstance(raw, Mapping):
        problems.append(f"{path}: must be a table, not {_what(raw)}")
        raw = None
    table: Mapping[str, Any] = raw or {}
    known = _fields(kind)
    values = {
        name: read(field.type, table[name], f"{path}.{name}", problems)
        if name in table
        else _blank(field.type)
        for name, field in known.items()
        if name in table or field.required
    }
    if raw is not None:
        absent = [name for name in values if name not in table]
        problems += [f"{path}.{name}: missing" for name in absent]
    unknown = [key for key in table if key not in known]
    problems += [f"{path}.{key}: unknown key{_suggestion(key, list(known))}" for key in unknown]
    return kind(**values)


@cache
def _fields(kind: type[Struct]) -> Mapping[str, FieldInfo]:
    """The fields of a struct by name; to look them up takes as long as to read a table."""
    return {field.name: field for field in fields(kind)}


def read(kind: Any, raw: object, path: str, problems: Problems) -> object:
    """Read `raw` as a value of the type `kind`; problems go to `problems`."""
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return _read_annotated(arguments, raw, path, problems)
    if origin in (UnionType, Union):
        return read(_chosen(arguments, raw), raw, path, problems)
    if origin is Literal:
        return _read_word(arguments, raw, path, problems)
    if origin is tuple:
        return _read_list(arguments[0], raw, path, problems)
    if origin is dict:
        return _read_mapping(arguments, raw, path, problems)
    if issubclass(kind, Struct):
        return read_table(kind, raw, path, problems)
    return _read_plain(kind, raw, path, problems)


def as_toml(kind: object, value: Any) -> str:
    """A value of the type `kind` as written in the file, on one line; "" for None."""
    origin, arguments = get_origin(kind), get_args(kind)
    if value is None:
        return ""
    if origin is Annotated:
        read = next((mark.extra["read"] for mark in arguments[1:] if mark.extra), None)
        return as_toml(arguments[0], _PRINTERS[read](value) if read in _PRINTERS else value)
    if origin in (UnionType, Union):
        return as_toml(_chosen(arguments, value), value)
    if isinstance(value, tuple):
        return "[" + ", ".join(as_toml(arguments[0], item) for item in value) + "]"
    if isinstance(value, Mapping):
        items = (f"{_key(key)} = {as_toml(arguments[1], item)}" for key, item in value.items())
        return "{ " + ", ".join(items) + " }" if value else "{}"
    if isinstance(value, Struct):
        return "{ " + ", ".join(" = ".join(line) for line in keys(value)) + " }"
    return _quoted(value) if isinstance(value, str) else str(value).lower()


def keys(table: Struct, *, defaults: bool = False) -> list[tuple[str, str]]:
    """The keys of a table with their values as written in the file; `defaults`: also those left out."""
    lines = []
    for field in fields(table):
        value = getattr(table, field.name)
        if value is not None and (defaults or field.required or value != default(field)):
            lines.append((field.name, as_toml(field.type, value)))
    return lines


def default(field: FieldInfo) -> object:
    """What an absent key means."""
    return field.default if field.default_factory is NODEFAULT else field.default_factory()


def meaning(kind: object) -> str:
    """The sentence in a type's annotation."""
    marks = get_args(kind)[1:] if get_origin(kind) is Annotated else ()
    return next((mark.description for mark in marks if mark.description), "")


def _chosen(choices: tuple[object, ...], value: object) -> object:
    """The type to read a value as: of a list and a table the one that it is, else the first that is not None."""
    kinds = [choice for choice in choices if choice is not NoneType]
    tables = [kind for kind in kinds if get_origin(kind) is dict]
    return tables[0] if tables and isinstance(value, Mapping) else kinds[0]


def _read_annotated(
    arguments: tuple[Any, ...], raw: object, path: str, problems: Problems
) -> object:
    kind, *marks = arguments
    readers = [mark.extra["read"] for mark in marks if mark.extra]
    if not readers:
        value = read(kind, raw, path, problems)
        problems += _out_of_bounds(marks, value, path)
        return value
    if not isinstance(raw, str):
        problems.append(f"{path}: must be {_KINDS[str]}, not {_what(raw)}")
        return _blank(kind)
    try:
        return readers[0](raw)
    except BadInput as wrong:
        problems.append(f"{path}: {wrong.sentence.removesuffix('.')}")
        return raw if kind is str else _blank(kind)  # a bad name may still be referred to


def _key(name: str) -> str:
    """A key of an inline table: bare if TOML allows it."""
    return name if re.fullmatch("[A-Za-z0-9_-]+", name) else _quoted(name)


def _quoted(text: str) -> str:
    """A TOML basic string; JSON's escapes are TOML's."""
    return json.encode(text).decode().replace("\x7f", "\\u007f")


def _out_of_bounds(marks: list[Meta], value: object, path: str) -> Problems:
    if not isinstance(value, int):
        return []
    wrong = [f"{path}: must be {mark.ge} or more" for mark in marks if value < (mark.ge or value)]
    return wrong + [
        f"{path}: must be {mark.le} or less" for mark in marks if value > (mark.le or value)
    ]


def _read_word(words: tuple[str, ...], raw: object, path: str, problems: Problems) -> object:
    if raw not in words:
        shown = f'"{raw}"' if isinstance(raw, str) else _what(raw)
        problems.append(f"{path}: {shown} is not one of {', '.join(words)}")
    return raw


def _read_list(kind: object, raw: object, path: str, problems: Problems) -> object:
    if not isinstance(raw, list | tuple):
        problems.append(f"{path}: must be a list, not {_what(raw)}")
        return ()
    return tuple(read(kind, item, f"{path}[{at}]", problems) for at, item in enumerate(raw))


def _read_mapping(
    kinds: tuple[object, ...], raw: object, path: str, problems: Problems
) -> dict[object, object]:
    if not isinstance(raw, Mapping):
        problems.append(f"{path}: must be a table, not {_what(raw)}")
        return {}
    return {
        read(kinds[0], key, f"{path}.{key}", problems): read(
            kinds[1], value, f"{path}.{key}", problems
        )
        for key, value in raw.items()
    }


def _read_plain(kind: object, raw: Any, path: str, problems: Problems) -> object:
    if type(raw) is not kind:
        problems.append(f"{path}: must be {_KINDS[kind]}, not {_what(raw)}")
        return _blank(kind)
    if kind is int and not _fits(raw):
        problems.append(f"{path}: the number is too large")
        return _blank(kind)
    return raw


def _fits(number: float) -> bool:
    """Does it fit into 64 bits, as TOML requires? Databases and we store no more."""
    return isinstance(number, float) or -(2**63) <= number < 2**63


def _blank(kind: Any) -> Any:
    """The emptiest value of a type."""
    origin = get_origin(kind)
    if origin is Annotated:
        return _blank(get_args(kind)[0])
    if origin is Literal:
        return ""
    if origin in (UnionType, Union):
        return None
    kind = origin or kind
    return read_table(kind, {}, "", []) if issubclass(kind, Struct) else kind()


def _what(raw: object) -> str:
    if isinstance(raw, str):
        return f'the text "{raw}"'
    if isinstance(raw, bool):
        return str(raw).lower()
    if isinstance(raw, int | float):
        return f"the number {raw}" if _fits(raw) else "a number that is too large"
    if isinstance(raw, date | time):
        return f"the date or time {raw} (put it in quotes)"
    return "a list" if isinstance(raw, list | tuple) else "a table"


def _suggestion(key: str, known: list[str]) -> str:
    from difflib import get_close_matches

    close = get_close_matches(key, known, n=1)
    return f"; did you mean {close[0]}?" if close else f"; known here: {', '.join(known)}"
