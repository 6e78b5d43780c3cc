"""Tests of verbs run on SQLite, and on PostgreSQL where they are marked so."""

import shutil
from pathlib import Path

import pytest

from tests.support.databases import db_url as db_url
from tests.support.databases import pytest_generate_tests as pytest_generate_tests
from tests.support.desk import DeskFixture
from tests.support.outside import Outside
from ticketctl.store.db.database import Database


@pytest.fixture(scope="session")
def outside_template(sqlite_template: Path) -> Path:
    """A desk with the definition `DESK` to copy."""
    path = sqlite_template.with_name("outside.db")
    shutil.copy(sqlite_template, path)
    database = Database(f"sqlite:///{path}")
    DeskFixture(database)
    database.dispose()
    return path


@pytest.fixture
def outside(
    outside_template: Path, sqlite_url: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> Outside:
    """A desk as it is seen from outside."""
    shutil.copy(outside_template, sqlite_url.removeprefix("sqlite:///"))
    return Outside(sqlite_url, home, monkeypatch)
