"""Escalation: the dossier, to whom it may go, and to whom not."""

from typing import Any

import pytest

from ticketctl.actions.tickets.assign import assign
from ticketctl.actions.tickets.close import close
from ticketctl.actions.tickets.escalate import escalate
from ticketctl.actions.tickets.receive_mail import customer_message
from ticketctl.domain.base.records import Order, Participant
from ticketctl.errors import BadInput, Refused
from ticketctl.store.people import customers, shop_orders
from ticketctl.store.tickets import tickets

EXPERT = "expert@lab.example"


def ask(house: Any, number: int, *to: str, **options: Any) -> list[Any]:
    house.do(lambda w: escalate(w, number, comment="can you reproduce?", to=to, **options))
    return house.outbox("escalation")


def test_the_expert_gets_one_mail_and_history_says_so_F_A29(house: Any) -> None:
    number = house.open()
    (mail,) = ask(house, number, "Expert@Lab.example")
    assert (mail.to, mail.data["purpose"], mail.data["reason"]) == (
        (EXPERT,),
        "e",
        "can you reproduce?",
    )
    ticket = house.ticket(number)
    assert (ticket.status, ticket.escalation_level) == ("escalated", 1)
    told = house.events(number, "escalated")
    assert [(e.actor, e.field, e.old, e.new) for e in told] == [
        ("ana", "level", 0, 1),
        ("ana", "to", None, EXPERT),
    ]
    found = house.read(lambda tx: tickets.participants(tx, number))
    assert [(p.address, p.role) for p in found] == [(EXPERT, "expert")]


@pytest.mark.parametrize(("count", "first", "omitted"), [(103, 4, 3), (100, 1, 0)])
def test_the_dossier_holds_the_newest_hundred_oldest_first_F_A30(
    house: Any, count: int, first: int, omitted: int
) -> None:
    number = house.open()

    def more(work: Any) -> None:
        for n in range(2, count + 1):
            customer_message(
                work, number, template.__class__(**fields | {"text": f"m{n}", "message_id": None})
            )

    template = house.incoming()
    fields = {name: getattr(template, name) for name in template.__struct_fields__}
    house.do(more, "gateway", notify=False)
    (mail,) = ask(house, number, EXPERT)
    numbers = [one["n"] for one in mail.data["messages"]]
    assert numbers == list(range(first, count + 1))
    assert mail.data["omitted"] == omitted


def test_the_dossier_has_the_customer_and_every_field_of_the_ticket_F_A30(house: Any) -> None:
    number = house.open()
    (mail,) = ask(house, number, EXPERT, priority="high", level=3)
    assert mail.data["customer"]["identities"] == ["email:carl@customer.example"]
    assert set(mail.data["ticket_fields"]) == set(house.ticket(number).__struct_fields__)
    assert mail.data["ticket_fields"]["priority"] == "high"
    assert mail.data["ticket_fields"]["status"] == "escalated"
    assert house.ticket(number).escalation_level == 3


def test_the_dossier_has_profile_and_orders_F_A30(house: Any) -> None:
    number = house.open()
    carl = house.ticket(number).customer.id
    bought = Order(
        provider="shopify",
        number="#1002",
        email="carl@customer.example",
        total="49.90",
        currency="",
        financial_status="paid",
        fulfilment_status="fulfilled",
        placed_at=house.at,
    )
    house.db.write(lambda tx: shop_orders.keep(tx, [bought], house.at))
    house.db.write(lambda tx: customers.change(tx, carl, profile={"tier": "gold"}))
    (mail,) = ask(house, number, EXPERT)
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
def test_an_escalation_never_goes_to_the_customers_side(house: Any, address: str) -> None:
    number = house.open(
        others=(Participant("dora@customer.example", "", "cc"),),
        answer_to="answers@customer.example",
    )
    carl = house.ticket(number).customer.id
    house.db.write(
        lambda tx: customers.add_identity(tx, carl, "email", "carl@home.example", house.at)
    )
    before = house.ticket(number)
    with pytest.raises(Refused, match="customer's side"):
        ask(house, number, address)
    assert house.ticket(number) == before
    assert house.outbox("escalation") == []


def test_our_own_mailbox_and_no_address_are_refused(house: Any) -> None:
    number = house.open()
    with pytest.raises(Refused):
        ask(house, number, "support@help.example")
    with pytest.raises(BadInput):
        ask(house, number, "nobody")
    with pytest.raises(BadInput):
        ask(house, number, level=0)


def test_owner_and_managers_hear_of_it(house: Any) -> None:
    number = house.open()
    house.do(lambda w: assign(w, number, "ben", comment="x"))
    ask(house, number)
    notice = house.outbox("notification")[-1]
    assert notice.to == ("ben@help.example", "eva@help.example", "root@help.example")
    assert notice.data["event"] == "escalated"


def test_an_ended_ticket_is_not_escalated(house: Any) -> None:
    number = house.open()
    house.do(lambda w: close(w, number, comment="x"))
    with pytest.raises(Refused, match="a ticket that is closed cannot be changed by escalate"):
        ask(house, number, EXPERT)
