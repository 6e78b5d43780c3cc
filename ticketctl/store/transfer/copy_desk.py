"""Copies a desk to another database of either kind, all or nothing: `db copy`.

Rows are read from one snapshot and streamed into one transaction. Before it commits every table is read back, and its
rows are compared with what was read: their number, and a sum of hashes that does not depend on their order.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path
from typing import Any

import msgspec
import psycopg
from psycopg import sql
from sqlalchemy import Table, func, select
from sqlalchemy.dialects import sqlite

from ticketctl.errors import BadInput, DatabaseTrouble, Refused
from ticketctl.store.db import backup, compiler, foreign_objects, integrity, migrate, sqlite_files
from ticketctl.store.db.database import Database, unchecked
from ticketctl.store.db.database_url import DatabaseUrl, parse_url
from ticketctl.store.db.schema import metadata
from ticketctl.store.db.tx import Tx
from ticketctl.store.db.values import Row, binder
from ticketctl.store.transfer import search_texts

_AT_ONCE = 500  # rows a server-side cursor brings
_SUM_BITS = 64
_encode = msgspec.json.Encoder(order="deterministic").encode
_INDEX = "search_entry"  # is made anew: SQLite and PostgreSQL store words in different ways
_GATEWAYS = "heartbeat"  # says what runs on the source

Told = Callable[[str, int], None]


class Copied(msgspec.Struct, frozen=True):
    """A copied table: its rows, and the sum of their hashes."""

    table: str
    rows: int
    checksum: str


def copy(source: str, target: str, told: Told = lambda _table, _rows: None) -> list[Copied]:
    """Copy the desk at `source` to the empty database `target`; both are URLs.

    `told` hears the table and how many more of its rows are copied. Refused if the target holds a desk, or is the
    source; DatabaseTrouble if either goes away, or what arrived differs from what was read.
    """
    wanted = parse_url(target)
    _refuse_same(parse_url(source), wanted)
    database = Database(source)
    try:
        with database.read() as from_, _arriving(wanted) as to:
            return _copy(from_, to, told)
    finally:
        database.dispose()


def count(source: str) -> int:
    """How many rows a copy will have to move."""
    database = Database(source)
    try:
        with database.read() as tx:
            return sum(
                tx.execute(select(func.count()).select_from(table)).scalar_one()
                for table in metadata.sorted_tables
            )
    finally:
        database.dispose()


@contextmanager
def _arriving(target: DatabaseUrl) -> Iterator[Tx]:
    """A transaction on an empty database with our tables; a SQLite file that was made for it goes if it fails."""
    file = Path(target.database) if target.is_sqlite and target.database else None
    is_new = file is not None and not file.exists()
    try:
        with _interrupted(), unchecked(target, create=True) as tx:
            migrate.upgrade_in(tx)
            if foreign := foreign_objects.programs(tx):
                raise Refused(f"the target holds what no desk holds: the {foreign[0]}.")
            if not integrity.is_empty(tx):
                raise Refused("the target holds a desk already; give an empty database.")
            yield tx
    except BaseException:
        if file and is_new:
            for part in sqlite_files.of(file):
                part.unlink(missing_ok=True)
        raise


@contextmanager
def _interrupted() -> Iterator[None]:
    try:
        yield
    except psycopg.DataError as trouble:
        raise BadInput(f"a row does not fit the target: {str(trouble).splitlines()[0]}.") from None


def _refuse_same(source: DatabaseUrl, target: DatabaseUrl) -> None:
    if source.is_sqlite and target.is_sqlite:
        same = Path(source.database or "").resolve() == Path(target.database or "").resolve()
    else:
        same = source == target
    if same:
        raise Refused("source and target are the same database; give another URL with --to.")


def _copy(from_: Tx, to: Tx, told: Told) -> list[Copied]:
    tables = [table for table in metadata.sorted_tables if table.name not in (_INDEX, _GATEWAYS)]
    _empty(to, tables)
    read = [_copy_table(from_, to, table, told) for table in tables]
    search_texts.index_again(from_, to, lambda rows: told(_INDEX, rows))
    for one, table in zip(read, tables, strict=True):
        if (arrived := _sum(to, table)) != one:
            raise DatabaseTrouble(
                f"table {one.table} arrived with {arrived.rows} rows and checksum {arrived.checksum}, not with "
                f"{one.rows} and {one.checksum}; nothing was copied."
            )
        _set_last_number(from_, to, table)
    if not to.is_sqlite:
        to.run("ANALYZE")
    return read


def _empty(to: Tx, tables: list[Table]) -> None:
    """Delete what the migrations put into a new database; rows that refer to later ones may come before them."""
    if to.is_sqlite:
        to.run("PRAGMA defer_foreign_keys=ON")
    for table in reversed(tables):
        to.execute(table.delete())


def _copy_table(from_: Tx, to: Tx, table: Table, told: Told) -> Copied:
    sum = _Sum(table.name)

    def rows() -> Iterator[Row]:
        for row in _rows(from_, table):
            sum.add(row)
            if sum.rows % _AT_ONCE == 0:
                told(table.name, _AT_ONCE)
            yield row

    _write(to, table, rows())
    told(table.name, sum.rows % _AT_ONCE)
    return sum.done()


def _rows(tx: Tx, table: Table) -> Iterator[Row]:
    return tx.stream(select(*table.columns), at_once=_AT_ONCE)


def _write(to: Tx, table: Table, rows: Iterable[Row]) -> None:
    bind = _binder(to, table)
    names = [column.name for column in table.columns]
    if to.is_sqlite:
        text = str(table.insert().compile(dialect=sqlite.dialect(), column_keys=names))
        to.driver.executemany(text, map(bind, rows))
        return
    command = sql.SQL("COPY {} FROM STDIN").format(backup.relation(table.name, names))
    with to.driver.cursor().copy(command) as out:
        for row in rows:
            out.write_row(bind(row))


def _binder(to: Tx, table: Table) -> Callable[[Row], list[Any]]:
    """A function from a row to what the target's driver takes."""
    kinds = [compiler.kinded("", column.type).removeprefix(":") for column in table.columns]
    converts = [
        (place, convert)
        for place, kind in enumerate(kinds)
        if (convert := binder(to.dialect, kind))
    ]

    def bind(row: Row) -> list[Any]:
        values = list(row)
        for place, convert in converts:
            if values[place] is not None:
                values[place] = convert(values[place])
        return values

    return bind


