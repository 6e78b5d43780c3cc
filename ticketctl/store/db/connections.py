"""Connections to SQLite, and a pool of connections: each transaction has one for itself."""

import os
import sqlite3
import threading
import time
from collections.abc import Callable
from typing import Any, Protocol

from ticketctl.store.db.database_url import DatabaseUrl

_STATEMENTS = 512  # that a SQLite connection keeps compiled


class Connection(Protocol):
    """A driver's connection and how a transaction begins and ends on it."""

    driver: Any

    def begin_reading(self) -> None:
        """Begin a transaction that sees one state and changes nothing."""
        ...

    def begin_writing(self, *, durable: bool) -> None:
        """Begin a write transaction; `durable`: its commit waits for the disk."""
        ...

    def commit(self) -> None:
        """Commit the transaction."""
        ...

    def rollback(self) -> None:
        """Roll the transaction back."""
        ...

    def is_usable(self) -> bool:
        """Can another transaction begin?"""
        ...

    def close(self) -> None:
        """Close it."""
        ...


def connect(url: DatabaseUrl, busy_seconds: float, *, create: bool = False) -> Connection:
    """A new connection. A missing SQLite file is an error unless `create`."""
    if url.is_sqlite:
        return SqliteConnection(url, busy_seconds, create=create)
    from ticketctl.store.db.postgres import PostgresConnection

    return PostgresConnection(url)


class Pool:
    """Connections that rest between transactions; the one used last is taken first. Threads may share it."""

    def __init__(self, connect: Callable[[], Connection]) -> None:
        self._connect = connect
        self._resting: list[Connection] = []
        self._lock = threading.Lock()

    def take(self, begin: Callable[[Connection], None]) -> Connection:
        """A connection on which a transaction has begun. One that broke while it rested is replaced."""
        while resting := self._next():
            try:
                begin(resting)
            except Exception:
                broken = not resting.is_usable()
                resting.close()
                if not broken:
                    raise
                self.close()  # the others have lost the same server, and may take half a minute to notice
            else:
                return resting
        fresh = self._connect()
        try:
            begin(fresh)
        except BaseException:
            fresh.close()
            raise
        return fresh

    def give_back(self, connection: Connection) -> None:
        """Let a connection rest, or close it if it is broken."""
        if not connection.is_usable():
            connection.close()
            return
        with self._lock:
            self._resting.append(connection)

    def close(self) -> None:
        """Close the resting connections."""
        while resting := self._next():
            resting.close()

    def _next(self) -> Connection | None:
        with self._lock:
            return self._resting.pop() if self._resting else None


class SqliteConnection:
    """A connection to a SQLite file that either reads or writes. It remembers its settings.

    Changing between the two would cost every statement its compiled form (PRAGMA query_only).
    """

    def __init__(self, url: DatabaseUrl, busy_seconds: float, *, create: bool = False) -> None:
        self.driver = sqlite_connection(url, busy_seconds, create=create)
        self._busy_seconds = busy_seconds
        self._set: dict[str, str] = {}

    def begin_reading(self) -> None:
        """A read transaction sees the state of its first statement."""
        self._pragma("query_only", "ON")
        self.driver.execute("BEGIN")

    def begin_writing(self, *, durable: bool) -> None:
        """WAL with NORMAL loses no consistency, only the last commits, and only when the power goes."""
        self._pragma("busy_timeout", "0")
        self._pragma("synchronous", "FULL" if durable else "NORMAL")
        self._take_the_pen()

    def commit(self) -> None:
        """Commit the transaction."""
        self.driver.execute("COMMIT")

    def rollback(self) -> None:
        """Roll the transaction back, unless SQLite has done so (disk full)."""
        if self.driver.in_transaction:
            self.driver.execute("ROLLBACK")

    def is_usable(self) -> bool:
        """A connection to a file breaks only with its transaction."""
        return not self.driver.in_transaction

    def close(self) -> None:
        """Close it."""
        self.driver.close()

    def _pragma(self, name: str, value: str) -> None:
        if self._set.get(name) != value:
            self.driver.execute(f"PRAGMA {name}={value}")
            self._set[name] = value

    def _take_the_pen(self) -> None:
        """Run BEGIN IMMEDIATE, retried every millisecond: SQLite's own waiting sleeps up to a tenth of a second, in
        which the lock may be free, or go to others again and again.
        """
        end = time.monotonic() + self._busy_seconds
        while not self._began():
            if time.monotonic() >= end:
                self.driver.execute("BEGIN IMMEDIATE")  # once more, to raise the usual error
                return
            import random  # only to wait

            time.sleep(random.uniform(0.0003, 0.0012))

    def _began(self) -> bool:
        """Did the transaction begin? An error that waiting does not solve is raised."""
        try:
            self.driver.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:  # of any kind, as in recovery
                raise
            return False
        return True


def sqlite_connection(
    url: DatabaseUrl, busy_seconds: float = 20.0, *, create: bool = False
) -> sqlite3.Connection:
    """A driver's connection that begins no transaction by itself. A missing file is an error unless `create`."""
    path = os.path.abspath(url.database or "")
    if create:
        from pathlib import Path

        from ticketctl.store.db import sqlite_files

        sqlite_files.make(Path(path))
    quoted = path.replace("%", "%25").replace("?", "%3f").replace("#", "%23")
    connection = sqlite3.connect(
        f"file:{quoted}?mode={'rwc' if create else 'rw'}",
        uri=True,
        timeout=busy_seconds,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=_STATEMENTS,
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
