"""Output streams: data to stdout, messages to stderr; colours, pager and questions only on terminals."""

import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TextIO

import click

from ticketctl.console.options import GlobalOptions
from ticketctl.errors import BadInput

_POINTS = re.compile(r" +\^+")  # the line below a query

NOT_CHANGED = "nothing was changed."
NOT_SENT = "nothing was sent; nothing was changed."


class Unanswered(click.Abort):
    """A question that comes before all changes was answered no, or left; `sentence` says what holds then."""

    def __init__(self, sentence: str = NOT_CHANGED) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Out:
    """The two output streams of one invocation.

    `pager` finds the setting: None is PAGER or less, empty is none.
    """

    def __init__(
        self, options: Callable[[], GlobalOptions], pager: Callable[[], str | None] = lambda: None
    ) -> None:
        self._options = options
        self._pager = pager

    @property
    def is_terminal(self) -> bool:
        """True if stdout is a terminal."""
        return sys.stdout.isatty()

    @property
    def may_ask(self) -> bool:
        """True if prompts are allowed: stdin and stderr are terminals, and no --no-input."""
        return sys.stdin.isatty() and sys.stderr.isatty() and not self._options().no_input

    @property
    def quiet(self) -> bool:
        """True if -q was given."""
        return self._options().quiet

    @property
    def colours(self) -> bool:
        """True if stdout may be coloured: a terminal, no NO_COLOR or TERM=dumb; --color overrides."""
        when = "never" if self._options().no_color else self._options().color
        if when != "auto":
            return bool(when == "always")
        if os.environ.get("CLICOLOR_FORCE", "0") not in ("", "0"):
            return True
        plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
        return self.is_terminal and not plain

    @property
    def width(self) -> int:
        """Columns of the terminal."""
        return terminal_size().columns

    @property
    def height(self) -> int:
        """Lines of the terminal."""
        return terminal_size().lines

    def data(self, text: str) -> None:
        """Write a line or block of data to stdout. Callers sanitise text from outside with `safe`.

        If the reader has gone, the command still completes its work.
        """
        try:
            click.echo(text, color=self.colours or None)
        except BrokenPipeError:
            discard(sys.stdout)

    def bytes(self, content: bytes) -> None:
        """Write bytes to stdout unchanged; refused on a terminal without --yes."""
        if self.is_terminal and not self._options().yes:
            raise BadInput("raw bytes may harm a terminal; send them to a file, or give --yes.")
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()

    def note(self, text: str) -> None:
        """Write a sentence to stderr, unless -q."""
        if not self.quiet:
            self.trouble(text)

    def trouble(self, text: str) -> None:
        """Write a sentence to stderr, even with -q."""
        from ticketctl.safe import terminal

        try:
            click.echo(for_terminal(terminal(text)), err=True)
        except BrokenPipeError:
            discard(sys.stderr)

    def page(self, text: str) -> None:
        """Show text, through a pager (the setting, PAGER or less) if it is longer than the terminal."""
        if self.is_terminal:
            text = broken(text, self.width)
        short = text.count("\n") < self.height
        if not self.is_terminal or short or self._options().no_pager:
            self.data(text)
            return
        pager = self._pager()
        if pager is None:
            pager = os.environ.get("PAGER", "less -FRX")
        if not pager:
            self.data(text)
            return
        os.environ["PAGER"] = pager
        click.echo_via_pager(text + "\n", color=self.colours or None)

    def confirm(self, question: str) -> bool:
        """Ask yes or no; --yes answers yes; BadInput (exit 2) without a terminal."""
        if self._options().yes:
            return True
        if not self.may_ask:
            raise BadInput(f"{question} There is no terminal to ask on; give --yes.")
        return self.ask(f"{question} [y/N]", "", _yes_or_no) == "yes"

    def agree(self, question: str, otherwise: str = NOT_CHANGED) -> None:
        """Go on after a yes, as in `confirm`; Unanswered, with the sentence `otherwise`, where there is none."""
        try:
            agreed = self.confirm(question)
        except Unanswered:
            agreed = False
        if not agreed:
            raise Unanswered(otherwise)

    def ask(
        self, question: str, default: str | None = None, read: Callable[[str], str] = str.strip
    ) -> str:
        """Ask for text, which `read` takes or refuses with click.BadParameter; then ask again. Unanswered for none."""
        shows = bool(default)
        with _left():
            said = click.prompt(question, default, value_proc=read, show_default=shows, err=True)
        return str(said)

    def choose(self, answers: Mapping[str, str], also: Mapping[str, str] | None = None) -> str:
        """Ask for one of these answers by its first letters; with each, what is shown after it. Unanswered for none.

        `also` has other words for some of them. Enter alone asks again.
        """
        shown = ", ".join(f"[{one[0]}]{one[1:]}{more}" for one, more in answers.items())
        words = {**{one: one for one in answers}, **(also or {})}

        def read(typed: str) -> str:
            said = typed.strip().lower()
            for word, answer in words.items():
                if said and word.startswith(said):
                    return answer
            letters = ", ".join(one[0] for one in answers)
            raise click.BadParameter(f"{typed!r} is none of {letters}.")

        return self.ask(shown, read=read)

    def edit(self, path: str, editor: str) -> None:
        """Let the user edit a file. click.ClickException if the editor fails."""
        click.edit(filename=path, editor=editor)

    def style(self, text: str, **how: Any) -> str:
        """Text in a colour, if colours are on."""
        return click.style(text, **how) if self.colours else text


