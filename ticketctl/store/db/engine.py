"""Database connections and transactions: `read` sees one consistent state, `write` commits everything or nothing.

SQLite: WAL, synchronous=FULL, BEGIN IMMEDIATE for writers, foreign keys on (F-D9). PostgreSQL: psycopg 3.
A transaction that lost a race (40001, 40P01) runs again, so `work` must be repeatable.
"""

import random
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

import msgspec
from sqlalchemy import Connection, create_engine, event, text
from sqlalchemy.engine import URL, Engine, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, NoSuchModuleError

from ticketctl.errors import DatabaseTrouble
from ticketctl.safe import veiled_url
from ticketctl.store.db import sqlite_files
from ticketctl.write_guard import open_transaction

Tx = Connection
T = TypeVar("T")

SCHEMA = "0011"  # the alembic revision this version reads and writes

_RETRIES = 8
_LOST_RACE = {"40001", "40P01"}
_READ_ONLY = "25006"


class _Rehearsed(Exception):
    """Ends a transaction that must be rolled back."""


class Database:
    """A database; connections are opened when first needed. Threads may share it."""

    def __init__(self, url: str, *, busy_seconds: float = 20.0) -> None:
        self.url = parse_url(url)
        self.engine = make_engine(self.url, busy_seconds=busy_seconds)
        self._checked = False
        self._thread = threading.local()

    @property
    def is_sqlite(self) -> bool:
        """SQLite (embedded) or PostgreSQL."""
        return self.url.get_backend_name() == "sqlite"

    @contextmanager
    def read(self) -> Iterator[Tx]:
        """A read transaction, with one consistent state throughout. DatabaseTrouble if the database is away."""
        with answering(self.url), self.engine.connect() as plain:
            tx = plain.execution_options(ticketctl_read=True)
            if not self.is_sqlite:
                tx = tx.execution_options(
                    isolation_level="REPEATABLE READ", postgresql_readonly=True
                )
            with tx.begin():
                self._check(tx)
                yield tx

    def write(self, work: Callable[[Tx], T], *, durable: bool = True) -> T:
        """Run `work` in a write transaction and commit; run it again if another transaction won a race.

        Not `durable`: a power cut may undo it, which is fine for a claim or a lease; the commit does not wait for the
        disk. A `write` inside the `work` of another would wait for itself: RuntimeError. So is reading foreign text
        there.
        """
        with answering(self.url), self._alone(), open_transaction():
            return retry(lambda: self._once(work, durable))

    def rehearse(self, work: Callable[[Tx], T]) -> T:
        """What `work` returns in a write transaction that is rolled back; see `write`."""
        found: list[T] = []

        def once(tx: Tx) -> None:
            found[:] = [work(tx)]
            raise _Rehearsed

        with suppress(_Rehearsed):
            self.write(once)
        return found[0]

    def dispose(self) -> None:
        """Close every connection."""
        self.engine.dispose()

    def _once(self, work: Callable[[Tx], T], durable: bool) -> T:
        with self.engine.connect() as plain:
            tx = plain.execution_options(ticketctl_durable=durable)
            with tx.begin():
                if not durable and not self.is_sqlite:
                    tx.exec_driver_sql("SET LOCAL synchronous_commit = off")
                self._check(tx)
                return work(tx)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        if getattr(self._thread, "writing", False):
            raise RuntimeError("a write inside a write: hand the tx on instead.")
        self._thread.writing = True
        try:
            yield
        finally:
            self._thread.writing = False

    def _check(self, tx: Tx) -> None:
        if not self._checked:
            check_schema(tx)
            self._checked = True


def retry(work: Callable[[], T], lost: Callable[[DBAPIError], bool] | None = None) -> T:
    """Run `work` and return its result; run it again (eight times, with growing pauses) while it loses races."""
    for attempt in range(_RETRIES):
        try:
            return work()
        except DBAPIError as trouble:
            if attempt == _RETRIES - 1 or not (lost or lost_race)(trouble):
                raise
            time.sleep(random.uniform(0, 0.02 * 2**attempt))
    raise AssertionError("unreachable")


