"""What moves the clocks of a ticket: the full story, each kind of clock, and every way a ticket can go."""

import pytest
from msgspec.structs import replace

from tests.unit.domain.sla.tale import GOLD, Tale
from tests.unit.domain.sla.worked import HOUR, at
from ticketctl.domain.definition import definition as d
from ticketctl.domain.sla import sla_clock
from ticketctl.domain.sla.advance import AGENT, CUSTOMER
from ticketctl.domain.sla.pressing import Pressing, pressing


def test_the_full_story() -> None:
    tale = Tale().created("2026-03-09T08:10")
    first, resolve = tale.clock("first"), tale.clock("resolve")
    assert (first.due_at, first.warn_at) == (at("2026-03-09T10:10"), at("2026-03-09T09:40"))
    assert resolve.due_at == at("2026-03-10T15:10")
    assert sla_clock.state(first, at("2026-03-09T09:40")) == sla_clock.WARN
    assert sla_clock.state(first, at("2026-03-09T10:10:01")) == sla_clock.BREACHED

    tale.then("2026-03-09T10:40", AGENT, "ana", status="waiting", owner="ana")
    first, resolve = tale.clock("first"), tale.clock("resolve")
    assert (first.state, first.used, first.breached_at, first.answered_by) == (
        sla_clock.BREACHED, 150 * 60, at("2026-03-09T10:10"), "ana",
    )  # fmt: skip
    assert first.owner is None  # nobody owned it when it was due
    assert (resolve.state, resolve.used, resolve.due_at) == (sla_clock.PAUSED, 150 * 60, None)

    tale.then("2026-03-10T09:00", CUSTOMER, status="open")
    assert tale.clock("next").due_at == at("2026-03-10T13:00")
    assert tale.clock("resolve").due_at == at("2026-03-11T13:30")
    tale.then("2026-03-10T11:00", CUSTOMER)
    assert tale.clock("next").due_at == at("2026-03-10T13:00")
    tale.then("2026-03-10T12:00", AGENT, "ana")
    assert (tale.clock("next").state, tale.clock("next").used) == (sla_clock.MET, 180 * 60)

    tale.then("2026-03-11T10:00", status="resolved")
    assert (tale.clock("resolve").state, tale.clock("resolve").used) == (sla_clock.MET, 750 * 60)
    assert tale.states() == ["first 1 breached", "resolve 1 met", "next 1 met"]


# ---- responses ------------------------------------------------------------------------------------------------------


def test_a_ticket_opened_by_an_agent_with_a_public_message_owes_no_first_response() -> None:
    tale = Tale().created("2026-03-09T09:00", answered=True)
    assert tale.states() == ["resolve 1 running"]
    assert tale.then("2026-03-09T10:00", CUSTOMER).states()[1] == "next 1 running"


def test_no_next_response_is_owed_before_the_first() -> None:
    tale = Tale().created("2026-03-09T09:00").then("2026-03-09T10:00", CUSTOMER)
    assert tale.states() == ["first 1 running", "resolve 1 running"]


def test_each_cycle_is_a_clock_and_counts_from_its_oldest_message() -> None:
    tale = Tale().created("2026-03-09T09:00").then("2026-03-09T09:30", AGENT, "ana")
    tale.then("2026-03-10T11:00", CUSTOMER).then("2026-03-10T13:00", CUSTOMER)
    assert tale.clock("next").due_at == at("2026-03-10T15:00")
    tale.then("2026-03-10T14:00", AGENT, "ben").then("2026-03-11T11:00", CUSTOMER)
    assert (tale.clock("next").answered_by, tale.clock("next", 2).state) == (
        "ben",
        sla_clock.RUNNING,
    )


@pytest.mark.parametrize("end", ["resolved", "closed"])
def test_an_end_without_an_answer_leaves_the_response_void(end: str) -> None:
    tale = Tale().created("2026-03-09T09:00").then("2026-03-09T10:00", status=end)
    assert tale.states() == ["first 1 void", "resolve 1 met"]


def test_an_end_with_an_open_cycle_leaves_it_void() -> None:
    tale = Tale().created("2026-03-09T09:00").then("2026-03-09T10:00", AGENT, "ana")
    tale.then("2026-03-09T11:00", CUSTOMER).then("2026-03-09T12:00", status="closed")
    assert tale.states() == ["first 1 met", "resolve 1 met", "next 1 void"]


