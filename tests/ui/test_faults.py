"""What goes wrong beside the screen is said in a sentence; nothing that is shown or typed is lost."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.desk import DeskFixture
from tests.support.screen import ScreenOf, opened, play
from tests.support.stopped_postgres import Postgres
from tests.support.stopped_postgres import postgres as postgres
from ticketctl.store.db.database import Database


def test_postgres_stops_and_starts_again(
    postgres: Postgres, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TICKETCTL_AGENT", "root")
    monkeypatch.setenv("TICKETCTL_NOW", "2026-03-09T08:00:00Z")
    database = Database(postgres.url)
    desk = DeskFixture(database)
    desk.open()

    async def story() -> None:
        async with opened(postgres.url, "ana", query="is:open") as screen:
            await screen.press("enter")
            await screen.see("It does not print.")
            await screen.press("colon")
            await screen.type("comment 1 -m half")
            postgres.stop()
            seen = await screen.see("cannot be used")
            assert "It does not print." in seen and ":comment 1 -m half" in seen
            await screen.press("enter")
            await screen.see("cannot be used", ":comment 1 -m half")
            postgres.start()
            await screen.see("the database answers again.")
            database.dispose()
            desk.open(subject="While it was away")
            await screen.see("While it was away", ":comment 1 -m half")
            await screen.press("enter")
            await screen.see("comment 1")

    play(story())
    database.dispose()


def test_a_sqlite_file_that_another_program_locks(
    helpdesk: DeskFixture, screen_of: ScreenOf, db_url: str
) -> None:
    helpdesk.open()

    async def story() -> None:
        async with screen_of("ana", query="is:open", busy_seconds=0.1) as screen:
            await screen.see("Printer is broken")
            with closing(sqlite3.connect(db_url.removeprefix("sqlite:///"))) as other:
                other.execute("BEGIN EXCLUSIVE")
                await screen.press("t")
                await screen.see("is locked")
            await screen.press("t")
            await screen.see("1 yours")

    play(story())