@contextmanager
def answering(url: URL) -> Iterator[None]:
    """Turn driver errors into one DatabaseTrouble sentence, without secrets or SQL."""
    try:
        yield
    except DBAPIError as trouble:
        if not is_trouble(trouble):
            raise
        raise DatabaseTrouble(_sentence(url, trouble)) from trouble


def check_schema(tx: Tx) -> None:
    """DatabaseTrouble (exit 8) unless the schema is the one of this version."""
    found = schema_of(tx)
    if found is None:
        raise DatabaseTrouble("this database is empty; run `ticketctl init`.")
    if found < SCHEMA:
        raise DatabaseTrouble(
            f"the database's schema is {found}, this version needs {SCHEMA}; run `ticketctl db upgrade`."
        )
    if found > SCHEMA:
        raise DatabaseTrouble(
            f"the database's schema is {found}, newer than this version's {SCHEMA}; upgrade ticketctl."
        )


def schema_of(tx: Tx) -> str | None:
    """The database's alembic revision; None for a database without our tables."""
    try:
        with tx.begin_nested():
            return tx.execute(text("SELECT version_num FROM alembic_version")).scalar()
    except DBAPIError as trouble:
        if not _no_table(trouble):
            raise
        return None


def lost_race(trouble: DBAPIError) -> bool:
    """Would the same transaction succeed if it ran again?

    SQLite's writers wait for each other in BEGIN IMMEDIATE; one that timed out is not tried again.
    """
    return getattr(trouble.orig, "sqlstate", None) in _LOST_RACE


def is_trouble(trouble: DBAPIError) -> bool:
    """Is it a state of the database (away, locked, full), not a mistake in our statement?"""
    if isinstance(trouble.orig, sqlite3.Error):
        mistakes = ("SQLITE_ERROR", "SQLITE_MISUSE", "SQLITE_RANGE", "SQLITE_MISMATCH", None)
        name = getattr(trouble.orig, "sqlite_errorname", None)
        return name not in mistakes and not isinstance(trouble, IntegrityError)
    return type(trouble).__name__ in {"OperationalError", "InterfaceError", "InternalError"}


def parse_url(url: str) -> URL:
    """A database URL for a SQLite file or PostgreSQL; DatabaseTrouble for anything else."""
    try:
        parsed = make_url(url)
        backend = parsed.get_backend_name()
    except (ArgumentError, NoSuchModuleError, ImportError, ValueError):
        backend = ""
    if backend == "sqlite" and parsed.database not in (None, "", ":memory:"):
        return parsed
    if backend == "postgresql":
        return parsed.set(drivername="postgresql+psycopg")
    raise DatabaseTrouble(
        f'"{veiled_url(url)}" is not a database URL; '
        "write sqlite:////path/to/desk.db or postgresql+psycopg://user@host/name."
    )


def make_engine(url: URL, *, busy_seconds: float = 20.0, create: bool = False) -> Engine:
    """The engine of a `Database`. A missing SQLite file is an error unless `create`."""
    if url.get_backend_name() != "sqlite":
        engine = create_engine(
            url,
            pool_pre_ping=True,
            connect_args={"connect_timeout": 10, "client_encoding": "utf8"},
            json_serializer=lambda value: msgspec.json.encode(value).decode(),
            json_deserializer=msgspec.json.decode,
        )
        event.listen(engine, "checkin", _forget_read_only)
        return engine
    engine = create_engine(url, creator=lambda: sqlite_connection(url, busy_seconds, create=create))
    event.listen(engine, "begin", _sqlite_begin)
    return engine


def _forget_read_only(connection: Any, _record: object) -> None:
    """Undo the READ WRITE that SQLAlchemy sets after a read: it would override the server's setting, and is an error
    on a standby.
    """
    if connection is not None and not connection.closed:
        connection.read_only = None


