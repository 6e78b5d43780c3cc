"""Backs up the whole database to one file and restores it, all or nothing, while others work.

SQLite: a SQLite file, by the online backup API. PostgreSQL: a zip with one COPY text for each table, from one snapshot,
and `manifest.json`. A backup is restored to the kind of database it was made from.
"""

import os
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, cast

import msgspec
import psycopg
from msgspec.structs import replace
from psycopg import sql

from ticketctl.errors import BadInput, DatabaseTrouble, Refused
from ticketctl.store.db import foreign_objects, integrity, migrate, sqlite_files
from ticketctl.store.db.connections import sqlite_connection
from ticketctl.store.db.core import t
from ticketctl.store.db.database import SCHEMA, Database, unchecked
from ticketctl.store.db.database_url import DatabaseUrl, parse_url
from ticketctl.store.db.trouble import answering
from ticketctl.store.db.tx import Tx

_CHUNK = 1 << 20
_MANIFEST = "manifest.json"
_SQLITE = b"SQLite format 3\0"


class Content(msgspec.Struct, frozen=True):
    """One table of a backup: its columns in order, its rows, and the last number it gave out."""

    columns: list[str]
    rows: int
    last_number: int | None


class Manifest(msgspec.Struct, frozen=True):
    """The contents of a PostgreSQL backup."""

    schema: str
    tables: dict[str, Content]


def backup(url: str, file: Path) -> None:
    """Write the database to `file` (mode 0600), completely or not at all; an older file is replaced."""
    target = parse_url(url)
    database = Database(url)
    try:
        with database.read() as tx, _appearing(file) as part:
            if database.is_sqlite:
                _sqlite_out(target, part)
            else:
                _postgres_out(tx, part)
    finally:
        database.dispose()


def restore(url: str, file: Path, *, force: bool = False) -> None:
    """Fill the database from a backup, completely or not at all; what was there before is replaced.

    BadInput if the file is no backup of this kind of database; Refused for another schema, and without `force` for a
    database that is in use.
    """
    target = parse_url(url)
    if not file.is_file():
        raise BadInput(f"there is no file {file}.")
    if target.is_sqlite:
        _sqlite_in(url, target, file, force)
    else:
        _postgres_in(target, file, force)


def refuse_other(file: Path) -> None:
    """Refused if a backup to `file` would overwrite something that is neither a database at rest nor a backup."""
    try:
        if not file.is_file() or not file.stat().st_size:
            return
        is_database = _is_sqlite(file)
        if not is_database and not _is_archive(file):
            raise Refused(f"{file} is neither a backup nor a database; give another file.")
    except OSError as trouble:
        raise BadInput(f"{file} cannot be read: {trouble.strerror}.") from None
    beside = [one for one in sqlite_files.of(file.resolve())[1:] if one.exists()]
    if is_database and beside:
        raise Refused(
            f"{file} is a database in use, {beside[0].name} is beside it; give another file."
        )


def _is_sqlite(file: Path) -> bool:
    with file.open("rb") as start:
        return start.read(len(_SQLITE)) == _SQLITE


def _is_archive(file: Path) -> bool:
    try:
        with zipfile.ZipFile(file) as archive:
            return _MANIFEST in archive.namelist()
    except zipfile.BadZipFile:
        return False


@contextmanager
def _appearing(file: Path) -> Iterator[Path]:
    """A private file beside `file` that takes its name once it is written and synced to disk."""
    try:
        handle, name = tempfile.mkstemp(dir=file.absolute().parent, prefix=f".{file.name}.")
    except OSError as trouble:
        raise BadInput(f"cannot write {file}: {trouble.strerror}.") from trouble
    part = Path(name)
    try:
        yield part
        os.fsync(handle)
        part.replace(file)
    except OSError as trouble:
        raise BadInput(f"cannot write {file}: {trouble.strerror}.") from trouble
    finally:
        os.close(handle)
        part.unlink(missing_ok=True)


# ---- SQLite ---------------------------------------------------------------------------------------------------------


def _sqlite_out(url: DatabaseUrl, part: Path) -> None:
    with closing(sqlite_connection(url)) as source, closing(sqlite3.connect(part)) as copy:
        source.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, nothing beside it


def _sqlite_in(url: str, target: DatabaseUrl, file: Path, force: bool) -> None:
    if not _is_sqlite(file):
        raise BadInput(f"{file} is not a backup of a SQLite desk.")
    source_url = replace(target, database=str(file.absolute()))
    _refuse_unsound(source_url, file)
    _refuse_used(url, target, force)
    with (
        answering(target),
        closing(sqlite_connection(source_url)) as copy,
        closing(sqlite_connection(target, create=True)) as database,
    ):
        try:
            copy.backup(database)
        except sqlite3.Error as trouble:
            raise DatabaseTrouble(f"cannot restore to {target.database}: {trouble}.") from trouble
        database.execute("PRAGMA journal_mode=WAL")


def _refuse_unsound(source_url: DatabaseUrl, file: Path) -> None:
    """BadInput for a file that is damaged or has foreign objects; nothing in it runs before that is known."""
    source = Database(source_url.text())
    try:
        with answering(source_url), closing(sqlite_connection(source_url)) as plain:
            _refuse_foreign(foreign_objects.programs(Tx(plain, "sqlite")), str(file))
        with source.read() as tx:  # refuses another schema
            _refuse_foreign(foreign_objects.objects(tx), str(file))
            (broken,) = tx.run("PRAGMA quick_check").fetchone()
        if broken != "ok":
            raise BadInput(f"{file} is damaged: {broken}.")
    finally:
        source.dispose()


