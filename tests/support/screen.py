"""`ticketctl ui` as it is seen: keys pressed, lines read."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import pytest
from rich.cells import cell_len
from rich.style import Style
from textual.pilot import Pilot

from ticketctl.console.context import App
from ticketctl.console.options import GlobalOptions
from ticketctl.store.db.database import BUSY_SECONDS, Database
from ticketctl.ui import queues
from ticketctl.ui.desk_app import DeskApp
from ticketctl.ui.dialogs.questions import Question
from ticketctl.ui.line.run import Result

_databases: list[Database] = []  # of the screens of one story
PATIENCE = 60.0  # seconds until a test gives up
BETWEEN_KEYS = 0.03  # seconds
NEVER = (
    10 * PATIENCE
)  # seconds: a writer who waits so long for SQLite waits until the test unlocks it


class Screen:
    """One agent's screen."""

    def __init__(self, pilot: "Pilot[None]", app: DeskApp) -> None:
        self._pilot = pilot
        self._asked: object = None  # the question, and the command, that was waited for last
        self._ended: Result | None = None
        self.app = app

    @property
    def text(self) -> str:
        """Every line as it is on the terminal."""
        return "\n".join(row.rstrip() for row in self.text_rows())

    def text_rows(self) -> list[str]:
        """Every row with its blanks."""
        strips = self.app.screen._compositor.render_strips()
        return ["".join(part.text for part in strip) for strip in strips]

    def styles(self) -> list[Style]:
        """The looks of all that is on the screen, as the terminal gets them."""
        strips = self.app.screen._compositor.render_strips()
        return [part.style for strip in strips for part in strip if part.style]

    async def press(self, *keys: str) -> None:
        """Press keys, each when the widgets have taken in the one before, as a quick hand does."""
        for key in keys:
            await self._pilot.press(key)
            await self._pilot.pause(BETWEEN_KEYS)

    async def type(self, text: str) -> None:
        """Type a text, letter by letter."""
        names = {
            " ": "space",
            "@": "at",
            ":": "colon",
            "-": "minus",
            "/": "slash",
            ".": "full_stop",
        }
        await self.press(*(names.get(sign, sign) for sign in text))

    async def see(self, *texts: str) -> str:
        """Wait until all of these texts are on the screen; return it."""
        await self.until(lambda: all(text in self.text for text in texts), f"no {texts}")
        return self.text

    async def see_no(self, text: str) -> str:
        """Wait until this text is no longer on the screen; return it."""
        await self.until(lambda: text not in self.text, f"still {text!r}")
        return self.text

    async def question(self, *texts: str) -> str:
        """Wait for a question, another than the last that was waited for; return what is on the screen."""

        def is_asked() -> bool:
            shown = self.app.screen
            return isinstance(shown, Question) and shown is not self._asked

        await self.until(is_asked, "no question")
        self._asked = self.app.screen
        return await self.see(*texts)

    async def end(self, line: str) -> Result:
        """Wait until a command line that begins so has ended, another than the last that was waited for."""

        def has_ended() -> bool:
            ran = self.app.commands.last
            return ran is not None and ran is not self._ended and ran.line.startswith(line)

        await self.until(has_ended, f"no end of {line!r}")
        self._ended = self.app.commands.last
        assert self._ended is not None
        return self._ended

    async def lists(self, *tickets: int) -> None:
        """Wait until the tickets of the list are these, in this order."""

        def listed() -> list[int]:
            return [int(key) for key in self.app._panes.tickets.keys]

        await self.until(lambda: listed() == [*tickets], f"other tickets than {tickets}")

    async def click(self, text: str, times: int = 1) -> None:
        """Click the first place where a text is."""
        rows = self.text_rows()
        row = next(n for n, one in enumerate(rows) if text in one)
        await self._pilot.click(offset=(cell_len(rows[row].partition(text)[0]), row), times=times)

    async def resize(self, columns: int, lines: int) -> None:
        """Give the terminal another size."""
        await self._pilot.resize_terminal(columns, lines)

    async def until(self, holds: Callable[[], bool], trouble: str) -> None:
        """Wait until something holds."""
        end = asyncio.get_running_loop().time() + PATIENCE
        while not holds():
            if asyncio.get_running_loop().time() > end:
                raise AssertionError(f"{trouble} on\n{self.text}")
            await self._pilot.pause(0.01)


@asynccontextmanager
async def opened(
    url: str,
    agent: str,
    size: tuple[int, int] = (120, 36),
    *,
    query: str = "",
    theme: str = "dark",
    color: str = "always",
    busy_seconds: float = BUSY_SECONDS,
) -> AsyncIterator[Screen]:
    """The screen of an agent of the desk at `url`, once its tickets are read."""
    context = App(GlobalOptions(db=url, as_agent=agent, color=color))
    context.db = Database(url, busy_seconds=busy_seconds)
    _databases.append(context.db)
    queue = queues.first(query)
    app = DeskApp(context, queue, theme, queues.tickets(context, queue, queues.AT_ONCE))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("textual.app.wait_for_idle", _no_time)
        async with app.run_test(size=size) as pilot:
            screen = Screen(pilot, app)
            await screen.see(" 2 ")  # the title above the tickets
            yield screen


async def _no_time(_least: float = 0, _most: float = 0) -> None:
    """In place of waiting until the process is idle: that guesses, up to a second for each key.

    What keys do is waited for by the stories themselves.
    """


ScreenOf = Callable[..., AbstractAsyncContextManager[Screen]]
EditWith = Callable[[str], None]


def play(story: Coroutine[Any, Any, None]) -> None:
    """Play a story to its end; every thread has ended then."""
    asyncio.run(story)
    while _databases:
        _databases.pop().dispose()
