"""Orders as Shopify writes them, in its export and in what its API answers (F-A21)."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ticketctl import clock
from ticketctl.domain.formats import shopify
from ticketctl.errors import BadInput

HEADS = (
    "Name,Email,Financial Status,Paid at,Fulfillment Status,Fulfilled at,Accepts Marketing,Currency,Subtotal,"
    "Taxes,Total,Created at,Lineitem quantity,Lineitem name,Notes,Id"
)
EXPORT = f"""{HEADS}
#1002,Ana@X.cz,paid,2026-03-08 09:00:00 +0100,fulfilled,,no,EUR,40.00,4.90,49.90,2026-03-08 08:59:00 +0100,1,Lamp,"two
lines",7002
#1002,Ana@X.cz,,,,,,,,,,,2,"Bulb, warm",,
#1001,,refunded,,,,yes,usd,1,0,1.00,2026-03-07 10:00:00 -0500,1,Cord,,7001
"""
ANSWER = {
    "id": 7002,
    "name": "#1002",
    "order_number": 1002,
    "email": "ana@x.cz",
    "total_price": "49.90",
    "currency": "EUR",
    "financial_status": "paid",
    "fulfillment_status": "fulfilled",
    "created_at": "2026-03-08T08:59:00+01:00",
    "updated_at": "2026-03-09T10:00:00+01:00",
    "line_items": [{"id": 1}],
}


def of(**changes: Any) -> shopify.OrderPage:
    return shopify.from_json(json.dumps({"orders": [ANSWER | changes]}).encode())


def test_an_export_has_a_row_a_line_item_and_an_order_over_rows_F_A21() -> None:
    first, second = shopify.from_csv(EXPORT)
    assert (first.number, first.email, first.total, first.currency) == (
        "#1002",
        "ana@x.cz",
        "49.90",
        "EUR",
    )
    assert (first.financial_status, first.fulfilment_status) == ("paid", "fulfilled")
    assert first.placed_at == clock.parse("2026-03-08T07:59:00Z")
    assert (second.email, second.currency, second.fulfilment_status) == ("", "USD", "unfulfilled")
    assert second.placed_at == clock.parse("2026-03-07T15:00:00Z")


def test_the_api_says_the_same_order_as_the_export_F_A21() -> None:
    page = of()
    assert page.orders == shopify.from_csv(EXPORT)[:1]
    assert page.until == clock.parse("2026-03-09T09:00:00Z")
    assert shopify.from_json(json.dumps([ANSWER]).encode()) == page
    assert shopify.from_json(b'{"orders": []}') == shopify.OrderPage([], None)


@pytest.mark.parametrize(
    ("changes", "field", "value"),
    [
        ({"name": None}, "number", "#1002"),
        ({"email": "", "contact_email": "B@x.cz"}, "email", "b@x.cz"),
        ({"email": None, "customer": {"email": "c@x.cz"}}, "email", "c@x.cz"),
        ({"email": None, "customer": None}, "email", ""),
        ({"fulfillment_status": None}, "fulfilment_status", "unfulfilled"),
        ({"total_price": 49.9}, "total", "49.9"),
        ({"created_at": None}, "placed_at", None),
        ({"name": "#1\n\x1b[2J" + "x" * 500}, "number", "#1 \x1b[2J" + "x" * 193),
    ],
)
def test_what_the_api_may_leave_out_F_A21(changes: dict[str, Any], field: str, value: Any) -> None:
    assert getattr(of(**changes).orders[0], field) == value


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[1]",
        b'{"orders": 1}',
        b'[{"name": 5}]',
        b"[{}]",
        b'[{"name":"#1","created_at":"soon"}]',
    ],
)
def test_what_is_no_answer_is_bad_input(content: bytes) -> None:
    with pytest.raises(BadInput):
        shopify.from_json(content)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no column 'Name'"),
        ("Name,Email\n#1,a@x\n", "no column 'Financial Status'"),
        (EXPORT.replace("#1001", ""), "line 5 of the export names no order"),
        (EXPORT + '"' + "x" * 200_000, "is not CSV"),
        (EXPORT.replace("2026-03-07 10", "yesterday 10"), "not a time"),
    ],
)
def test_what_is_no_export_is_bad_input(text: str, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        shopify.from_csv(text)


@given(st.text(max_size=200), st.text(max_size=60))
@settings(max_examples=100)
def test_any_text_is_orders_or_bad_input(tail: str, name: str) -> None:
    for read in (
        lambda: shopify.from_csv(EXPORT + tail),
        lambda: of(name=name, currency=tail),
        lambda: shopify.from_json(tail.encode("utf-8", "replace")),
    ):
        try:
            read()
        except BadInput:
            continue
