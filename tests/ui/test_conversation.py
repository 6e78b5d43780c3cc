"""A conversation on the screen: where it opens, what it folds, its attachments, its customer."""

import tempfile
from email.message import EmailMessage
from functools import partial
from pathlib import Path

import pytest
from textual.widgets import Input

from tests.support.mail_desk import CARL, MailDesk
from tests.support.screen import ScreenOf, play
from ticketctl.actions.tickets import comment, merge
from ticketctl.store.db.database import Database

PDF = b"%PDF-1.4 invoice"


@pytest.fixture
def desk(db_url: str, helpdesk: object) -> MailDesk:
    """A desk that takes mail in."""
    return MailDesk(Database(db_url))


def quoting(desk: MailDesk, subject: str, author: str = "carl@customer.example") -> None:
    """A ticket whose mail quotes another."""
    said = f"The {subject}."
    desk.open(said, full_text=f"{said}\n\n> Quoted of {subject}", subject=subject, author=author)


def with_files(desk: MailDesk, files: dict[str, bytes]) -> None:
    """A mail with attachments."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = CARL, "support@help.example", "Files"
    mail["Message-ID"] = f"<files{len(files)}@mail.example>"
    mail.set_content("See the files.")
    for name, content in files.items():
        mail.add_attachment(content, maintype="application", subtype="pdf", filename=name)
    desk.feed(mail.as_bytes())


def test_f_unfolds_what_the_present_message_quotes_and_no_other(
    desk: MailDesk, screen_of: ScreenOf
) -> None:
    quoting(desk, "Printer")
    quoting(desk, "Scanner", "dora@customer.example")
    desk.do(partial(merge.merge, ticket_id=2, into=1, comment="one matter"), "root", "admin")

    async def story() -> None:
        async with screen_of("ana", (120, 60), query="id:1") as screen:
            await screen.press("enter")
            text = await screen.see("The Printer.", "The Scanner.", "f unfolds it")
            assert text.count("f unfolds it") == 2
            await screen.press("home", "J", *6 * ["K"], "J", "f")  # message 1 of ticket 1
            text = await screen.see("Quoted of")
            assert text.count("Quoted of") == 1
            assert text.count("f unfolds it") == 1
            await screen.press("f")
            await screen.see_no("Quoted of")

    play(story())


def long_conversation(desk: MailDesk) -> None:
    """A ticket with more comments than any screen has lines."""
    quoting(desk, "Printer")
    for n in range(40):
        desk.do(partial(comment.comment, ticket_id=1, text=f"step {n}"), "ben")


def test_the_scroll_bar_stands_where_the_text_does(desk: MailDesk, screen_of: ScreenOf) -> None:
    long_conversation(desk)

    async def story() -> None:
        async with screen_of("ana", (80, 24), query="id:1") as screen:
            await screen.press("enter")
            await screen.see("step 39")
            shown = screen.app._panes.conversation
            assert shown.scroll_offset.y > 0
            bar = shown.vertical_scrollbar
            await screen.until(lambda: bar.position == shown.scroll_offset.y, f"at {bar.position}")

    play(story())


def test_it_opens_at_the_newest_message_with_what_is_asked_first_above(
    desk: MailDesk, screen_of: ScreenOf
) -> None:
    long_conversation(desk)

    async def story() -> None:
        async with screen_of("ana", (80, 24), query="id:1") as screen:
            await screen.press("enter")
            await screen.see("step 39", "new · medium · nobody")
            await screen.press("K")
            await screen.see("step 38")
            await screen.resize(200, 60)
            await screen.see("step 38", "Unassigned")
            await screen.press("home")
            await screen.see("The Printer.")

    play(story())


@pytest.mark.parametrize(
    "opener, folder, why",
    [
        ("view 'it", None, "the setting ui.opener: no closing quotation."),
        ("no-such-viewer", None, "no-such-viewer cannot be run"),
        ("true", "/nonexistent", "'bill.pdf' cannot be copied: No such file or directory."),
    ],
)
def test_an_attachment_that_cannot_be_opened(
    desk: MailDesk, screen_of: ScreenOf, monkeypatch: pytest.MonkeyPatch,
    opener: str, folder: str | None, why: str,
) -> None:  # fmt: skip
    """A bad setting or a missing folder is said when it matters, and stops no screen."""
    monkeypatch.setenv("TICKETCTL_UI_OPENER", opener)
    with_files(desk, {"bill.pdf": PDF})

    async def story() -> None:
        async with screen_of("ana", query="id:1") as screen:
            await screen.see("See the files.")
            if folder:
                monkeypatch.setattr(tempfile, "tempdir", folder)
            await screen.press("v")
            await screen.see("Enter opens", "bill.pdf")
            await screen.press("enter")
            await screen.see(why)

    play(story())


def test_attachments_are_opened_from_private_copies_and_saved_where_asked(
    desk: MailDesk, screen_of: ScreenOf, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opener, opened = home / "opener", home / "opened"
    opener.write_text(f'#!/bin/sh\nls -ld "$(dirname "$1")" > {opened}.part\ncat "$1" >> {opened}.part\n'
                      f'echo " $1" >> {opened}.part; mv {opened}.part {opened}\n')  # fmt: skip
    opener.chmod(0o755)
    monkeypatch.setenv("TICKETCTL_UI_OPENER", str(opener))
    monkeypatch.chdir(home)
    with_files(desk, {"../in voice.pdf": PDF, "run.desktop": b"[x]", "trick.pdf": b"#!/bin/sh\n"})

    async def story() -> None:
        async with screen_of("ana", query="id:1") as screen:
            await screen.see("See the files.")
            await screen.press("v")
            await screen.see("Enter opens", "in voice.pdf", "application/pdf", "16 B")
            await screen.press("enter")
            await screen.see("voice.pdf is opened by")
            await screen.until(opened.exists, "not opened")
            said = opened.read_text()
            assert said.startswith("drwx------")
            assert "%PDF-1.4 invoice" in said
            copy = Path(said[said.rindex(" /tmp") + 1 :].strip())
            assert copy.name.endswith("in voice.pdf")
            await screen.press("v")
            await screen.see("Enter opens")
            await screen.press("j", "enter")
            await screen.see("'run.desktop' may be a program")
            await screen.press("v")
            await screen.see("Enter opens")
            await screen.press("j", "j", "enter")
            await screen.see("'trick.pdf' may be a program")
            await screen.press("v")
            await screen.see("Enter opens")
            await screen.press("s")
            await screen.see(":attachment get 1 1 --output")
            screen.app.query_one(Input).value = "attachment get 1 1 --output mine.pdf"
            await screen.press("enter")
            await screen.end("attachment get")
            assert (home / "mine.pdf").read_bytes() == PDF
            assert copy.exists()
            copies.append(copy)

    copies: list[Path] = []
    play(story())
    assert not copies[0].exists()


def test_the_customer_of_a_call_without_an_address_is_shown(
    desk: MailDesk, screen_of: ScreenOf
) -> None:
    desk.open(author="tel:+34911234567", author_name="Nora")

    async def story() -> None:
        async with screen_of("ana", query="id:1") as screen:
            await screen.see("Nora")
            await screen.press("i")
            await screen.see("customer show 1", "Nora", "q: back")

    play(story())


def test_the_mouse_chooses_queues_tickets_messages_and_keys(
    desk: MailDesk, screen_of: ScreenOf
) -> None:
    quoting(desk, "Printer")
    quoting(desk, "Scanner", "dora@customer.example")

    async def story() -> None:
        async with screen_of("ana", (200, 60)) as screen:
            await screen.see("Unassigned")
            await screen.click("Unassigned")
            await screen.see("Scanner", "Printer")
            await screen.click("1  ok")
            await screen.see("#1 Printer")
            await screen.click("2  ok", times=2)
            await screen.see("#2 Scanner", "J K message")
            await screen.click("message 1")
            await screen.see("┃")
            await screen.click("keys")
            await screen.see("Reply in your editor")

    play(story())