def _yes_or_no(typed: str) -> str:
    """`yes` or `no`, also by the first letter; Enter alone is no."""
    said = typed.strip().lower()
    found = next((word for word in ("no", "yes") if word.startswith(said)), None)
    if found is None:
        raise click.BadParameter(f"{typed!r} is neither yes nor no.")
    return found


@contextmanager
def _left() -> Iterator[None]:
    """End the line of a question that was left by Ctrl-C or Ctrl-D: Unanswered."""
    try:
        yield
    except click.Abort:
        click.echo(err=True)
        raise Unanswered from None


def broken(text: str, width: int) -> str:
    """The text with lines broken between words; a query with a mark that points into it is cut around the mark."""
    from ticketctl import text_table

    shown: list[str] = []
    above = ""
    for line in text.split("\n"):
        if above and _POINTS.fullmatch(line):
            del shown[-len(text_table.hanging(above, width)) :]
            shown += text_table.pointed(above, line, width)
        else:
            shown += text_table.hanging(line, width)
        above = line
    return "\n".join(shown)


def for_terminal(text: str) -> str:
    """A message with lines broken between words, if stderr is a terminal."""
    return broken(text, terminal_size().columns) if sys.stderr.isatty() else text


def discard(stream: TextIO) -> None:
    """Discard buffered and further output, because the reader of the pipe has gone."""
    if stream in (sys.__stdout__, sys.__stderr__):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def terminal_size() -> os.terminal_size:
    """COLUMNS and LINES, else the size of the terminal (of stderr where stdout is a pipe), else 80 by 24."""
    named = [os.environ.get(name, "") for name in ("COLUMNS", "LINES")]
    columns, lines = (int(word) if word.isdecimal() else 0 for word in named)
    if not (columns and lines):
        found = _size_of(sys.__stdout__) or _size_of(sys.__stderr__) or os.terminal_size((0, 0))
        columns, lines = columns or found.columns or 80, lines or found.lines or 24
    return os.terminal_size((columns, lines))


def _size_of(stream: TextIO | None) -> os.terminal_size | None:
    """The size of the terminal that a stream is; None if it is none."""
    try:
        return os.get_terminal_size(stream.fileno()) if stream else None
    except (ValueError, OSError):
        return None
