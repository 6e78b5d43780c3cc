"""What a ticket's conversation shows, as command lines tell it: a test a row of the feature table."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ticketctl.cli import main as cli

DESK = """
[desk]
domain = "help.example"
[[mailbox]]
address = "support@help.example"
[[agent]]
name = "ana"
email = "ana@help.example"
role = "admin"
"""
WALL = "https://wall.example/1"
Ask = Callable[..., Any]


@pytest.fixture(autouse=True)
def desk(home: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A desk where ana is an admin; ticket 1 is Carl's, from a wall."""
    monkeypatch.setenv("TICKETCTL_DB", sqlite_url)
    monkeypatch.setenv("TICKETCTL_AGENT", "ana")
    monkeypatch.setenv("TICKETCTL_NOW", "2026-03-09T08:00:00Z")
    (tmp_path / "desk.toml").write_text(DESK)
    run("apply", "-y", str(tmp_path / "desk.toml"))
    run("new", "--channel", "wall", "--public", "--permalink", WALL, "--customer", "carl@x.example",
        "--subject", "Printer", "--text", "Broken.", "-m", "seen there")  # fmt: skip


def run(*args: str, code: int = 0) -> None:
    assert cli.run(list(args)) == code


@pytest.fixture
def ask(capsys: pytest.CaptureFixture[str]) -> Ask:
    """The JSON that a command line answers."""

    def answer(*args: str) -> Any:
        capsys.readouterr()
        run(*args, "--json")
        return json.loads(capsys.readouterr().out)

    return answer


def deliver(folder: Path, reference: str, body: bytes) -> Path:
    """A mail of Carl's in a Central European encoding, through the pipe."""
    path = folder / "mail.eml"
    head = (
        "From: carl@x.example\nTo: support@help.example\nSubject: Re: [Help #1] Printer\nMessage-ID: <2@x.example>\n"
        f"In-Reply-To: {reference}\nContent-Type: text/plain; charset=iso-8859-2\n"
        "Content-Transfer-Encoding: quoted-printable\n\n"
    )
    path.write_bytes(head.encode() + body)
    run("gateway", "ingest", "--recipient", "support@help.example", str(path))
    return path


def test_an_answer_by_mail_is_decoded_opens_the_ticket_and_is_kept_as_it_came_F_C10(
    ask: Ask, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run("reply", "1", "-m", "Which one?", "--status", "waiting")
    known = ask("show", "1")["messages"][-1]["message_id"]
    sent = deliver(tmp_path, known, b"P=F8=EDli=B9 =BElu=BBou=E8k=FD\n").read_bytes()
    one = ask("show", "1")
    assert (one["status"], one["messages"][-1]["text"]) == ("open", "Příliš žluťoučký")
    run("inbox", "show", "1", "--raw")
    assert capsys.readouterr().out.encode().endswith(sent)


def test_messages_stand_in_time_order_and_comments_apart_F_A1(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    for minute, line in enumerate(
        (("reply", "First."), ("comment", "inside"), ("reply", "Second.")), 1
    ):
        monkeypatch.setenv("TICKETCTL_NOW", f"2026-03-09T08:0{minute}:00Z")
        run(line[0], "1", "-m", line[1])
    one = ask("show", "1")
    assert [(m["direction"], m["author"], m["text"]) for m in one["messages"]] == [
        ("in", "carl@x.example", "Broken."), ("out", "ana", "First."), ("out", "ana", "Second."),
    ]  # fmt: skip
    assert [m["at"] for m in one["messages"]] == sorted(m["at"] for m in one["messages"])
    assert [c["text"] for c in one["comments"]] == ["seen there", "inside"]


def test_each_message_says_whether_everybody_could_read_it_F_A2_F_A7(
    ask: Ask, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    deliver(tmp_path, "<none@x.example>", b"The new one.\n")
    run("show", "1")
    heads = [one for one in capsys.readouterr().out.splitlines() if " message " in one[:12]]
    assert ["public" in one for one in heads] == [True, False] and "private" in heads[1]
    assert ask("show", "1")["kind"] == "mixed"
    run("split", "1", "--message", "2", "-m", "apart")
    assert [one["kind"] for one in ask("list", "--sort", "id")] == ["public", "private"]
    run("undo")
    assert ask("show", "1")["kind"] == "mixed"


def test_a_channel_is_asked_for_F_A6(ask: Ask) -> None:
    run("new", "--channel", "phone", "--customer", "+34600112233", "--subject", "Call", "-m", "x")
    assert [one["id"] for one in ask("list", "--channel", "phone")] == [2]


def test_each_status_shows_and_filters_F_A8(ask: Ask) -> None:
    steps = (("escalate", "escalated"), ("wait", "waiting"), ("resolve", "resolved"),
             ("reopen", "open"), ("close", "closed"), ("spam", "spam"))  # fmt: skip
    assert ask("list", "--status", "new")[0]["status"] == "new"
    for verb, status in steps:
        run(verb, "1", "-m", "x")
        assert [one["status"] for one in ask("list", "--status", status)] == [status]
        assert ask("list", "--status", "new") == []


def test_a_message_among_its_neighbours_and_where_it_was_said_F_A25_F_A26(
    ask: Ask, capsys: pytest.CaptureFixture[str]
) -> None:
    for n in range(2, 10):
        run("reply", "1", "-m", f"Word {n}.")
    shown = ask("context", "1", "7", "-C", "2")
    assert [one["n"] for one in shown] == [5, 6, 7, 8, 9]
    assert [one["n"] for one in shown if one["marked"]] == [7]
    run("context", "1", "1", "--url")
    assert capsys.readouterr().out == f"{WALL}\n"


def test_tickets_of_another_workspace_never_show_F_Q10(
    ask: Ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "config.toml"
    config.write_text(f'[profile.other.db]\nurl = "sqlite:///{tmp_path}/other.db"\n')
    monkeypatch.setenv("TICKETCTL_CONFIG", str(config))
    assert len(ask("list")) == 1
    monkeypatch.delenv("TICKETCTL_DB")
    run("--profile", "other", "db", "init")
    assert ask("--profile", "other", "list") == []


def test_a_default_query_is_used_until_it_is_reset_F_Q14(ask: Ask) -> None:
    run("query", "save", "mine", "owner:@me")
    run("query", "default", "mine")
    assert ask("list") == [] and len(ask("list", "--no-default")) == 1
    run("query", "reset")
    assert len(ask("list")) == 1
