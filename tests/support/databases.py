"""Which databases a verb's test runs on.

The store's own tests run on SQLite and on PostgreSQL. A verb calls the store, so its tests run on SQLite;
those marked `postgres` run on PostgreSQL too. The marked ones are every test of transactions that meet, and
enough others that PostgreSQL is asked each statement that the store's own tests do not ask.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test with a database on SQLite, and on PostgreSQL where it is marked so."""
    if "db_url" in metafunc.fixturenames:
        marked = metafunc.definition.get_closest_marker("postgres")
        metafunc.parametrize(
            "db_url", ["sqlite", "postgres"] if marked else ["sqlite"], indirect=True
        )


@pytest.fixture
def db_url(request: pytest.FixtureRequest) -> str:
    """The URL of a fresh, migrated desk."""
    if request.param == "postgres":
        return str(request.getfixturevalue("postgres_url")())
    return str(request.getfixturevalue("sqlite_url"))


@contextmanager
def locked(url: str) -> Iterator[None]:
    """Another program locks the SQLite file of a desk."""
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield
