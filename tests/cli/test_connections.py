"""A command that reads opens one connection to the database: on PostgreSQL each is a process of the server."""

import pytest

from tests.cli.test_startup import COMMON
from tests.support.desk import DeskFixture
from ticketctl.cli import main as cli
from ticketctl.store.db import connections
from ticketctl.store.db.database import Database
from ticketctl.store.db.database_url import DatabaseUrl

CHANGES = ("assign", "comment", "reply")
READS = [line for line in COMMON if not line.startswith(CHANGES)]


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("line", [*READS, "sla show 1", "inbox list", "outbox list", "stats"])
def test_a_command_that_reads_opens_one_connection(
    sqlite_db: Database, line: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    DeskFixture(sqlite_db).open("Drucker, ご注文の商品")
    monkeypatch.setenv("TICKETCTL_DB", sqlite_db.url.text())
    monkeypatch.setenv("TICKETCTL_AGENT", "ana")
    connect, opened = connections.connect, []

    def counted(url: DatabaseUrl, busy_seconds: float) -> connections.Connection:
        opened.append(url)
        return connect(url, busy_seconds)

    monkeypatch.setattr("ticketctl.store.db.database.connect", counted)
    assert cli.run(line.split()) == 0
    assert len(opened) == 1
