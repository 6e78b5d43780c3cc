"""Completion of --owner within the segment: quick, and never silently empty (F-Q33)."""

import gc
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.shell_completion import ShellComplete

from tests.support.desk import DESK, DeskFixture
from ticketctl.cli import main as cli
from ticketctl.cli.shared import completion, known_names

SUPPORT, BILLING = ["ana", "ben", "eva", "root"], ["ida"]
ALL, ALWAYS = [*SUPPORT[:3], "ida", "root"], ["@me", "none"]


def offered(*words: str) -> list[str]:
    """What may stand next on a line."""
    found = ShellComplete(cli.ticketctl, {}, "ticketctl", "_X").get_completions([*words], "")
    return [one.value for one in found]


@pytest.fixture
def desk(
    home: Path, sqlite_helpdesk: DeskFixture, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> DeskFixture:
    """Support and billing, each with a ticket."""
    monkeypatch.setenv("TICKETCTL_DB", sqlite_url)
    monkeypatch.setenv("TICKETCTL_AGENT", "root")
    monkeypatch.setattr(completion, "FIRST_SECONDS", 20)  # a busy machine is no failure
    sqlite_helpdesk.open()
    sqlite_helpdesk.open(mailbox="billing@help.example")
    return sqlite_helpdesk


@contextmanager
def locked(desk: DeskFixture) -> Iterator[None]:
    """Nobody else gets at the database, as while it is restored."""
    desk.db.dispose()
    gc.collect()  # with it the connections of earlier completions, which in a shell are processes of their own
    other = sqlite3.connect(str(desk.db.url.database), isolation_level=None)
    try:
        other.execute("PRAGMA locking_mode=EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        other.execute("UPDATE meta SET value = value")
        yield
    finally:
        other.close()


NEW = ("new", "--segment", "billing", "--owner")


def test_owners_are_those_of_the_segment_F_Q33(
    desk: DeskFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of --segment, of the tickets on the line, or of the whole desk."""
    monkeypatch.setattr(completion, "SECONDS", 20)
    assert offered(*NEW) == [*BILLING, *ALWAYS]
    assert offered("new", "--segment", "support", "--owner") == [*SUPPORT, *ALWAYS]
    assert offered("edit", "2", "--owner") == [*BILLING, *ALWAYS]
    assert offered("new", "--owner") == [*ALL, *ALWAYS]


def test_a_database_that_answers_nobody_leaves_the_known_names_F_Q33(
    desk: DeskFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the definition said last; for a ticket, whose segment is not known then, all agents."""
    assert offered(*NEW) == [*BILLING, *ALWAYS]
    monkeypatch.setattr(known_names, "FRESH", 0)
    with locked(desk):
        assert offered(*NEW) == [*BILLING, *ALWAYS]
        assert offered("edit", "2", "--owner") == [*ALL, *ALWAYS]
        assert offered("list", "--segment") == ["support", "billing"]
        assert offered("list", "--mailbox") == ["support@help.example", "billing@help.example"]
        assert offered("rule", "test") == ["detractor"]


def test_without_known_names_something_is_offered_F_Q33(
    desk: DeskFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The words that always mean an owner."""
    monkeypatch.setattr(completion, "FIRST_SECONDS", 0.01)
    with locked(desk):
        assert offered(*NEW) == ALWAYS


def test_names_are_kept_for_a_minute_but_not_over_an_apply_F_Q33(
    desk: DeskFixture, home: Path
) -> None:
    """The second TAB asks no database; a new desk.toml counts at once, another desk has its own names."""
    assert offered(*NEW) == [*BILLING, *ALWAYS]
    with locked(desk):
        assert offered(*NEW) == [*BILLING, *ALWAYS]
    file = home / "desk.toml"
    file.write_text(DESK.replace('managers = ["ida"]', 'managers = ["ida", "eva"]'))
    assert cli.run(["apply", "-y", "-q", str(file)]) == 0
    assert offered(*NEW) == ["eva", "ida", *ALWAYS]
    assert offered("--db", "sqlite:////nowhere/desk.db", *NEW) == ALWAYS


def test_the_kept_names_are_private_and_may_be_damaged_F_Q33(desk: DeskFixture, home: Path) -> None:
    """0600; a file that cannot be read is made anew."""
    offered(*NEW)
    (file,) = (home / ".cache" / "ticketctl").iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    assert "desk.db" not in file.read_text() + file.name  # a URL may have a password
    for text in ("", "[]", '{"agents": []}'):
        file.write_text(text)
        assert offered(*NEW) == [*BILLING, *ALWAYS]
