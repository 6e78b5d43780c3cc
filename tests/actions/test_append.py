"""What comes in to a ticket that is there."""

from typing import Any

import pytest

from tests.support.desk import DeskFixture
from ticketctl.actions.tickets.assign import assign
from ticketctl.actions.tickets.close import close
from ticketctl.actions.tickets.receive_mail import (
    agent_mail,
    customer_message,
    expert_answer,
    quiet_message,
)
from ticketctl.actions.tickets.reopen_window import may_join
from ticketctl.actions.tickets.resolve import resolve
from ticketctl.actions.tickets.spam import spam
from ticketctl.actions.tickets.wait import wait
from ticketctl.domain.base.records import Participant
from ticketctl.store.tickets import tickets


def answer(helpdesk: DeskFixture, number: int, **changes: Any) -> int:
    mail = helpdesk.incoming("More facts.", **changes)
    return helpdesk.do(lambda w: customer_message(w, number, mail), "gateway")


def end(helpdesk: DeskFixture, number: int, verb: Any) -> None:
    helpdesk.do(lambda w: verb(w, number, comment="done"))


def test_a_customers_reply_notifies_only_the_owner_F_C8(helpdesk: DeskFixture) -> None:
    number = helpdesk.open()
    helpdesk.do(lambda w: assign(w, number, "ben", comment="yours"))
    before = len(helpdesk.outbox())
    assert answer(helpdesk, number) == 2
    (notice,) = helpdesk.outbox()[before:]
    assert (notice.kind, notice.to) == ("notification", ("ben@help.example",))
    assert (notice.data["event"], notice.data["text"]) == ("reply", "More facts.")


def test_a_reply_to_an_unassigned_ticket_notifies_managers_and_agents(
    helpdesk: DeskFixture,
) -> None:
    number = helpdesk.open()
    answer(helpdesk, number)
    assert set(helpdesk.outbox("notification")[-1].to) == {
        "eva@help.example", "root@help.example", "ana@help.example", "ben@help.example",
    }  # fmt: skip


@pytest.mark.parametrize("verb", [resolve, close])
def test_a_human_answer_reopens_inside_the_window_D13(helpdesk: DeskFixture, verb: Any) -> None:
    number = helpdesk.open()
    end(helpdesk, number, verb)
    helpdesk.later(days=13)
    answer(helpdesk, number)
    ticket = helpdesk.ticket(number)
    assert (ticket.status, ticket.resolved_at, ticket.closed_at, ticket.closed_loop_at) == (
        "open",
        None,
        None,
        None,
    )
    (event,) = helpdesk.events(number, "reopened")
    assert (event.actor, event.field, event.new, event.comment) == (
        "gateway",
        "status",
        "open",
        "the customer wrote",
    )


def test_waiting_is_over_when_the_customer_writes(helpdesk: DeskFixture) -> None:
    number = helpdesk.open()
    helpdesk.do(lambda w: wait(w, number))
    answer(helpdesk, number)
    assert (helpdesk.ticket(number).status, helpdesk.ticket(number).awaiting) == ("open", "agent")


def test_a_new_ticket_stays_new_when_the_customer_writes_again(helpdesk: DeskFixture) -> None:
    number = helpdesk.open()
    answer(helpdesk, number)
    assert helpdesk.ticket(number).status == "new"


def test_after_the_window_a_ticket_is_not_to_be_joined_D14(helpdesk: DeskFixture) -> None:
    number = helpdesk.open()
    assert helpdesk.do(lambda w: may_join(w, ticket_of(w, number)))
    end(helpdesk, number, close)
    helpdesk.later(days=14)
    assert helpdesk.do(lambda w: may_join(w, ticket_of(w, number)))
    helpdesk.later(seconds=1)
    assert not helpdesk.do(lambda w: may_join(w, ticket_of(w, number)))


def ticket_of(work: Any, number: int) -> Any:
    return tickets.get(work.tx, number)


def test_closing_what_was_resolved_does_not_start_the_window_anew_D14(
    helpdesk: DeskFixture,
) -> None:
    number = helpdesk.open()
    end(helpdesk, number, resolve)
    helpdesk.later(days=10)
    end(helpdesk, number, close)
    helpdesk.later(days=5)
    assert not helpdesk.do(lambda w: may_join(w, ticket_of(w, number)))


