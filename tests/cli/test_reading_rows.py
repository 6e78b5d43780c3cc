"""What can be read of tickets, row by row of the list of features."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ticketctl.cli import main as cli

DESK = """
[desk]
domain = "help.example"
[[mailbox]]
address = "support@help.example"
[[mailbox]]
address = "billing@help.example"
segment = "billing"
[[agent]]
name = "ana"
email = "ana@help.example"
role = "admin"
login = "ana"
[[agent]]
name = "ben"
email = "ben@help.example"
[[segment]]
name = "support"
agents = ["ana", "ben"]
[[segment]]
name = "billing"
agents = ["ben"]
"""
OLD, THEN, NOW = "2026-01-31T08:00:00Z", "2026-03-02T08:00:00Z", "2026-03-31T10:00:00Z"

# number: made at, segment, priority, owner, channel
TICKETS = {
    1: (OLD, "support", "low", "ana", "email"),
    2: (THEN, "support", "high", "ana", "phone"),
    3: (THEN, "support", "medium", "ben", "chat"),
    4: (THEN, "billing", "critical", "ben", "email"),
    5: ("2026-03-30T09:30:00Z", "billing", "medium", "none", "wall"),
}


@pytest.fixture(scope="module")
def desk(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A desk with five tickets; the third waits for its customer, the fourth is resolved."""
    folder = tmp_path_factory.mktemp("rows")
    shutil.copyfile(sqlite_template, folder / "desk.db")
    (folder / "desk.toml").write_text(DESK)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment(folder).items():
            patch.setenv(name, value)
        assert cli.run(["apply", "-y", "-q", str(folder / "desk.toml")]) == 0
        for number, (at, segment, priority, owner, channel) in TICKETS.items():
            line = ["new", "-q", "--now", at, "--customer", f"c{number}@x.example", "-m", "x"]
            line += ["--subject", f"subject {number}", "--segment", segment, "--channel", channel]
            line += ["--priority", priority, *([] if owner == "none" else ["--owner", owner])]
            assert cli.run(line) == 0
        patch.setenv("TICKETCTL_NOW", NOW)
        assert cli.run(["wait", "-q", "3", "-m", "x"]) == 0
        assert cli.run(["resolve", "-q", "4", "-m", "x"]) == 0
        yield folder


def environment(folder: Path) -> dict[str, str]:
    return {
        "TICKETCTL_DB": f"sqlite:///{folder}/desk.db", "TICKETCTL_NOW": NOW, "LOGNAME": "ana", "TZ": "UTC",
        "XDG_CONFIG_HOME": str(folder), "HOME": str(folder),
    }  # fmt: skip


Run = Callable[..., str]


