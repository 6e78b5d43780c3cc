"""The customer panel of `show` and `customer show`. All of it passes `safe`."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ticketctl.console import json_shapes
from ticketctl.console.times import ago, local
from ticketctl.console.view import plain
from ticketctl.safe import terminal_line

if TYPE_CHECKING:
    from ticketctl.console.context import App
    from ticketctl.domain.base.records import Customer, Order
    from ticketctl.store.people.customer_lists import Transcript

ORDERS = 5  # shown in the panel; `order list` has all

Row = tuple[str, str]


def named(one: "Customer") -> str:
    """`Ana <ana@x.example>`, or as much of it as is known."""
    address = f"<{one.email}>" if one.email else ""
    known = f"{one.name} {address}".strip() or next(iter(one.identities), f"customer {one.id}")
    return terminal_line(known)


def known_by(one: "Customer") -> Iterator[Row]:
    """The customer's identities besides the address shown."""
    others = [each for each in one.identities if each != f"email:{one.email}"]
    if others and (one.email or len(others) > 1 or one.name):
        yield "known as", terminal_line(", ".join(others))


def profile(app: "App", one: "Customer") -> Iterator[Row]:
    """The customer's language and custom fields; an empty field of desk.toml is `-` (F-A17)."""
    if one.language:
        yield "language", terminal_line(one.language)
    for name, value in sorted(json_shapes.profile(one, app.definition).items()):
        yield name, "-" if value is None else terminal_line(plain(value))


def seen(app: "App", one: "Customer") -> Iterator[Row]:
    """When and where the customer was last seen (F-C9)."""
    if one.last_seen_at:
        page = f", page {terminal_line(one.last_page)}" if one.last_page else ""
        at = one.last_seen_at
        yield "last seen", f"{local(at, app.zone)} ({ago(at, app.now)}){page}"


def bought(app: "App", orders: "Sequence[Order]", most: int = ORDERS) -> Iterator[Row]:
    """The customer's newest orders and their status (F-A21)."""
    for one in orders[:most]:
        placed = f", {local(one.placed_at, app.zone)}" if one.placed_at else ""
        paid = f"{one.total} {one.currency}".strip()
        status = [each for each in (paid, one.financial_status, one.fulfilment_status) if each]
        yield "order", terminal_line(f"{one.number}: {', '.join(status)}") + placed
    if len(orders) > most:
        yield "", f"and {len(orders) - most} more: ticketctl order list --customer …"


def chats(app: "App", held: "Sequence[Transcript]") -> Iterator[Row]:
    """The customer's chats: ticket, time and length (F-C9)."""
    for one in held:
        words = f"{one.messages} message{'' if one.messages == 1 else 's'}"
        yield "chat", f"#{one.ticket}, {local(one.at, app.zone)}, {words}"
