"""Runs command lines beside the screen, one at a time, and asks on it what they ask."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager

import click
from textual.app import App as TextualApp

from ticketctl.errors import BadInput
from ticketctl.ui.context import ScreenContext, Terminal
from ticketctl.ui.dialogs.pages import TextPage
from ticketctl.ui.dialogs.questions import Ask, Choose, Question
from ticketctl.ui.line.line_input import LineInput
from ticketctl.ui.line.run import Output, Result, run, ticket_to_show
from ticketctl.ui.line.run import words as line_words

SHORT = 2  # lines of output that are said below the panes
ABORTED = 130  # exit code of a command whose question had no answer


class DeskScreen(TextualApp[None]):
    """What running a command line needs of the screen."""

    def say(self, text: str) -> None:
        """Show a sentence."""
        raise NotImplementedError

    def open(self, number: int) -> None:
        """Show a ticket."""
        raise NotImplementedError

    def renew(self) -> None:
        """Read everything again."""
        raise NotImplementedError


class CommandRunner:
    """The command line that runs, and the last one that ran. It is the terminal of what it runs."""

    def __init__(
        self, screen: DeskScreen, line: LineInput, context: Callable[[Terminal], ScreenContext]
    ) -> None:
        self._screen = screen
        self._line = line
        self._context = context
        self._typed = False  # was the line that runs typed?
        self._printed = Output()
        self._shown = 0  # how much of it a question has shown
        self._answer: Future[str | None] | None = None
        self._running = ""  # the line that runs, or ran
        self.is_running = False
        self.last: Result | None = None
        self.unseen: Result | None = None  # ended, and the screen was left before it showed that

    def run(self, line: str, *, typed: bool = False) -> None:
        """Run a command line. One that was `typed` stays in sight if it cannot be run."""
        say = self._line.say if typed else self._screen.say
        try:
            words = line_words(line)
        except BadInput as wrong:
            say(str(wrong))
            return
        if typed and (number := ticket_to_show(words)) is not None:
            self._line.close()
            self._screen.open(number)
        elif self.is_running:
            say("another command is still running.")
        else:
            self.is_running, self._typed = True, typed
            self._printed, self._shown = Output(), 0
            self._running = line
            self._screen.say(f"{line} …")
            self._screen.run_worker(lambda: self._run(line), thread=True, group="line")

    @property
    def news(self) -> str:
        """What was printed since the last question."""
        return self._printed.text(self._shown).strip()

    @property
    def is_asking(self) -> bool:
        """Does the command that runs wait for an answer?"""
        return self._answer is not None and not self._answer.done()

    def give_up(self) -> None:
        """Leave the question that waits without an answer."""
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(None)

    def _run(self, line: str) -> None:
        result = run(self._context(self), line, self._printed)
        self._screen.call_from_thread(self._end, result)

    def _end(self, result: Result) -> None:
        """Show what a command line said; one that was typed and failed can be typed again."""
        self.is_running = False
        self.unseen = result
        if not self._screen.is_running:
            return
        self.last = result
        lines = [one for one in (*self.news.split("\n"), result.sentence) if one]
        is_short = len(lines) <= SHORT
        is_typed = self._typed and self._line.holds(self._running)  # else another was begun
        if result.code and is_typed:
            self._line.say("\n".join(lines))
            self._screen.say("")
        elif result.code == ABORTED and "--recover" in result.output:
            self._screen.say(
                "nothing was sent; the text is kept: R continues a reply, ! says where."
            )
        elif result.code == ABORTED:
            more = "" if is_short else " ! shows what it said."
            self._screen.say(f"left without an answer; nothing was changed.{more}")
        else:
            if is_typed:
                self._line.close()
            self._screen.say("  ".join(lines) if is_short else "")
            if not is_short:
                self._screen.push_screen(TextPage(result.line, f"{self.news}\n{result.sentence}"))
        self._screen.renew()
        self._screen.call_after_refresh(self._see)

    def _see(self) -> None:
        self.unseen = None

    # ---- the terminal, called from the thread of the command ---------------------------------------------------------

    def ask(self, question: str, default: str | None, refusal: str) -> str | None:
        """A text that is typed on the screen."""
        return self._asked(lambda said: Ask(f"{said}\n{refusal}".strip("\n"), question, default))

    def choose(self, answers: tuple[str, ...]) -> str | None:
        """One of the answers."""
        return self._asked(lambda said: Choose(said, answers))

    def edit(self, path: str, editor: str) -> None:
        """Leave the screen to the editor, and come back."""
        self._screen.call_from_thread(self._edit, path, editor)

    def _edit(self, path: str, editor: str) -> None:
        if not self._screen.is_running:
            raise click.Abort
        failed: click.ClickException | None = None
        with self._left():
            try:
                click.edit(filename=path, editor=editor)
            except click.ClickException as error:  # the screen comes back first
                failed = error
        if failed is not None:
            raise failed

    @contextmanager
    def _left(self) -> Iterator[None]:
        """Leave the terminal to another program; without one, as in tests, there is nothing to leave."""
        if self._screen.is_headless:
            yield
            return
        with self._screen.suspend():
            yield

    def _asked(self, dialog: Callable[[str], Question]) -> str | None:
        """Show a question below what was printed since the last one, and wait for its answer."""
        said = self.news
        self._shown = self._printed.place
        waits: Future[str | None] = Future()
        self._answer = waits

        def answered(answer: str | None) -> None:
            if not waits.done():
                waits.set_result(answer)

        def show() -> None:
            if self._screen.is_running:
                question = dialog(said)
                question.about = self._running
                self._screen.push_screen(question, answered)
            else:
                answered(None)

        self._screen.call_from_thread(show)
        return waits.result()