def _refuse_foreign(found: list[str], where: str) -> None:
    if found:
        more = f" and {len(found) - 1} more" if len(found) > 1 else ""
        raise BadInput(
            f"{where} holds what no desk holds: the {found[0]}{more}; nothing was restored."
        )


def _refuse_used(url: str, target: DatabaseUrl, force: bool) -> None:
    path = Path(str(target.database))
    if force or not path.exists() or path.stat().st_size == 0:
        return
    database = Database(url)
    try:
        with database.read() as tx:
            _refuse_full(tx)
    finally:
        database.dispose()


def _refuse_full(tx: Tx) -> None:
    if not integrity.is_empty(tx):
        raise Refused("the database holds a desk already; give --force to put the backup over it.")


# ---- PostgreSQL -----------------------------------------------------------------------------------------------------


def _postgres_out(tx: Tx, part: Path) -> None:
    """Write all tables from one snapshot (REPEATABLE READ), so that they agree with each other."""
    tables: dict[str, Content] = {}
    driver = tx.driver
    with _copying(part), zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive:
        for table in t.metadata.sorted_tables:
            columns = _columns(driver, table.name)
            copy_out = sql.SQL("COPY {} TO STDOUT").format(relation(table.name, columns))
            with (
                archive.open(f"{table.name}.copy", "w", force_zip64=True) as out,
                driver.cursor().copy(copy_out) as rows,
            ):
                for piece in rows:
                    out.write(piece)
            tables[table.name] = Content(
                columns, _count(driver, table.name), last_number(driver, table.name)
            )
        archive.writestr(_MANIFEST, msgspec.json.encode(Manifest(SCHEMA, tables)))


def _postgres_in(url: DatabaseUrl, file: Path, force: bool) -> None:
    with (
        _manifest(file) as (archive, manifest),
        answering(url),
        _copying(file),
        unchecked(url) as tx,
    ):
        migrate.upgrade_in(tx)
        _refuse_foreign(foreign_objects.programs(tx), "the database")
        if not force:
            _refuse_full(tx)
        _fill(tx.driver, archive, manifest)


@contextmanager
def _copying(file: Path) -> Iterator[None]:
    """Turn what the driver says of the rows into a sentence about the file."""
    try:
        yield
    except psycopg.errors.DataError as trouble:
        raise BadInput(f"{file} is damaged: {str(trouble).splitlines()[0]}.") from trouble
    except psycopg.Error as trouble:
        raise DatabaseTrouble(
            f"the copy was interrupted: {str(trouble).splitlines()[0]}."
        ) from None


@contextmanager
def _manifest(file: Path) -> Iterator[tuple[zipfile.ZipFile, Manifest]]:
    try:
        archive = zipfile.ZipFile(file)
        with archive:
            manifest = msgspec.json.decode(archive.read(_MANIFEST), type=Manifest)
            if manifest.schema != SCHEMA:
                raise Refused(
                    f"the backup's schema is {manifest.schema}, this version's is {SCHEMA}; "
                    "restore it with the version that made it, then upgrade."
                )
            yield archive, manifest
    except (zipfile.BadZipFile, KeyError, msgspec.MsgspecError) as trouble:
        raise BadInput(f"{file} is not a complete backup of a PostgreSQL desk.") from trouble


def _fill(driver: psycopg.Connection[object], archive: zipfile.ZipFile, manifest: Manifest) -> None:
    names = [table.name for table in t.metadata.sorted_tables]
    driver.execute(sql.SQL("TRUNCATE {}").format(sql.SQL(", ").join(map(sql.Identifier, names))))
    for name in names:
        content = manifest.tables[name]
        copy_in = sql.SQL("COPY {} FROM STDIN").format(relation(name, content.columns))
        with archive.open(f"{name}.copy") as rows, driver.cursor().copy(copy_in) as copy:
            while piece := rows.read(_CHUNK):
                copy.write(piece)
        if _count(driver, name) != content.rows:
            raise BadInput(f"the backup is damaged: table {name} has too few rows.")
        if content.last_number is not None:
            driver.execute(
                "SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", (name, content.last_number)
            )


def relation(table: str, columns: list[str]) -> sql.Composed:
    """A table and its columns, quoted, as COPY takes them."""
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    return sql.SQL("{} ({})").format(sql.Identifier(table), names)


def _columns(driver: psycopg.Connection[Any], table: str) -> list[str]:
    found = driver.execute(
        "SELECT column_name FROM information_schema.columns"
        " WHERE table_schema = current_schema() AND table_name = %s ORDER BY ordinal_position",
        (table,),
    )
    return [name for (name,) in found]


def _count(driver: psycopg.Connection[object], table: str) -> int:
    counted = driver.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table)))
    return int(counted.fetchone()[0])  # type: ignore[index]


def last_number(driver: psycopg.Connection[object], table: str) -> int | None:
    """The last number given out, so that a deleted row's number is not reused; None before the first."""
    if "id" not in _columns(driver, table):
        return None
    last = driver.execute(
        "SELECT pg_sequence_last_value(pg_get_serial_sequence(%s, 'id')::regclass)", (table,)
    )
    return cast("int | None", last.fetchone()[0])  # type: ignore[index]
