"""What a ticket is made of, and what guards it, as command lines show it: one test a row of the feature table."""

import json
import stat
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ticketctl.cli import main as cli

DESK = """
[[mailbox]]
address = "support@help.example"
[[agent]]
name = "ana"
email = "ana@help.example"
role = "admin"
login = "ana"
[[agent]]
name = "ben"
email = "ben@help.example"
[[agent]]
name = "eva"
email = "eva@help.example"
[[segment]]
name = "support"
agents = ["ana", "ben", "eva"]
[[field]]
on = "ticket"
name = "reason"
type = "choice"
choices = ["refund", "other"]
required = "close"
[[field]]
on = "customer"
name = "tier"
required = "close"
"""
Ask = Callable[..., Any]


@pytest.fixture(autouse=True)
def desk(home: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A desk where ana is an admin, with ticket 1 of Carl's."""
    for name in ("EDITOR", "VISUAL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TICKETCTL_DB", sqlite_url)
    monkeypatch.setenv("TICKETCTL_AGENT", "ana")
    monkeypatch.setenv("TICKETCTL_NOW", "2026-03-09T08:00:00Z")
    (tmp_path / "desk.toml").write_text(DESK)
    run("apply", "-y", str(tmp_path / "desk.toml"))
    run("new", "--customer", "carl@x.example", "--subject", "Printer", "-m", "he rang")
    run("customer", "edit", "carl@x.example", "--set", "tier=gold")


def run(*args: str, code: int = 0) -> None:
    assert cli.run(list(args)) == code


@pytest.fixture
def ask(capsys: pytest.CaptureFixture[str]) -> Ask:
    """The JSON that a command line answers."""

    def answer(*args: str) -> Any:
        capsys.readouterr()
        run(*args)
        return json.loads(capsys.readouterr().out)

    return answer


def show(ask: Ask, id: str = "1") -> dict[str, Any]:
    found: dict[str, Any] = ask("show", id, "--json")
    return found


def test_show_has_the_formats_of_one_thing_and_refuses_those_of_rows(
    ask: Ask, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ask("show", "1", "--format", "json") == show(ask)
    run("show", "1", "--format", "csv", code=2)
    said = capsys.readouterr()
    assert said.out == "" and "a ticket is a page, which has no format csv; use --json." in said.err


def test_a_reply_to_what_was_answered_meanwhile_sends_nothing_F_C6_F_R27(
    ask: Ask, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    version = str(show(ask)["version"])
    run("reply", "1", "-m", "Try this.", "--status", "waiting")
    monkeypatch.setenv("TICKETCTL_NOW", "2026-03-09T08:02:00Z")
    run("--as", "ben", "reply", "1", "-m", "Try that.", "--if-version", version, code=5)
    assert "Ana replied 2 min ago" in capsys.readouterr().err
    assert [one["text"] for one in show(ask)["messages"] if one["direction"] == "out"] == [
        "Try this."
    ]
    run("--as", "ben", "reply", "1", "-m", "Try that.", "--if-version", version, "--force")


VERBS = (
    ("edit", "1", "--priority", "high"), ("assign", "1", "ben"), ("comment", "1"), ("reply", "1"),
    ("escalate", "1"), ("resolve", "1"), ("close", "1"), ("wait", "1"), ("spam", "1"),
    ("merge", "1", "--into", "2"), ("split", "1", "--message", "1"), ("link", "1", "blocks", "2"),
    ("unlink", "1", "blocks", "2"),
)  # fmt: skip


@pytest.mark.parametrize("line", VERBS, ids=lambda line: line[0])
def test_every_verb_checks_the_version_F_C6(line: tuple[str, ...]) -> None:
    run("new", "--customer", "d@x.example", "--subject", "Two", "-m", "x")
    run(*line, "-m", "x", "--if-version", "77", code=5)


def test_when_it_was_made_and_changed_F_A4_F_A16(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TICKETCTL_NOW", "2026-03-09T09:30:00Z")
    run("comment", "1", "-m", "a word")
    one = show(ask)
    assert one["created_at"] == "2026-03-09T08:00:00Z"
    assert one["updated_at"] == "2026-03-09T09:30:00Z"


def test_a_number_is_written_in_three_ways_and_never_given_again_F_A9(ask: Ask) -> None:
    assert {show(ask, word)["id"] for word in ("1", "#1", "T-1")} == {1}
    run("new", "--customer", "d@x.example", "--subject", "Two", "-m", "x")
    run("undo")
    run("new", "--customer", "d@x.example", "--subject", "Three", "-m", "x")
    assert show(ask, "3")["subject"] == "Three"


def test_classified_important_assigned_F_A11_F_A12_F_A14(ask: Ask) -> None:
    run("new", "--customer", "d@x.example", "--subject", "Two", "-m", "x")
    run("edit", "1", "--type", "billing", "--important", "-m", "it is")
    run("assign", "1", "ben", "-m", "his")
    (line,) = ask("history", "1", "--json", "--only", "type")
    assert (line["actor"], line["old"], line["new"], line["comment"], line["at"]) == (
        "ana",
        None,
        "billing",
        "it is",
        "2026-03-09T08:00:00Z",
    )
    assert [one["id"] for one in ask("list", "is:important", "--json")] == [1]
    for line in ((), ("--sort=-important",), ("--limit", "2"), ("--group-by", "segment")):
        assert [one["id"] for one in ask("list", *line, "--json")] == [1, 2]
    assert [one["id"] for one in ask("list", "--limit", "1", "--json")] == [1]
    assert [one["id"] for one in ask("list", "sort:-created", "--json")] == [2, 1]
    assert [one["id"] for one in ask("--as", "ben", "list", "--owner", "@me", "--json")] == [1]
    for number in ("1", "2"):
        run("comment", number, "-m", "cable needle")
    for line in ((), ("--limit", "2"), ("--in", "comments")):
        assert [one["id"] for one in ask("search", "needle", *line, "--json")] == [1, 2]
    assert [one["id"] for one in ask("search", "needle", "--sort=-created", "--json")] == [2, 1]


def test_a_comment_is_counted_and_never_mailed_to_a_customer_F_A13_F_Q36_F_R22(
    ask: Ask, capsys: pytest.CaptureFixture[str]
) -> None:
    before = ask("outbox", "list", "--json")
    run("comment", "1", "-m", "only among us")
    run("reply", "1", "-m", "Try this.")
    assert show(ask)["comments_count"] == 2
    capsys.readouterr()
    run("show", "1", "--comments")
    shown = capsys.readouterr().out
    assert "only among us" in shown and "Try this." not in shown
    sent = ask("outbox", "list", "--json")[: -len(before) or None]
    assert [one["kind"] for one in sent] == ["reply"]


def test_what_is_required_is_asked_for_at_the_close_alone_F_A18_F_A19_F_A20_F_R26(
    ask: Ask, capsys: pytest.CaptureFixture[str]
) -> None:
    run("new", "--customer", "d@x.example", "--subject", "Two", "-m", "x")
    run("assign", "1,2", "ben", "-m", "his")
    run("edit", "1", "--set", "reason=weather", "-m", "x", code=6)
    assert "refund, other" in capsys.readouterr().err
    for line in (("close", "1"), ("resolve", "1"), ("edit", "1", "--status", "closed")):
        run(*line, "-m", "x", code=6)
        assert "reason" in capsys.readouterr().err
    run("edit", "1,2", "--set", "reason=refund", "-m", "x")
    capsys.readouterr()
    run("close", "1,2", "-m", "x", code=7)  # Dora's profile names no tier
    out = capsys.readouterr().out
    assert "1 closed" in out and "2 refused: field tier is required" in out
    assert show(ask, "2")["status"] == "new"


def test_history_shows_who_owned_typed_and_closed_a_ticket_F_A3_F_A34_F_A35_F_Q37(
    ask: Ask,
) -> None:
    for agent in ("ben", "eva", "ben"):
        run("assign", "1", agent, "-m", f"to {agent}")
    run("edit", "1", "--type", "billing", "--set", "reason=refund", "-m", "x")
    run("reply", "1", "-m", "Your money is on its way.")
    run("close", "1", "-m", "done")
    assigned = ask("history", "1", "--json", "--only", "assignment")
    assert [(one["old"], one["new"]) for one in assigned] == [
        (None, "ben"),
        ("ben", "eva"),
        ("eva", "ben"),
    ]
    lines = ask("history", "1", "--json")
    by = {one["type"]: one["actor"] for one in lines}
    assert {by[one] for one in ("assigned", "type", "replied", "closed")} == {"ana"}
    assert [one["n"] for one in lines] == list(range(1, len(lines) + 1))
    assert {"at", "actor", "os_user", "type", "field", "old", "new", "comment", "group"} <= set(
        lines[0]
    )


def test_a_type_that_does_not_exist_is_refused_with_those_that_do_F_A34(
    capsys: pytest.CaptureFixture[str],
) -> None:
    run("history", "1", "--only", "assignment,weather", code=2)
    assert '"weather"' in (said := capsys.readouterr().err) and "assigned" in said


def test_a_close_that_notifies_the_customer_closes_the_loop_F_Q1(ask: Ask) -> None:
    run("new", "--customer", "carl@x.example", "--subject", "Two", "-m", "x")
    run("close", "1", "--set", "reason=other", "-m", "done")
    run("close", "2", "--set", "reason=other", "-m", "done", "--no-notify")
    assert show(ask)["closed_loop_at"] == "2026-03-09T08:00:00Z"
    assert show(ask, "2")["closed_loop_at"] is None


def test_one_invocation_is_undone_as_one_F_R37(ask: Ask) -> None:
    for subject in ("Two", "Three"):
        run("new", "--customer", "d@x.example", "--subject", subject, "-m", "x")
    run("edit", "1-3", "--priority", "high", "--tag", "hot", "-m", "x")
    run("undo")
    assert {(one["priority"], *one["tags"]) for one in ask("list", "--json")} == {("medium",)}


def test_a_due_time_by_hand(ask: Ask, capsys: pytest.CaptureFixture[str]) -> None:
    run("edit", "1", "--due", "2d", "-m", "he leaves")
    run("edit", "1", "--due", "none", "-m", "he stays")
    lines = ask("history", "1", "--json", "--only", "due")
    assert [(one["old"], one["new"]) for one in lines] == [
        (None, "2026-03-11T08:00:00Z"),
        ("2026-03-11T08:00:00Z", None),
    ]


# ---- the form of `edit` ---------------------------------------------------------------------------------------------


@pytest.fixture
def editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Makes a shell script the editor ($1 is the file); the path where it finds its first copy of the file."""

    def make(script: str) -> Path:
        path = tmp_path / "editor"
        path.write_text(f'#!/bin/sh\ncp "$1" {tmp_path}/seen\n{script}\n')
        path.chmod(path.stat().st_mode | stat.S_IEXEC)
        monkeypatch.setenv("EDITOR", str(path))
        return tmp_path / "seen"

    return make


def kept(home: Path) -> list[str]:
    """The texts that wait to be taken up again."""
    return [one.read_text() for one in (home / ".local/state").rglob("recover/*.txt")]


def test_the_form_shows_the_basics_first_and_takes_changes_F_Q32(
    ask: Ask, editor: Callable[[str], Path]
) -> None:
    seen = editor('sed -i "s/^Priority:.*/Priority: high/; s/^cf.reason:.*/cf.reason: refund/;'
                  ' s/^Tags:.*/Tags: a, b/; s/^(why.*/he cried/" "$1"')  # fmt: skip
    run("edit", "1")
    head = [line.partition(":")[0] for line in seen.read_text().splitlines()[:8]]
    assert head == [
        "Ticket", "Response-Id", "E-Mail", "Source-Segment", "Current-Segment", "Current-Owner",
        "Date", "Customer-Comment",
    ]  # fmt: skip
    one = show(ask)
    assert (one["priority"], one["tags"], one["fields"]) == (
        "high",
        ["a", "b"],
        {"reason": "refund"},
    )
    assert {
        line["comment"] for line in ask("history", "1", "--json", "--only", "priority,tags")
    } == {"he cried"}


def test_a_line_that_only_tells_cannot_be_changed_F_Q32(
    ask: Ask, editor: Callable[[str], Path], capsys: pytest.CaptureFixture[str], home: Path
) -> None:
    editor('sed -i "s/^E-Mail:.*/E-Mail: eve@x.example/; s/^Priority:.*/Priority: high/" "$1"')
    version = show(ask)["version"]
    run("edit", "1", code=6)
    assert "E-Mail cannot be changed here" in capsys.readouterr().err
    assert show(ask)["version"] == version and "Priority: high" in kept(home)[0]


def test_a_form_without_a_reason_or_a_change_changes_nothing_F_Q35(
    ask: Ask, editor: Callable[[str], Path], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor('sed -i "s/^Priority:.*/Priority: high/" "$1"')
    run("edit", "1", code=6)
    monkeypatch.setenv("TICKETCTL_NOW", "2026-03-09T08:00:01Z")
    editor("")
    run("edit", "1", code=6)
    assert show(ask)["priority"] == "medium" and len(kept(home)) == 1


def test_what_was_written_while_a_colleague_acted_is_kept_and_taken_up_again_F_R27(
    ask: Ask, editor: Callable[[str], Path], capsys: pytest.CaptureFixture[str], home: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    meddle = f"EDITOR= {sys.executable} -m ticketctl --as ben edit 1 --type fault -m x >/dev/null"
    editor(f'{meddle}\nsed -i "s/^Subject:.*/Subject: Fire/; s/^(why.*/it burns/" "$1"')
    run("edit", "1", code=5)
    said = capsys.readouterr().err
    assert "Ben changed type 0 s ago" in said and "--recover` continues with it" in said
    assert kept(home) == ["Subject: Fire\n\nit burns\n"]
    seen = editor("")
    run("edit", "1", "--recover")
    assert "Subject: Fire" in seen.read_text() and "Type: fault" in seen.read_text()
    assert (show(ask)["subject"], show(ask)["type"], kept(home)) == ("Fire", "fault", [])


def test_a_reply_written_while_a_colleague_replied_is_kept_F_R27(
    ask: Ask, editor: Callable[[str], Path], capsys: pytest.CaptureFixture[str], home: Path
) -> None:
    meddle = f"EDITOR= {sys.executable} -m ticketctl --as ben reply 1 -m Quick >/dev/null"
    editor(f'{meddle}\nsed -i "1s/^/Slow/" "$1"')
    run("reply", "1", "-e", code=5)
    assert "Ben replied 0 s ago" in capsys.readouterr().err and kept(home) == ["Slow\n"]
    editor("")
    run("reply", "1", "--recover")
    said = [one["text"] for one in show(ask)["messages"] if one["direction"] == "out"]
    assert said == ["Quick", "Slow"]
