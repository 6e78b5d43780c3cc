"""A condition on tickets as a tree: what the query language says and the store turns into SQL.

Leaves hold absolute values (times in UTC, names for @me), so a tree means the same wherever it is used.
"""

from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct

Value = str | int | datetime
TEXTS = ("text", "subject", "body", "comments")  # fields that are searched for words


class Where(Struct, frozen=True):
    """`field op one of values`; `op` is =, <, <=, > or >=; times of the ticket take only >= and <.

    With =, the words `none` and `any` mean no value and any value.
    """

    field: str
    op: str
    values: tuple[Value, ...]


class AllOf(Struct, frozen=True):
    """Every part holds; without parts, every ticket matches."""

    parts: "tuple[Condition, ...]" = ()


class AnyOf(Struct, frozen=True):
    """At least one part holds."""

    parts: "tuple[Condition, ...]"


class Not(Struct, frozen=True):
    """The part does not hold."""

    part: "Condition"


Condition = Where | AllOf | AnyOf | Not

EVERYTHING = AllOf()


class Sort(Struct, frozen=True):
    """One key of a sort order."""

    field: str
    descending: bool = False


NEWEST_FIRST = (Sort("created", True),)


def every(parts: Iterable[Condition]) -> Condition:
    """All parts combined, flat: a single part is itself."""
    flat: list[Condition] = []
    for part in parts:
        flat.extend(part.parts if isinstance(part, AllOf) else (part,))
    return flat[0] if len(flat) == 1 else AllOf(tuple(flat))


def either(parts: Iterable[Condition]) -> Condition:
    """Any of the parts, flat: a single part is itself."""
    flat: list[Condition] = []
    for part in parts:
        flat.extend(part.parts if isinstance(part, AnyOf) else (part,))
    return flat[0] if len(flat) == 1 else AnyOf(tuple(flat))


def both(one: Condition, other: Condition) -> Condition:
    """Two conditions combined with and."""
    return every((one, other))


def negation(part: Condition) -> Condition:
    """The opposite; the opposite of the opposite is the part itself."""
    return part.part if isinstance(part, Not) else Not(part)