class _Sum:
    """Counts rows and adds up their hashes."""

    def __init__(self, table: str) -> None:
        self._table = table
        self._sum = 0
        self.rows = 0

    def add(self, row: Row) -> None:
        self._sum += int.from_bytes(
            blake2b(_encode(list(row)), digest_size=_SUM_BITS // 8).digest()
        )
        self.rows += 1

    def done(self) -> Copied:
        width = _SUM_BITS // 4
        return Copied(self._table, self.rows, f"{self._sum % 2**_SUM_BITS:0{width}x}")


def _sum(tx: Tx, table: Table) -> Copied:
    sum = _Sum(table.name)
    for row in _rows(tx, table):
        sum.add(row)
    return sum.done()


def _set_last_number(from_: Tx, to: Tx, table: Table) -> None:
    """Numbers go on after the last one given out, also where its row is deleted."""
    if "id" not in table.columns:
        return
    last = _last_number(from_, table.name)
    if last is None:
        return
    if to.is_sqlite:
        to.run("DELETE FROM sqlite_sequence WHERE name = ?", (table.name,))
        to.run("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", (table.name, last))
    else:
        to.run("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", (table.name, last))


def _last_number(tx: Tx, table: str) -> int | None:
    if not tx.is_sqlite:
        return backup.last_number(tx.driver, table)
    found = tx.run("SELECT seq FROM sqlite_sequence WHERE name = ?", (table,)).fetchone()
    return int(found[0]) or None if found else None
