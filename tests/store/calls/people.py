"""Calls of `ticketctl/store/people`."""

from datetime import timedelta
from typing import Any

from msgspec.structs import replace

from tests.store.calls.given import AT, LATER, MINE, NOBODYS, Given
from ticketctl.domain.base.condition import EVERYTHING
from ticketctl.domain.base.identity import Identity
from ticketctl.domain.base.records import Order, Participant
from ticketctl.domain.calendar.availability import Absence
from ticketctl.store.people import (
    absences,
    customer_lists,
    customers,
    identities,
    move_customer,
    shop_orders,
)
from ticketctl.store.tickets import messages, tickets


def _names(given: Given, word: str) -> list[str]:
    return [one.customer.name for one in customer_lists.listing(given.tx, word)]


def call_customers(given: Given) -> None:
    tx = given.tx
    made: dict[str, Any] = {"language": None, "at": AT}
    rates = customers.find_or_create(tx, email="100%@bücher.example", name="50_50 O'Neil\\", **made)
    assert customers.find_or_create_by(tx, "twitter", "@Ines ", name="", **made).name == "@ines"
    named = customers.find_or_create_by(tx, "twitter", "@INES", name="Inès/X", **made)
    assert (named.name, named.identities) == ("Inès/X", ("twitter:@ines",))
    assert customers.add_identity(tx, named.id, "phone", "+49 (1)", AT)
    assert not customers.add_identity(tx, named.id, "phone", "+49 (1)", AT)
    found = customers.by_identity(tx, "phone", "+49 (1)")
    assert found is not None and found.identities == ("phone:+49 (1)", "twitter:@ines")
    assert (
        customers._create(tx, "twitter", "@ines", "Late", None, AT) is None
    )  # somebody was quicker
    customers.lock(tx, named.id, rates.id)
    customers.lock(tx)
    assert customers.last_seen(tx, rates).last_seen_at is None
    whole = _names(given, "")
    assert {"50_50 O'Neil\\", "Inès/X"} < set(whole)
    for word in ("%@", "50_5", "o'neil\\", "BÜCHER.example", "xn--bcher-kva.example"):
        assert _names(given, word) == ["50_50 O'Neil\\"], word
    assert _names(given, "s/x") == _names(given, "@INES") == ["Inès/X"]
    assert _names(given, "5%5") == _names(given, "5050") == []
    customers.change(tx, rates.id, merged_into=named.id, profile={"vip": [None, "ž"]})
    assert customers.final(tx, rates.id).id == named.id
    assert customers.get(tx, rates.id).profile == {"vip": [None, "ž"]}
    assert len(_names(given, "")) == len(whole) - 1
    assert not identities.unmake(tx, named.id)


def call_tickets(given: Given) -> None:
    tx = given.tx
    joins = customers.find_or_create_by(tx, "phone", "+1 (2)_3", name="J", language=None, at=AT)
    tickets.add_participant(tx, given.one, Participant("phone:+1 (2)_3", "", "cc"))
    tickets.add_participant(tx, given.two, Participant("+1 (2)_3", "", "cc"))
    assert [one.id for one in customer_lists.tickets_of(tx, joins.id)] == [given.one]
    both = {one.id for one in customer_lists.tickets_of(tx, given.customer, None, MINE)}
    assert both == {given.one, given.two}
    assert len(customer_lists.tickets_of(tx, given.customer, 1)) == 1
    assert [one.id for one in customer_lists.namesakes(tx, ["j", "%"], 0, 5)] == [joins.id]
    assert (
        customer_lists.namesakes(tx, ["J"], joins.id, 5)
        == customer_lists.namesakes(tx, [], 0, 5)
        == []
    )
    assert len(customer_lists.words_of(tx, given.customer, 1)) == 1
    assert customer_lists.words_of(tx, joins.id, 5) == []
    assert customer_lists.tickets_of(tx, given.customer, 0) == []
    assert customer_lists.tickets_of(tx, given.customer, 25, NOBODYS) == []
    asked = customer_lists.ticket_of(tx, [joins.id, given.customer], MINE)
    assert asked is not None and asked.id == given.one
    assert (
        customer_lists.ticket_of(tx, [], EVERYTHING)
        is customer_lists.ticket_of(tx, [9], MINE)
        is None
    )
    new = messages.NewMessage(
        direction="in", class_="human", author="+1", author_name="", at=LATER, subject="", text="hi",
        full_text="hi", channel="chat",
    )  # fmt: skip
    messages.add(tx, given.two, new)
    messages.add(tx, given.two, replace(new, at=AT))
    (chat,) = customer_lists.transcripts(tx, given.customer, MINE)
    assert chat == customer_lists.Transcript(given.two, AT, 2)
    assert customer_lists.transcripts(tx, given.customer, NOBODYS) == []


