"""A short way to a ticket in the store."""

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from ticketctl import clock
from ticketctl.store.db.database import Database, Tx
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


def call_every_function(db: Database, url: str, make_ticket: MakeTicket) -> None:
    """Call the store's functions on the desk at `url`; all statements run, and none needs SQLAlchemy."""

    def given(tx: Tx) -> list[int]:
        one, two = make_ticket(tx), make_ticket(tx)
        return [one, two, tickets.get(tx, one).customer.id]

    command = [sys.executable, "-m", "tests.store.calls", url, *map(str, db.write(given))]
    called = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (called.returncode, called.stdout.split(), called.stderr) == (0, [], "")
