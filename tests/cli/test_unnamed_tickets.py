"""A command that is told no ticket says so at once: it neither asks for a text nor opens an editor."""

from pathlib import Path

import pytest

from tests.scripts.shell import Shell
from ticketctl.cli import main as cli
from ticketctl.cli.command_table import COMMANDS

NEEDS = {
    "assign": "@me",
    "merge": "--into 1",
    "edit": "--priority high",
}  # what else they need to run


def _bulk() -> list[str]:
    """The commands that take any ticket numbers or --query; assign takes words beside them."""
    params = {name: {p.name: p.nargs for p in cli.command_named(name).params} for name in COMMANDS}
    return [name for name, has in params.items() if has.get("tickets") == -1 and "query" in has]


@pytest.fixture
def shell(home: Path, sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """A terminal over a desk with a ticket; the editor leaves a file `opened`."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TICKETCTL_DB", sqlite_url)
    monkeypatch.setenv("TICKETCTL_EDITOR", "./editor")
    monkeypatch.setenv("LOGNAME", "ana")
    Path("editor").write_text("#!/bin/sh\ntouch opened\n")
    Path("editor").chmod(0o755)
    shell = Shell(tmp_path)
    shell.play('$ mail "Carl <carl@x.example>" "Printer" "It jams." --to support@localhost')
    return shell


@pytest.mark.parametrize("command", ["assign", *_bulk()])
def test_without_a_ticket_nothing_is_asked(shell: Shell, command: str) -> None:
    line = f"tty ticketctl {command} {NEEDS.get(command, '')}"
    for more in ("", " --query is:open 1"):
        said = shell.play(f'$ echo "y" | {line}{more}').splitlines()[1:]
        why = "give ticket numbers or --query, not both." if more else "name the tickets: "
        assert said[0].startswith(f"2> ticketctl: {why}"), said
        assert said[1:] == ["?2"]
        assert not Path("opened").exists()


def test_the_editor_opens_for_a_ticket_that_is_named(shell: Shell) -> None:
    shell.play("$ tty ticketctl comment 1")
    assert Path("opened").exists()
    assert {"reply", "comment", "resolve", "edit", "take"} <= {*_bulk()}
