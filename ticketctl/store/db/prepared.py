"""Statements and expressions written in SQLAlchemy Core, prepared ahead of time.

    _GET = sql(lambda: sa.select(t.ticket).where(t.ticket.c.id == sa.bindparam("number")))

    row = tx.execute(_GET, {"number": 12}).first()

`make sql` compiles each for both kinds of database into `ticketctl/store/prepared/`, under the name of the variable
that holds it; a test compares. What is not found there is compiled when it first runs. Call one (`_GET()`) to build on
it in Core.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Any

from ticketctl.store.db.core import sa
from ticketctl.store.db.fragments import Part, Sql
from ticketctl.store.db.values import Dialect

_ROOT = "ticketctl.store."
_NOTHING: Mapping[str, Any] = {}

ALL: list["Prepared"] = []  # what `make sql` compiles


class Prepared:
    """Core that is compiled ahead of time. `make` builds it; it runs only where it is compiled."""

    def __init__(self, make: Callable[[], Any], name: str = "") -> None:
        self._make = make
        self._name = name
        self._compiled: dict[Dialect, Sql] = {}
        ALL.append(self)

    def __call__(self) -> Any:
        """The statement or expression in Core."""
        return self._make()

    @property
    def name(self) -> str:
        """The module and the variable that hold it, such as `tickets.tickets._GET`, or the name it was given."""
        module = self._make.__module__
        held = vars(sys.modules[module])
        own = self._name or next(name for name, value in held.items() if value is self)
        return f"{module.removeprefix(_ROOT)}.{own}"

    def on(self, dialect: Dialect) -> Sql:
        """Its SQL for this kind of database."""
        found = self._compiled.get(dialect)
        if found is None:
            found = self._compiled[dialect] = self._load(dialect)
        return found

    def compile(self, dialect: Dialect) -> dict[str, Any]:
        """What `make sql` writes: the arguments of `Sql`."""
        raise NotImplementedError

    def _load(self, dialect: Dialect) -> Sql:
        name = self.name
        room, _, rest = name.partition(".")
        try:
            stored = import_module(f"{_ROOT}prepared.{dialect}.{room}").SQL.get(rest)
        except ModuleNotFoundError:
            stored = None
        return Sql(dialect, **(stored or self.compile(dialect)))


class Statement(Prepared):
    """A whole statement, for `Tx.execute`."""

    def compile(self, dialect: Dialect) -> dict[str, Any]:
        """What `make sql` writes: the arguments of `Sql`."""
        from ticketctl.store.db import compiler

        return compiler.statement(self._make(), dialect)


class Expression(Prepared):
    """A condition or another expression on the columns of `ticket`, or of `table`; it fills a hole of a statement."""

    def __init__(self, make: Callable[[], Any], table: str, name: str) -> None:
        super().__init__(make, name)
        self._table = table

    def compile(self, dialect: Dialect) -> dict[str, Any]:
        """What `make sql` writes: the arguments of `Sql`."""
        from ticketctl.store.db import compiler

        return compiler.expression(self._make(), dialect, self._table)

    def part(self, values: Mapping[str, Any] = _NOTHING, **parts: Part) -> Part:
        """The expression with these values, its holes filled with these parts."""
        return _Filled(self, values, parts)


class _Filled:
    def __init__(
        self, expression: Expression, values: Mapping[str, Any], parts: Mapping[str, Part]
    ) -> None:
        self._expression = expression
        self._values = values
        self._parts = parts

    def render(self, dialect: Dialect, values: list[object]) -> str:
        compiled = self._expression.on(dialect)
        return f"({compiled.fill(self._values, self._parts, values)})"


class _Joined:
    """Parts with AND, OR or a comma between them."""

    def __init__(self, between: str, parts: Sequence[Part]) -> None:
        self._between = between
        self._parts = parts

    def render(self, dialect: Dialect, values: list[object]) -> str:
        """The text of all."""
        text = self._between.join(part.render(dialect, values) for part in self._parts)
        return text if self._between == ", " else f"({text})"


class _Descending:
    def __init__(self, part: Part) -> None:
        self._part = part

    def render(self, dialect: Dialect, values: list[object]) -> str:
        return f"{self._part.render(dialect, values)} DESC"


def sql(make: Callable[[], Any], name: str = "") -> Statement:
    """A statement, prepared ahead of time; one that no variable holds has a `name`."""
    return Statement(make, name)


def expression(make: Callable[[], Any], table: str = "ticket", name: str = "") -> Expression:
    """An expression on the columns of a table, prepared ahead of time; one that no variable holds has a `name`."""
    return Expression(make, table, name)


ALWAYS = expression(lambda: sa.true())
NEVER = expression(lambda: sa.false())


def all_of(*parts: Part) -> Part:
    """All of these conditions; of none: true."""
    return _joined(" AND ", parts) if parts else ALWAYS.part()


def any_of(*parts: Part) -> Part:
    """Any of these conditions; of none: false."""
    return _joined(" OR ", parts) if parts else NEVER.part()


def in_order(*parts: Part) -> Part:
    """These keys of an ORDER BY, the first first."""
    return _joined(", ", parts)


def descending(part: Part) -> Part:
    """A key of an ORDER BY, the largest first."""
    return _Descending(part)


def _joined(between: str, parts: Sequence[Part]) -> Part:
    return parts[0] if len(parts) == 1 else _Joined(between, parts)