@pytest.fixture
def run(desk: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """A function that runs a command and returns what it prints; `code` is the exit code it must have."""

    def called(*words: str, code: int = 0) -> str:
        capsys.readouterr()
        assert cli.run(list(words)) == code
        return capsys.readouterr().out

    return called


def ids(said: str) -> list[int]:
    return [int(word) for word in said.split()]


def test_who_waits_for_an_answer_can_be_asked_longest_first_F_C5(run: Run) -> None:
    said = run("list", "is:awaiting-agent", "--since", "all", "--sort", "updated", "--ids")
    assert ids(said) == [1, 2, 5]


def test_times_of_making_and_of_change_sort_and_filter_F_A4_F_A16(run: Run) -> None:
    (one,) = json.loads(run("list", "id:2", "--json=created_at,updated_at"))
    assert one == {"created_at": THEN, "updated_at": THEN}
    assert json.loads(run("list", "id:3", "--json=created_at,updated_at")) == [
        {"created_at": THEN, "updated_at": NOW}
    ]
    assert ids(run("list", "--sort", "-updated", "--ids", "--since", "all"))[:2] == [4, 3]
    assert ids(run("list", "--updated", "today", "--sort", "-updated", "--ids")) == [4, 3]


def test_another_list_of_the_same_tickets_has_the_same_rows_F_A33(run: Run) -> None:
    assert run("my", "--sort", "id") == run("list", "owner:ana", "--since", "all", "--sort", "id")


def test_the_list_is_of_the_last_month_and_the_range_can_be_changed_F_Q11_F_Q12(
    run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    assert 1 not in ids(run("list", "--ids"))
    cli.run(["list", "--ids"])
    assert "1 open ticket is older (--since all)" in capsys.readouterr().err
    assert 1 in ids(run("list", "--ids", "--since", "all"))
    assert ids(run("list", "--ids", "--created", "2026-01")) == [1]
    assert ids(run("list", "--ids", "--since", "2026-01-01", "--until", "2026-03-01")) == [1]


@pytest.mark.parametrize(
    ("flags", "found"),
    [
        (("--segment", "support"), {2, 3}),
        (("--owner", "ben"), {3, 4}),
        (("--owner", "@me"), {2}),
        (("--owner", "none"), {5}),
        (("--status", "waiting", "--status", "resolved"), {3, 4}),
        (("--priority", "medium"), {3, 5}),
        (("--segment", "support", "--owner", "ben"), {3}),
        (("--segment", "billing", "--status", "resolved"), {4}),
        (("--segment", "billing", "--priority", "medium"), {5}),
        (("--owner", "ben", "--priority", "critical,low"), {4}),
        (("--channel", "phone"), {2}),
        (("--mailbox", "billing@help.example"), {4, 5}),
        (("--segment", "~billing"), {2, 3}),
    ],
)
def test_flags_filter_alone_and_together_F_Q13(
    run: Run, flags: tuple[str, ...], found: set[int]
) -> None:
    assert set(ids(run("list", "--ids", *flags))) == found


def test_the_overview_has_the_four_words_and_sums_to_the_total_F_Q15_F_Q25(run: Run) -> None:
    line = "New 2 · Open 1 · Escalated 0 · Resolved 1 · total 4"
    assert run("list", "--format", "table").startswith(line)
    assert run("list", "--format", "table", "--status", "new").startswith(line)
    counts = {
        one["status"]: one["tickets"]
        for one in json.loads(run("stats", "--by", "status", "--since", "2026-02-28", "--json"))
    }
    assert counts == {"new": 2, "waiting": 1, "resolved": 1}


def test_every_column_can_be_shown_F_Q17_F_Q18_F_Q19_F_Q26_F_Q27(run: Run) -> None:
    heads = set(run("list", "--columns", "all").splitlines()[0].split("\t"))
    assert heads >= {
        "id", "response_id", "email", "source_segment", "segment", "owner", "priority", "status", "reported",
        "customer_comment", "sla", "age_alert",
    }  # fmt: skip
    table = run("list", "--columns", "all", "--format", "table")
    for title in ("REPORTED", "EMAIL", "SOURCE SEGMENT", "CUSTOMER COMMENT", "RESPONSE ID"):
        assert title in table
    rows = run("list", "--columns", "created,reported").splitlines()[1:]
    assert all(len(set(row.split("\t"))) == 1 for row in rows)


def test_priorities_sort_by_rank_F_Q24(run: Run) -> None:
    said = json.loads(run("list", "--sort", "-priority,id", "--since", "all", "--json=priority"))
    assert [one["priority"] for one in said] == ["critical", "high", "medium", "medium", "low"]
    run("list", "--priority", "urgent", code=2)


def test_the_next_ticket_is_first_by_due_time_priority_and_age_F_L5(run: Run) -> None:
    mine_to_take = ("list", "status:new,open,escalated", "owner:@me,none", "--since", "all")
    found = ids(run(*mine_to_take, "--sort", "due,-priority,created", "--ids"))
    assert set(found) == {1, 2, 5}
    assert ids(run("next", "--format", "ids")) == found[:1]


def test_mine_newest_change_first_and_all_channels_together_F_T6_F_T7(run: Run) -> None:
    assert ids(run("my", "--ids", "--sort", "-updated")) == [2, 1]
    assert ids(run("my", "--ids")) == [1, 2]  # both are late, the first more
    channels: list[dict[str, Any]] = json.loads(run("list", "--since", "all", "--json=channel"))
    assert {one["channel"] for one in channels} == {"email", "phone", "chat", "wall"}


@pytest.mark.parametrize("word", ["2", "#2", "T-2", "t-2"])
def test_a_number_is_written_in_several_ways_F_A9(run: Run, word: str) -> None:
    assert json.loads(run("show", word, "--json=id")) == {"id": 2}


def test_who_reads_only_the_first_lines_is_shown_no_trouble(desk: Path) -> None:
    done = subprocess.run(
        ["sh", "-c", f"{sys.executable} -m ticketctl list --since all | head -c 1"],
        env=os.environ | environment(desk) | {"PYTHONUNBUFFERED": "1"},
        capture_output=True,
        text=True,
    )
    assert (done.stdout, done.stderr) == ("i", "")
