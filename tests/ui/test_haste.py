"""Keys that come faster than the screen draws, as in pasted text or over a slow line, do what was meant."""

import asyncio

from textual.events import Key

from tests.support.desk import DeskFixture
from tests.support.screen import Screen, ScreenOf, play


def paste(screen: Screen, keys: list[str]) -> None:
    """Let keys come all at once."""
    for key in keys:
        screen.app.post_message(Key(key, {"space": " "}.get(key, key if len(key) == 1 else None)))


def test_letters_after_a_colon_are_typed_and_are_no_keys(
    helpdesk: DeskFixture, screen_of: ScreenOf
) -> None:
    helpdesk.open()

    async def story() -> None:
        async with screen_of("ana", query="is:open") as screen:
            paste(screen, ["colon", *"take", "space", "1", "enter"])
            await screen.see("1 yours")

    play(story())
    assert [one.type for one in helpdesk.events()] == ["created", "ack", "assigned"]


def test_a_line_that_is_begun_at_once_after_another_is_not_left_with_it(
    helpdesk: DeskFixture, screen_of: ScreenOf
) -> None:
    helpdesk.open()

    async def story() -> None:
        async with screen_of("ana", query="is:open") as screen:
            for _ in range(5):
                await screen.press("slash", *"lamp", "escape", "slash", "at", *"no", "enter")
                await screen.see("no saved query", "/@no")
                await screen.press("escape")

    play(story())


def test_keys_after_a_pane_was_chosen_go_to_that_pane(
    helpdesk: DeskFixture, screen_of: ScreenOf
) -> None:
    helpdesk.open(subject="Lamp")
    helpdesk.open(subject="Chair", author="dora@customer.example")

    async def story() -> None:
        async with screen_of("ana", (80, 24)) as screen:
            await screen.press("1")
            await screen.see("Unassigned")
            await screen.press("2")
            paste(screen, ["1", "j", "enter"])
            await screen.see("2 Unassigned  2", "Chair")
            paste(screen, ["j", "enter"])
            await screen.see("3 #1 Lamp")

    play(story())


def test_keys_after_a_page_was_opened_go_to_that_page(
    helpdesk: DeskFixture, screen_of: ScreenOf
) -> None:
    helpdesk.open()

    async def story() -> None:
        async with screen_of("ana", (80, 24), query="is:open") as screen:
            paste(screen, ["question_mark", "q", "enter"])
            await screen.see("3 #1 Printer is broken")

    play(story())


def test_every_page_that_is_turned_counts(helpdesk: DeskFixture, screen_of: ScreenOf) -> None:
    helpdesk.open("\n".join(f"line {n}" for n in range(200)))

    async def story() -> None:
        async with screen_of("ana", (200, 24), query="is:open") as screen:
            await screen.see("line 10")
            await screen.press("3")
            paste(screen, ["home", *["space"] * 3, "pageup", "j"])
            await screen.see("line 30", "line 49")

    play(story())


def test_what_a_command_said_and_the_screen_did_not_show_is_told_after_it(
    helpdesk: DeskFixture, screen_of: ScreenOf
) -> None:
    helpdesk.open()

    async def story() -> None:
        async with screen_of("ana", query="is:open") as screen:
            commands = screen.app.commands
            commands.run("take 1")
            while commands.is_running:
                await asyncio.sleep(0)
            screen.app.exit()
        assert commands.unseen and "1 yours" in commands.unseen.output

    play(story())


def test_what_the_screen_showed_is_not_told_again(
    helpdesk: DeskFixture, screen_of: ScreenOf
) -> None:
    helpdesk.open()

    async def story() -> None:
        async with screen_of("ana", query="is:open") as screen:
            await screen.press("t")
            await screen.see("1 yours")
            await screen.until(lambda: screen.app.commands.unseen is None, "still to be told")

    play(story())
