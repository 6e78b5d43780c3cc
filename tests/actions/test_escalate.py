"""Escalation: the dossier, and who may and may not get it."""

from typing import Any

import pytest

from tests.support.desk import DeskFixture
from ticketctl.actions.tickets.assign import assign
from ticketctl.actions.tickets.close import close
from ticketctl.actions.tickets.escalate import escalate
from ticketctl.actions.tickets.receive_mail import customer_message
from ticketctl.domain.base.records import Order, Participant
from ticketctl.errors import BadInput, Refused
from ticketctl.store.people import customers, shop_orders
from ticketctl.store.tickets import tickets

EXPERT = "expert@lab.example"


def ask(helpdesk: DeskFixture, number: int, *to: str, **options: Any) -> list[Any]:
    helpdesk.do(lambda w: escalate(w, number, comment="can you reproduce?", to=to, **options))
    return helpdesk.outbox("escalation")


def test_the_expert_gets_one_mail_and_history_says_so_F_A29(helpdesk: DeskFixture) -> None:
    number = helpdesk.open()
    (mail,) = ask(helpdesk, number, "Expert@Lab.example")
    assert (mail.to, mail.data["purpose"], mail.data["reason"]) == (
        (EXPERT,),
        "e",
        "can you reproduce?",
    )
    ticket = helpdesk.ticket(number)
    assert (ticket.status, ticket.escalation_level) == ("escalated", 1)
    told = helpdesk.events(number, "escalated")
    assert [(e.actor, e.field, e.old, e.new) for e in told] == [
        ("ana", "level", 0, 1),
        ("ana", "to", None, EXPERT),
    ]
    found = helpdesk.read(lambda tx: tickets.participants(tx, number))
    assert [(p.address, p.role) for p in found] == [(EXPERT, "expert")]


@pytest.mark.parametrize(("count", "first", "omitted"), [(103, 4, 3), (100, 1, 0)])
def test_the_dossier_holds_the_newest_hundred_oldest_first_F_A30(
    helpdesk: DeskFixture, count: int, first: int, omitted: int
) -> None:
    number = helpdesk.open()

    def more(work: Any) -> None:
        for n in range(2, count + 1):
            customer_message(
                work, number, template.__class__(**fields | {"text": f"m{n}", "message_id": None})
            )

    template = helpdesk.incoming()
    fields = {name: getattr(template, name) for name in template.__struct_fields__}
    helpdesk.do(more, "gateway", notify=False)
    (mail,) = ask(helpdesk, number, EXPERT)
    numbers = [one["n"] for one in mail.data["messages"]]
    assert numbers == list(range(first, count + 1))
    assert mail.data["omitted"] == omitted


def test_the_dossier_has_the_customer_and_every_field_of_the_ticket_F_A30(
    helpdesk: DeskFixture,
) -> None:
    number = helpdesk.open()
    (mail,) = ask(helpdesk, number, EXPERT, priority="high", level=3)
    assert mail.data["customer"]["identities"] == ["email:carl@customer.example"]
    bookkeeping = {"version", "policy_version", "response_id"}
    every = set(helpdesk.ticket(number).__struct_fields__)
    assert set(mail.data["ticket_fields"]) == every - bookkeeping
    assert mail.data["automatic"] is False
    assert mail.data["ticket_fields"]["priority"] == "high"
    assert mail.data["ticket_fields"]["status"] == "escalated"
    assert helpdesk.ticket(number).escalation_level == 3


def test_the_dossier_has_profile_and_orders_F_A30(helpdesk: DeskFixture) -> None:
    number = helpdesk.open()
    carl = helpdesk.ticket(number).customer.id
    bought = Order(
        provider="shopify",
        number="#1002",
        email="carl@customer.example",
        total="49.90",
        currency="",
        financial_status="paid",
        fulfilment_status="fulfilled",
        placed_at=helpdesk.at,
    )
    helpdesk.db.write(lambda tx: shop_orders.keep(tx, [bought], helpdesk.at))
    helpdesk.db.write(lambda tx: customers.change(tx, carl, profile={"tier": "gold"}))
    (mail,) = ask(helpdesk, number, EXPERT)
    assert mail.data["customer"]["profile"] == {"tier": "gold"}
    assert mail.data["customer"]["orders"] == ["#1002 49.90 paid fulfilled"]
    assert mail.data["customer"]["last_seen_at"] == "2026-03-09T08:00:00Z"


@pytest.mark.parametrize(
    "address",
    [
        "CARL@customer.example",
        "carl@home.example",
        "dora@customer.example",
        "answers@customer.example",
    ],
)
def test_an_escalation_never_goes_to_the_customers_side(
    helpdesk: DeskFixture, address: str
) -> None:
    number = helpdesk.open(
        others=(Participant("dora@customer.example", "", "cc"),),
        answer_to="answers@customer.example",
    )
    carl = helpdesk.ticket(number).customer.id
    helpdesk.db.write(
        lambda tx: customers.add_identity(tx, carl, "email", "carl@home.example", helpdesk.at)
    )
    before = helpdesk.ticket(number)
    with pytest.raises(Refused, match="customer's side"):
        ask(helpdesk, number, address)
    assert helpdesk.ticket(number) == before
    assert helpdesk.outbox("escalation") == []


def test_our_own_mailbox_and_no_address_are_refused(helpdesk: DeskFixture) -> None:
    number = helpdesk.open()
    with pytest.raises(Refused):
        ask(helpdesk, number, "support@help.example")
    with pytest.raises(BadInput):
        ask(helpdesk, number, "nobody")
    with pytest.raises(BadInput):
        ask(helpdesk, number, level=0)


def test_owner_and_managers_hear_of_it(helpdesk: DeskFixture) -> None:
    number = helpdesk.open()
    helpdesk.do(lambda w: assign(w, number, "ben", comment="x"))
    ask(helpdesk, number)
    notice = helpdesk.outbox("notification")[-1]
    assert notice.to == ("ben@help.example", "eva@help.example", "root@help.example")
    assert notice.data["event"] == "escalated"


def test_an_ended_ticket_is_not_escalated(helpdesk: DeskFixture) -> None:
    number = helpdesk.open()
    helpdesk.do(lambda w: close(w, number, comment="x"))
    with pytest.raises(Refused, match="`escalate` does not work on a ticket that is closed"):
        ask(helpdesk, number, EXPERT)
