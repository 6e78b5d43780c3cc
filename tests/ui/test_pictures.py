"""The pictures of the screen in docs/screens/ui are what the program draws. `make screens` writes them."""

import asyncio
import os
import re
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.support.desk import DeskFixture
from tests.support.screen import EditWith, Screen, ScreenOf, play
from tests.support.sources import ROOT
from ticketctl.actions.tickets import comment, reply

FOLDER = ROOT / "docs" / "screens" / "ui"
FONT = "ui-monospace,Menlo,Consolas,monospace"
RESTS = 0.4  # seconds without a change, before a picture is written

LAPTOP, SMALL, LARGE = (120, 36), (80, 24), (200, 60)


class View(NamedTuple):
    """A picture: the keys that lead there, and what is then to be seen."""

    name: str
    size: tuple[int, int]
    theme: str
    keys: tuple[str, ...]
    seen: str

    @property
    def file(self) -> Path:
        """Where it is kept."""
        return FOLDER / f"{self.name}-{self.size[0]}x{self.size[1]}-{self.theme}.svg"


def both(name: str, size: tuple[int, int], keys: tuple[str, ...], seen: str) -> list[View]:
    """A picture in two themes."""
    return [View(name, size, theme, keys, seen) for theme in ("dark", "light")]


TO_LABELS = ("G", "k")  # the last but one of the list

VIEWS = [
    *both("desk", SMALL, TO_LABELS, ">  6"),
    *both("desk", LAPTOP, TO_LABELS, "the ribbon"),
    *both("desk", LARGE, TO_LABELS, "the ribbon"),
    *both("conversation", SMALL, (*TO_LABELS, "enter"), "the ribbon"),
    *both("reply", LAPTOP, (*TO_LABELS, "r"), "[s]end"),
    View("keys", SMALL, "dark", ("question_mark",), "Reply in your editor"),
    View("foreign", LAPTOP, "dark", ("G", "enter"), "#5 "),
    View("terminal", LAPTOP, "terminal", TO_LABELS, "the ribbon"),
]


@pytest.fixture
def desk(helpdesk: DeskFixture) -> DeskFixture:
    """A desk on a Monday morning."""
    opened = helpdesk.at
    tickets = (
        (30, "Where is order 7731?", "Where is it?", "Lena Weiss", "lena@customer.example"),
        (22, "請求書の支払い期限を延長していただけますか", "お願いします。", "祥子", "shoko@customer.example"),
        (20, "فاتورة شهر مارس غير صحيحة", "مرحبا", "زياد", "ziad@customer.example"),
        (9, "A new scale", "Which scale fits the label printer?", "Nora Lind", "nora@customer.example"),
        (2, "\x1b[31mno colour\x1b[0m, [red]no markup[/] \u202egnp.exe ❤️", "\x1b]0;no title\x07",
         "[b]Eve", "eve@evil.example"),
        (1, "Label printer prints blank labels", LABELS, "Carl Customer", "carl@customer.example"),
    )  # fmt: skip
    for hours, subject, text, name, author in tickets:
        helpdesk.at = opened - timedelta(hours=hours)
        helpdesk.open(text, full_text=f"{text}\n\n> Dear Carl,\n> ours.", subject=subject,
                      author_name=name, author=author)  # fmt: skip
    helpdesk.at = opened - timedelta(minutes=30)
    act = partial(helpdesk.do, who="ana")
    act(partial(comment.comment, ticket_id=6, text="Looks like the ribbon: coated side out."))
    act(
        partial(reply.reply, ticket_id=6, text="Good morning Carl,\n\nplease turn the ribbon over.")
    )
    helpdesk.at = opened
    return helpdesk


LABELS = """Hello,

since this morning our label printer prints nothing but blank labels.
We switched it off and on again, and changed the roll. The lamp is green.

What else can we try?

Carl"""


def picture(screen: Screen) -> str:
    """What is on the screen, as SVG without what changes or is fetched."""
    svg = screen.app.export_screenshot(title="ticketctl ui")
    svg = re.sub(r"@font-face \{.*?\}", "", svg, flags=re.DOTALL)
    svg = re.sub(r"terminal-\d+", "terminal", svg)
    svg = re.sub(r"font-family: (?:Fira Code|arial)[^;]*;", f"font-family: {FONT};", svg)
    return re.sub(r"[ \t]+\n", "\n", re.sub(r"\n{2,}", "\n", svg))


async def settled(screen: Screen) -> str:
    """The picture when it no longer changes."""
    before = ""
    while (now := picture(screen)) != before:
        before = now
        await asyncio.sleep(RESTS)
    return now


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.file.stem)
def test_the_program_draws_what_the_pictures_show(
    desk: DeskFixture, screen_of: ScreenOf, edit_with: EditWith, view: View
) -> None:
    edit_with("sed -i '1s/^/Good morning Carl, a new ribbon is on its way./' \"$1\"")

    async def story() -> None:
        async with screen_of("ana", view.size, query="is:open", theme=view.theme) as screen:
            await screen.see("Label printer")
            for key in view.keys:
                await screen.press(key)
            await screen.see(view.seen)
            if os.environ.get("REWRITE_SCREENS"):
                view.file.parent.mkdir(exist_ok=True)
                view.file.write_text(await settled(screen), encoding="utf-8")
            kept = view.file.read_text(encoding="utf-8")
            await screen.until(lambda: picture(screen) == kept, f"run make screens; {view.name}")

    play(story())


def test_no_picture_is_left_over() -> None:
    assert {*FOLDER.iterdir()} == {view.file for view in VIEWS}
