"""The screen in a real terminal: keys in, screen out, and a terminal that is as before when the agent leaves."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.desk import DeskFixture
from tests.support.screen import PATIENCE, EditWith

TMUX = shutil.which("tmux")
pytestmark = pytest.mark.skipif(TMUX is None, reason="tmux, the terminal of this test, is missing")


class Terminal:
    """A shell in a terminal of 80 columns and 24 lines."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self._command = [TMUX or "", "-u", "-S", str(folder / "tmux"), "-f", os.devnull]
        self._environment = environment
        self._tmux("new-session", "-d", "-x", "80", "-y", "24", "sh")

    def _tmux(self, *words: str) -> str:
        ran = subprocess.run(
            [*self._command, *words],
            env=self._environment,
            check=True,
            capture_output=True,
            text=True,
        )
        return ran.stdout

    def press(self, *keys: str) -> None:
        """Press keys, as tmux names them."""
        self._tmux("send-keys", *keys)

    def type(self, text: str) -> None:
        """Type a line, and Enter."""
        self._tmux("send-keys", "-l", text)
        self.press("Enter")

    @property
    def text(self) -> str:
        """What is on the screen."""
        return self._tmux("capture-pane", "-p")

    def see(self, *texts: str) -> str:
        """Wait until all of these texts are on the screen; return it."""
        self.until(lambda: all(text in self.text for text in texts), f"no {texts}")
        return self.text

    def until(self, holds: Callable[[], bool], trouble: str) -> None:
        """Wait until something holds."""
        end = time.monotonic() + PATIENCE
        while not holds():
            if time.monotonic() > end:
                raise AssertionError(f"{trouble} on\n{self.text}")
            time.sleep(0.05)

    def is_as_before(self) -> bool:
        """Has the program left its own screen, and shown the cursor again, and left the mouse alone?"""
        return (
            self._tmux("display", "-p", "#{alternate_on}#{cursor_flag}#{mouse_any_flag}") == "010\n"
        )

    def close(self) -> None:
        """End the terminal and what runs in it."""
        self._tmux("kill-server")


@pytest.fixture
def terminal(home: Path, db_url: str, helpdesk: DeskFixture) -> Iterator[Terminal]:
    """A terminal in which the agent of the commands is ana."""
    environment = {**os.environ, "TICKETCTL_DB": db_url, "TICKETCTL_AGENT": "ana"}
    found = Terminal(home, environment)
    yield found
    found.close()


def test_an_agent_replies_in_a_terminal_and_gets_it_back(
    helpdesk: DeskFixture, terminal: Terminal, edit_with: EditWith
) -> None:
    helpdesk.open(subject="請求書 \x1b[31m[red]printer[/]")
    edit_with("sed -i '1s/^/We send a new one./' \"$1\"")
    terminal.type("PS1='ready''> '")
    terminal.see("ready>")
    assert terminal.is_as_before()
    terminal.type(f"{sys.executable} -m ticketctl ui is:open")
    text = terminal.see("2 is:open  1", "請求書", "[red]printer[/]", "? keys")
    assert not terminal.is_as_before()
    assert all(len(line) <= 80 for line in text.split("\n"))
    terminal.press("Enter")
    terminal.see("It does not print.", "J K message")
    terminal.press("r")
    terminal.see("We send a new one.", "[s]end")
    assert helpdesk.outbox("reply") == []
    terminal.press("s")
    terminal.see("message 2 queued", "We send a new one.")
    assert [row.data["text"] for row in helpdesk.outbox("reply")] == ["We send a new one."]
    terminal.press("q", "q", "q")
    terminal.until(lambda: terminal.text.count("ready>") == 2, "no second prompt")
    assert "It does not print." not in terminal.text
    assert terminal.is_as_before()
    terminal.type("stty -a | grep -o ' echo '; echo code $?")
    terminal.see("code 0")


def test_an_agent_goes_to_the_shell_and_comes_back(
    helpdesk: DeskFixture, terminal: Terminal, edit_with: EditWith
) -> None:
    """The screen is whole again and shows what happened meanwhile; a question waits as before."""
    helpdesk.open()
    edit_with("sed -i '1s/^/We send a new one./' \"$1\"")
    terminal.type("PS1='ready''> '")
    terminal.type(f"{sys.executable} -m ticketctl ui is:open")
    terminal.see("2 is:open  1", "Printer is broken", "? keys")
    terminal.press("C-z")
    terminal.until(lambda: terminal.text.count("ready>") == 2, "no second prompt")
    assert terminal.is_as_before()
    helpdesk.open(subject="While they were away", author="dora@customer.example")
    terminal.type("clear; fg")
    terminal.see("2 is:open  2", "While they were away", "Printer is broken", "? keys")
    terminal.press("r")
    terminal.see("We send a new one.", "[s]end")
    terminal.press("C-z")
    terminal.see("ready>")
    assert terminal.is_as_before()
    terminal.type("clear; fg")
    terminal.see("We send a new one.", "[s]end")
    terminal.press("s")
    terminal.see("message 2 queued")
    terminal.press("q", "q")
    terminal.see("ready>")