def sqlite_connection(
    url: URL, busy_seconds: float = 20.0, *, create: bool = False
) -> sqlite3.Connection:
    """A driver connection that begins no transaction by itself; `_sqlite_begin` does."""
    path = Path(url.database or "").absolute()
    if create:
        sqlite_files.make(path)
    connection = sqlite3.connect(
        f"file:{quote(str(path))}?mode={'rwc' if create else 'rw'}",
        uri=True,
        timeout=busy_seconds,
        isolation_level=None,
        check_same_thread=False,
    )
    try:
        # Triggers, views and expressions in the file may call only harmless functions.
        pragmas = ["trusted_schema=OFF", "synchronous=FULL", "foreign_keys=ON", "cache_size=-16000"]
        pragmas += [
            "wal_autocheckpoint=4000"
        ]  # pages; mail is large, and a checkpoint delays everybody
        # The file remembers WAL mode, so it is set only on creation.
        for pragma in (["journal_mode=WAL"] if create else []) + pragmas:
            connection.execute(f"PRAGMA {pragma}")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _sqlite_begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    reading = options.get("ticketctl_read", False)
    driver.execute(f"PRAGMA query_only={'ON' if reading else 'OFF'}")
    if reading:
        driver.execute("BEGIN")
        return
    # WAL with NORMAL loses no consistency, only the last commits, and only when the power goes.
    durable = options.get("ticketctl_durable", True)
    driver.execute(f"PRAGMA synchronous={'FULL' if durable else 'NORMAL'}")
    _take_the_pen(connection, driver)


def _take_the_pen(connection: Connection, driver: sqlite3.Connection) -> None:
    """Run BEGIN IMMEDIATE, retried every millisecond: SQLite's own waiting sleeps up to a tenth of a second, in which
    the lock may be free, or go to others again and again.
    """
    (busy,) = driver.execute("PRAGMA busy_timeout").fetchone()
    end = time.monotonic() + busy / 1000
    driver.execute("PRAGMA busy_timeout=0")
    try:
        while not _began(driver) and time.monotonic() < end:
            time.sleep(random.uniform(0.0003, 0.0012))
        if not driver.in_transaction:  # once more, to raise the usual error
            connection.exec_driver_sql("BEGIN IMMEDIATE")
    finally:
        driver.execute(f"PRAGMA busy_timeout={busy}")


def _began(driver: sqlite3.Connection) -> bool:
    """Did the transaction begin? True also for an error that waiting does not solve."""
    try:
        driver.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as trouble:
        return trouble.sqlite_errorcode != sqlite3.SQLITE_BUSY
    return True


def _no_table(trouble: DBAPIError) -> bool:
    state = getattr(trouble.orig, "sqlstate", None)
    return state == "42P01" or "no such table" in str(trouble.orig)


def _sentence(url: URL, trouble: DBAPIError) -> str:
    if url.get_backend_name() == "sqlite":
        if not Path(str(url.database)).exists():
            return f"no database at {url.database}; run `ticketctl init`."
        name: Any = getattr(trouble.orig, "sqlite_errorname", "")
        if name.startswith("SQLITE_BUSY"):
            return f"the database {url.database} is locked by another program; try again later."
        if name.startswith("SQLITE_READONLY"):
            return (
                f"the database {url.database} cannot be written: check who owns the file and its folder, "
                "and whether the disk is mounted read-only."
            )
    if getattr(trouble.orig, "sqlstate", None) == _READ_ONLY:
        return (
            f"the database {_shown(url)} is read-only now: a standby, or one with "
            "default_transaction_read_only; set db.url to the primary."
        )
    lines = str(trouble.orig).strip().splitlines() or ["no answer"]
    if url.get_backend_name() == "sqlite":
        return f"the database {url.database} cannot be used: {lines[0].strip().rstrip('.')}."
    where = _shown(url)
    words = lines[0].strip().rstrip(".")
    if url.password:
        words = words.replace(str(url.password), "***")
    return f"the database {where} cannot be used: {words}."


def _shown(url: URL) -> str:
    return veiled_url(url.render_as_string(hide_password=False))


def savepoint(tx: Tx) -> AbstractContextManager[object]:
    """A part of a transaction that may fail alone: an exception rolls it back and goes on to the caller."""
    return tx.begin_nested()


def ends_transaction(error: BaseException) -> bool:
    """Does this error in a savepoint end the whole transaction (lost race, database away)?"""
    return isinstance(error, DBAPIError) and (lost_race(error) or is_trouble(error))