def test_an_answer_that_ends_the_ticket_meets_both() -> None:
    tale = Tale().created("2026-03-09T09:00").then("2026-03-09T10:00", AGENT, status="resolved")
    assert tale.states() == ["first 1 met", "resolve 1 met"]


def test_a_first_response_that_was_void_is_owed_again_when_the_ticket_reopens() -> None:
    tale = Tale().created("2026-03-09T09:00").then("2026-03-09T10:00", status="closed")
    tale.then("2026-03-10T09:00", CUSTOMER, status="open")
    assert tale.states() == ["first 1 running", "resolve 1 running"]
    assert tale.clock("first").due_at == at("2026-03-10T10:00")


# ---- resolution -----------------------------------------------------------------------------------------------------


def reopened(how: str) -> Tale:
    """Resolved after 6 of 18 hours on Monday, reopened on Tuesday at four."""
    sla = replace(GOLD, reopen=how, targets={"default": d.Target(resolve=18 * HOUR)})
    tale = Tale(sla).created("2026-03-09T08:00").then("2026-03-09T14:00", status="resolved")
    return tale.then("2026-03-10T15:00", status="open")


def test_reopening_resumes_with_what_is_left() -> None:
    clock = reopened("resume").clock("resolve")
    assert (clock.used, clock.due_at, clock.stopped_at) == (6 * HOUR, at("2026-03-12T09:00"), None)


def test_reopening_may_restart_with_a_fresh_target() -> None:
    tale = reopened("restart")
    assert tale.states() == ["resolve 1 met", "resolve 2 running"]
    assert tale.clock("resolve", 2).due_at == at("2026-03-12T15:00")


def test_reopening_may_change_nothing() -> None:
    tale = reopened("ignore").then("2026-03-11T15:00", priority="high")
    assert tale.states() == ["resolve 1 met"]


def test_resolved_then_closed_is_one_end() -> None:
    tale = Tale().created("2026-03-09T08:00").then("2026-03-09T14:00", status="resolved")
    before = tale.clocks
    assert tale.then("2026-03-23T14:00", status="closed").clocks == before


def test_a_breach_survives_a_reopening() -> None:
    tale = Tale().created("2026-03-09T08:00").then("2026-03-12T14:00", status="resolved")
    clock = tale.then("2026-03-12T15:00", status="open").clock("resolve")
    assert sla_clock.state(clock, at("2026-03-12T15:00")) == sla_clock.BREACHED
    assert clock.due_at == at("2026-03-10T15:00")


def test_each_clock_may_have_its_own_pauses() -> None:
    tale = Tale(replace(GOLD, pause={"first": ("escalated",)}))
    tale.created("2026-03-09T09:00").then("2026-03-09T09:30", status="escalated")
    assert tale.states() == ["first 1 paused", "resolve 1 running"]
    assert tale.then("2026-03-09T10:30", status="open").clock("first").due_at == at("2026-03-09T12:00")  # fmt: skip


def test_a_ticket_made_waiting_starts_paused() -> None:
    clock = Tale().created("2026-03-09T09:00", status="waiting").clock("resolve")
    assert (clock.state, clock.used, clock.runs) == (sla_clock.PAUSED, 0, ())


# ---- spam, merged, assigned -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("away", ["spam", "merged"])
def test_spam_and_merged_tickets_void_what_runs_and_the_way_back_runs_on(away: str) -> None:
    tale = Tale().created("2026-03-09T09:00").then("2026-03-09T10:00", AGENT)
    tale.then("2026-03-09T11:00", CUSTOMER).then("2026-03-09T12:00", status=away)
    assert tale.states() == ["first 1 met", "resolve 1 void", "next 1 void"]
    tale.then("2026-03-10T09:00", status="open")
    assert tale.states() == ["first 1 met", "resolve 1 running", "next 1 running"]
    assert tale.clock("next").due_at == at("2026-03-10T12:00")


def test_spam_has_no_clocks_until_it_turns_out_to_be_none() -> None:
    tale = Tale().created("2026-03-09T09:00", status="spam").then("2026-03-09T10:00", CUSTOMER)
    assert tale.states() == []
    tale.then("2026-03-09T12:00", status="open")
    assert tale.clock("first").started_at == at("2026-03-09T12:00")


