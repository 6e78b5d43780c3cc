"""The service level of a ticket in words (F-A15)."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from ticketctl import clock
from ticketctl.domain.base.records import Person, Ticket
from ticketctl.domain.calendar import sla_word

DUE = clock.parse("2026-03-09T10:10:00Z")
WARN = clock.parse("2026-03-09T09:40:00Z")


def ticket(**columns: Any) -> Ticket:
    values: dict[str, Any] = {
        "id": 1, "subject": "x", "status": "open", "priority": "medium", "important": False, "kind": "private",
        "channel": "email", "mailbox": "", "segment": "", "source_segment": "", "owner": None, "type": None,
        "tags": (), "customer": Person(1, "", ""), "created_at": WARN, "updated_at": WARN, "resolved_at": None,
        "closed_at": None, "wait_until": None, "last_customer_at": None, "messages_count": 0,
        "comments_count": 0, "awaiting": "agent", "escalation_level": 0, "merged_into": None,
        "language": None, "fields": {}, "version": 1,
    }  # fmt: skip
    return Ticket(**values | columns)


def running(at: datetime) -> str:
    return sla_word.word(ticket(sla_state="running", due_at=DUE, warn_at=WARN), at)


@pytest.mark.parametrize(
    ("at", "word"),
    [
        (DUE - timedelta(hours=2, minutes=10), "ok 2h10m"),
        (WARN - timedelta(seconds=1), "ok 0h30m"),
        (WARN, "warn 0h30m"),
        (DUE - timedelta(minutes=20), "warn 0h20m"),
        (DUE, "warn 0h00m"),  # due at this second is in time
        (DUE + timedelta(seconds=1), "breach +0h00m"),
        (DUE + timedelta(hours=1, minutes=5), "breach +1h05m"),
        (DUE - timedelta(hours=95, minutes=59), "ok 95h59m"),
        (DUE - timedelta(days=4, hours=2), "ok 4d02h"),
    ],
)
def test_a_running_clock_says_what_is_left_F_A15(at: datetime, word: str) -> None:
    assert running(at) == word


@pytest.mark.parametrize(
    ("left", "word"),
    [
        (timedelta(hours=9, minutes=59), "ok 9h59m"),
        (timedelta(hours=10), "ok 10h"),
        (timedelta(hours=95, minutes=59), "ok 95h"),
        (timedelta(days=4, hours=2), "ok 4d"),
        (-timedelta(hours=16, minutes=1), "breach +16h"),
        (-timedelta(hours=1, minutes=5), "breach +1h05m"),
    ],
)
def test_where_there_is_little_room_long_times_are_rounded_down_F_A15(
    left: timedelta, word: str
) -> None:
    one = ticket(sla_state="running", due_at=DUE, warn_at=WARN)
    assert sla_word.word(one, DUE - left, short=True) == word


@pytest.mark.parametrize(
    ("state", "word"), [("paused", "paused"), ("met", "met"), ("breached", "breach"), (None, "-")]
)
def test_a_clock_that_stands_says_how_F_A15(state: str | None, word: str) -> None:
    assert sla_word.word(ticket(sla_state=state), DUE) == word
    assert sla_word.state(ticket(sla_state=state), DUE) == (word if state else None)


def test_a_time_given_by_hand_needs_no_policy() -> None:
    assert sla_word.word(ticket(due_at=DUE), DUE - timedelta(hours=1)) == "ok 1h00m"
