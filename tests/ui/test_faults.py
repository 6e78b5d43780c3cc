"""What goes wrong beside the screen is said in a sentence; nothing that is shown or typed is lost."""

import sys
from functools import partial
from pathlib import Path

import pytest

from tests.support.databases import locked
from tests.support.desk import DESK, DeskFixture
from tests.support.screen import NEVER, EditWith, ScreenOf, opened, play
from tests.support.stopped_postgres import Postgres
from tests.support.stopped_postgres import postgres as postgres
from ticketctl.actions.tickets import edit, merge
from ticketctl.store.db.database import Database
from ticketctl.store.privacy import purge
from ticketctl.store.tickets import saved_queries


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
            assert "cannot be used" in (await screen.end("comment")).sentence
            await screen.see(":comment 1 -m half")
            postgres.start()
            await screen.see("the database answers again.")
            database.dispose()
            desk.open(subject="While it was away")
            await screen.see("While it was away", ":comment 1 -m half")
            await screen.press("enter")
            assert (await screen.end("comment")).code == 0

    play(story())
    assert [one.text for one in desk.comments()] == ["half"]
    database.dispose()


def test_a_reply_outlives_a_database_that_stops_at_its_preview(
    postgres: Postgres, home: Path, edit_with: EditWith, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {
        "TICKETCTL_AGENT": "root",
        "TICKETCTL_NOW": "2026-03-09T08:00:00Z",
        "TICKETCTL_EDITOR": str(home / "editor"),
    }.items():
        monkeypatch.setenv(name, value)
    database = Database(postgres.url)
    desk = DeskFixture(database)
    desk.open()
    database.dispose()
    edit_with("sed -i '1s/^/Is it on?/' \"$1\"")

    async def story() -> None:
        async with opened(postgres.url, "ana", query="is:open") as screen:
            await screen.press("r")
            await screen.see("Is it on?", "[s]end")
            postgres.stop()
            await screen.press("s")
            await screen.see("your text is kept in", "cannot be used")
            await screen.press("q")
            await screen.see("Printer is broken", "cannot be used")
            postgres.start()
            await screen.see("the database answers again.")
            edit_with("true")
            await screen.press("R")
            await screen.see("Is it on?", "[s]end")
            await screen.press("s")
            await screen.see("message 2 queued")

    play(story())
    assert [row.data["text"] for row in desk.outbox("reply")] == ["Is it on?"]
    database.dispose()


def test_a_sqlite_file_that_another_program_locks(
    helpdesk: DeskFixture, screen_of: ScreenOf, db_url: str
) -> None:
    helpdesk.open()

    async def story() -> None:
        async with screen_of("ana", query="is:open", busy_seconds=0.1) as screen:
            await screen.see("Printer is broken")
            with locked(db_url):
                await screen.press("t")
                await screen.see("is locked")
            await screen.press("t")
            await screen.see("1 yours")

    play(story())


def test_a_ticket_that_is_shown_goes_away(helpdesk: DeskFixture, screen_of: ScreenOf) -> None:
    """It is purged, merged, or moved to where the agent may not look; what is shown of it goes with it."""
    for n in range(1, 5):
        helpdesk.open(subject=f"Question {n}.", author=f"c{n}@customer.example")

    async def story() -> None:
        async with screen_of("ana", query="is:open sort:id") as screen:
            await screen.press("enter")
            await screen.see("#1 Question 1.", "It does not print.")
            helpdesk.db.write(lambda tx: purge.purge(tx, [1]))
            await screen.see_no("It does not print.")
            await screen.see("ticket 1")
            await screen.lists(2, 3, 4)
            await screen.press("2", "enter")
            await screen.see("#2 Question 2.", "It does not print.")
            helpdesk.do(partial(merge.merge, ticket_id=2, into=3, comment="same"), "ben")
            await screen.see("into #3")
            await screen.lists(3, 4)
            await screen.press("2", "enter")
            await screen.see("#3 Question 3.")
            moved = edit.TicketChanges(segment="billing")
            helpdesk.do(partial(edit.edit, ticket_id=3, changes=moved, comment="bill"), "eva")
            await screen.see("ticket 3 belongs to segment billing")
            await screen.see_no("It does not print.")
            await screen.lists(4)
            await screen.press("2", "colon")
            await screen.type("show 99")
            await screen.press("enter")
            await screen.see("no ticket 99")

    play(story())


def test_the_definition_changes_beneath_a_screen(
    helpdesk: DeskFixture, screen_of: ScreenOf
) -> None:
    """A field that a saved query asks for goes, and then the agent."""
    helpdesk.open()
    now = helpdesk.now()
    helpdesk.db.write(lambda tx: saved_queries.store(tx, "ana", "bills", "field.invoice:7", now))

    async def story() -> None:
        async with screen_of("ana", (170, 30), query="is:open") as screen:
            await screen.see("@bills", "Printer is broken")
            helpdesk.apply(DESK[: DESK.index("[[field]]")])
            helpdesk.open(subject="Another")
            await screen.see("Another", "@bills                    ?")
            await screen.press("1", "up")
            await screen.see("invoice")
            await screen.press("up")
            await screen.lists(2, 1)
            helpdesk.apply(helpdesk.toml.replace('"ana"', '"zoe"').replace("ana@", "zoe@"))
            helpdesk.open(subject="A third")
            await screen.see("there is no agent 'ana'")
            await screen.press("t")
            assert "no agent 'ana'" in (await screen.end("take")).sentence

    play(story())


def test_a_ticket_changes_while_its_editor_is_open(
    helpdesk: DeskFixture, screen_of: ScreenOf, edit_with: EditWith, db_url: str
) -> None:
    """The reply is refused with the reason, its text is kept, and `R` continues with it."""
    helpdesk.open()
    ben = f"TICKETCTL_AGENT=ben {sys.executable} -m ticketctl --db '{db_url}' comment 1 -m 'He called.'"
    edit_with(f"sed -i '1s/^/Is it on?/' \"$1\"; {ben}")

    async def story() -> None:
        async with screen_of("ana", query="is:open") as screen:
            await screen.press("r")
            await screen.see("[s]end")
            await screen.press("s")
            assert "Ben commented" in (await screen.end("reply")).sentence
            assert helpdesk.outbox("reply") == []
            edit_with("true")
            await screen.press("q", "R")
            await screen.see("Is it on?", "[s]end")
            await screen.press("s")
            await screen.see("message 2 queued")

    play(story())


def test_a_resize_keeps_what_is_typed(
    helpdesk: DeskFixture, screen_of: ScreenOf, edit_with: EditWith
) -> None:
    helpdesk.open()
    edit_with("sed -i '1s/^/Is it on?/' \"$1\"")

    async def story() -> None:
        async with screen_of("ana", query="is:open") as screen:
            await screen.press("colon")
            await screen.type("assign 1 ben")
            for size in ((80, 24), (200, 60), (40, 10), (120, 36)):
                await screen.resize(*size)
                await screen.see(":assign 1 ben")
            await screen.press("enter")
            await screen.see("Why?")
            await screen.type("they know")
            for size in ((80, 24), (200, 60), (40, 10), (120, 36)):
                await screen.resize(*size)
                await screen.see("Why?", "they know")
            await screen.press("enter")
            await screen.end("assign 1 ben")
            await screen.press("r")
            await screen.see("[s]end")
            await screen.resize(80, 24)
            await screen.see("Is it on?", "[s]end")
            await screen.press("s")
            await screen.see("message 2 queued")

    play(story())
    assert helpdesk.ticket().owner == "ben"


def test_one_command_at_a_time(helpdesk: DeskFixture, screen_of: ScreenOf, db_url: str) -> None:
    """A second one is refused with a sentence, and stays in the line."""
    helpdesk.open()

    async def story() -> None:
        async with screen_of("ana", query="is:open", busy_seconds=NEVER) as screen:
            with locked(db_url):
                await screen.press("t")
                await screen.see("take 1 …")
                await screen.press("colon")
                await screen.type("comment 1 -m second")
                await screen.press("enter")
                await screen.see("another command is still running.", ":comment 1 -m second")
            await screen.end("take")
            await screen.press("enter")
            await screen.end("comment")

    play(story())
    assert [one.text for one in helpdesk.comments()] == ["second"]


def test_a_line_that_is_typed_while_another_runs_stays(
    helpdesk: DeskFixture, screen_of: ScreenOf, db_url: str
) -> None:
    helpdesk.open()

    async def story() -> None:
        async with screen_of("ana", query="is:open", busy_seconds=NEVER) as screen:
            for first in ("comment 1 -m first", "comment 77 -m first"):
                with locked(db_url):
                    await screen.press("colon")
                    await screen.type(first)
                    await screen.press("enter", "escape", "colon")
                    await screen.type("comment 1 -m second")
                await screen.end(first)
                await screen.see(":comment 1 -m second")
                await screen.press("escape")

    play(story())


def test_a_question_that_comes_again_and_again_can_be_left(
    helpdesk: DeskFixture, screen_of: ScreenOf
) -> None:
    helpdesk.open()

    async def story() -> None:
        async with screen_of("ana", query="is:open") as screen:
            await screen.press("colon")
            await screen.type("new")
            for _ in range(4):
                await screen.press("enter")
                await screen.question("Customer")
            await screen.press("ctrl+c")
            await screen.see("nothing was changed.", ":new")

    play(story())
