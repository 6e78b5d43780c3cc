"""Undo: a reply within its delay, and changes that nobody changed since."""

from datetime import UTC
from functools import partial
from typing import Any

import pytest

from tests.support.desk import DeskFixture
from ticketctl.actions.tickets.assign import assign, take
from ticketctl.actions.tickets.close import close
from ticketctl.actions.tickets.comment import comment
from ticketctl.actions.tickets.edit import TicketChanges, edit
from ticketctl.actions.tickets.escalate import escalate
from ticketctl.actions.tickets.receive_mail import customer_message
from ticketctl.actions.tickets.reply import Extras, reply
from ticketctl.actions.tickets.resolve import resolve
from ticketctl.actions.undo.undo import undo
from ticketctl.domain.query.parser import parse
from ticketctl.errors import Conflict, NotFound, Refused
from ticketctl.store.queues import outbox, sending
from ticketctl.store.tickets import events, ticket_lists, tickets

CARL = "carl@customer.example"


def take_back(helpdesk: DeskFixture, who: str = "ana") -> None:
    """Undo the agent's last invocation."""
    group = helpdesk.read(lambda tx: events.last_groups(tx, who))[0]
    helpdesk.do(undo, who, group=group)


def answer(helpdesk: DeskFixture, number: int, who: str = "ana", **extras: Any) -> None:
    helpdesk.do(lambda w: reply(w, number, "Try this.", Extras(**extras)), who, delay=30)


def plain(helpdesk: DeskFixture, number: int) -> dict[str, Any]:
    """All of a ticket that undo puts back."""
    one = helpdesk.ticket(number)
    kept = {name: getattr(one, name) for name in one.__struct_fields__}
    for moves in ("version", "updated_at", "messages_count"):
        del kept[moves]
    return kept


@pytest.mark.parametrize("wish", [None, "waiting", "resolved", "closed"])
def test_a_reply_within_its_delay_is_undone_L22(helpdesk: DeskFixture, wish: str | None) -> None:
    number = helpdesk.open()
    before = plain(helpdesk, number)
    answer(helpdesk, number, status=wish)
    take_back(helpdesk)
    assert [row.state for row in helpdesk.outbox("reply")] == ["cancelled"]
    assert helpdesk.messages(number)[-1].delivery == "cancelled"
    assert plain(helpdesk, number) == before
    undone = [(e.field, e.old, e.new) for e in helpdesk.events(number, "undone")]
    assert undone[-1] == ("message", 2, 2)
    assert all(
        e.group == helpdesk.events(number)[-1].group for e in helpdesk.events(number, "undone")
    )


@pytest.mark.parametrize("verb", [resolve, close])
def test_undoing_a_close_undoes_its_message(helpdesk: DeskFixture, verb: Any) -> None:
    number = helpdesk.open()
    before = plain(helpdesk, number)
    helpdesk.do(lambda w: verb(w, number, comment="new drum", reply_text="It prints again."))
    take_back(helpdesk)
    assert [row.state for row in helpdesk.outbox("resolution")] == ["cancelled"]
    assert helpdesk.messages(number)[-1].delivery == "cancelled"
    assert plain(helpdesk, number) == before


def test_a_reply_that_was_sent_cannot_be_undone(helpdesk: DeskFixture) -> None:
    number = helpdesk.open()
    answer(helpdesk, number, status="waiting", cc=("dora@customer.example",))
    (row,) = helpdesk.outbox("reply")

    def sent(work: Any) -> None:
        first, *_ = outbox.deliveries(work.tx, row.id)
        outbox.settle_delivery(work.tx, first.id, "sent", "250 OK", helpdesk.at)

    helpdesk.do(sent)
    with pytest.raises(Conflict, match=f"the reply to {CARL}, dora@customer.example was sent"):
        take_back(helpdesk)
    assert helpdesk.ticket(number).status == "waiting"
    assert helpdesk.events(number, "undone") == []


