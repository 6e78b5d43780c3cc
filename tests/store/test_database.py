"""Transactions: all or nothing, run again after a lost race, and one sentence for every trouble."""

import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import psycopg
import pytest
from msgspec.structs import replace
from sqlalchemy import select, text

from tests.support.programs import at_once
from ticketctl.errors import DatabaseTrouble
from ticketctl.store.db import schema
from ticketctl.store.db.connections import Connection
from ticketctl.store.db.database import SCHEMA, Database, Tx

DRIVER_ERROR = (sqlite3.Error, psycopg.Error)
AT = datetime(2026, 3, 9, 8, 10, tzinfo=UTC)


def put(tx: Tx, name: str, value: str = "x") -> None:
    tx.execute(schema.meta.insert().values(name=name, value=value))


def names(db: Database) -> set[str]:
    with db.read() as tx:
        return set(tx.execute(select(schema.meta.c.name)).scalars()) - {"key", "instance"}


def test_a_write_is_all_or_nothing(db: Database) -> None:
    def fail(tx: Tx) -> None:
        put(tx, "half")
        raise ValueError("in the middle")

    with pytest.raises(ValueError, match="in the middle"):
        db.write(fail)
    assert names(db) == set()
    assert db.write(lambda tx: put(tx, "whole")) is None
    assert names(db) == {"whole"}


def test_a_read_sees_one_state_throughout(db: Database) -> None:
    with db.read() as tx:
        before = tx.execute(select(schema.meta.c.name)).all()
        writer = threading.Thread(target=db.write, args=(lambda tx: put(tx, "new"),))
        writer.start()
        writer.join()
        assert tx.execute(select(schema.meta.c.name)).all() == before
    assert names(db) == {"new"}


def test_a_read_changes_nothing(db: Database) -> None:
    with pytest.raises((DatabaseTrouble, *DRIVER_ERROR), match=r"read-?only"), db.read() as tx:
        put(tx, "new")
    db.write(lambda tx: put(tx, "written"))
    assert names(db) == {"written"}


def test_a_write_in_a_write_is_refused(db: Database) -> None:
    with pytest.raises(RuntimeError, match="hand the tx on"):
        db.write(lambda _: db.write(lambda tx: put(tx, "inner")))
    db.write(lambda tx: put(tx, "after"))
    assert names(db) == {"after"}


def test_a_mistake_of_ours_is_not_called_trouble(db: Database) -> None:
    for statement in (
        "SELECT nonsense FROM nowhere",
        "SELEC",
        "INSERT INTO meta VALUES ('a', NULL)",
    ):
        with pytest.raises(DRIVER_ERROR):
            db.write(lambda tx, statement=statement: tx.execute(text(statement)))  # type: ignore[misc]


def test_a_commit_after_a_statement_that_failed_is_no_success(
    postgres_url: Callable[[], str],
) -> None:
    db = Database(postgres_url())

    def work(tx: Tx) -> None:
        put(tx, "one")
        with suppress(psycopg.Error):
            tx.execute(text("SELECT 1 / 0"))

    with pytest.raises(DatabaseTrouble, match="nothing was committed"):
        db.write(work)
    assert "one" not in names(db)
    db.dispose()


def test_a_write_is_read_committed_whatever_the_server_says(
    postgres_url: Callable[[], str],
) -> None:
    url = postgres_url()
    with psycopg.connect(url, autocommit=True) as other:
        other.execute(
            f"ALTER DATABASE {other.info.dbname} SET default_transaction_isolation = serializable".encode()
        )
        db = Database(url)
        level = db.write(lambda tx: tx.execute(text("SHOW transaction_isolation")).scalar())
        other.execute(
            f"ALTER DATABASE {other.info.dbname} RESET default_transaction_isolation".encode()
        )
    db.dispose()
    assert level == "read committed"


def test_times_come_back_in_utc(db: Database) -> None:
    east = AT.astimezone(timezone(timedelta(hours=2)))
    db.write(lambda tx: tx.execute(schema.lease.insert().values(name="a", holder="b", until=east)))
    with db.read() as tx:
        until = tx.execute(select(schema.lease.c.until)).scalar_one()
    assert (until, until.utcoffset()) == (AT, timedelta(0))


def test_documents_come_back_as_they_were(db: Database) -> None:
    document = {"text": "ů \u2028 \U0001f600", "list": [1, None, {"a": True}], "half": 0.5}
    row = schema.customer.insert().values(profile=document, created_at=AT)
    db.write(lambda tx: tx.execute(row))
    with db.read() as tx:
        assert tx.execute(select(schema.customer.c.profile)).scalar_one() == document


# ---- races ----------------------------------------------------------------------------------------------------------


