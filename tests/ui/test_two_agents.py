"""Two agents at one desk: what one does is seen on the screen of the other, who loses no place and no text."""

from functools import partial

import pytest

from tests.support.desk import DeskFixture
from tests.support.screen import PATIENCE, EditWith, Screen, ScreenOf, play
from ticketctl.actions.tickets import assign, comment, spam
from ticketctl.ui import desk_app, desk_view


def open_many(helpdesk: DeskFixture, count: int) -> None:
    """Tickets 1 to `count`, each of a customer of its own, some minutes apart."""
    for n in range(1, count + 1):
        helpdesk.later(minutes=1)
        helpdesk.open(subject=f"Question {n}.", author=f"c{n}@customer.example")


def line_of(screen: Screen, text: str) -> int:
    """The line of the screen on which a text stands."""
    return next(n for n, line in enumerate(screen.text.split("\n")) if text in line)


def take(helpdesk: DeskFixture, number: int) -> None:
    """Ben takes a ticket, at another terminal."""
    helpdesk.do(lambda work: assign.assign(work, number, "ben", comment="mine"), "ben")


@pytest.mark.postgres
def test_a_screen_shows_what_another_agent_does_at_theirs(
    helpdesk: DeskFixture, screen_of: ScreenOf
) -> None:
    helpdesk.open()

    async def story() -> None:
        async with screen_of("ana", query="is:open") as ana, screen_of("ben") as ben:
            await ben.press("1")
            await ben.see("Unassigned")
            await ben.press("down", "enter")
            await ben.see("3 #1 Printer is broken")
            await ben.press("t")
            await ben.see("1 yours")
            await ana.see("ben", "Printer is broken")
            await ana.press("t")
            await ana.see("ticket 1 is already Ben's")
            await ben.press("s")
            await ben.see("Why?")
            await ben.type("done")
            await ben.press("enter")
            await ben.see("tell the customer?")
            await ben.press("y")
            await ana.see("ticket 1 has left this list")

    play(story())


@pytest.mark.postgres
def test_who_is_writing_is_seen_and_asked_about(
    helpdesk: DeskFixture, screen_of: ScreenOf, edit_with: EditWith
) -> None:
    helpdesk.open()
    edit_with("sed -i '1s/^/Is it on?/' \"$1\"")

    async def story() -> None:
        async with (
            screen_of("ana", query="is:open") as ana,
            screen_of("ben", query="is:open") as ben,
        ):
            await ben.see("#1 Printer is broken")
            await ana.press("r")
            await ana.see("[s]end")
            await ben.see(">✎", "✎ ana writes a reply", "a reply since")
            await ben.press("r")
            await ben.see("Ana has been writing a reply to ticket 1 since", "[y]es")
            await ben.press("n")
            await ben.see("nothing was changed")
            await ana.press("escape")
            await ben.see_no("✎")

    play(story())


@pytest.mark.postgres
def test_a_list_that_changes_keeps_cursor_marks_and_place(
    helpdesk: DeskFixture, screen_of: ScreenOf
) -> None:
    open_many(helpdesk, 40)

    async def story() -> None:
        async with screen_of("ana", (90, 24), query="is:open sort:-id") as screen:
            await screen.press("space", *["down"] * 24, "space", "up")
            await screen.see(">+15")
            before = line_of(screen, ">+15")
            helpdesk.open(subject="A new one", author="new@customer.example")
            await screen.see("sort:-id  41")
            take(helpdesk, 16)
            await screen.see("ben")
            assert line_of(screen, ">+15") == before
            await screen.press("home")
            await screen.see("> 41", " +40")

    play(story())


@pytest.mark.postgres
def test_queues_tell_what_is_new_until_they_are_looked_at(
    helpdesk: DeskFixture, screen_of: ScreenOf
) -> None:
    helpdesk.open()

    async def story() -> None:
        async with screen_of("ana", (170, 30)) as screen:
            await screen.see("Unassigned                1")
            assert "•" not in screen.text
            helpdesk.open(subject="A new one", author="new@customer.example")
            await screen.see("new: 1 in Unassigned", " •Unassigned                2")
            helpdesk.do(
                partial(assign.assign, ticket_id=1, who="ana", comment="you know them"), "ben"
            )
            await screen.see("Printer is broken")
            assert "•Mine" not in screen.text
            await screen.press("1", "down")
            await screen.see("> Unassigned                1")

    play(story())


