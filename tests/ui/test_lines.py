"""Lines that are typed or pasted and cannot be run as they are: a sentence says so, and the screen goes on."""

import os
from pathlib import Path

import pytest
from textual.events import Paste

from tests.support.desk import DeskFixture
from tests.support.screen import ScreenOf, opened, play
from tests.support.stopped_postgres import Postgres
from tests.support.stopped_postgres import postgres as postgres
from ticketctl import clock
from ticketctl.store.db.database import Database

REFUSED = {
    ":show " + "9" * 30: "is not a ticket number",
    ":" + "9" * 5000: "there is no command",
    ":٣": "there is no command",
    ":comment 1 -F -": "there is no standard input here",
    ":comment 1 -m -": "there is no standard input here",
    ":close - -m x": "there is no standard input here",
    ":order import -": "there is no standard input here",
    ":-q ui": "runs in a terminal of its own",
    ":--as ben gateway": "runs in a terminal of its own",
    ":again": "runs in a terminal of its own",
    ":live": "leave --watch out",
    ":--db sqlite:///other.db list": "holds for the whole screen",
    ":list --now=2020-01-01T00:00:00Z": "holds for the whole screen",
    ":past": "holds for the whole screen",
    "/@nothing": "no saved query",
    "/owner:(": "^",
}


def test_a_line_that_cannot_be_run_stays_to_be_corrected(
    helpdesk: DeskFixture, screen_of: ScreenOf, home: Path
) -> None:
    helpdesk.open()
    config = home / ".config" / "ticketctl" / "config.toml"
    config.parent.mkdir(parents=True, exist_ok=True)
    config.write_text(
        '[alias]\nagain = "ui is:open"\nlive = "list --watch"\n'
        'past = "list --now 2020-01-01T00:00:00Z"\n'
    )

    async def story() -> None:
        async with screen_of("ana", (80, 24), query="is:open") as screen:
            await screen.see("Printer is broken")
            for line, why in REFUSED.items():
                await screen.press("colon" if line[0] == ":" else "slash")
                screen.app._line.put(line[1:])
                await screen.press("enter")
                await screen.see(why)
                await screen.until(
                    lambda kept=line[1:]: screen.app._line.text == kept, "another line"
                )  # type: ignore[misc]
                await screen.press("escape")
                await screen.see_no(why)
            await screen.press("t")
            await screen.see("1 yours")

    play(story())
    assert os.environ[clock.VARIABLE] == "2026-03-09T08:00:00Z"


def test_a_line_is_in_sight_on_the_smallest_screen(
    helpdesk: DeskFixture, screen_of: ScreenOf
) -> None:
    helpdesk.open()

    async def story() -> None:
        async with screen_of("ana", (80, 24), query="is:open") as screen:
            await screen.press("colon")
            screen.app._line.put("statsu")
            await screen.press("enter")
            await screen.see("there is no command", ":statsu")
            await screen.resize(20, 5)
            await screen.see("there is no", ":statsu")
            await screen.press("enter")
            await screen.end("statsu")
            await screen.see("there is no", ":statsu")
            await screen.resize(80, 24)
            await screen.see("did you mean", ":statsu")

    play(story())


def test_controls_that_are_pasted_stay_text(helpdesk: DeskFixture, screen_of: ScreenOf) -> None:
    """They are in the line, in the title and the answer of a question, and in its sentence."""
    helpdesk.open()
    pasted = "x\x1b]0;owned\x07 \x1b[31mred \u202egnp"

    async def story() -> None:
        async with screen_of("ana", (80, 24), query="is:open") as screen:
            await screen.press("colon")
            screen.app._line.put(f"assign 1 ben '{pasted}'")
            seen = await screen.see("owned")
            await screen.press("escape", "colon")
            screen.app._line.put(f"new --subject '{pasted}'")
            await screen.press("enter")
            seen += await screen.see("Customer", "owned")
            await screen.type("carl")
            seen += await screen.see("carl")
            screen.app.screen.query_one("Input").value = pasted  # type: ignore[attr-defined]
            seen += await screen.see("red", "gnp")
            await screen.press("escape")
            await screen.see("nothing was changed.")
            screen.app._line.put(f"list is:open or '{pasted}'")
            await screen.press("enter")
            seen += await screen.see("(q: back)", "owned")
            assert {one for one in seen if not one.isprintable()} == {"\n"}

    play(story())


def test_every_line_that_is_pasted_is_taken(helpdesk: DeskFixture, screen_of: ScreenOf) -> None:
    helpdesk.open()

    async def story() -> None:
        async with screen_of("ana", query="is:open") as screen:
            await screen.press("colon")
            await screen.type("take")
            screen.app.post_message(Paste(" 1\n-m\r\n'on it'"))
            await screen.see(":take 1 -m 'on it'")

    play(story())


def test_keys_act_only_on_a_ticket_in_sight(helpdesk: DeskFixture, screen_of: ScreenOf) -> None:
    """Not on the one that was open before, nor on one in a pane for which there is no room."""
    helpdesk.open()

    async def story() -> None:
        async with screen_of("ana", (80, 24), query="is:open") as screen:
            await screen.see("Printer is broken")
            await screen.press("3", "t")
            await screen.see("there is no ticket here.")
            await screen.press("2", "enter")
            await screen.see("It does not print.")
            await screen.press("1", "t")
            await screen.see("there is no ticket here.")
            await screen.press("home", "enter")
            await screen.see("2 Mine  0")
            await screen.press("t")
            await screen.see("there is no ticket here.")

    play(story())
    assert helpdesk.ticket().owner is None


def test_a_query_is_typed_while_the_database_is_away(
    postgres: Postgres, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TICKETCTL_AGENT", "root")
    monkeypatch.setenv("TICKETCTL_NOW", "2026-03-09T08:00:00Z")
    database = Database(postgres.url)
    DeskFixture(database).open()
    database.dispose()

    async def story() -> None:
        async with opened(postgres.url, "ana", query="is:open") as screen:
            await screen.see("Printer is broken")
            postgres.stop()
            await screen.see("cannot be used")
            await screen.press("slash")
            screen.app._line.put("owner:@me")
            await screen.press("tab", "enter")
            await screen.see("cannot be used", "/owner:@me")
            postgres.start()
            await screen.see("the database answers again.")
            await screen.press("enter")
            await screen.see("2 owner:@me  0")

    play(story())
