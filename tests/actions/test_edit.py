"""edit: one event for each change, and the rules of segment and owner."""

from typing import Any

import pytest

from tests.support.desk import DeskFixture
from ticketctl.actions.tickets.assign import assign
from ticketctl.actions.tickets.edit import TicketChanges, edit
from ticketctl.actions.tickets.resolve import resolve
from ticketctl.domain.base import identity
from ticketctl.domain.base.records import Participant
from ticketctl.errors import BadInput, NotFound, Refused
from ticketctl.store.people import customers
from ticketctl.store.tickets import tickets


def change(helpdesk: DeskFixture, number: int, **changes: Any) -> bool:
    return helpdesk.do(lambda w: edit(w, number, TicketChanges(**changes), comment="because"))


def test_each_change_is_one_event_F_Q31(helpdesk: DeskFixture) -> None:
    number = helpdesk.open()
    assert change(
        helpdesk, number, priority="high", subject="Printer\nburns", type="fault", important=True,
        add_tags=("b", "a"), fields={"reason": "refund", "invoice": "12"},
    )  # fmt: skip
    ticket = helpdesk.ticket(number)
    assert (ticket.priority, ticket.subject, ticket.type, ticket.important) == (
        "high",
        "Printer burns",
        "fault",
        True,
    )
    assert (ticket.tags, ticket.fields) == (("a", "b"), {"reason": "refund", "invoice": 12})
    lines = [(e.type, e.field, e.old, e.new) for e in helpdesk.events(number)[2:]]
    assert sorted(lines, key=str) == sorted(
        [
            ("subject", "subject", "Printer is broken", "Printer burns"),
            ("priority", "priority", "medium", "high"),
            ("type", "type", None, "fault"),
            ("important", "important", False, True),
            ("tags", "tags", [], ["a", "b"]),
            ("field", "cf.reason", None, "refund"),
            ("field", "cf.invoice", None, 12),
        ],
        key=str,
    )
    assert {e.comment for e in helpdesk.events(number)[2:]} == {"because"}


def test_setting_the_same_value_is_no_change(helpdesk: DeskFixture) -> None:
    number = helpdesk.open()
    change(helpdesk, number, add_tags=("a",), fields={"reason": "other"})
    before = helpdesk.ticket(number)
    assert not change(
        helpdesk, number, priority="medium", status="new", add_tags=("a",), remove_tags=("z",), owner=None,
        segment="support", fields={"reason": "other", "invoice": None}, customer="carl@customer.example",
    )  # fmt: skip
    assert helpdesk.ticket(number) == before


def test_a_field_is_unset_by_nothing(helpdesk: DeskFixture) -> None:
    number = helpdesk.open()
    change(helpdesk, number, fields={"reason": "other"})
    change(helpdesk, number, fields={"reason": None})
    assert helpdesk.ticket(number).fields == {}


def test_the_source_segment_stays_when_a_ticket_moves_F_Q20_F_Q21(helpdesk: DeskFixture) -> None:
    number = helpdesk.open()
    change(helpdesk, number, segment="billing")
    ticket = helpdesk.ticket(number)
    assert (ticket.segment, ticket.source_segment) == ("billing", "support")
    (event,) = helpdesk.events(number, "segment")
    assert (event.old, event.new) == ("support", "billing")


def test_a_move_gives_it_to_the_sole_manager_F_Q34(helpdesk: DeskFixture) -> None:
    number = helpdesk.open()
    change(helpdesk, number, segment="billing")
    assert helpdesk.ticket(number).owner == "ida"
    assert helpdesk.events(number, "assigned")[-1].comment == "sole manager"
    assert helpdesk.outbox("notification")[-1].to == ("ida@help.example",)


def test_a_move_to_a_segment_with_two_managers_leaves_no_owner_F_Q34(helpdesk: DeskFixture) -> None:
    number = helpdesk.open(mailbox="billing@help.example")
    helpdesk.do(lambda w: edit(w, number, TicketChanges(segment="support"), comment="x"), "ida")
    assert helpdesk.ticket(number).owner is None


