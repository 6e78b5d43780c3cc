"""Text from outside on the screen: clean, in its own pane, and never taken for markup."""

from email.header import Header
from random import Random

import pytest
from rich.cells import cell_len
from textual.widgets import Input

from tests.support import nasty
from tests.support.mail_desk import MailDesk
from tests.support.screen import Screen, ScreenOf, play
from ticketctl.store.db.database import Database

SAID = {
    "colours and a title": "a\x1b[31mred\x1b[0m \x1b]0;pwned\x07 \x9b2J end",
    "another order": "invoice \u202egnp.exe\u202c \u2066x\u2069 end",
    "nothing": "nul\x00 tab\there bell\x07 end",
    "markup": "[red]not red[/] [@click=app.quit]not a link[/] [link=x] $text [ end",
    "emoji": "❤️ 👍🏽 👩\u200d💻 🇩🇪 1️⃣ ⚠️ end",
    "Japanese": "請求書の支払い期限を延長していただけますか、よろしくお願いいたします end",
    "Korean": "송장 지급 기한을 연장해 주실 수 있나요 한글 end",
    "Arabic": "فاتورة شهر مارس غير صحيحة end",
    "Hebrew": "החשבונית של מרץ שגויה end",
    "Hindi and marks": "नमस्ते Z̸̡͔a̷̛͜l̴̢g̵̨o̷ ก็ end",
    "new signs": "\ue000 \U000e0041 soft\xadhyphen \ufeff end",
    "a long word": "x" * 3000 + " end",
}


@pytest.fixture
def desk(db_url: str, helpdesk: object) -> MailDesk:
    """A desk with a ticket for each text: in its subject, name, text and attachment's name."""
    desk = MailDesk(Database(db_url))
    for n, text in enumerate(SAID.values()):
        name = str(Header(text[:60].replace("\n", " "), "utf-8"))
        raw = (
            f"From: {name} <c{n}@customer.example>\nTo: support@help.example\n"
            f"Subject: {Header(text[:200], 'utf-8').encode()}\nMessage-ID: <{n}@x.example>\n"
            "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n"
            "--b\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n"
            f"{text}\n\n--b\nContent-Type: application/pdf\n"
            f'Content-Disposition: attachment; filename="{name}"\n\nx\n--b--\n'
        )
        desk.feed(raw.encode("utf-8", "surrogateescape"))
    return desk


def look(screen: Screen) -> None:
    """Every row is as wide as the screen, and all of it can be printed."""
    for row in screen.text_rows():
        assert row.isprintable(), repr(row)
        assert "\ufe0f" not in row and "\u200d" not in row
        assert cell_len(row) == screen.app.size.width, repr(row)


@pytest.mark.parametrize("size", [(80, 24), (120, 36), (200, 60)])
def test_no_text_leaves_its_pane_or_rules_the_terminal(
    desk: MailDesk, screen_of: ScreenOf, size: tuple[int, int]
) -> None:
    async def story() -> None:
        async with screen_of("ana", size, query="is:open") as screen:
            for ticket in range(len(SAID), 0, -1):
                await screen.press("2", "enter")
                await screen.until(lambda n=ticket: f"#{n} " in screen.text, f"not {ticket}")  # type: ignore[misc]
                look(screen)
                await screen.press("home")
                look(screen)
                await screen.press("2", "j")

    play(story())


def test_markup_is_shown_as_it_was_written(desk: MailDesk, screen_of: ScreenOf) -> None:
    number = list(SAID).index("markup") + 1

    async def story() -> None:
        async with screen_of("ana", (160, 40), query=f"id:{number}") as screen:
            await screen.press("enter")
            text = await screen.see("[@click=app.quit]not a link[/]")
            assert text.count("[red]not red[/]") >= 3  # in the list, the title, the message
            await screen.press("colon")
            screen.app.query_one(Input).value = f"assign {number} ben"
            await screen.press("enter")
            await screen.see("Why?")
            screen.app.screen.query_one(Input).value = "[red]why[/] [bold"
            await screen.press("enter")
            await screen.see("to ben")
            await screen.press("h")
            await screen.see("[red]why[/] [bold")
            look(screen)

    play(story())


def test_mails_of_thousands_of_lines_and_of_every_nasty_shape_are_drawn(
    desk: MailDesk, screen_of: ScreenOf
) -> None:
    chance = Random(7)
    for make in (nasty.letters, nasty.one_long_line, nasty.charsets, nasty.one_long_header):
        desk.feed(make(chance, 20_000))
    long = "\n".join(f"line {n} \t of a long mail" for n in range(5000))
    desk.mail("Max <max@customer.example>", "support@help.example", "Long", long)

    async def story() -> None:
        async with screen_of("ana", (120, 36), query="is:open sort:-id") as screen:
            for _ in range(5):
                await screen.press("enter")
                await screen.see("message 1")
                look(screen)
                await screen.press("end")
                look(screen)
                await screen.press("2", "j")

    play(story())


def test_a_caret_stands_below_the_mistake_of_a_long_query(
    helpdesk: object, screen_of: ScreenOf
) -> None:
    long = " ".join(["subject:請求書", *(f"tag:word{n}" for n in range(12)), "stats:new", "tag:z"])

    async def story() -> None:
        async with screen_of("ana", (80, 24)) as screen:
            await screen.press("slash")
            screen.app.query_one(Input).value = long
            await screen.press("enter")
            await screen.see("^")
            rows = screen.text_rows()
            at = next(n for n, row in enumerate(rows) if "^" in row)
            carets, query = rows[at], rows[at - 1]
            before = carets.index("^")
            length = carets.count("^")
            assert query[before : before + length] == "stats", (query, carets)

    play(story())
