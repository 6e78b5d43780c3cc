"""How clocks turn out: each target is decided at one instant, and anew only if its clock runs again after it was met.

Targets of `gold`, in Madrid from nine to six: first response 2 h, next 4 h, resolution 16 h. Times are UTC.
"""

import random
from datetime import timedelta

import pytest
from msgspec.structs import replace

from tests.unit.domain.sla.tale import GOLD, Tale
from tests.unit.domain.sla.worked import HOUR, at
from ticketctl.domain.definition import definition as d
from ticketctl.domain.sla import sla_clock
from ticketctl.domain.sla.advance import AGENT, CUSTOMER, Happening
from ticketctl.domain.sla.outcome import Outcome, tell
from ticketctl.domain.sla.tellings import Telling

SHORT = replace(GOLD, targets={"default": d.Target(resolve=4 * HOUR)})


def test_a_response_in_time_is_met_when_it_comes() -> None:
    tale = Tale().created("2026-03-09T09:00", owner="ana").then("2026-03-09T10:00", AGENT, "ben")
    assert tale.told() == ["first 1 met 2026-03-09T10:00"]
    met = tale.outcome("first", "met")
    assert (met.owner, met.answered_by, met.used, met.priority) == ("ana", "ben", HOUR, "medium")


def test_a_late_response_is_a_breach_when_it_was_due_and_a_response_when_it_comes() -> None:
    tale = Tale().created("2026-03-09T09:00", owner="ana")
    tale.then("2026-03-09T10:30", owner="ben", priority="high")
    tale.then("2026-03-09T12:00", AGENT, "eva", owner="eva", segment="billing")
    assert tale.told() == ["first 1 breached 2026-03-09T11:00", "first 1 late 2026-03-09T12:00"]
    breached, late = (tale.outcome("first", word) for word in ("breached", "late"))
    assert (breached.owner, breached.segment, breached.priority) == ("ben", "support", "high")
    assert (breached.ended_at, breached.answered_by) == (at("2026-03-09T12:00"), None)
    assert (late.answered_by, late.segment, late.used) == ("eva", "billing", 3 * HOUR)


@pytest.mark.parametrize("end", ["closed", "resolved"])
def test_closing_late_leaves_a_breach_a_breach(end: str) -> None:
    tale = Tale().created("2026-03-09T09:00").then("2026-03-10T09:00", status=end)
    assert tale.told() == ["first 1 breached 2026-03-09T11:00", "resolve 1 met 2026-03-10T09:00"]
    clock = tale.clock("first")
    assert sla_clock.state(clock, at("2026-03-10T09:00")) == sla_clock.BREACHED
    assert [one.kind for one in sla_clock.moments(clock, tale.book("gold@1"))] == [
        "warning",
        "breach",
    ]


def test_closing_in_time_without_an_answer_is_void_and_decided_if_it_is_reopened() -> None:
    tale = Tale().created("2026-03-09T09:00").then("2026-03-09T10:00", status="closed")
    assert tale.told() == ["resolve 1 met 2026-03-09T10:00", "first 1 void 2026-03-09T10:00"][::-1]
    again = tale.then("2026-03-10T09:00", CUSTOMER, status="open")
    assert again.then("2026-03-10T09:30", AGENT, "ana").told()[2:] == [
        "first 1 met 2026-03-10T09:30"
    ]


def test_a_void_response_that_is_owed_again_may_still_be_missed() -> None:
    tale = Tale().created("2026-03-09T09:00").then("2026-03-09T10:00", status="closed")
    tale.then("2026-03-10T09:00", CUSTOMER, status="open").then("2026-03-10T15:00", status="closed")
    assert tale.told()[2:] == [
        "first 1 breached 2026-03-10T10:00",
        "resolve 1 met 2026-03-10T15:00",
    ]


@pytest.mark.parametrize("away", ["spam", "merged"])
def test_what_becomes_void_with_spam_or_a_merge_is_not_counted(away: str) -> None:
    tale = Tale().created("2026-03-09T09:00").then("2026-03-09T10:00", status=away)
    assert tale.told() == []
    tale.then("2026-03-09T11:00", status="open").then("2026-03-09T11:30", AGENT, "ana")
    assert tale.told() == ["first 1 met 2026-03-09T11:30"]


def test_a_resolution_met_and_reopened_is_decided_anew() -> None:
    tale = Tale(SHORT).created("2026-03-09T09:00").then("2026-03-09T10:00", status="resolved")
    tale.then("2026-04-09T09:00", owner="ben", status="open")
    met = tale.outcome("resolve", "met")
    assert (met.owner, met.ended_at) == (None, None)
    assert met.ends == ((at("2026-03-09T10:00"), at("2026-04-09T09:00")),)
    tale.then("2026-04-20T10:00", status="resolved")
    assert tale.told() == ["resolve 1 met 2026-03-09T10:00", "resolve 1 breached 2026-04-09T12:00"]
    assert tale.outcome("resolve", "breached").owner == "ben"
    assert tale.clock("resolve").state == sla_clock.BREACHED


def test_a_fresh_target_after_reopening_is_decided_by_itself() -> None:
    tale = Tale(replace(SHORT, reopen="restart")).created("2026-03-09T09:00")
    tale.then("2026-03-09T10:00", status="resolved").then("2026-04-09T09:00", status="open")
    tale.then("2026-04-20T10:00", status="resolved")
    assert tale.told() == ["resolve 1 met 2026-03-09T10:00", "resolve 2 breached 2026-04-09T13:00"]


