"""Bulk `--query` changes the tickets that `list` shows for the same words, and no other."""

import re
from pathlib import Path

import pytest

from tests.scripts.shell import Shell

QUERIES = (
    "all", "new", "open", "closed", "mine", "unassigned", "all mine", "printer", '"printer"', "NOT printer", "is:open",
    "status:closed", "id:1-2", "id!=1", "created:2026-01", "created<30d", "created:7d", "updated<3d", "tag:x",
    "-tag:x", "printer OR tag:x", "owner:any", "customer:carl", "spam", "status:merged,new", "age>2d",
    "sort:-id new", "@hers", "priority>low", "priority!=medium",
)  # fmt: skip


@pytest.fixture
def shell(home: Path, sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    """A desk with tickets of two months, in every state."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TICKETCTL_DB", sqlite_url)
    monkeypatch.setenv("LOGNAME", "ana")
    shell = Shell(tmp_path)
    for day in ("01-20", "01-21", "03-02", "03-08", "03-09"):
        monkeypatch.setenv("TICKETCTL_NOW", f"2026-{day}T08:00:00Z")
        for subject in ("Printer", "Lamp"):
            shell.play(f'$ mail "Carl <carl@x.example>" "{subject}" "x" --to support@localhost')
    for words in (
        "close 1 5 -m x", "take 2 6", "edit 3 7 --tag x", "spam 4", "merge 8 --into 7 -m x",
        "edit 9 --priority high -m x", "query save hers tag:x",
    ):  # fmt: skip
        shell.play(f"$ ticketctl {words}")
    return shell


def numbers(lines: list[str]) -> list[str]:
    """The tickets that lines of stdout begin with."""
    return [line.split()[0] for line in lines if line.split()[0].isdigit()]


def test_bulk_takes_what_list_shows(shell: Shell) -> None:
    found = {}
    for query in QUERIES:
        shown = shell.play(f"$ ticketctl list --ids '{query}'").splitlines()[1:]
        taken = shell.play(f"$ ticketctl comment --query '{query}' -m x --dry-run").splitlines()[1:]
        found[query], changed = numbers(shown), numbers(taken)
        assert sorted(changed) == sorted(found[query]), (query, shown, taken)
    assert len({tuple(ids) for ids in found.values()}) > 12  # they do not all find the same
    assert len(found["new"]) < len(found["all"])


def test_the_number_below_a_short_list_is_that_of_count(shell: Shell) -> None:
    counted, told = {}, {}
    for query in (*QUERIES, "all -status:merged", "all -status:new", "all is:open", "all id>0"):
        count = shell.play(f"$ ticketctl list --count '{query}'").splitlines()[1]
        if not count.isdecimal():  # a name that the desk does not know
            continue
        lines = shell.play(f"$ ticketctl list --format table --limit 1 '{query}'")
        shown = re.search(r"1 of ([0-9]+) shown", lines)
        counted[query], told[query] = count, shown[1] if shown else str(min(1, int(count)))
    assert told == counted
    assert len(set(counted.values())) > 4
