"""Issue 15, item 8: TAB in zsh and fish, which replace the whole word; in the real shells where they are installed."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.shell_completion import CompletionItem

from ticketctl.cli.main import ticketctl
from ticketctl.cli.shared.completion_shells import class_of

# Types each line and TAB in a zsh on a pseudo terminal, and prints the line as it is then.
ZSH = r"""
zmodload zsh/zpty
zpty -b z zsh -f -i
wait_for() { local got; all=; for i in {1..1200}; do
  if zpty -rt z got; then all+=$got; [[ $all == *$1* ]] && return; else sleep 0.05; fi; done; exit 1 }
zpty -w z 'PS1= ; TERM=dumb; autoload -U compinit; compinit -u -d ./zdump; eval "$(ticketctl completion zsh)"
shown() { print -r -- "$BUFFER|" > ./line; BUFFER=; print SHOWN; }; zle -N shown; bindkey "^G" shown; echo REA""DY'
wait_for READY
for line in "$@"; do
  zpty -w -n z "$line"$'\t\x07'
  wait_for SHOWN
  print -r -- "$(< ./line)"
done
"""
FISH = "ticketctl completion fish | source; for line in $argv; complete -C $line; echo '|'; end"

# What is typed, and what becomes of its last word.
LINES = [
    ("list stat", "status:"),
    ("list status:n", "status:new"),
    ("list status:new,o", "status:new,open"),
    ("list --status=n", "--status=new"),
    ("list --status n", "new"),
    ("list 'status:n", "status:new"),
    ("list it\\'s status:n", "status:new"),
    ('comment 1 -m "a b c" --no-n', "--no-notify"),
    ("export 1 --output=./a", "--output=./a,b.txt"),
]


@pytest.fixture
def folder(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a program `ticketctl` and a file."""
    program = tmp_path / "ticketctl"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m ticketctl "$@"\n')
    program.chmod(0o755)
    (tmp_path / "a,b.txt").touch()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


def after_tab(shell: str, *command: str) -> list[str]:
    """What the shell says of each of LINES."""
    if not shutil.which(shell):
        pytest.skip(f"{shell} is not installed here")
    typed = [f"ticketctl {line}" for line, _ in LINES]
    run = subprocess.run([*command, *typed], capture_output=True, text=True, check=True)
    return [one.strip("\n") for one in run.stdout.split("|")[:-1]]


def test_item_8_zsh_completes_the_word_and_adds_no_blank_where_it_goes_on(folder: Path) -> None:
    lines = after_tab("zsh", "zsh", "-f", "-c", ZSH, "zsh")
    assert [one.rstrip(" '") for one in lines] == [
        f"ticketctl {line.rpartition(' ')[0]} {chr(39) if chr(39) + 'status' in line else ''}{whole}"
        for line, whole in LINES
    ]
    assert not lines[0].endswith(" ") and lines[1].endswith(" ")


def test_item_8_fish_offers_the_whole_word_with_all_of_its_description(folder: Path) -> None:
    offered = after_tab("fish", "fish", "--no-config", "-c", FISH)
    assert [one.partition("\t")[0] for one in offered] == [whole for _, whole in LINES]
    assert offered[7] == "--no-notify\tNotify neither customers nor agents."


ITEM = CompletionItem("status:new,open", help='Re: "jams", it\'s\n$(x) `y`\tz')


@pytest.mark.parametrize(
    ("shell", "said"),
    [
        ("zsh", 'plain\nstatus\\:new,open\nRe: "jams", it\'s $(x) `y` z'),
        ("fish", 'plain,status:new,open\tRe: "jams", it\'s $(x) `y` z'),
    ],
)
def test_item_8_colons_commas_quotes_and_new_lines_do_not_break_the_protocol(
    shell: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COMP_WORDS", "ticketctl list s")
    monkeypatch.setenv("COMP_CWORD", {"zsh": "2", "fish": "s"}[shell])
    completing = class_of(shell)(ticketctl, {}, "ticketctl", "_TICKETCTL_COMPLETE")
    monkeypatch.setattr(completing, "get_completions", lambda args, incomplete: [ITEM])
    assert completing.complete() == said


@pytest.mark.parametrize(
    ("word", "value"),
    [("--status=n", "--status=new"), ("-s=", "-s=new"), ("status=n", "new"), ("n", "new")],
)
@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_item_8_the_option_stays_in_front_of_its_value(
    shell: str, word: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COMP_WORDS", f"ticketctl list {word}")
    monkeypatch.setenv("COMP_CWORD", {"zsh": "2", "fish": word}[shell])
    completing = class_of(shell)(ticketctl, {}, "ticketctl", "_TICKETCTL_COMPLETE")
    monkeypatch.setattr(
        completing, "get_completions", lambda args, incomplete: [CompletionItem("new")]
    )
    assert value in completing.complete().replace(",", "\n").split("\n")
