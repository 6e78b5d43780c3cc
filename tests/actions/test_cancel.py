"""`outbox cancel`: a mail that is called off counts nowhere, and its ticket is as it was before."""

from datetime import timedelta
from typing import Any

import pytest

from tests.support.desk import DESK, DeskFixture
from ticketctl.actions.base.context import begin
from ticketctl.actions.customers import erase
from ticketctl.actions.jobs import surveys as survey
from ticketctl.actions.tickets.close import close
from ticketctl.actions.tickets.escalate import escalate
from ticketctl.actions.tickets.merge import merge
from ticketctl.actions.tickets.receive_mail import customer_message
from ticketctl.actions.tickets.reply import Extras, reply
from ticketctl.actions.tickets.resolve import resolve
from ticketctl.actions.tickets.split import split
from ticketctl.actions.tickets.wait import wait
from ticketctl.actions.undo.cancel import cancel
from ticketctl.actions.undo.undo import undo
from ticketctl.clock import rfc3339
from ticketctl.domain.base.records import Actor
from ticketctl.domain.sla.sla_clock import Clock
from ticketctl.errors import Conflict, Refused
from ticketctl.store.db import integrity
from ticketctl.store.db.core import spliced
from ticketctl.store.desk import surveys
from ticketctl.store.queues import outbox, recipients
from ticketctl.store.sla import clock_rows
from ticketctl.store.tickets import events, search, tickets

SLA = """
[[sla]]
name = "gold"
targets = { default = { first = "4h", next = "2h", resolve = "2d" } }
"""


@pytest.fixture
def timed(helpdesk: DeskFixture) -> DeskFixture:
    """The desk with clocks."""
    helpdesk.apply(DESK + SLA)
    return helpdesk


def call_off(helpdesk: DeskFixture, row: Any, who: str = "ana") -> None:
    helpdesk.db.write(lambda tx: cancel(tx, Actor(who, who), row.id))


def state(helpdesk: DeskFixture, number: int) -> tuple[dict[str, Any], tuple[Clock, ...]]:
    """All of a ticket that must be as it was, with its clocks."""
    one = helpdesk.ticket(number)
    kept = {name: getattr(one, name) for name in one.__struct_fields__}
    for moves in ("version", "updated_at", "messages_count"):
        del kept[moves]
    return kept, helpdesk.read(lambda tx: clock_rows.of(tx, number))


@pytest.mark.parametrize("wish", [None, "open", "waiting", "resolved", "closed"])
@pytest.mark.parametrize("answered_before", [False, True])
def test_cancelling_a_reply_restores_the_ticket_and_its_clocks(
    timed: DeskFixture, wish: str | None, answered_before: bool
) -> None:
    number = timed.open()
    if answered_before:
        timed.do(lambda w: reply(w, number, "First."))
        timed.later(minutes=5)
        again = timed.incoming("It still does not.")
        timed.do(lambda w: customer_message(w, number, again), "gateway")
    before = state(timed, number)
    timed.later(minutes=10)
    how = Extras(status=wish, cc=("dora@customer.example",))
    timed.do(lambda w: reply(w, number, "Try this.", how))
    assert state(timed, number) != before
    call_off(timed, timed.outbox("reply")[-1])
    assert state(timed, number) == before
    assert timed.messages(number)[-1].delivery == "cancelled"
    assert timed.read(lambda tx: tickets.participants(tx, number)) == []


def test_later_changes_by_others_stay(timed: DeskFixture) -> None:
    number = timed.open()
    timed.do(lambda w: reply(w, number, "Try this.", Extras(status="resolved")))
    timed.do(lambda w: close(w, number, comment="done"), "ben")
    call_off(timed, timed.outbox("reply")[-1])
    one = timed.ticket(number)
    assert (one.status, one.awaiting, one.first_reply_at) == ("closed", "nobody", None)
    (first,) = [each for each in state(timed, number)[1] if each.kind == "first"]
    assert (first.state, first.answered_by) == ("void", None)


@pytest.mark.postgres
@pytest.mark.parametrize("verb", [resolve, close])
@pytest.mark.parametrize("said", ["", "It prints again."])
def test_a_cancelled_resolution_mail_counts_as_not_sent(
    timed: DeskFixture, verb: Any, said: str
) -> None:
    number = timed.open()
    timed.do(lambda w: verb(w, number, comment="new drum", reply_text=said))
    call_off(timed, timed.outbox("resolution")[-1])
    one = timed.ticket(number)
    assert one.status in ("resolved", "closed") and one.awaiting == "nobody"
    assert (one.closed_loop_at, one.first_reply_at) == (None, None)


@pytest.mark.postgres
def test_an_expert_whose_dossier_is_called_off_takes_no_part(timed: DeskFixture) -> None:
    number = timed.open()
    timed.do(lambda w: escalate(w, number, comment="x", to=("lab@partner.example",)))
    call_off(timed, timed.outbox("escalation")[-1])
    assert timed.read(lambda tx: tickets.participants(tx, number)) == []
    assert not timed.read(lambda tx: recipients.was_mailed(tx, number, "lab@partner.example"))


