"""The help of a command is read a page at a time, as `ticketctl help TOPIC` is."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.terminal import Terminal


@pytest.fixture
def pager(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pager that says that it is one."""
    program = tmp_path / "pager"
    program.write_text("#!/bin/sh\nhead -1\necho one page of it\n")
    program.chmod(0o755)
    monkeypatch.setenv("TICKETCTL_PAGER", str(program))


@pytest.mark.parametrize("words", [["list", "--help"], ["reply", "-h"], ["help", "list"]])
def test_help_longer_than_the_terminal_goes_through_the_pager(
    pager: None, words: list[str]
) -> None:
    with Terminal(words, {}) as terminal:
        assert f"Usage: ticketctl {'list' if 'list' in words else 'reply'}" in terminal.see(
            "one page of it"
        )


def test_help_that_the_terminal_can_hold_is_printed(pager: None) -> None:
    with Terminal(["undo", "--help"], {}) as terminal:
        assert "one page" not in terminal.see("Examples:")


def test_help_in_a_pipe_is_never_paged(pager: None) -> None:
    line = [sys.executable, "-m", "ticketctl", "list", "--help"]
    said = subprocess.run(line, capture_output=True, text=True, check=True).stdout
    assert said.startswith("Usage: ticketctl list") and "one page" not in said


def test_no_pager_holds_for_help_too(pager: None) -> None:
    with Terminal(["list", "--help", "--no-pager"], {}) as terminal:
        assert "one page" not in terminal.see("Examples:")
