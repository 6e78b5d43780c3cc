"""Issue 15, item 8: TAB in a real bash, also behind `:` and `=`, which bash takes for the ends of words."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.scripts.shell import Shell
from ticketctl.cli import main as cli

SCRIPTS = Path(__file__).parents[1] / "scripts"

# Asks for the completion of each line as readline does: it parts the line at blanks and at : and = by itself.
DRIVER = r"""
eval "$(ticketctl completion bash)"
for line in "$@"; do
    COMP_LINE=$line COMP_POINT=${#line} COMP_TYPE=9 COMP_KEY=9 COMPREPLY=()
    rest=${line//:/ : } rest=${rest//=/ = }
    read -ra COMP_WORDS <<< "$rest"
    [[ $line == *' ' ]] && COMP_WORDS+=('')
    COMP_CWORD=$(( ${#COMP_WORDS[@]} - 1 ))
    _ticketctl_completion ticketctl 2> /dev/null
    echo "${COMPREPLY[*]}"
done
"""
# A busy machine is no failure: the database may take its time.
PROGRAM = """#!/bin/sh
exec {python} -c '
from ticketctl.cli import start
from ticketctl.cli.shared import completion
completion.SECONDS = completion.FIRST_SECONDS = 20
start.main()' "$@"
"""


@pytest.fixture
def bash(home: Path, sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a program `ticketctl` over the desk of the scripts and a ticket."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TICKETCTL_DB", sqlite_url)
    monkeypatch.setenv("TICKETCTL_AGENT", "ana")
    assert cli.run(["apply", "-q", "-y", str(SCRIPTS / "desk.toml")]) == 0
    Shell(tmp_path).play('$ mail "Carl <carl@x.example>" "Printer" "It jams."')
    assert cli.run(["edit", "1", "--tag", "vip", "-m", "x"]) == 0
    assert cli.run(["query", "save", "hot", "is:important"]) == 0
    program = tmp_path / "ticketctl"
    program.write_text(PROGRAM.format(python=sys.executable))
    program.chmod(0o755)
    return tmp_path


def offered(bash: Path, *lines: str) -> dict[str, list[str]]:
    """What bash would put in the place of the piece that is typed, for each line."""
    run = subprocess.run(
        ["bash", "--norc", "-c", DRIVER, "bash", *lines],
        env={**os.environ, "PATH": f"{bash}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=True,
    )
    said = [answer.split() for answer in run.stdout.splitlines()]
    return dict(zip(lines, said, strict=True))


EXPECTED = {
    "ticketctl li": ["list", "link"],
    "ticketctl list sta": ["status:"],
    "ticketctl list status:n": ["new"],
    "ticketctl list status:new,o": ["new,open"],
    "ticketctl list owner:": ["ana", "ben", "eva", "@me", "none"],
    "ticketctl list tag:": ["vip"],
    "ticketctl list @": ["@hot"],
    "ticketctl list --status=n": ["new"],
    "ticketctl list --status n": ["new"],
    "ticketctl list 'status:new' segment:b": ["billing"],
    "ticketctl list 'status:n": ["status:new"],
    'ticketctl list "owner:b': ["owner:ben"],
    "ticketctl list status:'n": ["new"],
    "ticketctl list 'is:open sta": ["is:open", "status:"],
    "ticketctl list 'is:open -owner:b": ["is:open", "-owner:ben"],
    "ticketctl list 'new or (owner:ana tag:": ["new", "or", "(owner:ana", "tag:vip"],
    "ticketctl list 'open @h": ["open", "@hot"],
    "ticketctl list --status='n": ["new"],
    "ticketctl list it\\'s status:n": ["new"],
    "ticketctl edit 1 -m \"it's\" --set 'reason=d": ["reason=delivery"],
    "ticketctl edit 1 --set ": ["reason="],
    "ticketctl edit 1 --set reason=d": ["delivery"],
    "ticketctl edit 1 --tag ": ["vip"],
    "ticketctl report sla --period last-q": ["last-quarter"],
    'ticketctl comment 1 -m "a b c" --no-n': ["--no-notify"],
}


def test_item_8_bash_completes_behind_its_word_breaks(bash: Path) -> None:
    assert offered(bash, *EXPECTED) == EXPECTED
