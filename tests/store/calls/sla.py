"""Calls of `ticketctl/store/sla`."""

from datetime import timedelta

from msgspec.structs import replace

from tests.store.calls.given import ANA, AT, LATER, Given
from ticketctl.domain.sla.outcome import Outcome
from ticketctl.domain.sla.sla_clock import Clock, Moment
from ticketctl.store.sla import clock_rows, due, events, expiry, outcome_rows
from ticketctl.store.tickets import events as history
from ticketctl.store.tickets import tickets


def call_clocks(given: Given) -> None:
    tx = given.tx
    one = Clock(
        kind="first", cycle=1, policy="gold", policy_version=1, calendar="", target=3600, started_at=AT,
        segment="support", owner=None, priority="high", due_at=LATER, warn_at=AT, next_at=LATER,
    )  # fmt: skip
    ran = replace(
        one, kind="next", runs=((AT, LATER),), ends=((LATER, None),), owner="ana", next_at=None
    )
    clock_rows.save(tx, given.two, (), (one, ran))
    assert clock_rows.of(tx, given.two) == (one, ran)
    clock_rows.save(tx, given.two, (one, ran), (replace(one, due_at=None), ran))
    assert clock_rows.uncomputable(tx) == [given.two]
    assert clock_rows.due(tx, LATER) == [given.two]
    assert clock_rows.due(tx, AT) == []
    assert (due.waits(tx, LATER), due.waits(tx, AT)) == (True, False)
    moment = Moment(kind="level", level="due+4h", at=AT, fires=AT)
    level = events.event(given.two, one, moment, AT)
    assert (events.add(tx, level), events.add(tx, level)) == (level, None)
    assert events.untold(tx, given.two) == events.of(tx, given.two) == [level]
    assert (events.mark_told(tx, level, AT), events.mark_told(tx, level, AT)) == (True, False)
    assert (events.untold(tx, given.two), events.of(tx, given.two)[0].told_at) == ([], AT)
    clock_rows.save(tx, given.two, (one, ran), (ran,))
    assert (clock_rows.of(tx, given.two), events.of(tx, given.two)) == ((ran,), [])


def call_outcomes(given: Given) -> None:
    tx = given.tx
    met = Outcome(
        kind="first", cycle=1, outcome="met", at=AT, owner=None, segment="support", priority="low", policy="gold",
        policy_version=1, calendar="", target=60, used=1, elapsed=1, started_at=AT, due_at=None, at_retarget=False,
        ended_at=AT, answered_by="ana", runs=((AT, LATER),),
    )  # fmt: skip
    outcome_rows.save(tx, given.two, (), (met,))
    assert outcome_rows.of(tx, given.two) == (met,)
    outcome_rows.save(tx, given.two, (met,), ())
    assert outcome_rows.of(tx, given.two) == ()


def call_due(given: Given) -> None:
    tx = given.tx
    clock_rows.set_policy(tx, given.two, "gold", 1)
    pressed = replace(tickets.get(tx, given.two), due_at=LATER, warn_at=AT, sla_state="running")
    clock_rows.save_pressing(tx, pressed)
    assert tickets.get(tx, given.two) == pressed
    assert [due.pressing(tx, AT, warned=warned) for warned in (False, True)] == [False, True]
    assert due.pressing(tx, LATER + timedelta(seconds=1), warned=False)
    assert (due.late(tx, AT), due.late(tx, LATER + timedelta(seconds=1))) == (0, 1)
    assert clock_rows.running(tx, 0, 9) == [given.two]
    assert list(expiry.resolved(tx, LATER, 0, 9)) == [given.one]
    assert list(expiry.resolved(tx, AT, 0, 9)) == []
    tickets.change(tx, given.two, at=AT, status="waiting", wait_until=LATER)
    assert list(expiry.waiting(tx, LATER, 0, 9)) == [given.two]
    assert list(expiry.waiting(tx, AT, 0, 9)) == []
    history.append(tx, given.two, at=AT, actor=ANA, type="unassigned", group="h")
    tickets.change(tx, given.two, at=AT, owner=None)
    assert list(expiry.unrouted(tx, 0, 9)) == [given.two]
    assert list(expiry.older_unrouted(tx, "support", given.two + 1, 9)) == [given.two]
    assert list(expiry.older_unrouted(tx, "support", given.two, 9)) == []


CALLS = (call_clocks, call_outcomes, call_due)
