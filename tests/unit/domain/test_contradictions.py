"""Conditions that no ticket can ever fit."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ticketctl import clock
from ticketctl.domain.base.condition import (
    AllOf,
    AnyOf,
    Condition,
    Not,
    Where,
    either,
    every,
    negation,
)
from ticketctl.domain.query import parser
from ticketctl.domain.query.contradictions import never, never_from

NOW = clock.parse("2026-03-09T08:10:00Z")
MADRID = ZoneInfo("Europe/Madrid")


def read(text: str, now: datetime = NOW) -> Condition:
    return parser.parse(text, now=now, zone=MADRID, me="ana", use=parser.Use.LATER).condition


@pytest.mark.parametrize(
    "text",
    [
        "status:new status:closed",
        "status:new is:ended",
        "is:open is:spam",
        "tag:x -tag:x",
        "owner:ana owner:ben",
        "owner:none -is:unassigned",
        "segment:a -segment:a,b",
        "priority<low",
        "priority:high priority<medium",
        "(status:new OR status:open) status:closed",
        "status:new (tag:a OR tag:b) -(tag:a OR tag:b)",
        "created<2026-01 created>=2026-02",
        "updated<7d age<2h",
        "closed<7d created:2d",
        "-(tag:x OR -tag:x)",
        "channel:email -channel:email",
    ],
)
def test_parts_that_exclude_one_another(text: str) -> None:
    assert never(read(text))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "status:new,open status:open,closed",
        "is:open -status:new",
        "tag:x tag:y",
        "subject:a subject:b",
        "owner:any -owner:ana",
        "priority>low priority<high",
        "updated<7d created<7d",
        "-resolved>=7d -resolved<7d",
        "status:new OR status:closed",
        "due<2h -due:none",
    ],
)
def test_parts_that_go_together(text: str) -> None:
    assert not never(read(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("created<2026-01 age<1d", True),
        ("created>=2027 age>7d", False),
        ("created:2027 age<1d", False),
        ("created:2025 updated<7d", False),
    ],
)
def test_days_that_come_may_make_it_possible(text: str, expected: bool) -> None:
    assert never_from(lambda now: read(text, now), NOW) is expected


# A small world in which every condition can be tried on every ticket.
STATUSES, TAGS, TIMES = ("new", "open", "closed"), ("x", "y"), range(4)
tickets = st.builds(
    lambda status, tags, created, later: {
        "status": status, "tag": tags, "created": created, "updated": created + later,
    },
    st.sampled_from(STATUSES),
    st.sets(st.sampled_from(TAGS)),
    st.sampled_from(TIMES),
    st.sampled_from(TIMES),
)  # fmt: skip
leaves = st.one_of(
    st.builds(lambda word: Where("status", "=", (word,)), st.sampled_from(STATUSES)),
    st.builds(lambda word: Where("tag", "=", (word,)), st.sampled_from(TAGS)),
    st.builds(
        lambda field, op, days: Where(field, op, (NOW + timedelta(days=days),)),
        st.sampled_from(["created", "updated"]),
        st.sampled_from([">=", "<"]),
        st.sampled_from(TIMES),
    ),
)
trees = st.recursive(
    leaves,
    lambda inner: st.one_of(
        inner.map(negation),
        st.lists(inner, min_size=1, max_size=3).map(every),
        st.lists(inner, min_size=1, max_size=3).map(either),
    ),
    max_leaves=8,
)


def fits(ticket: dict[str, object], condition: Condition) -> bool:
    match condition:
        case AllOf(parts):
            return all(fits(ticket, part) for part in parts)
        case AnyOf(parts):
            return any(fits(ticket, part) for part in parts)
        case Not(part):
            return not fits(ticket, part)
        case Where(field, op, (value,)):
            held = ticket[field]
            if isinstance(value, datetime):
                assert isinstance(held, int)
                at = NOW + timedelta(days=held)
                return at >= value if op == ">=" else at < value
            return value in held if isinstance(held, set) else held == value
    raise AssertionError(condition)


@settings(max_examples=300)
@given(tickets, trees)
def test_what_a_ticket_fits_is_never_called_impossible(
    ticket: dict[str, object], condition: Condition
) -> None:
    if fits(ticket, condition):
        assert not never(condition)
