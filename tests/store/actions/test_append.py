"""What comes in to a ticket that is there."""

from typing import Any

import pytest

from ticketctl.actions.tickets.assign import assign
from ticketctl.actions.tickets.close import close
from ticketctl.actions.tickets.receive_mail import (
    agent_mail,
    customer_message,
    expert_answer,
    may_join,
    quiet_message,
)
from ticketctl.actions.tickets.resolve import resolve
from ticketctl.actions.tickets.spam import spam
from ticketctl.actions.tickets.wait import wait
from ticketctl.domain.base.records import Participant
from ticketctl.store.tickets import tickets


def answer(house: Any, number: int, **changes: Any) -> int:
    mail = house.incoming("More facts.", **changes)
    return house.do(lambda w: customer_message(w, number, mail), "gateway")


def end(house: Any, number: int, verb: Any) -> None:
    house.do(lambda w: verb(w, number, comment="done"))


def test_a_customers_reply_notifies_only_the_owner_F_C8(house: Any) -> None:
    number = house.open()
    house.do(lambda w: assign(w, number, "ben", comment="yours"))
    before = len(house.outbox())
    assert answer(house, number) == 2
    (notice,) = house.outbox()[before:]
    assert (notice.kind, notice.to) == ("notification", ("ben@help.example",))
    assert (notice.data["event"], notice.data["text"]) == ("reply", "More facts.")


def test_a_reply_to_an_unassigned_ticket_notifies_managers_and_agents(house: Any) -> None:
    number = house.open()
    answer(house, number)
    assert set(house.outbox("notification")[-1].to) == {
        "eva@help.example", "root@help.example", "ana@help.example", "ben@help.example",
    }  # fmt: skip


@pytest.mark.parametrize("verb", [resolve, close])
def test_a_human_answer_reopens_inside_the_window_D13(house: Any, verb: Any) -> None:
    number = house.open()
    end(house, number, verb)
    house.later(days=13)
    answer(house, number)
    ticket = house.ticket(number)
    assert (ticket.status, ticket.resolved_at, ticket.closed_at, ticket.closed_loop_at) == (
        "open",
        None,
        None,
        None,
    )
    (event,) = house.events(number, "reopened")
    assert (event.actor, event.field, event.new, event.comment) == (
        "gateway",
        "status",
        "open",
        "the customer wrote",
    )


def test_waiting_is_over_when_the_customer_writes(house: Any) -> None:
    number = house.open()
    house.do(lambda w: wait(w, number))
    answer(house, number)
    assert (house.ticket(number).status, house.ticket(number).awaiting) == ("open", "agent")


def test_a_new_ticket_stays_new_when_the_customer_writes_again(house: Any) -> None:
    number = house.open()
    answer(house, number)
    assert house.ticket(number).status == "new"


def test_after_the_window_a_ticket_is_not_to_be_joined_D14(house: Any) -> None:
    number = house.open()
    assert house.do(lambda w: may_join(w, house_ticket(w, number)))
    end(house, number, close)
    house.later(days=14)
    assert house.do(lambda w: may_join(w, house_ticket(w, number)))
    house.later(seconds=1)
    assert not house.do(lambda w: may_join(w, house_ticket(w, number)))


def house_ticket(work: Any, number: int) -> Any:
    return tickets.get(work.tx, number)


def test_closing_what_was_resolved_does_not_start_the_window_anew_D14(house: Any) -> None:
    number = house.open()
    end(house, number, resolve)
    house.later(days=10)
    end(house, number, close)
    house.later(days=5)
    assert not house.do(lambda w: may_join(w, house_ticket(w, number)))


def test_a_customers_reply_keeps_subject_segment_and_owner_D12(house: Any) -> None:
    number = house.open()
    before = house.ticket(number)
    answer(house, number, subject="Now it smokes", mailbox="billing@help.example")
    after = house.ticket(number)
    for name in ("subject", "segment", "priority", "owner", "mailbox", "customer"):
        assert getattr(after, name) == getattr(before, name)
    assert house.messages(number)[-1].subject == "Now it smokes"


def test_spam_stays_spam_and_keeps_the_message_D21(house: Any) -> None:
    number = house.open()
    house.do(lambda w: spam(w, number))
    before = len(house.outbox())
    answer(house, number)
    assert house.ticket(number).status == "spam"
    assert len(house.messages(number)) == 2
    assert len(house.outbox()) == before


def test_automatic_mail_changes_nothing_and_notifies_nobody_E5(house: Any) -> None:
    number = house.open()
    end(house, number, close)
    before, sent = house.ticket(number), len(house.outbox())
    mail = house.incoming("I am away.", class_="auto")
    house.do(lambda w: quiet_message(w, number, mail), "gateway")
    after = house.ticket(number)
    assert (after.status, after.awaiting, after.last_customer_at) == (
        "closed",
        before.awaiting,
        before.last_customer_at,
    )
    assert len(house.outbox()) == sent


def test_a_cc_persons_answer_leaves_the_requester(house: Any) -> None:
    number = house.open(others=(Participant("dora@customer.example", "Dora", "cc"),))
    answer(
        house,
        number,
        author="dora@customer.example",
        author_name="Dora",
        answer_to="dora@elsewhere.example",
    )
    assert house.ticket(number).customer.email == "carl@customer.example"
    found = house.read(lambda tx: tickets.participants(tx, number))
    assert [(p.address, p.role) for p in found] == [("dora@customer.example", "cc")]


def test_the_requesters_newest_reply_to_counts_G2(house: Any) -> None:
    number = house.open(answer_to="one@customer.example")
    answer(house, number, answer_to="two@customer.example")
    found = house.read(lambda tx: tickets.participants(tx, number))
    assert {p.address: p.role for p in found} == {
        "one@customer.example": "mailed",
        "two@customer.example": "answer",
    }
    answer(house, number)
    found = house.read(lambda tx: tickets.participants(tx, number))
    assert {p.role for p in found} == {"mailed"}


def test_an_experts_answer_is_an_internal_comment_and_the_owner_hears_of_it_F_A31(
    house: Any,
) -> None:
    number = house.open()
    house.do(lambda w: assign(w, number, "ben", comment="yours"))
    sent = len(house.outbox())
    mail = house.incoming("Change the drum.", author="expert@lab.example")
    house.do(lambda w: expert_answer(w, number, mail), "gateway")
    assert [(c.author, c.text) for c in house.comments(number)] == [
        ("expert@lab.example", "Change the drum.")
    ]
    assert len(house.messages(number)) == 1
    (notice,) = house.outbox()[sent:]
    assert (notice.to, notice.data["event"]) == (("ben@help.example",), "expert")


def test_an_agents_mail_is_a_comment_and_its_author_is_not_notified(house: Any) -> None:
    number = house.open()
    house.do(lambda w: assign(w, number, "ben", comment="yours"))
    sent = len(house.outbox())
    mail = house.incoming("I look at it.", author="ben@help.example")
    house.do(lambda w: agent_mail(w, number, mail, "ben"), "gateway")
    assert [(c.author, c.text) for c in house.comments(number)] == [("ben", "I look at it.")]
    assert len(house.outbox()) == sent
