"""Who the customer is: visits, identities, orders."""

import json

from tests.support.outside import CARL, DORA, Outside

ORDERS = """Name,Email,Financial Status,Fulfillment Status,Currency,Total,Created at,Lineitem name
#1001,carl@customer.example,paid,fulfilled,EUR,49.90,2026-03-01 10:00:00 +0100,Ribbon
#1001,,,,,,,Paper
#1002,carl@customer.example,refunded,unfulfilled,EUR,9.90,2026-03-05 10:00:00 +0100,Lid
#1003,dora@customer.example,pending,unfulfilled,EUR,5.00,2026-03-06 10:00:00 +0100,Tray
"""
ANA = {"identity": "twitter:@ana"}


def line(outside: Outside, **message: object) -> None:
    """A message of another channel."""
    path = outside.file("in.jsonl", json.dumps(message) + "\n")
    outside.run("gateway", "ingest", "-q", "--channel", "social", path)


def test_F_C9_what_a_visitor_did_is_on_one_page(outside: Outside) -> None:
    """When they were last seen and where, their identities, tickets and chats."""
    outside.mail()
    chat = outside.file("chat.txt", "[08:00] Carl: Hello?\n[08:01] root: One moment.\n")
    outside.new("--channel", "chat", "--transcript", chat)
    outside.at("2026-03-09T10:00:00Z")
    outside.run("customer", "touch", "carl@customer.example", "--page", "/cart")
    customer = outside.ticket()["customer"]
    assert (customer["last_seen_at"], customer["last_page"]) == ("2026-03-09T10:00:00Z", "/cart")
    page = outside.see("customer", "show", "carl@customer.example")
    assert "/cart" in page and "carl@customer.example" in page
    assert "Printer is broken" in page and "chat" in page
    assert "/cart" in outside.see("show", "1")


def test_F_A21_orders_of_a_shop_stand_beside_the_ticket(outside: Outside) -> None:
    """Number, total and both states; the same file again adds none."""
    outside.mail(sender=CARL)
    path = outside.file("orders.csv", ORDERS)
    for _ in range(2):
        outside.run("order", "import", path)
    orders = {one["number"]: one for one in outside.ticket()["customer"]["orders"]}
    assert sorted(orders) == ["#1001", "#1002"]
    names = ("total", "financial_status", "fulfilment_status")
    assert [orders["#1001"][one] for one in names] == ["49.90", "paid", "fulfilled"]
    listed = outside.data("order", "list", "--customer", "carl@customer.example")
    assert [one["number"] for one in listed] == ["#1002", "#1001"]
    assert "#1002" in outside.see("show", "1")


def test_F_A22_all_channels_of_a_person_have_one_history(outside: Outside) -> None:
    """A linked name in a network, a merged customer; unlinked, they are two again."""
    outside.mail(sender="ana@x.example")
    outside.run("customer", "link", "ana@x.example", "twitter:@ana", "+34600112233")
    line(outside, id="1", customer=ANA, text="Where is it?")
    assert outside.ids("customer", "tickets", "ana@x.example") == [2, 1]
    outside.mail(sender=DORA)
    outside.run("customer", "merge", "dora@customer.example", "--into", "ana@x.example")
    assert sorted(outside.ids("customer", "tickets", "ana@x.example")) == [1, 2, 3]
    outside.run("customer", "unlink", "ana@x.example", "twitter:@ana")
    line(outside, id="2", customer=ANA, text="Hello?")
    assert outside.ticket(4)["customer"]["id"] != outside.ticket(1)["customer"]["id"]
