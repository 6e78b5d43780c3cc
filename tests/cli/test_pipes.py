"""A reader that has gone, as of `| head -0`: what changes the desk is done to the end, what only reads ends quietly."""

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ticketctl.cli import main as cli
from ticketctl.store.db.database import Database
from ticketctl.store.tickets import tickets

RULE = """
[[rule]]
name = "quiet"
on = "time"
when = "status:new"
then = ["status:closed"]
"""
MAIL = "From: c{n}@x.example\nTo: support@localhost\nSubject: s\nMessage-ID: <{n}@x.example>\n\nhello\n"
ATTACHED = (
    "From: d@x.example\nTo: support@localhost\nSubject: s\nMessage-ID: <d@x.example>\nMIME-Version: 1.0\n"
    "Content-Type: multipart/mixed; boundary=B\n\n--B\n\nhello\n"
    + "".join(
        f"--B\nContent-Type: text/plain\nContent-Disposition: attachment; filename=f{n}.txt\n\nx\n"
        for n in range(3)
    )
    + "--B--\n"
)


@pytest.fixture(autouse=True)
def _desk(home: Path, sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A desk with three tickets, one of them long overdue."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TICKETCTL_DB", sqlite_url)
    monkeypatch.setenv("TICKETCTL_NOW", "2026-03-09T08:00:00Z")
    for n in range(3):
        delivered(monkeypatch, MAIL.format(n=n))
    monkeypatch.setenv("TICKETCTL_NOW", "2026-03-29T08:00:00Z")


def delivered(monkeypatch: pytest.MonkeyPatch, mail: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(mail.encode())))
    assert cli.run(["gateway", "ingest", "-q"]) == 0


def called(*words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "ticketctl", *words],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout


def unread(*words: str, stderr_too: bool = False) -> tuple[int, str]:
    """The exit code of a command whose output nobody reads, and what it says on stderr."""
    read, write = os.pipe()
    os.close(read)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "ticketctl", *words],
            stdin=subprocess.DEVNULL, stdout=write, stderr=write if stderr_too else subprocess.PIPE, text=True,
            check=False,
        )  # fmt: skip
    finally:
        os.close(write)
    return done.returncode, done.stderr or ""


def statuses(db: Database) -> list[str]:
    with db.read() as tx:
        return [one.status for one in tickets.some(tx, range(1, 10))]


@pytest.mark.parametrize("stderr_too", [False, True])
def test_a_bulk_command_does_every_ticket_and_exits_by_its_own_code(
    sqlite_db: Database, stderr_too: bool
) -> None:
    assert unread("close", "1-4", "-m", "done", stderr_too=stderr_too)[0] == 7
    assert statuses(sqlite_db) == ["closed"] * 3


def test_commands_of_cron_do_their_work(sqlite_db: Database, tmp_path: Path) -> None:
    code, said = unread("sla", "check", "--fail-on", "breach")
    assert (code, said) == (10, "")
    assert called("sla", "check") == ""  # each breach was noted the first time
    (tmp_path / "desk.toml").write_text(RULE)
    assert unread("apply", "-y", "desk.toml")[0] == 0
    assert unread("rule", "run")[0] == 0
    assert statuses(sqlite_db) == ["closed"] * 3
    assert (
        unread(
            "purge",
            "--closed-before",
            "2026-03-29T08:00:01Z",
            "--yes",
            "--now",
            "2026-04-29T08:00:00Z",
        )[0]
        == 0
    )
    assert statuses(sqlite_db) == []  # fmt: skip


def test_every_attachment_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    delivered(monkeypatch, ATTACHED)
    assert unread("attachment", "get", "4", "--all", "files") == (0, "")
    assert sorted(one.name for one in (tmp_path / "files").iterdir()) == [
        "f0.txt",
        "f1.txt",
        "f2.txt",
    ]


def test_what_is_refused_is_refused_by_its_code() -> None:
    assert unread("show", "99", stderr_too=True)[0] == 3
    assert unread("list", "staus:open", stderr_too=True)[0] == 2
    assert unread("list", "--all", "--exit-status")[0] == 2


READING = [
    ("list",),
    ("list", "--json"),
    ("list", "--watch=0.1"),
    ("export", "--format", "csv"),
    ("export", "--format", "xlsx"),
    ("export", "--format", "mbox"),
    ("report", "all", "--format", "csv"),
    ("history", "1"),
    ("show", "1"),
    ("show", "1", "--raw"),
    ("stats",),
    ("help", "query"),
    ("db", "backup", "-"),
]


def test_what_only_reads_ends_quietly() -> None:
    ended = {words: unread(*words) for words in READING}
    assert ended == dict.fromkeys(READING, (0, ""))


def test_a_backup_goes_through_a_pipe_and_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = subprocess.run(
        [sys.executable, "-m", "ticketctl", "db", "backup", "-"], capture_output=True, check=True
    )
    monkeypatch.setenv("TICKETCTL_DB", f"sqlite:///{tmp_path / 'other.db'}")
    subprocess.run(
        [sys.executable, "-m", "ticketctl", "db", "restore", "-"], input=made.stdout, check=True
    )
    assert called("list", "--ids", "--since", "all").split() == ["3", "2", "1"]
