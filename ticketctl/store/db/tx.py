"""A transaction: statements run straight on the driver's connection, with named values in and named rows out."""

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from typing import Any, Protocol, TypeVar, cast

from ticketctl.store.db.fragments import Part, Sql, tables_of
from ticketctl.store.db.prepared import Statement
from ticketctl.store.db.values import Dialect, Row

Values = Mapping[str, Any]
_NOTHING: Values = {}


class Result:
    """What a statement returned; its rows are read once."""

    def __init__(self, cursor: Any, read: Callable[[Any], Row]) -> None:
        self._cursor = cursor
        self._read = read

    @property
    def rowcount(self) -> int:
        """How many rows an UPDATE, DELETE or INSERT changed."""
        return int(self._cursor.rowcount)

    def __iter__(self) -> Iterator[Row]:
        return map(self._read, self._cursor)

    def all(self) -> list[Row]:
        """Every row."""
        return list(map(self._read, self._cursor.fetchall()))

    def first(self) -> Row | None:
        """The first row; None if there is none."""
        found = self._cursor.fetchone()
        return None if found is None else self._read(found)

    def one(self) -> Row:
        """The first row, which must be there."""
        found = self.first()
        assert found is not None
        return found

    def scalar(self) -> Any:
        """The first column of the first row; None if there is no row."""
        found = self.first()
        return None if found is None else found[0]

    def scalar_one(self) -> Any:
        """The first column of the first row, which must be there."""
        return self.one()[0]

    def scalars(self) -> list[Any]:
        """The first column of every row."""
        return [row[0] for row in self.all()]


class Later(Protocol):
    """What a transaction has yet to write to these tables."""

    tables: frozenset[str]
    order: int  # the lower is written first

    def write(self, tx: "Tx") -> None:
        """Write it all."""
        ...


L = TypeVar("L", bound=Later)


class Tx:
    """A transaction on a driver's connection; `Database` begins and ends it."""

    def __init__(self, driver: Any, dialect: Dialect, memory: dict[str, Any] | None = None) -> None:
        self.driver = driver  # a sqlite3.Connection or a psycopg.Connection
        self.dialect = dialect
        # What was read in committed transactions of this database and never changes, by a name of the reader's.
        self.memory = {} if memory is None else memory
        self.is_sqlite = dialect == "sqlite"
        self._depth = 0
        # What was read in this transaction, by a name of the reader's; who changes it clears this.
        self.seen: dict[Any, Any] = {}
        self._later: dict[Callable[[], Later], Later] = {}

    def later(self, make: Callable[[], L]) -> L:
        """What is yet to be written, made by `make` if there is nothing. It is written before a statement that names
        one of its tables, and at the end of the savepoint or transaction.
        """
        return cast(L, self._later.setdefault(make, make()))

    def flush(self, tables: Set[str] | None = None) -> None:
        """Write what is yet to be written to these tables; to all, if none are given."""
        for make in sorted(self._later, key=lambda one: self._later[one].order):
            if tables is None or self._later[make].tables & tables:
                self._later.pop(make).write(self)

    def execute(
        self, statement: Any, values: Values | list[Any] | None = None, **parts: Part
    ) -> Result:
        """Run a prepared statement, or one composed in SQLAlchemy Core, with values by name; `parts` fill its holes.

        With a list of values it runs once for each of them, and returns no rows.
        """
        if isinstance(values, list):
            return self._execute_many(statement, values)
        sql, text, arguments = self._prepare(statement, values or _NOTHING, parts)
        return Result(self._run(text, arguments), sql.read)

    def stream(
        self, statement: Any, values: Values = _NOTHING, *, at_once: int, **parts: Part
    ) -> Iterator[Row]:
        """The rows of a statement, `at_once` of them in memory; close it within the transaction."""
        sql, text, arguments = self._prepare(statement, values, parts)
        if self.is_sqlite:
            yield from map(sql.read, self._run(text, arguments))
            return
        with self.driver.cursor(name=f"stream_{id(sql)}") as cursor:
            cursor.itersize = at_once
            cursor.execute(text, arguments)
            yield from map(sql.read, cursor)

    def run(self, text: str, arguments: Sequence[object] = ()) -> Any:
        """Run SQL of ours as it is, for this kind of database; returns the driver's cursor."""
        self.flush()
        return self._run(text, arguments)

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """A part of the transaction that may fail alone: an exception rolls it back and goes on to the caller."""
        self.flush()
        self._depth += 1
        name = f"part_{self._depth}"
        self._run(f"SAVEPOINT {name}", ())
        try:
            yield
            self.flush()
        except BaseException:
            self._later.clear()
            self.seen.clear()
            self._depth -= 1
            if self._is_open():
                self._run(f"ROLLBACK TO SAVEPOINT {name}", ())
                self._run(f"RELEASE SAVEPOINT {name}", ())
            raise
        self._depth -= 1
        self._run(f"RELEASE SAVEPOINT {name}", ())

    def _prepare(
        self, statement: Any, values: Values, parts: Mapping[str, Part]
    ) -> tuple[Sql, str, list[object]]:
        if not isinstance(statement, Statement):
            from ticketctl.store.db import compiler

            sql, own, spliced = compiler.composed(
                statement, self.dialect, values, [*values] or None
            )
            values = {**own, **values}
            parts = {**spliced, **parts}
        else:
            sql = statement.on(self.dialect)
        if sql.is_whole:
            if self._later:
                self.flush(sql.tables)
            return sql, sql.text, sql.bind(values)
        arguments: list[object] = []
        text = sql.fill(values, parts, arguments)
        if self._later:
            self.flush(tables_of(text))
        return sql, text, arguments

    def _execute_many(self, statement: Any, rows: Sequence[Values]) -> Result:
        if not isinstance(statement, Statement):
            from ticketctl.store.db import compiler

            sql, own, _ = compiler.composed(statement, self.dialect, {}, [*rows[0]])
        else:
            sql, own = statement.on(self.dialect), {}
        self.flush(sql.tables)
        given = [sql.bind({**own, **row} if own else row) for row in rows]
        if len(given) == 1:  # which costs a driver less
            return Result(self._run(sql.text, given[0]), sql.read)
        return Result(self._run(sql.text, given, many=True), sql.read)

    def _run(self, text: str, arguments: Sequence[Any], *, many: bool = False) -> Any:
        if not many:
            return self.driver.execute(text, arguments)
        cursor = self.driver.cursor()
        cursor.executemany(text, arguments)
        return cursor

    def _is_open(self) -> bool:
        """Has the database not ended the transaction by itself (disk full, server gone)?"""
        if self.is_sqlite:
            return bool(self.driver.in_transaction)
        return not self.driver.closed
