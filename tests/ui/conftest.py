"""Stories on the screen run on SQLite, and on PostgreSQL where they are marked so."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.support.databases import db_url as db_url
from tests.support.databases import pytest_generate_tests as pytest_generate_tests
from tests.support.desk import DeskFixture
from tests.support.screen import EditWith, ScreenOf, opened
from ticketctl.store.db.database import Database


@pytest.fixture
def helpdesk(db_url: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[DeskFixture]:
    """The desk `DESK`; root, its admin, is at the terminal, at the time of the desk."""
    for name, value in {
        "TZ": "UTC",
        "TICKETCTL_AGENT": "root",
        "TICKETCTL_NOW": "2026-03-09T08:00:00Z",
        "TICKETCTL_EDITOR": str(home / "editor"),
    }.items():
        monkeypatch.setenv(name, value)
    desk = DeskFixture(Database(db_url))
    yield desk
    desk.db.dispose()


@pytest.fixture
def screen_of(db_url: str) -> ScreenOf:
    """Opens the screen of an agent of this desk."""
    return partial(opened, db_url)


@pytest.fixture
def edit_with(home: Path) -> EditWith:
    """Makes a shell script the editor; `$1` is the file."""

    def make(script: str) -> None:
        path = home / "editor"
        path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        path.chmod(0o755)

    return make
