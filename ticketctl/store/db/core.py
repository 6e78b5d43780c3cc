"""Names for statements written in SQLAlchemy Core, imported when the first of them is used.

`sa` is SQLAlchemy and `t` the tables of schema.py. A program that runs prepared SQL uses neither: building the tables
and importing SQLAlchemy takes three times as long as the rest of a short command.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import sqlalchemy as sa

    from ticketctl.store.db import schema as t
    from ticketctl.store.db.fragments import Part
else:

    class _Module:
        """A module that is imported when something of it is used."""

        def __init__(self, name: str) -> None:
            self._name = name

        def __getattr__(self, name: str) -> Any:
            return getattr(import_module(self._name), name)

    sa = _Module("sqlalchemy")
    t = _Module("ticketctl.store.db.schema")

__all__ = [
    "hole",
    "in_list",
    "insertion",
    "json_row",
    "json_rows",
    "most",
    "sa",
    "seconds_between",
    "setting",
    "spliced",
    "t",
]


def hole(name: str) -> Any:
    """A place for a part of SQL, which is given by this name when the statement runs."""
    from ticketctl.store.db import elements

    return elements.Hole(name)


def spliced(part: "Part") -> Any:
    """A prepared part as an element of Core, for a statement that is composed when it runs."""
    from ticketctl.store.db import elements

    return elements.Spliced(part)


def in_list(column: Any, name: str) -> Any:
    """A condition: the column has one of the values of the list that is given by this name.

    It is one parameter, however long the list is, so that the statement has one text.
    """
    from ticketctl.store.db import elements

    return elements.Among(column, sa.bindparam(name, type_=elements.List(column.type)))


def json_rows(*columns: Any) -> Any:
    """An aggregate: these columns of all rows as a JSON array of arrays; NULL or empty without rows."""
    from ticketctl.store.db import elements

    return elements.JsonRows(*columns)


def json_row(*columns: Any) -> Any:
    """These columns as a JSON array, by which rows are grouped faster than by many columns."""
    from ticketctl.store.db import elements

    return elements.JsonRow(*columns)


def most(name: str) -> Any:
    """A LIMIT that is given by this name; None for no limit."""
    from ticketctl.store.db import elements

    return elements.Most(sa.bindparam(name, type_=sa.Integer))


def seconds_between(start: Any, end: Any) -> Any:
    """The whole seconds from one time to another; NULL if either is."""
    from ticketctl.store.db import elements

    return elements.SecondsBetween(start, end)


def setting(update: Any) -> Any:
    """An UPDATE that also sets the columns whose values are given when it runs."""
    from ticketctl.store.db import elements, fragments

    first = next(iter(update.table.columns))
    return update.values({first: elements.Hole(fragments.SET)})


def insertion(table: Any) -> Any:
    """An INSERT with `on_conflict_do_update` and `on_conflict_do_nothing`, for both kinds of database."""
    from sqlalchemy.dialects import postgresql

    return postgresql.insert(table)