def test_a_move_with_an_owner_asks_for_one_of_the_new_segment(helpdesk: DeskFixture) -> None:
    number = helpdesk.open(mailbox="billing@help.example")

    def move(owner: str) -> None:
        helpdesk.do(
            lambda w: edit(w, number, TicketChanges(segment="support", owner=owner), comment="x"),
            "ida",
        )

    with pytest.raises(Refused):
        move("ida")
    assert helpdesk.ticket(number).segment == "billing"
    move("ben")
    assert helpdesk.ticket(number).owner == "ben"


@pytest.mark.parametrize("who", ["+34 600 11 22 33", "twitter:@Dora", "dora@customer.example"])
def test_a_ticket_is_given_to_a_customer_by_identity_or_number(
    helpdesk: DeskFixture, who: str
) -> None:
    number = helpdesk.open()
    change(helpdesk, number, customer=who)
    found = helpdesk.read(lambda tx: customers.get(tx, helpdesk.ticket(number).customer.id))
    assert found.identities == (str(identity.parse(who)),)
    other = helpdesk.open(subject="Other")
    change(helpdesk, other, customer=str(found.id))
    assert helpdesk.ticket(other).customer.id == found.id
    assert helpdesk.events(other, "customer")[0].new == (found.email or found.identities[0])


def test_a_new_customer_gets_the_answers_from_then_on(helpdesk: DeskFixture) -> None:
    others = (Participant("dora@customer.example", "", "cc"),)
    number = helpdesk.open(others=others, answer_to="carl@home.example")
    change(helpdesk, number, customer="Dora@customer.example")
    assert helpdesk.ticket(number).customer.email == "dora@customer.example"
    assert helpdesk.read(lambda tx: tickets.participants(tx, number)) == []
    (event,) = helpdesk.events(number, "customer")
    assert (event.old, event.new) == ("carl@customer.example", "dora@customer.example")


@pytest.mark.parametrize("wish", ["open", "waiting", "escalated", "resolved", "closed", "spam"])
def test_a_status_is_reached_by_its_verb_F_Q31(helpdesk: DeskFixture, wish: str) -> None:
    number = helpdesk.open()
    change(helpdesk, number, status=wish)
    ticket = helpdesk.ticket(number)
    assert ticket.status == wish
    assert len(helpdesk.outbox("resolution")) == (wish in ("resolved", "closed"))


def test_an_ended_ticket_edited_open_is_reopened(helpdesk: DeskFixture) -> None:
    number = helpdesk.open()
    helpdesk.do(lambda w: resolve(w, number, comment="x"))
    change(helpdesk, number, status="open")
    assert [e.comment for e in helpdesk.events(number, "reopened")] == ["because"]


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"priority": "urgent"}, BadInput),
        ({"status": "done"}, BadInput),
        ({"status": "merged"}, Refused),
        ({"segment": "sales"}, NotFound),
        ({"owner": "zoe"}, NotFound),
        ({"owner": "ida"}, Refused),
        ({"customer": "nobody"}, BadInput),
        ({"subject": " \n"}, BadInput),
        ({"add_tags": ("a,b",)}, BadInput),
        ({"fields": {"colour": "red"}}, NotFound),
        ({"fields": {"reason": "weather"}}, Refused),
        ({"fields": {"invoice": "nan"}}, Refused),
    ],
)
def test_a_bad_value_changes_nothing(helpdesk: DeskFixture, changes: Any, error: Any) -> None:
    number = helpdesk.open()
    before = helpdesk.ticket(number)
    with pytest.raises(error):
        change(helpdesk, number, type="fault", **changes)
    assert helpdesk.ticket(number) == before
    assert helpdesk.events(number, "type") == []


def test_an_owner_may_be_taken_off(helpdesk: DeskFixture) -> None:
    number = helpdesk.open()
    helpdesk.do(lambda w: assign(w, number, "ben", comment="x"))
    change(helpdesk, number, owner=None)
    assert helpdesk.ticket(number).owner is None