def call_identities(given: Given) -> None:
    tx = given.tx
    one = customers.find_or_create(tx, email="dee@x.example", name="", language=None, at=AT)
    assert identities.drop(tx, given.customer, Identity("email", "dee@x.example")) is None
    held = identities.drop(tx, one.id, Identity("email", "dee@x.example"))
    assert held == identities.Held("email", "dee@x.example", AT, None, None)
    assert identities.put_back(tx, one.id, held)
    assert not identities.put_back(tx, given.customer, held)
    assert not identities.unmake(tx, given.customer)
    assert identities.unmake(tx, one.id)
    assert customers.by_identity(tx, "email", "dee@x.example") is None


def call_orders(given: Given) -> None:
    tx = given.tx
    one = Order(
        provider="shop", number="1", email="eve@x.example", total="1.0", currency="EUR",
        financial_status="paid", fulfilment_status="", placed_at=AT,
    )  # fmt: skip
    undated = replace(one, number="2", placed_at=None)
    assert shop_orders.keep(tx, [one, undated, replace(one, provider="other", number="2")], AT) == (
        3, 0,
    )  # fmt: skip
    many = [replace(one, number=str(n)) for n in range(600)]
    assert shop_orders.keep(tx, [replace(one, total="2"), *many[2:]], AT) == (597, 2)
    assert shop_orders.keep(tx, [], AT) == (0, 0)
    assert shop_orders.count(tx) == len(shop_orders.listing(tx, None)) == 600
    assert len(shop_orders.listing(tx, 2)) == 2
    eve = customers.find_or_create(tx, email="eve@x.example", name="", language=None, at=AT)
    assert len(shop_orders.of(tx, eve.id)) == 600
    shop_orders.release(tx, "eve@x.example", eve.id)
    assert shop_orders.of(tx, eve.id) == []


def call_moves(given: Given) -> None:
    tx = given.tx
    target = customers.find_or_create(tx, email="fay@x.example", name="", language=None, at=AT)
    things = move_customer.of(tx, given.customer)
    assert things.tickets == [given.one, given.two]
    move_customer.move(tx, things, target.id, given.customer)
    assert move_customer.of(tx, given.customer) == things
    move_customer.move(tx, things, given.customer, target.id)
    assert move_customer.missing(tx, things, target.id) == {}
    assert move_customer.missing(tx, things, given.customer)["tickets"] == 2
    move_customer.move(tx, things, target.id, given.customer)
    every = move_customer.Things([1], [1], [1], [1])
    move_customer.move(tx, every, 0, given.customer)
    assert move_customer.of(tx, given.customer) == things


def call_absences(given: Given) -> None:
    tx = given.tx
    absences.begin(tx, Absence(agent="gil", since=AT, until=None, comment="ill"))
    absences.begin(tx, Absence(agent="gil", since=AT, until=AT + timedelta(minutes=1), comment=""))
    assert len(absences.of(tx, {"gil", "hal"}, AT)) == 2
    assert absences.of(tx, [], AT) == []
    (longer,) = absences.of(tx, ["gil"], LATER)
    assert longer.comment == "ill"
    assert (absences.end(tx, "gil", LATER), absences.end(tx, "gil", LATER)) == (True, False)


CALLS = (call_customers, call_tickets, call_identities, call_orders, call_moves, call_absences)
