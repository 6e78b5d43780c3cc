"""The arithmetic a person can follow: day by day, run by run."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from tests.unit.domain.sla.tale import GOLD, Tale
from tests.unit.domain.sla.worked import CALENDARS, DUE, HOUR, HOURS, at
from ticketctl.domain.calendar import calendar, explain
from ticketctl.domain.sla import explain as clocks
from ticketctl.domain.sla.advance import AGENT, CUSTOMER
from ticketctl.domain.sla.policy import Policy


def test_days_off_are_named_and_weekends_are_one_line() -> None:
    assert explain.adding(HOURS["madrid"], at("2026-12-04T16:00"), 16 * HOUR) == [
        "Fri  4 Dec 2026  17:00-18:00      1h  15h left",
        "Sat  5 Dec 2026  closed until Sun 6 Dec 2026",
        "Mon  7 Dec 2026  09:00-18:00      9h  6h left",
        "Tue  8 Dec 2026  closed  (12-08)",
        "Wed  9 Dec 2026  09:00-15:00      6h  0 left",
    ]


def test_a_clock_change_is_named() -> None:
    assert explain.adding(HOURS["always"], at("2026-03-28T19:00"), 12 * HOUR)[1] == (
        "Sun 29 Mar 2026  00:00-09:00      8h  0 left  (the clock goes forward 1h)"
    )
    assert explain.measuring(HOURS["always"], at("2026-10-24T22:00"), at("2026-10-25T23:00")) == [
        "Sun 25 Oct 2026  00:00-24:00     25h  25h in all  (the clock goes back 1h)"
    ]


def test_closed_time_is_told_from_when_until_when() -> None:
    start, end = at("2026-03-09T17:00"), at("2026-03-10T08:00")
    assert explain.measuring(HOURS["madrid"], start, end) == [
        "Mon  9 Mar 2026  closed from 18:00 until Tue 10 Mar 2026 09:00"
    ]
    assert explain.measuring(HOURS["madrid"], start, start) == []


@pytest.mark.parametrize(("row", "name", "start", "hours", "due"), DUE)
def test_the_last_line_ends_at_the_due_time(
    row: str, name: str, start: str, hours: int, due: str
) -> None:
    last = explain.adding(HOURS[name], at(start), hours * HOUR)[-1]
    there = at(due).astimezone(ZoneInfo(CALENDARS[name].timezone))
    assert f"-{there:%H:%M} " in last
    assert " 0 left" in last


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0"), (59, "59s"), (3_600, "1h"), (48_600, "13h30m"), (90_061, "25h1m1s")],
)
def test_lengths_are_in_hours(seconds: int, words: str) -> None:
    assert explain.length(seconds) == words


def lines(tale: Tale, kind: str, now: datetime) -> list[str]:
    return clocks.clock(tale.clock(kind), HOURS["madrid"], now)


def test_the_resolution_of_the_full_story_run_by_run() -> None:
    tale = Tale().created("2026-03-09T08:10").then("2026-03-09T10:40", AGENT, status="waiting")
    now = at("2026-03-10T09:00")
    assert lines(tale, "resolve", now)[1:] == [
        "ran Mon 9 Mar 2026 09:10 until Mon 9 Mar 2026 11:40:",
        "  Mon  9 Mar 2026  09:10-11:40   2h30m  2h30m in all",
        "used 2h30m, 13h30m left",
    ]
    tale.then("2026-03-10T09:00", CUSTOMER, status="open")
    assert lines(tale, "resolve", now)[3:] == [
        "runs since Tue 10 Mar 2026 10:00, 13h30m left:",
        "  Tue 10 Mar 2026  10:00-18:00      8h  5h30m left",
        "  Wed 11 Mar 2026  09:00-14:30   5h30m  0 left",
        "due Wed 11 Mar 2026 14:30",
        "used 2h30m, 13h30m left",
    ]
    assert lines(tale, "resolve", at("2026-03-10T11:30"))[7:] == [
        "ran Tue 10 Mar 2026 10:00 until now:",
        "  Tue 10 Mar 2026  10:00-12:30   2h30m  2h30m in all",
        "used 5h, 11h left",
    ]
    assert lines(tale, "first", now) == [
        "target 2h, calendar madrid (Europe/Madrid)",
        "ran Mon 9 Mar 2026 09:10 until Mon 9 Mar 2026 11:40:",
        "  Mon  9 Mar 2026  09:10-11:40   2h30m  2h30m in all",
        "used 2h30m, 30m over",
    ]


def test_a_clock_that_cannot_be_computed_says_why() -> None:
    once = calendar.compile(replace(CALENDARS["madrid"], hours={}, open=("2026-03-09 10:00-11:00",)))  # fmt: skip
    policy = Policy(GOLD, 1, once)
    tale = Tale()
    tale.book = lambda reference: policy  # type: ignore[method-assign]
    clock = tale.created("2026-03-09T08:10").clock("first")
    assert clocks.clock(clock, once, clock.started_at + timedelta(hours=1))[2:] == [
        '  no due time: the calendar "madrid" has no opening hours after that.',
        "ran Mon 9 Mar 2026 09:10 until now:",
        "  Mon  9 Mar 2026  10:00-10:10     10m  10m in all",
        "used 10m, 1h50m left",
    ]
