"""A desk that has mail from Carl: ticket 1."""

import pytest

from tests.support.mail_desk import CARL, MailDesk
from ticketctl.store.db.database import Database


@pytest.fixture
def helpdesk(sqlite_db: Database) -> MailDesk:
    """A desk with Carl's ticket, on SQLite: the scenarios take the same way on PostgreSQL."""
    return _with_a_ticket(sqlite_db)


@pytest.fixture
def each_helpdesk(db: Database) -> MailDesk:
    """The same on each kind of database, for what has statements of its own."""
    return _with_a_ticket(db)


def _with_a_ticket(db: Database) -> MailDesk:
    made = MailDesk(db)
    made.mail(CARL, "support@help.example", "Printer is broken", "It does not print.")
    return made
