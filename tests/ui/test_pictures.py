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


class Scene(NamedTuple):
    """A picture: the keys that lead there from the one before, and what is then to be seen."""

    name: str
    keys: tuple[str, ...]
    seen: str


class Show(NamedTuple):
    """The pictures of a size and a theme."""

    size: tuple[int, int]
    theme: str
    scenes: tuple[Scene, ...]

    def file(self, scene: Scene) -> Path:
        """Where a picture is kept."""
        return FOLDER / f"{scene.name}-{self.size[0]}x{self.size[1]}-{self.theme}.svg"


DESK = Scene("desk", ("G", "k"), ">  6")  # the last but one of the list
SCENES = (
    DESK,
    Scene("conversation", ("enter",), "the ribbon"),
    Scene("reply", ("r",), "[s]end"),
    Scene("mistake", ("escape", "slash", *"status", "colon", *"nwe", "enter"), "^"),
    Scene("keys", ("escape", "question_mark"), "Reply in your editor"),
    Scene("foreign", ("q", "2", "G", "enter"), "#5 "),
)
SHOWS = [
    *(Show(size, theme, SCENES) for size in (SMALL, LAPTOP, LARGE) for theme in ("dark", "light")),
    Show(LAPTOP, "terminal", (DESK,)),
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


@pytest.mark.parametrize("show", SHOWS, ids=lambda show: f"{show.size[0]}-{show.theme}")
def test_the_program_draws_what_the_pictures_show(
    desk: DeskFixture, screen_of: ScreenOf, edit_with: EditWith, show: Show
) -> None:
    edit_with("sed -i '1s/^/Good morning Carl, a new ribbon is on its way./' \"$1\"")

    async def story() -> None:
        async with screen_of("ana", show.size, query="is:open", theme=show.theme) as screen:
            await screen.see("Label printer")
            for scene in show.scenes:
                await screen.press(*scene.keys)
                await screen.see(scene.seen)
                await compare(screen, show.file(scene))

    play(story())


async def compare(screen: Screen, file: Path) -> None:
    """Wait until the screen is as the picture shows it; write the picture if that is wanted."""
    if os.environ.get("REWRITE_SCREENS"):
        file.parent.mkdir(exist_ok=True)
        file.write_text(await settled(screen), encoding="utf-8")
    kept = file.read_text(encoding="utf-8")
    await screen.until(lambda: picture(screen) == kept, f"run make screens; {file.stem}")


def test_no_picture_is_left_over() -> None:
    kept = {show.file(scene) for show in SHOWS for scene in show.scenes}
    assert {*FOLDER.iterdir()} == kept