def test_times_go_on_at_the_same_place(
    helpdesk: DeskFixture, screen_of: ScreenOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_many(helpdesk, 40)
    monkeypatch.setattr(desk_view, "CLOCKS", 1.0)
    monkeypatch.setenv("TICKETCTL_NOW", "2026-03-09T09:00:00Z")

    async def story() -> None:
        async with screen_of("ana", query="is:open sort:-id") as screen:
            await screen.press(*["down"] * 34, *["up"] * 10)
            await screen.see(
                "> 16", "#16 Question 16.", "updated   Mon 2026-03-09 08:16 (44 min ago)"
            )
            place = line_of(screen, "> 16")
            monkeypatch.setenv("TICKETCTL_NOW", "2026-03-09T10:00:00Z")
            await screen.see(" 16  ok 6h16m", "updated   Mon 2026-03-09 08:16 (1 h ago)")
            assert line_of(screen, "> 16") == place

    play(story())


@pytest.mark.postgres
def test_the_ticket_under_the_cursor_leaves_the_list(
    helpdesk: DeskFixture, screen_of: ScreenOf
) -> None:
    open_many(helpdesk, 4)

    async def story() -> None:
        async with screen_of("ana", query="is:open sort:-id") as screen:
            await screen.press("down")
            await screen.see(">  3", "#3 Question 3.")
            helpdesk.do(lambda work: spam.spam(work, 3), "ben")
            await screen.see(">  2", "ticket 3 has left this list")
            await screen.see("#2 Question 2.")
            await screen.press("home", "space", "space")
            helpdesk.do(lambda work: spam.spam(work, 4), "ben")
            await screen.see("ticket 4 has left this list", ">  1", " + 2")
            helpdesk.do(lambda work: [spam.spam(work, n) for n in (1, 2)], "ben")
            await screen.see("tickets 1, 2 have left this list")

    play(story())


@pytest.mark.postgres
def test_what_is_typed_read_and_asked_stays_while_others_work(
    helpdesk: DeskFixture, screen_of: ScreenOf
) -> None:
    open_many(helpdesk, 3)
    for n in range(30):
        helpdesk.do(partial(comment.comment, ticket_id=2, text=f"step {n}"), "ben")

    async def story() -> None:
        async with screen_of("ana", query="is:open sort:-id") as screen:
            await screen.press("down", "enter")
            await screen.see("step 29")
            await screen.press(*26 * ["K"])
            await screen.see("comment 4", "step 3")
            place = line_of(screen, "comment 4")
            await screen.press("colon")
            await screen.type("wait 2 --unt")
            take(helpdesk, 2)
            await screen.see("· ben ·", ":wait 2 --unt")
            assert line_of(screen, "comment 4") == place
            await screen.press("escape", "a")
            await screen.type("eva")
            await screen.press("enter")
            await screen.see("Why?")
            await screen.type("busy")
            helpdesk.open(subject="A new one", author="new@customer.example")
            await screen.see("sort:-id  4", "busy")
            await screen.press("enter")
            await screen.end("assign 2 eva")

    play(story())
    assert helpdesk.ticket(2).owner == "eva"


def test_a_key_is_not_for_the_ticket_that_comes_under_the_cursor_at_that_moment(
    helpdesk: DeskFixture, screen_of: ScreenOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk_app, "MEANT", PATIENCE)
    for subject in ("One", "Two"):
        helpdesk.open(subject=subject, author=f"{subject.lower()}@customer.example")

    async def story() -> None:
        async with screen_of("ana", (80, 24), query="owner:none") as screen:
            await screen.see("One", "Two")
            take(helpdesk, 2)
            await screen.see("ticket 2 has left this list.")
            await screen.press("t")
            await screen.see("press again for 1.")
            assert helpdesk.ticket(1).owner is None
            await screen.press("t")
            await screen.see("1 yours")

    play(story())
