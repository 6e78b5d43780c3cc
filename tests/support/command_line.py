"""Command lines on one desk, as programs read them and as people see them on a terminal."""

import io
import json
import sys
from typing import Any

import pytest

from ticketctl.cli import main as cli

ANY = -1  # any exit code will do


class _Pipe(io.TextIOWrapper):
    """A pipe, which takes text and bytes."""

    def __init__(self) -> None:
        self.memory = io.BytesIO()
        super().__init__(self.memory, encoding="utf-8", newline="", write_through=True)


class _Screen(_Pipe):
    """A terminal."""

    def isatty(self) -> bool:
        return True


class CommandLine:
    """Runs command lines on the desk at `url`, as `agent` if one is named, at the time `now`."""

    def __init__(self, url: str, patch: pytest.MonkeyPatch, now: str, agent: str = "") -> None:
        self._patch = patch
        self.errors = ""  # what the last one said beside its output
        patch.setenv("TICKETCTL_DB", url)
        patch.setenv("TZ", "UTC")
        if agent:
            patch.setenv("TICKETCTL_AGENT", agent)
        self.at(now)

    def at(self, now: str) -> None:
        """Set the time."""
        self._patch.setenv("TICKETCTL_NOW", now)

    def run(self, *words: str, code: int = 0) -> str:
        """The output of a command in a pipe, which ends with this code."""
        return self.raw(*words, code=code).decode()

    def raw(self, *words: str, code: int = 0) -> bytes:
        """The same as it was written."""
        return self._run(words, _Pipe(), code)

    def see(self, *words: str, width: int = 80, code: int = 0) -> str:
        """The output of a command on a terminal, without colours."""
        self._patch.setenv("COLUMNS", str(width))
        self._patch.setenv("LINES", "24")
        words = ("--color", "never", "--no-pager", *words)
        return self._run(words, _Screen(), code).decode()

    def data(self, *words: str) -> Any:
        """The JSON that a command writes."""
        return json.loads(self.run(*words, "--json"))

    def ids(self, *words: str) -> list[int]:
        """The ticket numbers that a command lists."""
        return [int(line) for line in self.run(*words, "--format", "ids").split()]

    def _run(self, words: tuple[str, ...], out: _Pipe, code: int) -> bytes:
        said = _Screen() if out.isatty() else _Pipe()
        with self._patch.context() as patch:
            patch.setattr(sys, "stdout", out)
            patch.setattr(sys, "stderr", said)
            ended = cli.run(list(words))
        self.errors = said.memory.getvalue().decode()
        assert code in (ended, ANY), (words, ended, self.errors)
        return out.memory.getvalue()