def test_the_rest_of_a_command_can_still_be_undone(timed: DeskFixture) -> None:
    one, other = timed.open(), timed.open(subject="Other")
    before = state(timed, other)
    for number in (one, other):
        timed.do(lambda w, n=number: reply(w, n, "Try this."), group="both")
    call_off(timed, timed.outbox("reply")[0])
    timed.do(undo, group="both")
    assert [row.state for row in timed.outbox("reply")] == ["cancelled", "cancelled"]
    assert state(timed, other) == before
    assert len(timed.events(one, "undone")) == 2  # status and message, once
    with pytest.raises(Conflict, match="already undone"):
        timed.do(undo, group="both")


def test_an_answer_undone_before_has_nothing_to_call_off(timed: DeskFixture) -> None:
    number = timed.open()
    timed.do(lambda w: reply(w, number, "Try this."))
    group = timed.read(lambda tx: events.last_groups(tx, "ana"))[0]
    timed.do(undo, group=group)
    with pytest.raises(Conflict, match="it is cancelled"):
        call_off(timed, timed.outbox("reply")[-1])


def test_a_waiting_ticket_still_waits(timed: DeskFixture) -> None:
    number = timed.open()
    timed.do(lambda w: wait(w, number, until=w.at + timedelta(days=2)))
    before = state(timed, number)
    timed.do(lambda w: reply(w, number, "Any news?"))
    call_off(timed, timed.outbox("reply")[-1])
    assert state(timed, number) == before


@pytest.mark.postgres
def test_a_cancelled_survey_counts_as_not_sent(
    timed: DeskFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    timed.apply(DESK + '[[survey]]\nname = "csat"\ndelay = "0s"\n')
    number = timed.open()
    timed.later(minutes=1)
    timed.do(lambda w: resolve(w, number, comment="x"))
    monkeypatch.setenv("TICKETCTL_NOW", rfc3339(timed.at + timedelta(minutes=1)))
    assert [one.ticket for one in survey.send(timed.db)] == [number]
    assert timed.read(surveys.figures)["csat"].sent == 1
    call_off(timed, timed.outbox("survey")[0])
    assert timed.read(surveys.figures) == {}


@pytest.mark.parametrize("verb", ["reply", "resolve", "escalate"])
def test_mail_to_people_outside_waits_and_undo_stops_it(timed: DeskFixture, verb: str) -> None:
    number = timed.open()
    before = state(timed, number)
    deeds = {
        "reply": lambda w: reply(w, number, "Try this."),
        "resolve": lambda w: resolve(w, number, comment="x"),
        "escalate": lambda w: escalate(w, number, comment="x", to=("lab@partner.example",)),
    }
    kind = {"resolve": "resolution", "escalate": "escalation"}.get(verb, verb)
    timed.do(deeds[verb], delay=30, group="mine")
    (row,) = timed.outbox(kind)
    assert row.next_try_at == timed.at + timedelta(seconds=30)
    timed.do(undo, group="mine")
    assert timed.outbox(kind)[0].state == outbox.CANCELLED
    assert state(timed, number) == before


@pytest.mark.parametrize("way", ["cancel", "undo"])
def test_a_cancelled_reply_is_neither_counted_nor_found(helpdesk: DeskFixture, way: str) -> None:
    number, other = helpdesk.open(), helpdesk.open()
    helpdesk.do(lambda w: reply(w, number, "First words."))
    was = helpdesk.ticket(number)
    helpdesk.do(lambda w: reply(w, number, "Abracadabra."))
    if way == "cancel":
        call_off(helpdesk, helpdesk.outbox("reply")[-1])
    else:
        group = helpdesk.outbox("reply")[-1].group
        helpdesk.db.write(lambda tx: undo(begin(tx, Actor("ana", "ana"), group=group)))
    assert helpdesk.ticket(number).messages_count == was.messages_count
    assert _found(helpdesk, "abracadabra") == []
    assert _found(helpdesk, "words") == [number]
    last = helpdesk.messages(number)[-1]
    assert (last.text, last.delivery) == ("Abracadabra.", "cancelled")
    with pytest.raises(
        Refused, match=f"message {last.n} of ticket {number} was undone or cancelled"
    ):
        helpdesk.do(lambda w: split(w, number, [1, last.n]))
    helpdesk.do(lambda w: reply(w, number, "Again."))
    assert (helpdesk.messages(number)[-1].n, helpdesk.ticket(number).messages_count) == (
        last.n + 1,
        was.messages_count + 1,
    )
    helpdesk.do(lambda w: merge(w, number, other))
    assert _found(helpdesk, "abracadabra") == []
    assert helpdesk.read(lambda tx: list(integrity.faults(tx, full=True))) == []
    helpdesk.do(lambda w: erase.erase(w, was.customer.id), "root")
    assert helpdesk.read(lambda tx: list(integrity.faults(tx, full=True))) == []


def _found(helpdesk: DeskFixture, word: str) -> list[int]:
    query = tickets.SELECT().where(spliced(search.matches((word,))))
    return [one.id for one in helpdesk.read(lambda tx: tickets.rows(tx, query))]
