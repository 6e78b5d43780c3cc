"""From a URL to transactions: `read` sees one state of the desk, `write` changes it all or not at all.

SQLite: WAL, synchronous=FULL, BEGIN IMMEDIATE for writers, foreign keys on (decision 9). PostgreSQL: psycopg 3.
A transaction that lost a race (40001, 40P01, a locked file) is run again, so `work` must be repeatable.
"""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlalchemy import Connection, create_engine, event, text
from sqlalchemy.engine import URL, Engine, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from ticketctl.errors import DatabaseTrouble

Tx = Connection
T = TypeVar("T")

SCHEMA = "0001"  # the alembic revision this version reads and writes

_RETRIES = 8
_LOST_RACE = {"40001", "40P01"}


class Database:
    """One database; connections are opened when they are first needed."""

    def __init__(self, url: str, *, busy_seconds: float = 20.0) -> None:
        self.url = _parse(url)
        self.engine = _engine(self.url, busy_seconds)
        self._checked = False

    @property
    def is_sqlite(self) -> bool:
        """SQLite (embedded) or PostgreSQL."""
        return self.url.get_backend_name() == "sqlite"

    @contextmanager
    def read(self) -> Iterator[Tx]:
        """A read transaction: one state of the desk throughout. DatabaseTrouble where there is none."""
        with self._answering(), self.engine.connect() as plain:
            tx = plain.execution_options(ticketctl_read=True)
            if not self.is_sqlite:
                tx = tx.execution_options(isolation_level="REPEATABLE READ")
            with tx.begin():
                self._check(tx)
                yield tx

    def write(self, work: Callable[[Tx], T]) -> T:
        """Run `work` in a write transaction and commit; run it again where another transaction won a race."""
        with self._answering():
            for attempt in range(_RETRIES):
                try:
                    with self.engine.begin() as tx:
                        self._check(tx)
                        return work(tx)
                except DBAPIError as trouble:
                    if attempt == _RETRIES - 1 or not lost_race(trouble):
                        raise
                    time.sleep(random.uniform(0, 0.02 * 2**attempt))
        raise AssertionError("unreachable")

    def dispose(self) -> None:
        """Close every connection."""
        self.engine.dispose()

    def _check(self, tx: Tx) -> None:
        if not self._checked:
            check_schema(tx)
            self._checked = True

    @contextmanager
    def _answering(self) -> Iterator[None]:
        """Turn the driver's trouble into one sentence, without secrets or SQL."""
        try:
            yield
        except DBAPIError as trouble:
            if not is_trouble(trouble):
                raise
            raise DatabaseTrouble(
                f"the database {self.url.render_as_string()} cannot be used: {_why(trouble)}"
            ) from trouble


def check_schema(tx: Tx) -> None:
    """DatabaseTrouble (exit 8) unless the schema is the one this version knows."""
    found = schema_of(tx)
    if found is None:
        raise DatabaseTrouble(
            "this database is empty; run `ticketctl init` (or `ticketctl db init`)."
        )
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
        if is_trouble(trouble) and not _no_table(trouble):
            raise
        return None


def lost_race(trouble: DBAPIError) -> bool:
    """Would the same transaction succeed if it were run again?"""
    state = getattr(trouble.orig, "sqlstate", None)
    return state in _LOST_RACE or "database is locked" in str(trouble.orig)


def is_trouble(trouble: DBAPIError) -> bool:
    """Is it the database's state (away, locked, full), not a mistake of ours in what we asked?"""
    return type(trouble).__name__ in {"OperationalError", "InterfaceError", "InternalError"}


def _no_table(trouble: DBAPIError) -> bool:
    state = getattr(trouble.orig, "sqlstate", None)
    return state == "42P01" or "no such table" in str(trouble.orig)


def _why(trouble: DBAPIError) -> str:
    lines = str(trouble.orig).strip().splitlines() or ["no answer"]
    return lines[0].strip().rstrip(".") + "."


def _parse(url: str) -> URL:
    try:
        parsed = make_url(url)
        parsed.get_dialect()
    except (ArgumentError, NoSuchModuleError, ImportError):
        raise DatabaseTrouble(
            f"{url.split('@')[-1]!r} is not a database URL; "
            "write sqlite:////path/to/desk.db or postgresql+psycopg://user@host/name."
        ) from None
    if parsed.get_backend_name() not in ("sqlite", "postgresql"):
        raise DatabaseTrouble("the database must be sqlite or postgresql+psycopg.")
    if parsed.get_backend_name() == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    return parsed


def _engine(url: URL, busy_seconds: float) -> Engine:
    if url.get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True, connect_args={"connect_timeout": 10})
    engine = create_engine(url, connect_args={"timeout": busy_seconds})
    event.listen(engine, "connect", _sqlite_connect)
    event.listen(engine, "begin", _sqlite_begin)
    return engine


def _sqlite_connect(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver begins nothing by itself; `_sqlite_begin` does
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "cache_size=-16000"):
        connection.execute(f"PRAGMA {pragma}")


def _sqlite_begin(connection: Connection) -> None:
    reading = connection.get_execution_options().get("ticketctl_read", False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