def test_a_customers_reply_keeps_subject_segment_and_owner_D12(helpdesk: DeskFixture) -> None:
    number = helpdesk.open()
    before = helpdesk.ticket(number)
    answer(helpdesk, number, subject="Now it smokes", mailbox="billing@help.example")
    after = helpdesk.ticket(number)
    for name in ("subject", "segment", "priority", "owner", "mailbox", "customer"):
        assert getattr(after, name) == getattr(before, name)
    assert helpdesk.messages(number)[-1].subject == "Now it smokes"


def test_spam_stays_spam_and_keeps_the_message_D21(helpdesk: DeskFixture) -> None:
    number = helpdesk.open()
    helpdesk.do(lambda w: spam(w, number))
    before = len(helpdesk.outbox())
    answer(helpdesk, number)
    assert helpdesk.ticket(number).status == "spam"
    assert len(helpdesk.messages(number)) == 2
    assert len(helpdesk.outbox()) == before


def test_automatic_mail_changes_nothing_and_notifies_nobody_E5(helpdesk: DeskFixture) -> None:
    number = helpdesk.open()
    end(helpdesk, number, close)
    before, sent = helpdesk.ticket(number), len(helpdesk.outbox())
    mail = helpdesk.incoming("I am away.", class_="auto")
    helpdesk.do(lambda w: quiet_message(w, number, mail), "gateway")
    after = helpdesk.ticket(number)
    assert (after.status, after.awaiting, after.last_customer_at) == (
        "closed",
        before.awaiting,
        before.last_customer_at,
    )
    assert len(helpdesk.outbox()) == sent


def test_a_cc_persons_answer_leaves_the_requester(helpdesk: DeskFixture) -> None:
    number = helpdesk.open(others=(Participant("dora@customer.example", "Dora", "cc"),))
    answer(
        helpdesk,
        number,
        author="dora@customer.example",
        author_name="Dora",
        answer_to="dora@elsewhere.example",
    )
    assert helpdesk.ticket(number).customer.email == "carl@customer.example"
    found = helpdesk.read(lambda tx: tickets.participants(tx, number))
    assert [(p.address, p.role) for p in found] == [("dora@customer.example", "cc")]


def test_the_requesters_newest_reply_to_counts_G2(helpdesk: DeskFixture) -> None:
    number = helpdesk.open(answer_to="one@customer.example")
    answer(helpdesk, number, answer_to="two@customer.example")
    found = helpdesk.read(lambda tx: tickets.participants(tx, number))
    assert {p.address: p.role for p in found} == {
        "one@customer.example": "mailed",
        "two@customer.example": "answer",
    }
    answer(helpdesk, number)
    found = helpdesk.read(lambda tx: tickets.participants(tx, number))
    assert {p.role for p in found} == {"mailed"}


def test_an_experts_answer_is_an_internal_comment_and_the_owner_hears_of_it_F_A31(
    helpdesk: DeskFixture,
) -> None:
    number = helpdesk.open()
    helpdesk.do(lambda w: assign(w, number, "ben", comment="yours"))
    sent = len(helpdesk.outbox())
    mail = helpdesk.incoming("Change the drum.", author="expert@lab.example")
    helpdesk.do(lambda w: expert_answer(w, number, mail), "gateway")
    assert [(c.author, c.text) for c in helpdesk.comments(number)] == [
        ("expert@lab.example", "Change the drum.")
    ]
    assert len(helpdesk.messages(number)) == 1
    (notice,) = helpdesk.outbox()[sent:]
    assert (notice.to, notice.data["event"]) == (("ben@help.example",), "expert")


def test_an_agents_mail_is_a_comment_and_its_author_is_not_notified(helpdesk: DeskFixture) -> None:
    number = helpdesk.open()
    helpdesk.do(lambda w: assign(w, number, "ben", comment="yours"))
    sent = len(helpdesk.outbox())
    mail = helpdesk.incoming("I look at it.", author="ben@help.example")
    helpdesk.do(lambda w: agent_mail(w, number, mail, "ben"), "gateway")
    assert [(c.author, c.text) for c in helpdesk.comments(number)] == [("ben", "I look at it.")]
    assert len(helpdesk.outbox()) == sent
