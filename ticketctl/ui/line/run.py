"""Runs a command line as the shell would, in a thread beside the screen; what it prints is kept."""

import io
import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from typing import NamedTuple

from ticketctl.cli import main
from ticketctl.cli.shared import ticket_numbers
from ticketctl.console.context import App
from ticketctl.errors import BadInput
from ticketctl.ui.context import check_options


class Result(NamedTuple):
    """How a command line ended, and what it printed."""

    line: str
    code: int
    output: str
    sentence: str  # why it failed; empty where it did not


class Output(io.TextIOWrapper):
    """What a command prints, as on a terminal."""

    def __init__(self) -> None:
        self._bytes = io.BytesIO()
        super().__init__(self._bytes, encoding="utf-8", write_through=True)

    def isatty(self) -> bool:
        """True: commands print for people."""
        return True

    def text(self, since: int = 0) -> str:
        """What was printed, from a place on."""
        return self._bytes.getvalue()[since:].decode(errors="replace")

    @property
    def place(self) -> int:
        """How much was printed."""
        return len(self._bytes.getvalue())


class _NoInput(io.BytesIO):
    """The standard input of a command, which would take the keys of the screen."""

    def read(self, size: int | None = -1) -> bytes:
        """Nothing can be read."""
        raise BadInput("there is no standard input here; give a file or the words in place of `-`.")

    read1 = read


@contextmanager
def without_input() -> Iterator[None]:
    """Let no command read the keys of the screen as its standard input."""
    before, sys.stdin = sys.stdin, io.TextIOWrapper(_NoInput(), encoding="utf-8")
    try:
        yield
    finally:
        sys.stdin = before


def words(line: str) -> list[str]:
    """The words of a line, as the shell reads them. BadInput for what cannot be read."""
    try:
        found = shlex.split(line)
    except ValueError as wrong:
        raise BadInput(f"the line cannot be read: {str(wrong).lower()}.") from None
    found = found[1:] if found[:1] == ["ticketctl"] else found
    check_options(found)
    return found


def run(app: App, line: str, printed: Output) -> Result:
    """Run a line that `words` can read. One at a time: while it runs, standard output is `printed`."""
    with redirect_stdout(printed), redirect_stderr(printed), without_input():
        try:
            code, sentence = main.ended(words(line), app)
        except OSError as trouble:
            code, sentence = 1, f"{trouble.strerror or trouble}."
    return Result(line, code, printed.text(), sentence)


def ticket_to_show(words: list[str]) -> int | None:
    """The ticket of `show 12` or of `12`, which the screen shows itself; None for other lines."""
    is_show = len(words) == 1 or (len(words) == 2 and words[0] in ("show", "view"))
    try:
        return ticket_numbers.number(words[-1]) if is_show else None
    except BadInput:
        return None
