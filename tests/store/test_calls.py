"""Each function of these rooms of the store means the same on both kinds of database."""

from tests.store.conftest import MakeTicket, call_every_function
from ticketctl.store.db.database import Database


def test_every_statement_runs_and_none_needs_sqlalchemy(
    db: Database, db_url: str, make_ticket: MakeTicket
) -> None:
    call_every_function(db, db_url, make_ticket)
