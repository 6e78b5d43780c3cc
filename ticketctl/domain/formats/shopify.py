"""Reads orders from Shopify: its CSV export (a row a line item), and the JSON of its Admin API."""

import csv
import io
import re
from collections.abc import Iterable
from datetime import datetime

import msgspec
from msgspec import Struct, field

from ticketctl import clock
from ticketctl.domain.base.addresses import address_key
from ticketctl.domain.base.records import Order
from ticketctl.errors import BadInput

PROVIDER = "shopify"

_MOST = 200  # characters of any of its values
# The columns of an order in the first of its rows; its other rows repeat only the name.
_COLUMNS = ("Email", "Financial Status", "Fulfillment Status", "Currency", "Total", "Created at")


class _Person(Struct):
    email: str | None = None


class _Order(Struct):
    name: str | None = None
    order_number: int | None = None
    email: str | None = None
    contact_email: str | None = None
    customer: _Person | None = None
    total: str | float | int | None = field(default=None, name="total_price")
    currency: str | None = None
    financial_status: str | None = None
    fulfillment_status: str | None = None
    created_at: str | None = None
    updated_at: str | None = None


class _Answer(Struct):
    orders: list[_Order]


class OrderPage(Struct, frozen=True):
    """The orders read, and the newest change among them (None: the file does not say)."""

    orders: list[Order]
    until: datetime | None


def from_csv(text: str) -> list[Order]:
    """The orders of an export, in order; BadInput, with the line, for an invalid one."""
    rows = csv.reader(io.StringIO(text.replace("\0", ""), newline=""))
    found: dict[str, dict[str, str]] = {}
    try:
        heads = [head.strip().removeprefix("\ufeff") for head in next(rows, [])]
        if missing := [name for name in ("Name", *_COLUMNS) if name not in heads]:
            raise BadInput(f"this is not a Shopify order export: it has no column {missing[0]!r}.")
        for cells in rows:
            row = dict(zip(heads, cells, strict=False))
            number = _word(row.get("Name"))
            if not number and any(cells):
                raise BadInput(f"line {rows.line_num} of the export names no order.")
            if number:
                _fill(found.setdefault(number, {}), row)
    except csv.Error as wrong:
        raise BadInput(f"line {rows.line_num} of the export is not CSV: {wrong}.") from None
    return [_from_row(number, row) for number, row in found.items()]


def from_json(content: bytes) -> OrderPage:
    """The orders of an API answer: `{"orders": […]}`, or the list alone. BadInput for anything else."""
    try:
        if content.lstrip().startswith(b"["):
            orders = msgspec.json.decode(content, type=list[_Order])
        else:
            orders = msgspec.json.decode(content, type=_Answer).orders
    except msgspec.DecodeError as wrong:
        raise BadInput(f"these are not Shopify orders: {str(wrong).rstrip('.')}.") from None
    changes = [at for at in (_time(one.updated_at) for one in orders) if at is not None]
    return OrderPage([_from_answer(one) for one in orders], max(changes, default=None))


def _fill(known: dict[str, str], row: dict[str, str]) -> None:
    for name in _COLUMNS:
        known[name] = known.get(name) or _word(row.get(name))


def _from_row(number: str, row: dict[str, str]) -> Order:
    return _order(
        number,
        [row["Email"]],
        row["Total"],
        row["Currency"],
        row["Financial Status"],
        row["Fulfillment Status"],
        row["Created at"],
    )


def _from_answer(one: _Order) -> Order:
    number = _word(one.name) or (f"#{one.order_number}" if one.order_number else "")
    if not number:
        raise BadInput("a Shopify order has no name.")
    return _order(
        number,
        [one.email, one.contact_email, one.customer.email if one.customer else None],
        one.total,
        one.currency,
        one.financial_status,
        one.fulfillment_status,
        one.created_at,
    )


def _order(
    number: str,
    emails: Iterable[str | None],
    total: object,
    currency: str | None,
    financial: str | None,
    fulfilment: str | None,
    placed: str | None,
) -> Order:
    return Order(
        provider=PROVIDER,
        number=number,
        email=next((address_key(word) for word in map(_word, emails) if word), ""),
        total=_word(total),
        currency=_word(currency).upper(),
        financial_status=_word(financial).lower(),
        fulfilment_status=_word(fulfilment).lower() or "unfulfilled",
        placed_at=_time(placed),
    )


def _word(said: object) -> str:
    """A value on one line, cut at a length that no real value reaches."""
    return " ".join(str(said).split())[:_MOST] if said is not None else ""


def _time(said: str | None) -> datetime | None:
    """`2026-03-09 10:10:00 +0100` and RFC 3339; None for an empty value, BadInput if it is no time."""
    return (
        clock.parse(re.sub(r"(?<!\s)\s++(?=[+-]\d)", "", said.strip()))
        if said and said.strip()
        else None
    )
