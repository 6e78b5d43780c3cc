"""An agent's work on the screen: each key does what its command does, with its questions."""

import pytest

from tests.support.desk import DeskFixture
from tests.support.screen import EditWith, ScreenOf, play


@pytest.mark.postgres
def test_an_agent_takes_a_ticket_and_replies(
    helpdesk: DeskFixture, screen_of: ScreenOf, edit_with: EditWith
) -> None:
    helpdesk.open()
    edit_with("sed -i '1s/^/We send a new one./' \"$1\"")

    async def story() -> None:
        async with screen_of("ana", query="is:open") as screen:
            await screen.see("Printer is broken")
            await screen.press("t")
            await screen.see("1 yours")
            assert helpdesk.ticket().owner == "ana"
            await screen.press("r")
            await screen.see("To:       carl@customer.example", "We send a new one.", "[s]end")
            assert helpdesk.outbox("reply") == []
            await screen.press("s")
            await screen.see("message 2 queued for 30 s")

    play(story())
    assert [row.data["text"] for row in helpdesk.outbox("reply")] == ["We send a new one."]


def test_a_question_without_an_answer_changes_nothing(
    helpdesk: DeskFixture, screen_of: ScreenOf, edit_with: EditWith
) -> None:
    helpdesk.open()
    edit_with("sed -i '1s/^/Half a sentence/' \"$1\"")

    async def story() -> None:
        async with screen_of("ana", query="is:open") as screen:
            await screen.press("r")
            await screen.see("[s]end")
            await screen.press("escape")
            await screen.see("the text is kept: R continues")
            assert helpdesk.outbox("reply") == []
            await screen.press("R")
            await screen.see("Half a sentence", "[s]end")
            await screen.press("c")
            await screen.see("comment 1")

    play(story())
    assert "Half a sentence" in helpdesk.comments()[0].text
    assert helpdesk.outbox("reply") == []


def test_without_colours_there_are_none_but_those_of_the_terminal(
    helpdesk: DeskFixture, screen_of: ScreenOf
) -> None:
    helpdesk.open()

    async def story() -> None:
        async with screen_of("ana", query="is:open", color="never") as screen:
            await screen.see("It does not print.", "message 1")
            await screen.press("x")
            await screen.see("Why?")
            for style in screen.styles():
                for color in (style.color, style.bgcolor):
                    assert color is None or color.is_default, style

    play(story())


def test_keys_commands_and_colours_are_found_by_word(
    helpdesk: DeskFixture, screen_of: ScreenOf
) -> None:
    helpdesk.open()

    async def story() -> None:
        async with screen_of("ana", query="is:open") as screen:
            await screen.press("ctrl+p")
            await screen.see("assign (a)", "Assign to an agent")
            await screen.type("take")
            await screen.see_no("assign (a)")
            await screen.see("take (t)")
            await screen.press("enter")
            await screen.see("1 yours")
            assert helpdesk.ticket().owner == "ana"
            await screen.press("ctrl+p")
            await screen.see("assign (a)")
            await screen.type("canned")
            await screen.see("Manage canned replies.")
            await screen.press("enter")
            await screen.see(":canned")
            await screen.press("escape", "ctrl+p")
            await screen.see("assign (a)")
            await screen.type("light")
            await screen.see_no("assign (a)")
            await screen.see("colours: light")
            await screen.press("enter")
            await screen.until(lambda: screen.app.theme == "light", "still dark")

    play(story())


def test_several_marked_tickets_are_assigned_by_one_line(
    helpdesk: DeskFixture, screen_of: ScreenOf
) -> None:
    for subject in ("One", "Two", "Three"):
        helpdesk.open(subject=subject, author=f"{subject.lower()}@customer.example")

    async def story() -> None:
        async with screen_of("ana", query="is:open") as screen:
            await screen.press("space", "space", "a")
            await screen.see(":assign 3 2")
            await screen.type("ben")
            await screen.press("enter")
            await screen.see("Why?")
            await screen.type("busy")
            await screen.press("enter")
            await screen.see("2 of 2 done")

    play(story())
    assert [helpdesk.ticket(n).owner for n in (1, 2, 3)] == [None, "ben", "ben"]


def test_a_query_begins_empty_and_the_present_one_is_a_key_away(
    helpdesk: DeskFixture, screen_of: ScreenOf
) -> None:
    helpdesk.open(subject="Lamp")
    helpdesk.open(subject="Chair", author="dora@customer.example")

    async def story() -> None:
        async with screen_of("ana", query="is:open") as screen:
            await screen.press("slash")
            await screen.type("lamp")
            await screen.press("enter")
            await screen.see("2 lamp  1")
            await screen.press("slash", "up", "up", "enter")
            await screen.see("2 is:open  2", "Chair")

    play(story())


def test_space_marks_in_the_list_and_reads_on_in_the_conversation(
    helpdesk: DeskFixture, screen_of: ScreenOf
) -> None:
    helpdesk.open("\n".join(f"line {n}" for n in range(100)))

    async def story() -> None:
        async with screen_of("ana", (80, 24), query="is:open") as screen:
            await screen.press("enter")
            await screen.see("3 #1")
            await screen.press("home")
            await screen.see_no("line 40")
            await screen.press(*["space"] * 3)
            await screen.see("line 60")
            await screen.press("q")
            assert ">+" not in await screen.see("2 is:open  1")

    play(story())


def test_escape_goes_back_and_only_q_leaves(helpdesk: DeskFixture, screen_of: ScreenOf) -> None:
    helpdesk.open()

    async def story() -> None:
        async with screen_of("ana", (80, 24), query="is:open") as screen:
            await screen.press("enter")
            await screen.see("3 #1")
            await screen.press(*["escape"] * 5)
            await screen.see("1 ana's desk")
            await screen.press("q")
            await screen.until(lambda: not screen.app.is_running, "still open")

    play(story())
