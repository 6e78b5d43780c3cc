"""The context of what the screen reads and runs: one database, and a terminal that is the screen."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

import click

from ticketctl.console.context import App
from ticketctl.console.options import GlobalOptions
from ticketctl.console.streams import Out, Unanswered
from ticketctl.errors import BadInput

if TYPE_CHECKING:
    from ticketctl.store.db.database import Database

# Commands that need a terminal of their own, or do not end by themselves.
ELSEWHERE = frozenset(("ui", "demo", "gateway", "init"))
_OF_THE_SCREEN = frozenset(("--config", "--db", "--now", "--profile"))


class Terminal(Protocol):
    """What a command needs of the terminal it believes to run on. Each call waits for its answer."""

    def ask(self, question: str, default: str | None, refusal: str) -> str | None:
        """A text, None for no answer. `refusal`: why the last one was not taken."""

    def choose(self, answers: tuple[str, ...]) -> str | None:
        """One of these answers, None for no answer."""

    def edit(self, path: str, editor: str) -> None:
        """Let a file be edited."""


class ScreenOut(Out):
    """Output as for a terminal of some width. Questions are asked on the screen; without a terminal, none are."""

    def __init__(
        self,
        options: Callable[[], GlobalOptions],
        columns: int,
        colours: bool,
        terminal: Terminal | None,
    ) -> None:
        super().__init__(options)
        self._columns = columns
        self._colours = colours
        self._terminal = terminal

    is_terminal = True

    @property
    def may_ask(self) -> bool:
        """True if there is somebody to ask."""
        return self._terminal is not None and not self._options().no_input

    @property
    def colours(self) -> bool:
        """Colours as the whole screen has them."""
        return self._colours

    @property
    def width(self) -> int:
        """Columns of the pane."""
        return self._columns

    def page(self, text: str) -> None:
        """Write all of the text: the screen scrolls it."""
        self.data(text)

    def ask(
        self, question: str, default: str | None = None, read: Callable[[str], str] = str.strip
    ) -> str:
        """Ask on the screen. Unanswered for no answer."""
        refusal = ""
        while True:
            said = self._asked().ask(question, default, refusal)
            if said is None:
                raise Unanswered
            if not said and default is None:
                continue
            try:
                return read(said or default or "")
            except click.BadParameter as wrong:
                refusal = wrong.format_message()

    def choose(self, answers: Mapping[str, str], also: Mapping[str, str] | None = None) -> str:
        """One of the answers, by its first letter. Unanswered for no answer."""
        shown = tuple(f"{one}{more}" for one, more in answers.items())
        said = self._asked().choose(shown)
        if said is None:
            raise Unanswered
        return next(one for one in answers if said.startswith(one))

    def confirm(self, question: str) -> bool:
        """Yes or no; no for no answer."""
        if self._options().yes:
            return True
        click.echo(question, err=True)
        return self._asked().choose(("yes", "no")) == "yes"

    def edit(self, path: str, editor: str) -> None:
        """Let a file be edited; the screen is left for as long."""
        self._asked().edit(path, editor)

    def _asked(self) -> Terminal:
        if self._terminal is None:
            raise click.Abort
        return self._terminal


class ScreenContext(App):
    """The context of one reading, or of one command line."""

    def __init__(
        self,
        options: GlobalOptions,
        db: "Database",
        columns: int,
        *,
        colours: bool = True,
        terminal: Terminal | None = None,
    ) -> None:
        super().__init__(options)
        self.db = db
        self.out = ScreenOut(lambda: self.options, columns, colours, terminal)
        self._parts: dict[str, Any] = {"colours": colours, "terminal": terminal}

    def check_line(self, command: str, words: Sequence[str]) -> None:
        """BadInput for a command that has to be typed elsewhere, or for an option that only the screen has."""
        if command in ELSEWHERE:
            raise BadInput(f"`ticketctl {command}` runs in a terminal of its own.")
        check_options(words)

    def with_options(self, **changes: Any) -> "ScreenContext":
        """The same with other global options."""
        options = self.options._replace(**changes)
        return ScreenContext(options, self.db, self.out.width, **self._parts)


def check_options(words: Sequence[str]) -> None:
    """BadInput for an option that would not end, or that would change the database or the time of the whole screen."""
    for option in (word.partition("=")[0] for word in words):
        if option == "--watch":
            raise BadInput("this screen renews itself; leave --watch out.")
        if option in _OF_THE_SCREEN:
            raise BadInput(f"{option} holds for the whole screen; give it to `ticketctl ui`.")