def test_a_breach_knows_every_stop_and_resumption() -> None:
    tale = Tale(SHORT).created("2026-03-09T09:00").then("2026-03-09T15:00", status="resolved")
    tale.then("2026-04-09T09:00", status="open").then("2026-04-09T10:00", status="closed")
    (breach,) = tale.counted.values()
    assert (breach.at, breach.ended_at) == (at("2026-03-09T13:00"), at("2026-04-09T10:00"))
    stops = [("2026-03-09T15:00", "2026-04-09T09:00"), ("2026-04-09T10:00", None)]
    assert breach.ends == tuple((at(stop), again and at(again)) for stop, again in stops)


def test_a_raised_priority_breaches_when_it_was_raised() -> None:
    tale = Tale().created("2026-03-09T08:00", owner="ana")
    tale.then("2026-03-09T09:30", priority="critical", owner="ben")
    breach = tale.outcome("first", "breached")
    assert (breach.at, breach.at_retarget, breach.owner) == (at("2026-03-09T09:30"), True, "ben")
    assert breach.priority == "critical"


def test_a_merge_that_brings_an_overdue_question_breaches_when_it_is_merged() -> None:
    tale = Tale().created("2026-03-09T08:00").then("2026-03-09T08:30", AGENT, "ana")
    tale.then("2026-03-20T10:00", asked=at("2026-03-10T08:00"))
    breach = tale.outcome("next", "breached")
    assert (breach.at, breach.due_at) == (at("2026-03-20T10:00"), at("2026-03-10T12:00"))


def test_a_split_that_brings_an_overdue_question_breaches_when_it_is_split() -> None:
    tale = Tale()
    known = at("2026-03-20T10:00")
    tale._put(Happening(at=at("2026-03-09T08:00"), known=known, was=None, now=tale.facts))
    assert tale.told() == [
        "first 1 breached 2026-03-20T10:00",
        "resolve 1 breached 2026-03-20T10:00",
    ]


def test_a_target_withdrawn_in_time_is_void() -> None:
    tale = Tale().created("2026-03-09T08:00").then("2026-03-09T08:30", policy=None)
    assert tale.told() == ["first 1 void 2026-03-09T08:30", "resolve 1 void 2026-03-09T08:30"]


def test_a_breach_stays_that_of_its_owner_when_the_history_is_told_anew() -> None:
    tale = Tale()

    def began(owner: str) -> Happening:
        return Happening(at=at("2026-03-09T08:00"), was=None, now=replace(tale.facts, owner=owner))

    closed = replace(tale.facts, status="closed", owner="ben")
    end = Happening(at=at("2026-03-12T09:00"), was="new", now=closed)
    until = Telling([began("ana")], 0, at("2026-03-10T09:00"))
    told = tell([until, Telling([began("ben"), end], 1)], tale.book)
    assert [(one.kind, one.outcome, one.owner) for one in told.outcomes] == [
        ("first", "breached", "ana"), ("resolve", "breached", "ben"),
    ]  # fmt: skip
    assert [one.owner for one in told.clocks] == ["ana", "ben"]


# ---- any history ----------------------------------------------------------------------------------------------------


def any_tale(chance: random.Random) -> tuple[Tale, list[Happening], list[dict[object, Outcome]]]:
    """A ticket to which anything happens; its happenings, and what was counted after each."""
    tale, story, counted = Tale(replace(GOLD, reopen=chance.choice(("resume", "restart")))), [], []
    when = at("2026-03-09T08:00")
    for n in range(30):
        when += timedelta(minutes=chance.choice((1, 10, 90, 400, 2000)))
        was, facts = tale.facts.status, tale.facts
        said = chance.choice(("", "", CUSTOMER, AGENT))
        statuses = ("new", "open", "open", "waiting", "resolved", "closed", "spam", "merged")
        facts = replace(
            facts,
            status=chance.choice(statuses),
            priority=chance.choice(("low", "medium", "critical")),
            policy=chance.choice(("gold@1", "gold@1", "silver@1", None)),
            owner=chance.choice(("ana", "ben", None)),
            answered=facts.answered or said == AGENT,
        )  # fmt: skip
        tale.facts = facts
        asked = when - timedelta(days=1) if chance.random() < 0.1 else None
        by = "ana" if said == AGENT else None
        one = Happening(at=when, was=was if n else None, now=facts, said=said, by=by, asked=asked)
        story.append(one)
        tale._put(one)
        counted.append(dict(tale.counted))
    return tale, story, counted


@pytest.mark.parametrize("seed", range(60))
def test_what_was_counted_stays_and_no_target_is_decided_twice(seed: int) -> None:
    tale, story, counted = any_tale(random.Random(seed))
    told = tell([Telling(story)], tale.book)
    assert {one.key: one for one in told.outcomes} == tale.counted
    assert told.clocks == tale.clocks
    for n, before in enumerate(counted):
        for key, one in before.items():
            later = tale.counted[key]
            names = (
                "owner",
                "segment",
                "priority",
                "policy",
                "target",
                "due_at",
                "at_retarget",
                "answered_by",
            )
            assert all(getattr(one, name) == getattr(later, name) for name in names)
            known = [end for end in one.ends if end[1]]
            assert list(later.ends[: len(known)]) == known
        new = [
            one for key, one in tale.counted.items() if key not in before and one.outcome != "void"
        ]
        assert all(one.at >= min(story[n].at, one.due_at or one.at) for one in new)
    decided = [
        (one.kind, one.cycle)
        for one in tale.counted.values()
        if one.outcome == "breached" or (one.outcome == "met" and one.ended_at)
    ]
    assert len(decided) == len(set(decided))
