"""Clocks and outcomes across a split and an unmerge: what had ended or breached by then stays, and is counted once.

The next response of `gold` is due in 4 h; in Madrid it is open from nine to six. Times are UTC.
"""

import pytest
from msgspec.structs import replace

from tests.unit.domain.sla.tale import Tale
from tests.unit.domain.sla.worked import at
from ticketctl.domain.sla.advance import AGENT, CUSTOMER, Happening
from ticketctl.domain.sla.outcome import Told, tell
from ticketctl.domain.sla.tellings import Telling


class Retold:
    """A ticket that was answered on the 9th at eight, and the tellings of its history."""

    def __init__(self) -> None:
        self.tale = Tale()
        self.facts = replace(self.tale.facts, answered=True, status="open")
        self.began = Happening(at=at("2026-03-09T08:00"), was=None, now=self.facts)

    def heard(self, when: str, asked: str = "") -> Happening:
        """The customer wrote, or a merge brought a question `asked` then."""
        said, since = ("", at(asked)) if asked else (CUSTOMER, None)
        return Happening(at=at(when), was="open", now=self.facts, said=said, asked=since)

    def answered(self, when: str, owner: str | None = None) -> Happening:
        now = replace(self.facts, owner=owner)
        return Happening(at=at(when), was="open", now=now, said=AGENT, by="ana")

    def told(self, cut: str, before: list[Happening], after: list[Happening]) -> Told:
        """What is told `before` a cut, then `after` it; the happenings after it are those not before the cut."""
        first = 1 + sum(one.at < at(cut) for one in after)
        story = [Telling([self.began, *before], 0, at(cut)), Telling([self.began, *after], first)]
        return tell(story, self.tale.book)


def responses(told: Told) -> list[tuple[int, str, str, bool]]:
    """Cycle, outcome, day and hour, and whether it is over, of the next responses."""
    return [
        (one.cycle, one.outcome, f"{one.at:%dT%H}", one.ended_at is not None)
        for one in told.outcomes
        if one.kind == "next"
    ]


def cycles(told: Told) -> list[tuple[int, str]]:
    return [(one.cycle, one.state) for one in told.clocks if one.kind == "next"]


def test_a_question_that_stays_after_a_split_carries_on_the_breach_that_was_counted() -> None:
    one = Retold()
    first, second = one.heard("2026-03-09T09:00"), one.heard("2026-03-10T09:00")
    answer = one.answered("2026-03-13T09:00")
    told = one.told("2026-03-12T09:00", [first, second], [second, answer])
    assert responses(told) == [(1, "breached", "09T13", True), (1, "late", "13T09", True)]
    assert cycles(told) == [(1, "breached")]


def test_a_question_that_stays_after_an_unmerge_carries_on_the_breach_that_was_counted() -> None:
    one = Retold()
    brought, own = one.heard("2026-03-09T11:00", "2026-03-09T09:00"), one.heard("2026-03-10T09:00")
    told = one.told("2026-03-12T09:00", [brought, own], [own])
    assert responses(told) == [(1, "breached", "09T13", False)]


def test_an_open_cycle_keeps_its_number_when_an_unmerge_takes_the_one_before_it() -> None:
    one = Retold()
    brought, answer = (
        one.heard("2026-03-09T16:00", "2026-03-09T09:00"),
        one.answered("2026-03-09T17:00"),
    )
    own = one.heard("2026-03-10T09:00")
    told = one.told("2026-03-12T09:00", [brought, answer, own], [answer, own])
    assert responses(told) == [
        (1, "breached", "09T16", True), (1, "late", "09T17", True), (2, "breached", "10T13", False),
    ]  # fmt: skip
    again = [answer, own, one.answered("2026-03-12T10:00"), one.heard("2026-03-12T11:00")]
    told = one.told("2026-03-12T09:00", [brought, answer, own], again)
    assert cycles(told) == [(1, "breached"), (2, "breached"), (3, "running")]


