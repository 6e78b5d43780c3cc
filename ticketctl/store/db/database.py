"""Database connections and transactions: `read` sees one consistent state, `write` commits everything or nothing.

SQLite: WAL, synchronous=FULL, BEGIN IMMEDIATE for writers, foreign keys on (F-D9). PostgreSQL: psycopg 3.
A transaction that lost a race (40001, 40P01) runs again, so `work` must be repeatable.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, TypeVar

from ticketctl.errors import DatabaseTrouble
from ticketctl.store.db.connections import Pool, connect
from ticketctl.store.db.database_url import DatabaseUrl, parse_url
from ticketctl.store.db.trouble import (
    answering,
    ends_transaction,
    is_read_only,
    lost_race,
    no_table,
)
from ticketctl.store.db.tx import Tx
from ticketctl.write_guard import open_transaction

__all__ = ["SCHEMA", "Database", "Tx", "check_schema", "ends_transaction", "schema_of"]

T = TypeVar("T")

SCHEMA = "0016"  # the alembic revision this version reads and writes

BUSY_SECONDS = 20.0  # how long a writer waits for the others on SQLite
_RETRIES = 8


class _Rehearsed(Exception):
    """Ends a transaction that must be rolled back."""


class Database:
    """A database; connections are opened when first needed. Threads may share it."""

    def __init__(self, url: str, *, busy_seconds: float = BUSY_SECONDS) -> None:
        self.url = parse_url(url)
        self._readers = Pool(lambda: connect(self.url, busy_seconds))
        # On SQLite a connection either reads or writes.
        self._writers = (
            Pool(lambda: connect(self.url, busy_seconds)) if self.is_sqlite else self._readers
        )
        self._checked = False
        self._memory: dict[str, Any] = {}
        self._thread = threading.local()

    @property
    def is_sqlite(self) -> bool:
        """SQLite (embedded) or PostgreSQL."""
        return self.url.is_sqlite

    @contextmanager
    def read(self) -> Iterator[Tx]:
        """A read transaction, with one consistent state throughout. DatabaseTrouble if the database is away."""
        with answering(self.url):
            connection = self._readers.take(lambda one: one.begin_reading())
            try:
                tx = Tx(connection.driver, self.url.dialect, self._memory)
                self._check(tx)
                yield tx
            finally:
                connection.rollback()
                self._readers.give_back(connection)

    def write(self, work: Callable[[Tx], T], *, durable: bool = True) -> T:
        """Run `work` in a write transaction and commit; run it again if another transaction won a race.

        Not `durable`: a power cut or a failover may undo it, which is fine for most claims and leases; the commit does
        not wait for the disk or a standby. A `write` inside the `work` of another would wait for itself: RuntimeError.
        So is reading foreign text there.
        """
        with answering(self.url), self._alone(), open_transaction():
            return retry(lambda: self._once(work, durable))

    def rehearse(self, work: Callable[[Tx], T]) -> T:
        """What `work` returns in a write transaction that is rolled back; see `write`."""
        found: list[T] = []

        def once(tx: Tx) -> None:
            found[:] = [work(tx)]
            tx.flush()
            raise _Rehearsed

        with suppress(_Rehearsed):
            self.write(once)
        return found[0]

    def dispose(self) -> None:
        """Close every connection that no transaction uses."""
        self._readers.close()
        self._writers.close()

    def _once(self, work: Callable[[Tx], T], durable: bool) -> T:
        connection = self._writers.take(lambda one: one.begin_writing(durable=durable))
        try:
            tx = Tx(connection.driver, self.url.dialect, {**self._memory})
            self._check(tx)
            done = work(tx)
            tx.flush()
            connection.commit()
            self._memory = tx.memory
            return done
        except BaseException as error:
            connection.rollback()
            if is_read_only(error):  # the next connections look for the primary
                connection.close()
                self._writers.close()
            raise
        finally:
            self._writers.give_back(connection)

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


@contextmanager
def unchecked(url: DatabaseUrl, *, create: bool = False) -> Iterator[Tx]:
    """A write transaction on a connection of its own, whatever the schema; a SQLite file is made if `create`."""
    with answering(url):
        connection = connect(url, BUSY_SECONDS, create=create)
        try:
            connection.begin_writing(durable=True)
            tx = Tx(connection.driver, url.dialect)
            yield tx
            tx.flush()
            connection.commit()
        finally:
            connection.rollback()
            connection.close()


def retry(work: Callable[[], T], lost: Callable[[Exception], bool] = lost_race) -> T:
    """Run `work` and return its result; run it again (eight times, with growing pauses) while it loses races."""
    for attempt in range(_RETRIES):
        try:
            return work()
        except Exception as error:
            if attempt == _RETRIES - 1 or not lost(error):
                raise
            import random  # only after a lost race

            time.sleep(random.uniform(0, 0.02 * 2**attempt))
    raise AssertionError("unreachable")


def check_schema(tx: Tx) -> None:
    """DatabaseTrouble (exit 8) unless the schema is the one of this version; it ends the transaction."""
    try:
        found = _revision(tx)
    except Exception as error:
        if not no_table(error):
            raise
        found = None
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
        with tx.savepoint():
            return _revision(tx)
    except Exception as error:
        if not no_table(error):
            raise
        return None


def _revision(tx: Tx) -> str | None:
    found = tx.run("SELECT version_num FROM alembic_version").fetchone()
    return None if found is None else str(found[0])
