"""Others see who writes to a ticket for as long as the editor is open, and no longer (F-C6)."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from tests.support.desk import DeskFixture
from ticketctl import clock
from ticketctl.cli.shared import collision_guard
from ticketctl.console.context import App
from ticketctl.console.options import GlobalOptions
from ticketctl.store.tickets import changes, writers

PATIENCE = 60.0  # seconds until a test gives up


class Wall:
    """The machine's clock, which a test moves."""

    def __init__(self) -> None:
        self.at = clock.wall()

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def wall(monkeypatch: pytest.MonkeyPatch) -> Wall:
    """The clock of leases, which stands still."""
    found = Wall()
    monkeypatch.setattr(clock, "wall", found)
    return found


def wait_until(holds: Callable[[], bool]) -> None:
    """Wait until something holds."""
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.01)


def who(helpdesk: DeskFixture) -> list[str]:
    """The agents who write at this moment."""
    return [one.agent for one in helpdesk.read(writers.now)]


def test_a_terminal_that_was_killed_writes_no_longer_than_a_minute_F_C6(
    helpdesk: DeskFixture, wall: Wall
) -> None:
    helpdesk.open()
    holder = writers.holder()
    helpdesk.db.write(lambda tx: writers.begin(tx, 1, "reply", "ana", holder))
    assert who(helpdesk) == ["ana"]
    wall.at += timedelta(minutes=1)
    assert who(helpdesk) == []


def test_who_writes_for_hours_is_seen_all_the_time_and_since_when_F_C6(
    helpdesk: DeskFixture, wall: Wall, monkeypatch: pytest.MonkeyPatch
) -> None:
    helpdesk.open()
    monkeypatch.setattr(writers, "RENEWED", 0.01)
    monkeypatch.setenv("TICKETCTL_AGENT", "ana")
    app = App(GlobalOptions())
    app.db = helpdesk.db
    with collision_guard.announced(app, 1, "reply"):
        before = helpdesk.read(changes.version)
        [first] = before.writers
        for _ in range(240):
            wall.at += timedelta(seconds=30)
            wait_until(lambda: bool(who(helpdesk)))
        [last] = helpdesk.read(writers.now)
        assert last == first
        assert helpdesk.read(changes.version) == before  # nobody reads anew because of it
    assert who(helpdesk) == []