def test_a_reply_in_the_senders_hand_cannot_be_undone(
    helpdesk: DeskFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = helpdesk.open()
    helpdesk.do(lambda w: reply(w, number, "Try this."))
    claim = partial(sending.claim, holder="x", lease_seconds=60)
    claimed = helpdesk.do(lambda w: list(iter(lambda: claim(w.tx), None)))
    assert "reply" in {one.row.kind for one in claimed}
    with pytest.raises(Conflict, match="may be on its way"):
        take_back(helpdesk)


def test_an_answer_after_an_undone_one_is_the_first_and_names_no_mail_nobody_got(
    helpdesk: DeskFixture,
) -> None:
    number = helpdesk.open(message_id="<m1@customer.example>")
    answer(helpdesk, number)
    withdrawn = helpdesk.outbox("reply")[0].message_id
    take_back(helpdesk)
    helpdesk.later(hours=1)
    answer(helpdesk, number)
    assert helpdesk.ticket(number).first_reply_at == helpdesk.at
    assert withdrawn not in helpdesk.outbox("reply")[-1].references


def test_a_cc_of_an_undone_reply_gets_no_later_reply(helpdesk: DeskFixture) -> None:
    number = helpdesk.open()
    answer(helpdesk, number, cc=("wrong@elsewhere.example",), bcc=("boss@elsewhere.example",))
    take_back(helpdesk)
    assert helpdesk.read(lambda tx: tickets.participants(tx, number)) == []


def test_the_owner_is_not_notified_of_an_undone_reply(helpdesk: DeskFixture) -> None:
    number = helpdesk.open()
    helpdesk.do(lambda w: take(w, number), "ben")
    answer(helpdesk, number)
    notice = helpdesk.outbox("notification")[-1]
    assert (notice.data["event"], notice.next_try_at) == (
        "reply",
        helpdesk.outbox("reply")[0].next_try_at,
    )
    take_back(helpdesk)
    assert helpdesk.outbox("notification")[-1].state == "cancelled"


@pytest.mark.postgres
def test_what_the_customer_wrote_meanwhile_stays_waiting_for_us(helpdesk: DeskFixture) -> None:
    number = helpdesk.open()
    answer(helpdesk, number)
    mail = helpdesk.incoming("And another thing.")
    helpdesk.do(lambda w: customer_message(w, number, mail), "gateway")
    helpdesk.do(lambda w: edit(w, number, TicketChanges(status="open"), comment="x"), "ben")
    take_back(helpdesk)
    assert (helpdesk.ticket(number).status, helpdesk.ticket(number).awaiting) == ("new", "agent")


@pytest.mark.postgres
def test_fields_go_back_to_what_they_were(helpdesk: DeskFixture) -> None:
    number = helpdesk.open()
    before = plain(helpdesk, number)
    changes = TicketChanges(
        subject="Fire", priority="critical", type="incident", important=True, owner="ben",
        add_tags=("hot",), fields={"reason": "refund"},
    )  # fmt: skip
    helpdesk.do(lambda w: edit(w, number, changes, comment="x"))
    assert plain(helpdesk, number) != before
    take_back(helpdesk)
    assert plain(helpdesk, number) == before


@pytest.mark.postgres
def test_a_closed_ticket_is_as_it_was_resolved(helpdesk: DeskFixture) -> None:
    number = helpdesk.open()
    helpdesk.do(
        lambda w: edit(w, number, TicketChanges(status="resolved"), comment="x"), notify=False
    )
    before = plain(helpdesk, number)
    helpdesk.later(hours=1)
    helpdesk.do(lambda w: close(w, number, comment="x"), notify=False)
    take_back(helpdesk)
    assert plain(helpdesk, number) == before


def test_an_escalation_that_was_not_sent_is_undone(helpdesk: DeskFixture) -> None:
    number = helpdesk.open()
    before = plain(helpdesk, number)
    helpdesk.do(lambda w: escalate(w, number, comment="x", to=("lab@partner.example",)))
    take_back(helpdesk)
    assert plain(helpdesk, number) == before
    assert [row.state for row in helpdesk.outbox("escalation")] == ["cancelled"]
    assert helpdesk.read(lambda tx: tickets.participants(tx, number)) == []


@pytest.mark.postgres
def test_undo_names_later_changes_and_changes_nothing(helpdesk: DeskFixture) -> None:
    number = helpdesk.open()
    changes = TicketChanges(priority="high", subject="Fire")
    helpdesk.do(lambda w: edit(w, number, changes, comment="x"))
    helpdesk.do(lambda w: edit(w, number, TicketChanges(priority="low"), comment="x"), "ben")
    with pytest.raises(Conflict, match="priority was changed by ben 0 s ago, to low"):
        take_back(helpdesk)
    assert (helpdesk.ticket(number).priority, helpdesk.ticket(number).subject) == ("low", "Fire")


def test_nothing_is_undone_twice(helpdesk: DeskFixture) -> None:
    number = helpdesk.open()
    helpdesk.do(lambda w: assign(w, number, "ben", comment="x"))
    take_back(helpdesk)
    with pytest.raises(Conflict, match="already undone"):
        take_back(helpdesk)
    with pytest.raises(NotFound):
        helpdesk.do(undo, group="none")


def test_an_undone_comment_is_gone_and_its_number_with_it(helpdesk: DeskFixture) -> None:
    number = helpdesk.open()
    helpdesk.do(lambda w: comment(w, number, "one"))
    before = plain(helpdesk, number)
    helpdesk.do(lambda w: comment(w, number, "the swordfish password"))
    helpdesk.do(lambda w: comment(w, number, "three"), "ben")
    take_back(helpdesk)
    assert [(c.n, c.text) for c in helpdesk.comments(number)] == [(1, "one"), (3, "three")]
    take_back(helpdesk, "ben")
    assert plain(helpdesk, number) == before
    found = parse("swordfish", now=helpdesk.at, zone=UTC, me=None)
    assert helpdesk.read(lambda tx: ticket_lists.count(tx, found.condition)) == 0
    helpdesk.do(lambda w: comment(w, number, "four"))
    assert [c.n for c in helpdesk.comments(number)] == [1, 4]
    assert [(e.old, e.new) for e in helpdesk.events(number, "undone")] == [(2, 2), (3, 3)]


def test_undo_refuses_what_cannot_be_undone(helpdesk: DeskFixture) -> None:
    number = helpdesk.open()
    (group,) = {e.group for e in helpdesk.events(number)}
    mail = helpdesk.incoming("more")
    helpdesk.do(lambda w: customer_message(w, number, mail), "gateway", group="later")
    with pytest.raises(Refused, match="`message` in its history cannot be undone"):
        helpdesk.do(undo, group="later")
    with pytest.raises(Conflict, match=f"ticket {number} cannot be taken back: Gateway wrote"):
        helpdesk.do(undo, group=group)


def test_all_one_did_is_taken_back_to_the_making_of_the_ticket(helpdesk: DeskFixture) -> None:
    number = helpdesk.open()
    helpdesk.do(lambda w: edit(w, number, TicketChanges(priority="high"), comment="x"))
    helpdesk.do(lambda w: comment(w, number, "hm"))
    for group in reversed(list(dict.fromkeys(one.group for one in helpdesk.events(number)))):
        helpdesk.do(undo, group=group)
    assert helpdesk.ticket(number).status == "spam"


def test_force_puts_back_what_others_changed_since_and_leaves_what_was_sent(
    helpdesk: DeskFixture,
) -> None:
    number = helpdesk.open()
    helpdesk.do(
        lambda w: edit(w, number, TicketChanges(priority="high", subject="Fire"), comment="x")
    )
    mine = helpdesk.events(number)[-1].group
    helpdesk.do(lambda w: edit(w, number, TicketChanges(priority="low"), comment="x"), "ben")
    undone = helpdesk.do(lambda w: undo(w, force=True), group=mine)
    assert (helpdesk.ticket(number).priority, helpdesk.ticket(number).subject) == (
        "medium",
        "Printer is broken",
    )
    assert undone.left == []
    assert ("priority", "low", "medium") in [
        (e.field, e.old, e.new) for e in helpdesk.events(number, "undone")
    ]
    helpdesk.do(lambda w: reply(w, number, "Try this.", Extras(status="waiting")))
    (row,) = helpdesk.outbox("reply")
    first, *_ = helpdesk.read(lambda tx: outbox.deliveries(tx, row.id))
    helpdesk.do(lambda w: outbox.settle_delivery(w.tx, first.id, "sent", "250 OK", helpdesk.at))
    mine = helpdesk.events(number)[-1].group
    undone = helpdesk.do(lambda w: undo(w, force=True), group=mine)
    assert ["the reply to carl@customer.example was sent" in one for one in undone.left] == [True]
    assert helpdesk.ticket(number).status == "new"
    assert helpdesk.ticket(number).first_reply_at == helpdesk.at


@pytest.mark.postgres
def test_all_that_was_changed_since_is_named_at_once(helpdesk: DeskFixture) -> None:
    a, b = helpdesk.open(), helpdesk.open(subject="Other")
    changes = TicketChanges(priority="high", type="fault")
    for number in (a, b):
        helpdesk.do(lambda w, n=number: edit(w, n, changes, comment="x"), group="mine")
    helpdesk.do(lambda w: edit(w, a, TicketChanges(priority="low"), comment="x"), "ben")
    helpdesk.do(lambda w: edit(w, b, TicketChanges(type="wish"), comment="x"), "eva")
    helpdesk.later(minutes=3)
    with pytest.raises(Conflict) as caught:
        helpdesk.do(undo, group="mine")
    assert sorted(str(caught.value).splitlines()) == [
        f"ticket {a}: priority was changed by ben 3 min ago, to low.",
        f"ticket {b}: type was changed by eva 3 min ago, to wish.",
    ]
