"""Answers to surveys fire rules; an unhappy customer gets a ticket of their own by default (F-Q2, F-Q5, F-Q9)."""

from typing import Any

import pytest

from tests.actions.test_rules import rule
from tests.support.desk import DESK, DeskFixture
from ticketctl.actions.base.context import Work
from ticketctl.actions.tickets import consequences
from ticketctl.store.desk import ratings, rule_log
from ticketctl.store.tickets import links


def answer(helpdesk: DeskFixture, number: int, given: int, scale: str = "1-5", **more: Any) -> int:
    """The customer answers a survey about a ticket; the answer's number."""

    def add(work: Work) -> int:
        id, new = ratings.add(
            work.tx, ticket=number, customer=1, survey="csat" if scale == "1-5" else "nps",
            scale=scale, rating=given, at=work.at, via="mail", **more,
        )  # fmt: skip
        if new:
            consequences.on_rated(work, number, id)
        return id

    return helpdesk.do(add, "gateway")


def opened(helpdesk: DeskFixture) -> list[int]:
    """The tickets that the default rule has opened."""
    return sorted(
        int(word.did[0].split()[1])
        for word in helpdesk.read(lambda tx: rule_log.lines(tx, rule="detractor"))
        if word.did
    )


@pytest.mark.parametrize(
    ("given", "scale", "tickets"),
    [(0, "0-10", 1), (6, "0-10", 1), (7, "0-10", 0), (10, "0-10", 0), (2, "1-5", 1), (3, "1-5", 0)],
)
def test_a_detractor_opens_a_ticket_by_default_F_Q5(
    sqlite_helpdesk: DeskFixture, given: int, scale: str, tickets: int
) -> None:
    number = sqlite_helpdesk.open()
    answer(sqlite_helpdesk, number, given, scale)
    assert len(opened(sqlite_helpdesk)) == tickets


def test_a_detractor_ticket_has_segment_owner_answer_and_link_F_Q2(helpdesk: DeskFixture) -> None:
    number = helpdesk.open(mailbox="billing@help.example")
    helpdesk.later(days=1)
    rating = answer(helpdesk, number, 2, "0-10", comment="too slow")
    ticket = helpdesk.ticket(opened(helpdesk)[0])
    assert (ticket.segment, ticket.owner, ticket.type) == ("billing", "ida", "detractor")
    assert (ticket.response_id, ticket.customer.email) == (rating, "carl@customer.example")
    assert ticket.subject == "Detractor: Printer is broken"
    assert helpdesk.comments(ticket.id)[0].text == (
        f"rule detractor, about ticket {number} (nps: 2 of 10): too slow"
    )
    assert [x.ticket for x in helpdesk.read(lambda tx: links.of(tx, ticket.id))] == [number]
    assert helpdesk.outbox("notification")[-1].to == ("ida@help.example",)


def test_a_segment_of_several_gives_a_detractor_to_a_manager_F_Q2(
    sqlite_helpdesk: DeskFixture,
) -> None:
    answer(sqlite_helpdesk, sqlite_helpdesk.open(), 1)
    assert sqlite_helpdesk.ticket(opened(sqlite_helpdesk)[0]).owner in ("eva", "root")


@pytest.mark.postgres
def test_the_same_answer_twice_is_one_ticket_F_Q9(helpdesk: DeskFixture) -> None:
    number = helpdesk.open()
    first = answer(helpdesk, number, 1, answer_id="a-1")
    assert answer(helpdesk, number, 1, answer_id="a-1") == first
    assert answer(helpdesk, number, 1) == first
    assert len(opened(helpdesk)) == 1
    assert answer(helpdesk, number, 5) != first
    assert len(opened(helpdesk)) == 1


def test_the_default_rule_may_be_changed_and_switched_off_F_Q5(
    sqlite_helpdesk: DeskFixture,
) -> None:
    sqlite_helpdesk.apply(
        DESK + rule("detractor", "survey", "rating<=3 survey:csat", "tag:unhappy")
    )
    number = sqlite_helpdesk.open()
    answer(sqlite_helpdesk, number, 3)
    assert sqlite_helpdesk.ticket(number).tags == ("unhappy",)
    assert sqlite_helpdesk.read(lambda tx: rule_log.lines(tx))[0].did == ("tag unhappy",)
    sqlite_helpdesk.apply(DESK + rule("detractor", "survey", "", "ticket:x") + "enabled = false\n")
    answer(sqlite_helpdesk, number, 1)
    assert len(sqlite_helpdesk.read(lambda tx: rule_log.lines(tx))) == 1


def test_a_rating_opens_a_linked_ticket_F_Q3(sqlite_helpdesk: DeskFixture) -> None:
    sqlite_helpdesk.apply(DESK + rule("low", "survey", "rating<=2", "ticket:call back"))
    answer(sqlite_helpdesk, sqlite_helpdesk.open(), 2)
    assert sqlite_helpdesk.ticket(2).subject == "Call back: Printer is broken"
    assert sqlite_helpdesk.ticket(2).type == "call back"
