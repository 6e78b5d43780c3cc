"""The age colour of a ticket: what is strictly older than the thresholds, whose they are, and by which clock."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from ticketctl import clock
from ticketctl.domain.base.records import Person, Ticket
from ticketctl.domain.calendar.age import alert
from ticketctl.domain.definition.definition import Definition
from ticketctl.domain.loading.load import parse
from ticketctl.errors import Refused

CREATED = clock.parse("2026-03-09T08:00:00Z")  # a Monday

TICKET = Ticket(
    id=1, subject="", status="open", priority="medium", important=False, kind="private", channel="email",
    mailbox="", segment="support", source_segment="support", owner=None, type=None, tags=(),
    customer=Person(1, "", ""), created_at=CREATED, updated_at=CREATED, resolved_at=None, closed_at=None,
    wait_until=None, last_customer_at=None, messages_count=1, comments_count=0, awaiting="agent",
    escalation_level=0, merged_into=None, language=None, fields={}, version=1,
)  # fmt: skip


def colour(desk: Definition, after: str, **changes: Any) -> str:
    """The colour at a time of that Monday or Tuesday."""
    return alert(replace(TICKET, **changes), desk, clock.parse(f"2026-03-{after}Z"))


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("10T02:00:00", "none"),
        ("10T02:00:01", "yellow"),
        ("10T08:00:00", "yellow"),
        ("10T08:00:01", "red"),
    ],
)
def test_yellow_over_18_hours_and_red_over_24_F_C14(at: str, expected: str) -> None:
    assert colour(parse(""), at) == expected


@pytest.mark.parametrize("status", ["resolved", "closed", "spam", "merged"])
def test_what_has_ended_has_no_colour_F_C14(status: str) -> None:
    assert colour(parse(""), "20T08:00:00", status=status) == "none"


def test_the_thresholds_are_the_desks_to_set_F_C15() -> None:
    desk = parse('[alerts]\nyellow = "6h"\nred = "12h"')
    assert colour(desk, "09T15:00:00") == "yellow"
    assert colour(desk, "09T21:00:00") == "red"


SEGMENTS = """
[[segment]]
name = "support"
[[segment]]
name = "vip"
yellow = "1h"
"""


def test_a_segment_may_have_thresholds_of_its_own_F_C15() -> None:
    desk = parse(SEGMENTS + 'red = "2h"')
    assert [colour(desk, "09T10:00:01", segment=name) for name in ("support", "vip")] == [
        "none",
        "red",
    ]
    only_yellow = parse(SEGMENTS)
    assert colour(only_yellow, "09T10:00:01", segment="vip") == "yellow"
    assert colour(only_yellow, "10T08:00:01", segment="vip") == "red"


@pytest.mark.parametrize(
    ("toml", "problem"),
    [
        ('[alerts]\nred = "12h"', "$.alerts.red: 12h is below yellow, 18h"),
        (SEGMENTS + 'red = "30m"', "$.segment[1].red: red, 30m, is below yellow, 1h"),
        (SEGMENTS.replace("1h", "2d"), "$.segment[1].yellow: red, 1d, is below yellow, 2d"),
    ],
)
def test_red_below_yellow_is_refused_F_C15(toml: str, problem: str) -> None:
    with pytest.raises(Refused) as refusal:
        parse(toml)
    assert refusal.value.problems == (problem,)


@pytest.mark.parametrize(
    ("basis", "expected"),
    [("created", "red"), ("last_customer_message", "yellow"), ("updated", "none")],
)
def test_the_age_counts_from_the_basis_F_C15(basis: str, expected: str) -> None:
    now = CREATED + timedelta(days=2)
    said: datetime = now - timedelta(hours=20)
    ticket = replace(TICKET, last_customer_at=said, updated_at=now)
    assert alert(ticket, parse(f'[alerts]\nbasis = "{basis}"'), now) == expected


def test_the_age_may_count_open_hours_alone_F_C15() -> None:
    desk = parse(
        '[alerts]\nyellow = "2h"\nred = "4h"\ncalendar = "day"\n'
        '[[calendar]]\nname = "day"\ntimezone = "UTC"\nhours = { mon = ["09:00-11:00"], tue = ["09:00-17:00"] }'
    )
    assert colour(desk, "09T20:00:00") == "none"
    assert colour(desk, "10T09:00:01") == "yellow"
    assert colour(desk, "10T11:00:01") == "red"