def test_an_assignment_is_met_by_an_owner() -> None:
    sla = replace(GOLD, targets={"default": d.Target(assign=HOUR)})
    tale = Tale(sla).created("2026-03-09T09:00").then("2026-03-09T09:30", owner="ana")
    clock = tale.clock("assign")
    assert (clock.state, clock.used, clock.owner) == (sla_clock.MET, HOUR // 2, "ana")
    assert tale.then("2026-03-09T11:00", owner=None).states() == ["assign 1 met"]
    assert Tale(sla).created("2026-03-09T09:00", owner="ana").states() == []


# ---- other targets --------------------------------------------------------------------------------------------------


def test_a_priority_raised_has_its_target_from_the_start() -> None:
    tale = Tale().created("2026-03-09T08:00").then("2026-03-09T08:30", priority="critical")
    assert tale.clock("first").due_at == at("2026-03-09T09:00")
    assert tale.clock("resolve").due_at == at("2026-03-09T12:00")


def test_a_clock_that_breached_keeps_its_target() -> None:
    tale = Tale().created("2026-03-09T08:00", priority="critical")
    tale.then("2026-03-09T09:30", priority="low")
    assert sla_clock.state(tale.clock("first"), at("2026-03-09T09:30")) == sla_clock.BREACHED
    assert tale.clock("first").target == HOUR
    assert tale.clock("resolve").target == 16 * HOUR


def test_a_target_that_goes_voids_its_clock_and_one_that_comes_starts_then() -> None:
    silver = replace(GOLD, name="silver", targets={"default": d.Target(first=HOUR, assign=HOUR)})
    tale = Tale(silver=silver).created("2026-03-09T08:00").then("2026-03-09T08:30", policy="silver@1")  # fmt: skip
    assert tale.states() == ["first 1 running", "resolve 1 void", "assign 1 running"]
    assert tale.clock("assign").started_at == at("2026-03-09T08:30")
    tale.then("2026-03-09T09:00", policy=None)
    assert tale.states() == ["first 1 void", "resolve 1 void", "assign 1 void"]
    tale.then("2026-03-09T09:30", policy="gold@1")
    assert tale.states() == ["first 1 running", "resolve 1 running", "assign 1 void"]


def test_a_finished_clock_is_left_alone() -> None:
    tale = Tale().created("2026-03-09T08:00").then("2026-03-09T08:30", AGENT)
    before = tale.clock("first")
    assert tale.then("2026-03-09T09:30", priority="critical").clock("first") == before


# ---- whose clock it is ----------------------------------------------------------------------------------------------


def test_a_breach_is_the_owner_s_and_segment_s_at_the_due_time() -> None:
    tale = Tale().created("2026-03-09T08:00", owner="ana").then("2026-03-09T09:00", owner="ben")
    assert tale.clock("first").owner == "ben"
    tale.then("2026-03-09T11:00", owner="eva", segment="billing")
    assert (tale.clock("first").owner, tale.clock("first").segment) == ("ben", "support")
    assert (tale.clock("resolve").owner, tale.clock("resolve").segment) == ("eva", "billing")


def test_an_end_is_the_owner_s_at_the_end() -> None:
    tale = Tale().created("2026-03-09T08:00", owner="ana").then("2026-03-09T09:00", AGENT, "ben")
    tale.then("2026-03-09T11:00", owner="eva")
    assert (tale.clock("first").owner, tale.clock("first").answered_by) == ("ana", "ben")


# ---- what a list shows ----------------------------------------------------------------------------------------------


def test_the_most_pressing_clock_is_the_one_due_first() -> None:
    tale = Tale().created("2026-03-09T08:00")
    assert pressing(tale.clocks, None) == Pressing(
        at("2026-03-09T10:00"), "first", at("2026-03-09T09:30"), sla_clock.RUNNING
    )
    by_hand = at("2026-03-09T09:00")
    assert pressing(tale.clocks, by_hand) == Pressing(by_hand, "manual", None, sla_clock.RUNNING)
    tale.then("2026-03-09T09:00", AGENT, status="waiting")
    assert pressing(tale.clocks, None) == Pressing(None, "resolve", None, sla_clock.PAUSED)
    tale.then("2026-03-09T10:00", status="resolved")
    assert pressing(tale.clocks, None) == Pressing(sla_state=sla_clock.MET)
    assert pressing((), None) == Pressing()


def test_a_late_clock_presses_even_while_it_is_paused() -> None:
    tale = Tale().created("2026-03-09T08:00").then("2026-03-09T08:30", AGENT)
    tale.then("2026-03-11T08:00", status="waiting")
    assert pressing(tale.clocks, None).sla_state == sla_clock.BREACHED
    tale.then("2026-03-11T09:00", status="closed")
    assert pressing(tale.clocks, None) == Pressing(sla_state=sla_clock.BREACHED)
