"""Tests of verbs run on SQLite, and on PostgreSQL where they are marked so."""

from pathlib import Path

import pytest

from tests.support.databases import db_url as db_url
from tests.support.databases import pytest_generate_tests as pytest_generate_tests
from tests.support.outside import Outside


@pytest.fixture
def outside(sqlite_url: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> Outside:
    """A desk as it is seen from outside."""
    return Outside(sqlite_url, home, monkeypatch)
