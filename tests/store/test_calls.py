"""Each function of these rooms of the store means the same on both kinds of database."""

import subprocess
import sys

from tests.store.conftest import MakeTicket
from ticketctl.store.db.database import Database, Tx
from ticketctl.store.tickets import tickets


def test_every_statement_runs_and_none_needs_sqlalchemy(
    db: Database, db_url: str, make_ticket: MakeTicket
) -> None:
    def given(tx: Tx) -> list[int]:
        one, two = make_ticket(tx), make_ticket(tx)
        return [one, two, tickets.get(tx, one).customer.id]

    command = [sys.executable, "-m", "tests.store.calls", db_url, *map(str, db.write(given))]
    called = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (called.returncode, called.stdout.split(), called.stderr) == (0, [], "")