def test_the_loser_of_a_deadlock_runs_again(postgres_url: Callable[[], str]) -> None:
    db = Database(postgres_url())
    db.write(lambda tx: [put(tx, name) for name in ("a", "b")])
    met = threading.Barrier(2, timeout=30)
    runs: list[str] = []

    def both(first: str, second: str) -> None:
        def work(tx: Tx) -> None:
            runs.append(first)
            _append(tx, first)
            if len(runs) <= 2:
                met.wait()
            _append(tx, second)

        db.write(work)

    threads = [threading.Thread(target=both, args=pair) for pair in (("a", "b"), ("b", "a"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(runs) == 3, "one of the two was run again"
    with db.read() as tx:
        values = select(schema.meta.c.value).where(schema.meta.c.name.in_(["a", "b"]))
        assert tx.execute(values).scalars() == ["x++", "x++"]
    db.dispose()


def _append(tx: Tx, name: str) -> None:
    row = schema.meta.update().where(schema.meta.c.name == name)
    tx.execute(row.values(value=schema.meta.c.value + "+"))


def test_a_transaction_that_cannot_be_serialised_runs_again(
    postgres_url: Callable[[], str],
) -> None:
    db, other = (Database(url) for url in [postgres_url()] * 2)
    db.write(lambda tx: put(tx, "a"))
    runs: list[str] = []

    def work(tx: Tx) -> None:
        tx.execute(text("SET TRANSACTION ISOLATION LEVEL SERIALIZABLE"))
        runs.append(tx.execute(select(schema.meta.c.value).filter_by(name="a")).scalar_one())
        if len(runs) == 1:
            writer = threading.Thread(target=other.write, args=(lambda tx: _append(tx, "a"),))
            writer.start()
            writer.join()
        _append(tx, "a")

    db._checked = True  # SET TRANSACTION must come before the first query
    db.write(work)
    assert runs == ["x", "x+"]
    db.dispose()
    other.dispose()


# Reads the highest number, then writes the next: wrong unless nobody writes in between.
NUMBER = """
import sys
from ticketctl.store.db import leases, meta
from ticketctl.store.db.database import Database

def next_number(tx):
    (found,) = tx.run("SELECT count(*) FROM lease").fetchone()
    tx.run("INSERT INTO meta (name, value) VALUES (?, 'x')", [f"number {found}"])
    leases.take(tx, f"number {found}", "somebody", 60)

db = Database(sys.argv[1])
for _ in range(25):
    db.write(next_number)
"""


def test_four_processes_give_no_number_twice(sqlite_db: Database, sqlite_url: str) -> None:
    at_once(NUMBER, sqlite_url, count=4)
    assert names(sqlite_db) == {f"number {n}" for n in range(100)}


# ---- trouble --------------------------------------------------------------------------------------------------------


def trouble(db: Database) -> str:
    """The sentence that a read and a write agree on."""
    with pytest.raises(DatabaseTrouble) as reading, db.read():
        pass
    with pytest.raises(DatabaseTrouble) as writing:
        db.write(lambda tx: put(tx, "new"))
    db.dispose()
    assert str(reading.value) == str(writing.value)
    assert writing.value.exit_code == 8
    assert "\n" not in str(writing.value)
    return str(writing.value)


def test_a_missing_file_is_not_made(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/desk 1%.db"
    assert trouble(Database(url)) == f"no database at {tmp_path}/desk 1%.db; run `ticketctl init`."
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"not a database at all " * 99])
def test_another_file_is_no_desk(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "desk.db").write_bytes(content)
    said = trouble(Database(f"sqlite:///{tmp_path}/desk.db"))
    if content:
        assert said == f"the database {tmp_path}/desk.db cannot be used: file is not a database."
    else:
        assert said == "this database is empty; run `ticketctl init`."
    assert (tmp_path / "desk.db").read_bytes() == content


def test_a_folder_is_no_desk(tmp_path: Path) -> None:
    assert "unable to open database file" in trouble(Database(f"sqlite:///{tmp_path}"))


def test_a_file_locked_past_the_timeout(sqlite_url: str, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "desk.db")) as other:
        other.execute("BEGIN IMMEDIATE")
        db = Database(sqlite_url, busy_seconds=0.05)
        with pytest.raises(DatabaseTrouble, match="is locked by another program; try again later"):
            db.write(lambda tx: put(tx, "new"))
        assert names(db) == set(), "readers are not kept out"
        other.rollback()
    db.write(lambda tx: put(tx, "new"))
    db.dispose()


def test_a_full_disk(sqlite_db: Database) -> None:
    def fill(tx: Tx) -> None:  # on the connection that the next write takes
        (pages,) = tx.run("PRAGMA page_count").fetchone()
        tx.run(f"PRAGMA max_page_count={pages}")

    sqlite_db.write(fill)
    with pytest.raises(DatabaseTrouble, match="database or disk is full"):
        sqlite_db.write(lambda tx: put(tx, "new", "x" * 100_000))
    assert names(sqlite_db) == set()


def test_a_connection_that_broke_while_it_rested_is_replaced(
    postgres_url: Callable[[], str],
) -> None:
    db, other = Database(postgres_url()), Database(postgres_url())

    def own_pid() -> object:
        with db.read() as tx:
            return tx.run("SELECT pg_backend_pid()").fetchone()[0]

    for again in (own_pid, lambda: db.write(lambda tx: put(tx, "after"))):
        pid = own_pid()
        with other.read() as tx:
            tx.run("SELECT pg_terminate_backend(%s)", [pid])
        again()
    assert names(db) == {"after"}
    db.dispose()
    other.dispose()


def test_of_many_connections_whose_server_is_gone_one_is_tried(
    postgres_url: Callable[[], str],
) -> None:
    url = postgres_url()
    db = Database(url)
    begun: list[Connection] = []

    def begin(one: Connection) -> None:
        begun.append(one)
        one.begin_reading()

    with db.read(), db.read(), db.read():
        pass
    with psycopg.connect(url, autocommit=True) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    db._readers.take(begin).close()
    assert [one.is_usable() for one in begun] == [False, False]
    assert len(begun) == 2, "the broken one, and a new one"


def test_what_is_found_stays_until_the_database_changes(db: Database) -> None:
    """What a transaction remembers is kept only if it was committed."""

    def remember(tx: Tx) -> None:
        tx.memory["word"] = "kept"

    with pytest.raises(ZeroDivisionError):
        db.write(lambda tx: [remember(tx), 1 / 0])
    assert db.write(lambda tx: tx.memory.get("word")) is None
    db.write(remember)
    with db.read() as tx:
        assert tx.memory["word"] == "kept"


def test_an_unreachable_server(tmp_path: Path) -> None:
    url = f"postgresql://desk:secret-word@/desk?host={tmp_path}"
    said = trouble(Database(url))
    assert said.startswith("the database postgresql+psycopg://desk:***@/desk")
    assert "No such file or directory" in said
    assert "secret-word" not in said


def test_a_database_that_is_not_there(postgres_url: Callable[[], str]) -> None:
    db = Database(postgres_url())
    db.dispose()
    gone = replace(db.url, database="gone", password="secret-word")
    said = trouble(Database(gone.text()))
    assert 'database "gone" does not exist' in said
    assert "secret-word" not in said


@pytest.mark.parametrize(
    "url",
    [
        "",
        "desk.db",
        "sqlite://",
        "sqlite:///:memory:",
        "mysql://me:secret-word@x/y",
        "nonsense://",
        "postgresql://me:secret-word@x:port/y",
        "postgresql://me:x@secret-word:/y@x:1z/y",
        "postgresql:/me:secret-word@x/y",
        "mysql://x/y?password=secret-word",
    ],
)
def test_an_unsupported_database_url_is_refused(url: str) -> None:
    with pytest.raises(DatabaseTrouble, match="is not a database URL; write sqlite:") as said:
        Database(url)
    assert "secret-word" not in str(said.value)


def test_no_password_is_shown_when_the_server_is_down_L20(tmp_path: Path) -> None:
    for query in ("password=secret-word", "sslpassword=secret-word&sslmode=require"):
        said = trouble(Database(f"postgresql://desk@/desk?host={tmp_path}&{query}"))
        assert "password=***" in said and "secret-word" not in said


@pytest.mark.parametrize(
    ("version", "said"),
    [
        ("0000", f"0000, this version needs {SCHEMA}; run `ticketctl db upgrade`"),
        ("9999", "9999, newer than this version's .*; upgrade ticketctl"),
    ],
)
def test_another_schema_is_refused(db: Database, db_url: str, version: str, said: str) -> None:
    change = text("UPDATE alembic_version SET version_num = :version")
    db.write(lambda tx: tx.execute(change, {"version": version}))
    other = Database(db_url)
    with pytest.raises(DatabaseTrouble, match=said):
        other.write(lambda tx: put(tx, "new"))
    other.dispose()
    assert names(db) == set()


def test_an_empty_database_is_refused(db: Database, db_url: str) -> None:
    db.write(lambda tx: tx.execute(text("DROP TABLE alembic_version")))
    assert trouble(Database(db_url)) == "this database is empty; run `ticketctl init`."


def test_every_commit_waits_for_the_disk_but_those_that_a_power_cut_may_undo(db: Database) -> None:
    setting = "PRAGMA synchronous" if db.is_sqlite else "SHOW synchronous_commit"

    def waits(tx: Tx) -> bool:
        return tx.run(setting).fetchone()[0] in (2, "on")

    assert db.write(waits)
    assert not db.write(waits, durable=False)
    assert db.write(waits)
