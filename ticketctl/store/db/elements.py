"""Elements of SQL that SQLAlchemy lacks, or that the two kinds of database write differently."""

from typing import Any

from sqlalchemy import Boolean, Integer, Text, TypeDecorator
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeEngine

from ticketctl.store.db.columns import Json
from ticketctl.store.db.fragments import Part

HOLE = "\x02"  # around the name of a hole in compiled text
PARAMETER = "\x01"  # around the name of a parameter


class Hole(ColumnElement[Any]):
    """A place for a part of SQL that is given by name when the statement runs."""

    inherit_cache = False
    type = Boolean()

    def __init__(self, name: str) -> None:
        self.name = name

    def self_group(self, against: object = None) -> "Hole":
        """Itself: what fills a hole brings its own parentheses."""
        return self


class Spliced(ColumnElement[Any]):
    """A part of prepared SQL within a statement that is composed when it runs."""

    inherit_cache = False
    type = Boolean()

    def __init__(self, part: Part) -> None:
        self.part = part

    def self_group(self, against: object = None) -> "Spliced":
        """Itself: what is spliced in brings its own parentheses."""
        return self


@compiles(Hole)
def _hole(element: Hole, _compiler: SQLCompiler, **_options: object) -> str:
    return f"{HOLE}{element.name}{HOLE}"


@compiles(Spliced)
def _spliced(element: Spliced, compiler: SQLCompiler, **_options: object) -> str:
    parts: dict[str, Part] = compiler.parts  # type: ignore[attr-defined]
    name = f"spliced_{len(parts)}"
    parts[name] = element.part
    return f"{HOLE}{name}{HOLE}"


class List(TypeDecorator[Any]):
    """A list of values as one parameter: an array on PostgreSQL, a JSON array on SQLite."""

    impl = Text
    cache_ok = True

    def __init__(self, item: TypeEngine[Any]) -> None:
        super().__init__()
        self.item = item

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """The parameter's type on this kind of database."""
        if dialect.name != "postgresql":
            return dialect.type_descriptor(Text())
        return dialect.type_descriptor(ARRAY(self.item))


class Among(FunctionElement[bool]):
    """Has the column one of the values of a list? Arguments: the column, the list."""

    type = Boolean()
    inherit_cache = True


@compiles(Among, "sqlite")
def _among_on_sqlite(element: Among, compiler: SQLCompiler, **options: object) -> str:
    column, values = (compiler.process(clause, **options) for clause in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({values}))"  # noqa: S608


@compiles(Among, "postgresql")
def _among_on_postgresql(element: Among, compiler: SQLCompiler, **options: object) -> str:
    column, values = (compiler.process(clause, **options) for clause in element.clauses)
    return f"{column} = ANY ({values})"


class JsonRows(FunctionElement[Any]):
    """An aggregate: its arguments, columns, of all rows as a JSON array of arrays."""

    type = Json()
    inherit_cache = True


@compiles(JsonRows, "sqlite")
def _json_rows_on_sqlite(element: JsonRows, compiler: SQLCompiler, **options: object) -> str:
    return f"json_group_array(json_array({compiler.process(element.clauses, **options)}))"


@compiles(JsonRows, "postgresql")
def _json_rows_on_postgresql(element: JsonRows, compiler: SQLCompiler, **options: object) -> str:
    return f"json_agg(json_build_array({compiler.process(element.clauses, **options)}))"


class JsonRow(FunctionElement[Any]):
    """Its arguments, columns, as a JSON array, in which JSON stays JSON. Rows are grouped by it faster than by many."""

    type = Json()
    inherit_cache = True


@compiles(JsonRow, "sqlite")
def _json_row_on_sqlite(element: JsonRow, compiler: SQLCompiler, **options: object) -> str:
    columns = ((column.type, compiler.process(column, **options)) for column in element.clauses)
    parts = (f"json({text})" if isinstance(kind, Json) else text for kind, text in columns)
    return f"json_array({', '.join(parts)})"


@compiles(JsonRow, "postgresql")
def _json_row_on_postgresql(element: JsonRow, compiler: SQLCompiler, **options: object) -> str:
    return f"jsonb_build_array({compiler.process(element.clauses, **options)})"


class Most(FunctionElement[int]):
    """The number of a LIMIT; NULL for no limit."""

    type = Integer()
    inherit_cache = True


@compiles(Most, "sqlite")
def _most_on_sqlite(element: Most, compiler: SQLCompiler, **options: object) -> str:
    return f"coalesce({compiler.process(element.clauses, **options)}, -1)"


@compiles(Most, "postgresql")
def _most_on_postgresql(element: Most, compiler: SQLCompiler, **options: object) -> str:
    return f"CAST({compiler.process(element.clauses, **options)} AS BIGINT)"


class SecondsBetween(FunctionElement[int]):
    """The whole seconds from its first argument to its second, both times."""

    type = Integer()
    inherit_cache = True


@compiles(SecondsBetween, "sqlite")
def _seconds_on_sqlite(element: SecondsBetween, compiler: SQLCompiler, **options: object) -> str:
    start, end = (compiler.process(clause, **options) for clause in element.clauses)
    return f"CAST(strftime('%s', {end}) AS INTEGER) - CAST(strftime('%s', {start}) AS INTEGER)"


@compiles(SecondsBetween, "postgresql")
def _seconds_on_postgresql(
    element: SecondsBetween, compiler: SQLCompiler, **options: object
) -> str:
    start, end = (compiler.process(clause, **options) for clause in element.clauses)
    return f"CAST(extract(epoch FROM {end} - {start}) AS INTEGER)"
