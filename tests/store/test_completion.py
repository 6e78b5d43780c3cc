"""The open tickets that the shell offers, the last changed first, wherever among all tickets they are."""

from datetime import timedelta

import pytest

from tests.store.conftest import MakeTicket
from ticketctl import clock
from ticketctl.domain.base.condition import EVERYTHING, Where
from ticketctl.store.db.database import Database, Tx
from ticketctl.store.tickets import completion

AT = clock.parse("2026-03-09T08:10:00Z")


@pytest.mark.parametrize("last", [0, 1, 3, 5, 6, 4000])
def test_open_tickets_are_found_behind_many_that_changed_later(
    db: Database, make_ticket: MakeTicket, last: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(completion, "RECENT", last)
    statuses = ["open", "closed", "new", "closed", "waiting", "merged"]

    def made(tx: Tx) -> list[int]:
        return [
            make_ticket(tx, status=status, at=AT + timedelta(hours=age))
            for age, status in enumerate(statuses)
        ]

    first, _, second, _, third, _ = db.write(made)
    with db.read() as tx:
        for most in (1, 2, 3, 4):
            found = [id for id, _ in completion.open_tickets(tx, EVERYTHING, most)]
            assert found == [third, second, first][:most]
        some = completion.open_tickets(tx, Where("status", "=", ("new",)), 9)
        assert some == [(second, "Printer")]
