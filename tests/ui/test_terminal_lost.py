"""The screen on a real terminal, which is lost, or left while something runs."""

import signal
import sqlite3
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.command_line import CommandLine
from tests.support.databases import locked
from tests.support.desk import DeskFixture
from tests.support.screen import EditWith
from tests.support.terminal import LEAVE, PATIENCE, Terminal

OpenTerminal = Callable[[], Terminal]


@pytest.fixture
def terminal(helpdesk: DeskFixture, db_url: str) -> OpenTerminal:
    """Opens Ana's screen with all open tickets."""
    helpdesk.open()
    return lambda: Terminal(["ui", "is:open"], {"TICKETCTL_DB": db_url, "TICKETCTL_AGENT": "ana"})


def recovered(db_url: str, patch: pytest.MonkeyPatch) -> str:
    """What `reply --recover` begins with."""
    patch.setenv(
        "TICKETCTL_EDITOR", f"{sys.executable} -c 'import sys; print(open(sys.argv[1]).read())'"
    )
    line = CommandLine(db_url, patch, "2026-03-09T08:00:00Z", "ana")
    line.run("reply", "1", "--recover")
    return str(line.data("show", "1")["messages"][-1]["text"])


def test_a_terminal_lost_at_the_preview_keeps_the_text(
    terminal: OpenTerminal, edit_with: EditWith, db_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit_with("sed -i '1s/^/Half a letter./' \"$1\"")
    with terminal() as screen:
        screen.see("3 #1 Printer is broken")
        screen.type("r")
        screen.see("[s]end")
        screen.lose()
        assert screen.wait()[0] == -signal.SIGHUP
    assert recovered(db_url, monkeypatch) == "Half a letter."


def test_a_terminal_lost_in_the_editor_keeps_what_was_saved(
    terminal: OpenTerminal,
    edit_with: EditWith,
    home: Path,
    db_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    edit_with(
        f"sed -i '1s/^/Saved once./' \"$1\"; echo $$ > '{home}/pid'; echo EDITOR; exec sleep 600"
    )
    with terminal() as screen:
        screen.see("3 #1 Printer is broken")
        screen.type("r")
        screen.see("EDITOR")
        screen.lose()
        screen.wait()
    end = time.monotonic() + PATIENCE
    while Path(f"/proc/{(home / 'pid').read_text().strip()}").exists():
        assert time.monotonic() < end, "the editor goes on"
        time.sleep(0.05)
    assert recovered(db_url, monkeypatch) == "Saved once."


@pytest.mark.parametrize("keys", ["\x03qqq", "\x11"], ids=["^C", "^Q"])
def test_a_question_is_left(
    terminal: OpenTerminal,
    edit_with: EditWith,
    db_url: str,
    monkeypatch: pytest.MonkeyPatch,
    keys: str,
) -> None:
    edit_with("sed -i '1s/^/Half a letter./' \"$1\"")
    with terminal() as screen:
        screen.see("3 #1 Printer is broken")
        screen.type("r")
        screen.see("[s]end")
        for key in keys:
            screen.type(key)
        assert screen.wait()[0] == 0
    assert recovered(db_url, monkeypatch) == "Half a letter."


def test_a_command_that_runs_when_the_screen_is_left_ends_and_is_told(
    terminal: OpenTerminal, helpdesk: DeskFixture, db_url: str
) -> None:
    with terminal() as screen:
        screen.see("3 #1 Printer is broken")
        with locked(db_url):
            screen.type("t")
            screen.see("take 1 …")
            screen.type("\x11")
            screen.see_left()
        code, said = screen.wait()
        assert code == 0
        assert "1 yours" in said
    assert helpdesk.ticket().owner == "ana"


def test_what_nobody_expected_is_one_sentence_without_foreign_words(
    terminal: OpenTerminal, db_url: str
) -> None:
    with terminal() as screen:
        screen.see("3 #1 Printer is broken")
        with closing(sqlite3.connect(db_url.removeprefix("sqlite:///"))) as other, other:
            other.execute("UPDATE ticket SET fields = '{a secret of Carl'")
        screen.type("\x12")
        code, said = screen.wait()
        assert code == 1
        assert "unexpected error" in said
        assert "secret" not in said and "Traceback" not in said


def test_a_screen_that_is_told_to_end_gives_the_terminal_back(terminal: OpenTerminal) -> None:
    with terminal() as screen:
        screen.see("3 #1 Printer is broken")
        screen.process.terminate()
        assert screen.wait()[0] == 0
    assert LEAVE in screen.written
    assert "\x1b[?25h" in screen.written


def test_a_screen_without_a_shell_does_not_stop_for_ever(terminal: OpenTerminal) -> None:
    with terminal() as screen:
        screen.see("3 #1 Printer is broken")
        screen.type("\x1a")
        screen.see("there is no shell to go to; q leaves.")
        screen.type("qq")
        assert screen.wait()[0] == 0


def test_a_screen_does_not_stop_in_the_middle_of_a_command(
    terminal: OpenTerminal, db_url: str
) -> None:
    """It would keep others from writing until it goes on."""
    with terminal() as screen:
        screen.see("3 #1 Printer is broken")
        with locked(db_url):
            screen.type("t")
            screen.see("take 1 …")
            screen.type("\x1a")
            screen.see("a command is still running.")
        screen.see("1 yours")
