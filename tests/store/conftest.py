"""A short way to a ticket in the store."""

from collections.abc import Callable
from typing import Any

import pytest

from ticketctl import clock
from ticketctl.store.db.database import Tx
from ticketctl.store.people import customers
from ticketctl.store.tickets import tickets

MakeTicket = Callable[..., int]


@pytest.fixture
def make_ticket() -> MakeTicket:
    """A function (tx, email=, name=, at=, **columns of tickets.create) -> number of the new ticket."""

    def make(tx: Tx, email: str = "carl@x.example", name: str = "Carl", **columns: Any) -> int:
        at = columns.pop("at", clock.parse("2026-03-09T08:10:00Z"))
        who = customers.find_or_create(tx, email=email, name=name, language=None, at=at)
        values: dict[str, Any] = {
            "subject": "Printer",
            "status": "new",
            "priority": "medium",
            "channel": "email",
            "mailbox": "support@help.example",
            "segment": "support",
            "customer_id": who.id,
        }
        return tickets.create(tx, tickets.NewTicket(at=at, **values | columns))

    return make
