"""Connections to PostgreSQL, directly or through a pooler, to the first of several servers that will do.

Nothing is kept from one transaction to the next but prepared statements, which are not used behind a pooler.
"""

from typing import Any

import msgspec
import psycopg
from psycopg.pq import TransactionStatus
from psycopg.types.json import set_json_loads

from ticketctl.store.db.database_url import DatabaseUrl

_PREPARE_AFTER = 5  # runs of a statement on one connection
# A server that vanished without a word is given up after half a minute, not after two hours as the kernel does.
_TIMES = {
    "connect_timeout": 10,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 4,
    "tcp_user_timeout": 30_000,
}
_STATE = "SELECT pg_backend_pid(), current_setting('transaction_read_only')"


class PostgresConnection:
    """A connection to a PostgreSQL server."""

    def __init__(self, url: DatabaseUrl) -> None:
        failures = []
        for server in url.servers():
            try:
                self._connect(server, primary=url.wants_primary)
            except psycopg.OperationalError as error:
                failures.append(error)
            else:
                self.driver.prepare_threshold = self._threshold(url.prepare_threshold)
                return
        if len(failures) == 1:
            raise failures[0]
        said = dict.fromkeys(str(error).strip().partition("\n")[0] for error in failures)
        raise psycopg.OperationalError("; ".join(said)) from failures[-1]

    def begin_reading(self) -> None:
        """One snapshot for the whole transaction."""
        self.driver.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")

    def begin_writing(self, *, durable: bool) -> None:
        """READ COMMITTED, whatever the server's default. Not `durable`: the commit does not wait for the disk."""
        begin = "BEGIN ISOLATION LEVEL READ COMMITTED"
        self.driver.execute(begin if durable else f"{begin}; SET LOCAL synchronous_commit = off")

    def commit(self) -> None:
        """Commit the transaction. A COMMIT of one in which a statement failed rolls it back, and says so quietly."""
        if self.driver.execute("COMMIT").statusmessage != "COMMIT":
            raise psycopg.InternalError("a statement had failed, so nothing was committed")

    def rollback(self) -> None:
        """Roll the transaction back. A connection that fails at that is closed, which has the same effect."""
        if not self.driver.closed:
            try:
                self.driver.execute("ROLLBACK")
            except psycopg.Error:
                self.driver.close()

    def is_usable(self) -> bool:
        """The server has not closed it, and no transaction is open."""
        return not self.driver.closed and (
            self.driver.info.transaction_status == TransactionStatus.IDLE
        )

    def close(self) -> None:
        """Close it."""
        self.driver.close()

    def _connect(self, server: dict[str, Any], *, primary: bool) -> None:
        """Connect, and ask: a pooler lets clients in whose server is away, or is no longer what it was."""
        self.driver: psycopg.Connection[Any] = psycopg.connect(
            **{**_TIMES, **server, "client_encoding": "utf8"}, autocommit=True
        )
        set_json_loads(msgspec.json.decode, self.driver)
        info = self.driver.info
        try:
            pid, read_only = self.driver.execute(_STATE).fetchone() or (0, "on")
            if primary and read_only == "on":
                where = f'connection to server at "{info.host}", port {info.port} failed'
                raise psycopg.OperationalError(f"{where}: session is read-only")
        except BaseException:
            self.driver.close()
            raise
        self.is_pooled = pid != info.backend_pid

    def _threshold(self, asked: int | None) -> int | None:
        """After how many runs a statement is prepared: what the URL says, else never behind a pooler.

        A pooler may give the next transaction to another server process, where a name means another statement.
        """
        if asked is None and self.is_pooled:
            return None
        return (_PREPARE_AFTER if asked is None else asked) or None