def test_a_new_cycle_after_a_gap_takes_no_number_that_is_taken() -> None:
    one = Retold()
    first, answer, second = (
        one.heard("2026-03-09T09:00"), one.answered("2026-03-09T10:00"), one.heard("2026-03-09T11:00"),
    )  # fmt: skip
    third = one.heard("2026-03-12T11:00")
    told = one.told("2026-03-12T09:00", [first, answer, second], [answer, third])
    assert responses(told) == [(1, "met", "09T10", True), (2, "breached", "09T15", True)]
    assert cycles(told) == [(1, "met"), (2, "breached"), (3, "running")]


def test_a_question_whose_answer_was_split_off_waits_again_and_is_decided_anew() -> None:
    one = Retold()
    question, answer = one.heard("2026-03-09T09:00"), one.answered("2026-03-09T10:00")
    end = one.answered("2026-03-13T09:00")
    told = one.told("2026-03-12T09:00", [question, answer], [question])
    late = (1, "breached", "12T09", False)
    assert (responses(told), cycles(told)) == ([(1, "met", "09T10", False), late], [(1, "running")])
    told = one.told("2026-03-12T09:00", [question, answer], [question, end])
    assert responses(told) == [(1, "met", "09T10", False), (1, "breached", "12T09", True)]


def test_a_late_answer_that_was_split_off_leaves_the_question_owed_again() -> None:
    one = Retold()
    question, answer = one.heard("2026-03-09T09:00"), one.answered("2026-03-10T10:00")
    told = one.told("2026-03-12T09:00", [question, answer], [question])
    assert responses(told) == [(1, "breached", "09T13", False), (1, "late", "10T10", True)]
    (breach, _) = (found for found in told.outcomes if found.kind == "next")
    assert breach.ends == ((at("2026-03-10T10:00"), at("2026-03-12T09:00")),)
    again = one.told(
        "2026-03-12T09:00", [question, answer], [question, one.answered("2026-03-13T09:00")]
    )
    assert responses(again) == [(1, "breached", "09T13", True), (1, "late", "10T10", True)]


def test_what_a_split_leaves_overdue_counts_for_the_owner_at_the_split() -> None:
    one = Retold()
    first, answer = one.heard("2026-03-09T09:00"), one.answered("2026-03-09T10:00")
    second = one.heard("2026-03-12T08:30")
    taken = replace(second, at=at("2026-03-12T08:40"), said="", now=replace(one.facts, owner="ben"))
    told = one.told("2026-03-12T09:00", [first, answer, second, taken], [first, second, taken])
    assert responses(told)[1:] == [(2, "breached", "12T09", False)]
    assert told.outcomes[-1].owner == "ben"


def reopened_by_a_merge(merged: str, cut: str, *after: Happening) -> Told:
    """A ticket that nobody answered was closed on the 9th at nine; a merge reopened it and was taken back."""
    facts = Tale().facts
    closed, opened = replace(facts, status="closed"), replace(facts, status="open")
    began = Happening(at=at("2026-03-09T08:00"), was=None, now=facts)
    end = Happening(at=at("2026-03-09T09:00"), was="new", now=closed)
    merge = Happening(at=at(merged), was="closed", now=opened, asked=at(merged))
    return tell(
        [Telling([began, end, merge], 0, at(cut)), Telling([began, end, *after], 2)], Tale().book
    )


@pytest.mark.parametrize("cut", ["2026-03-10T08:30", "2026-03-11T08:30"])
def test_a_ticket_that_only_a_merge_reopened_owes_an_answer_when_the_customer_reopens_it(
    cut: str,
) -> None:
    told = reopened_by_a_merge("2026-03-10T08:00", cut)
    assert [(one.kind, one.active) for one in told.clocks] == [("first", False), ("resolve", False)]
    again = Happening(
        at=at("2026-03-12T08:00"),
        was="closed",
        now=replace(Tale().facts, status="open"),
        said=CUSTOMER,
    )
    told = reopened_by_a_merge("2026-03-10T08:00", cut, again)
    assert [(one.kind, one.cycle, one.active) for one in told.clocks] == [
        ("first", 1, True), ("resolve", 1, True),
    ]  # fmt: skip
    counted = [(one.kind, one.outcome, one.ended_at is None) for one in told.outcomes]
    late = [("first", "breached", True)] if cut > "2026-03-11" else []
    assert counted == [("first", "void", False), ("resolve", "met", True), *late]
