"""One clock: due, warnings, pauses, new targets, and what it says at an instant."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.unit.domain.sla.worked import CALENDARS, DUE, HOUR, HOURS, PAUSES, WARN, at
from ticketctl.domain.calendar import calendar as calendars
from ticketctl.domain.definition import definition as d
from ticketctl.domain.sla import sla_clock
from ticketctl.domain.sla.policy import Policy, choose, pauses, target, threshold


def policy(calendar: str = "madrid", **more: object) -> Policy:
    """A policy on a calendar; its targets are given to the clocks by hand."""
    sla = d.Sla(name="gold", targets={}, calendar=calendar)
    return Policy(replace(sla, **more), 1, HOURS[calendar])


def started(start: str, hours: float, by: Policy) -> sla_clock.Clock:
    seconds = int(hours * HOUR)
    return sla_clock.start(
        "first", 1, by, seconds, at(start), segment="support", owner="ana", priority="medium"
    )


@pytest.mark.parametrize(("row", "name", "start", "hours", "due"), DUE)
def test_a_clock_is_due_when_its_calendar_says(
    row: str, name: str, start: str, hours: int, due: str
) -> None:
    assert started(start, hours, policy(name)).due_at == at(due)


@pytest.mark.parametrize(("row", "name", "start", "hours", "warn", "fires"), WARN)
def test_a_warning_fires_in_open_hours(
    row: str, name: str, start: str, hours: int, warn: str, fires: str
) -> None:
    clock = started(start, hours, policy(name, warn=warn))
    assert clock.warn_at == at(fires)
    assert sla_clock.state(clock, at(fires)) == sla_clock.WARN
    assert sla_clock.state(clock, at(fires) - timedelta(seconds=1)) == sla_clock.OK


@pytest.mark.parametrize(("row", "hours", "turns", "used", "due"), PAUSES)
def test_a_pause_keeps_what_was_used(
    row: str, hours: int, turns: tuple[str, ...], used: int, due: str
) -> None:
    by = policy()
    clock = started(turns[0], hours, by)
    for n, turn in enumerate(turns[1:]):
        clock = (sla_clock.run_on if n % 2 else sla_clock.pause)(clock, by, at(turn))
        if clock.state == sla_clock.PAUSED:
            assert clock.due_at is None
            assert sla_clock.state(clock, at("2027-01-01T00:00")) == sla_clock.PAUSED
    assert (clock.used, clock.due_at) == (used * HOUR, at(due))


def test_from_start_breaches_at_the_change_and_says_so() -> None:
    clock = started("2026-03-09T08:00", 27, policy())
    raised = sla_clock.retarget(clock, policy(), 4 * HOUR, at("2026-03-10T08:00"))
    assert raised.due_at == at("2026-03-09T12:00")
    assert raised.breached_at == at("2026-03-10T08:00")
    assert raised.at_retarget
    assert sla_clock.state(raised, at("2026-03-10T08:00")) == sla_clock.BREACHED


def test_from_change_starts_anew() -> None:
    clock = started("2026-03-09T08:00", 27, policy())
    raised = sla_clock.retarget(
        clock, policy(retarget="from_change"), 4 * HOUR, at("2026-03-10T08:00")
    )
    assert raised.due_at == at("2026-03-10T12:00")
    assert raised.breached_at is None


def test_another_version_of_the_same_policy_does_not_start_a_clock_anew() -> None:
    clock = started("2026-03-09T08:00", 27, policy(retarget="from_change"))
    later = Policy(policy(retarget="from_change").sla, 2, HOURS["madrid"])
    same = sla_clock.retarget(clock, later, 27 * HOUR, at("2026-03-10T08:00"))
    assert same == replace(clock, policy_version=2, next_at=same.next_at)


def test_another_calendar_counts_from_the_start_with_the_pauses() -> None:
    clock = sla_clock.pause(
        started("2026-03-09T08:00", 9, policy()), policy(), at("2026-03-09T10:00")
    )
    clock = sla_clock.run_on(clock, policy(), at("2026-03-09T20:00"))
    clock = sla_clock.retarget(clock, policy("always"), 9 * HOUR, at("2026-03-09T21:00"))
    assert (clock.used, clock.due_at) == (2 * HOUR, at("2026-03-10T03:00"))


# ---- equality, breach, end ------------------------------------------------------------------------------------------


def test_stopping_at_the_due_second_is_in_time_and_a_second_later_is_not() -> None:
    clock = started("2026-03-06T15:30", 4, policy())
    due = at("2026-03-09T10:30")
    for end, result in ((due, sla_clock.MET), (due + timedelta(seconds=1), sla_clock.BREACHED)):
        assert sla_clock.state(clock, end) == (
            sla_clock.WARN if result == sla_clock.MET else sla_clock.BREACHED
        )
        stopped = sla_clock.stop(sla_clock.settle(clock, end), policy(), end, "ana")
        assert (stopped.state, stopped.due_at, stopped.answered_by) == (result, due, "ana")


def test_a_due_time_at_closing_is_missed_by_an_answer_at_night() -> None:
    """No open second passes between the two, and it is late all the same."""
    clock = started("2026-03-06T16:00", 1, policy())
    night = at("2026-03-07T03:00")
    stopped = sla_clock.stop(sla_clock.settle(clock, night), policy(), night)
    assert (stopped.state, stopped.used, stopped.breached_at) == (
        sla_clock.BREACHED,
        HOUR,
        at("2026-03-06T17:00"),
    )


def test_a_pause_in_the_due_second_leaves_nothing_and_is_no_breach() -> None:
    by = policy()
    clock = sla_clock.pause(started("2026-03-06T16:00", 1, by), by, at("2026-03-06T17:00"))
    assert (clock.used, clock.due_at, clock.breached_at) == (HOUR, None, None)
    clock = sla_clock.run_on(clock, by, at("2026-03-09T12:00"))
    assert clock.due_at == at("2026-03-09T12:00")
    assert sla_clock.state(clock, at("2026-03-09T12:00")) != sla_clock.BREACHED


def test_what_breached_stays_breached_through_pause_and_end() -> None:
    by, late = policy(), at("2026-03-09T12:00")
    clock = sla_clock.settle(started("2026-03-06T15:30", 4, by), late)
    clock = sla_clock.pause(clock, by, late)
    assert (sla_clock.state(clock, late), clock.due_at) == (
        sla_clock.BREACHED,
        at("2026-03-09T10:30"),
    )
    assert sla_clock.stop(clock, by, late).state == sla_clock.BREACHED


def test_used_and_paused_are_told_apart() -> None:
    by = policy()
    clock = sla_clock.pause(started("2026-03-09T08:00", 9, by), by, at("2026-03-09T10:00"))
    clock = sla_clock.run_on(clock, by, at("2026-03-09T13:00"))
    later, hours = at("2026-03-09T15:00"), HOURS["madrid"]
    assert (sla_clock.used(clock, hours, later), sla_clock.paused(clock, hours, later)) == (
        4 * HOUR,
        3 * HOUR,
    )


def test_a_clock_whose_calendar_ends_runs_without_a_due_time() -> None:
    once = calendars.compile(replace(CALENDARS["madrid"], hours={}, open=("2026-03-09 10:00-11:00",)))  # fmt: skip
    by = Policy(policy().sla, 1, once)
    clock = started("2026-03-09T08:00", 4, by)
    assert (clock.state, clock.due_at) == (sla_clock.RUNNING, None)
    assert sla_clock.state(clock, at("2027-01-01T00:00")) == sla_clock.OK


# ---- moments --------------------------------------------------------------------------------------------------------

CHAIN = (
    d.Escalation(at="75%", do=("notify:owner",)),
    d.Escalation(at="due", do=("status:escalated",)),
    d.Escalation(at="due+4h", do=("priority:up",)),
)


def told(clock: sla_clock.Clock, by: Policy) -> list[tuple[str, str, datetime]]:
    return [(one.kind, one.level, one.fires) for one in sla_clock.moments(clock, by)]


def test_moments_come_in_order_and_the_breach_a_second_after_the_due_time() -> None:
    by = policy(escalations=CHAIN)
    clock = started("2026-03-06T15:30", 4, by)
    assert told(clock, by) == [
        ("warning", "", at("2026-03-09T09:30")),
        ("level", "75%", at("2026-03-09T09:30")),
        ("breach", "", at("2026-03-09T10:30:01")),
        ("level", "due", at("2026-03-09T10:30:01")),
        ("level", "due+4h", at("2026-03-09T14:30")),
    ]
    assert clock.next_at == at("2026-03-09T09:30")
    assert sla_clock.next_look(clock, by, at("2026-03-09T09:30")) == at("2026-03-09T10:30:01")
    assert sla_clock.next_look(clock, by, at("2026-03-09T14:30")) is None


def test_an_ended_clock_keeps_the_moments_that_came_before_its_end() -> None:
    by, late = policy(escalations=CHAIN), at("2026-03-09T12:00")
    ended = sla_clock.stop(sla_clock.settle(started("2026-03-06T15:30", 4, by), late), by, late)
    assert [one[:2] for one in told(ended, by)] == [
        ("warning", ""), ("level", "75%"), ("breach", ""), ("level", "due"),
    ]  # fmt: skip
    assert told(sla_clock.void(started("2026-03-06T15:30", 4, by), by, late), by) == []


def test_a_moment_that_passed_before_a_pause_keeps_its_time() -> None:
    by = policy(escalations=CHAIN)
    clock = sla_clock.pause(started("2026-03-06T15:30", 4, by), by, at("2026-03-09T10:00"))
    assert told(clock, by)[0] == ("warning", "", at("2026-03-09T09:30"))
    clock = sla_clock.run_on(clock, by, at("2026-03-10T10:00"))
    assert told(clock, by)[0] == ("warning", "", at("2026-03-09T09:30"))
    assert clock.due_at == at("2026-03-10T10:30")


# ---- policies -------------------------------------------------------------------------------------------------------


def test_the_first_policy_that_fits_holds() -> None:
    gold, silver, rest = (
        d.Sla(name=name, targets={}, match=match)
        for name, match in (("gold", "tag:gold"), ("silver", "tag:silver"), ("rest", ""))
    )
    assert choose((gold, silver, rest), lambda sla: "silver" in sla.match) == silver
    assert choose((gold, silver, rest), lambda sla: False) == rest
    assert choose((gold,), lambda sla: False) is None


def test_a_target_is_the_priority_s_and_else_the_default_s() -> None:
    sla = d.Sla(
        name="gold",
        targets={"high": d.Target(first=60), "default": d.Target(first=120, resolve=600)},
    )
    asked = (("high", "first"), ("low", "first"), ("high", "resolve"), ("low", "next"))
    assert [target(sla, *of) for of in asked] == [60, 120, 600, None]


def test_a_list_of_pauses_is_the_resolution_s() -> None:
    sla = d.Sla(name="gold", targets={}, pause=("waiting",))
    assert [*pauses(sla, "resolve"), *pauses(sla, "next")] == ["waiting"]
    each = replace(sla, pause={"next": ("escalated",)})
    assert [*pauses(each, "resolve"), *pauses(each, "next")] == ["escalated"]


@pytest.mark.parametrize(
    ("moment", "seconds"),
    [("75%", 75), ("33%", 33), ("due", 100), ("100%", 100), ("due-30s", 70), ("due-1h", 0), ("due+1m", 160)],
)  # fmt: skip
def test_a_moment_in_seconds_of_the_target(moment: str, seconds: int) -> None:
    assert threshold(moment, 100) == seconds


# ---- always ---------------------------------------------------------------------------------------------------------

instants = st.integers(0, 10 * 86_400).map(lambda n: at("2026-03-20T00:00") + timedelta(seconds=n))


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(HOURS)), st.lists(instants, min_size=3, max_size=3).map(sorted))
def test_a_pause_moves_the_due_time_by_the_open_time_of_the_pause(
    name: str, times: list[datetime]
) -> None:
    by, hours = policy(name), HOURS[name]
    begin, stop, again = times
    seconds = calendars.measure(hours, begin, stop) + 5 * HOUR
    clock = sla_clock.start("first", 1, by, seconds, begin, segment="s", owner=None, priority="low")
    moved = sla_clock.run_on(sla_clock.pause(clock, by, stop), by, again)
    assert clock.due_at is not None and moved.due_at is not None
    shift = calendars.measure(hours, clock.due_at, moved.due_at)
    assert shift == calendars.measure(hours, stop, again)
