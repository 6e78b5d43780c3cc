"""Calls each function of some rooms of the store; says what it loaded of SQLAlchemy, and which statements never ran."""

import sys

from tests.store.calls import desk, mail, people, reports, sla, tickets
from tests.store.calls.given import Given
from ticketctl.store.db import health
from ticketctl.store.db.database import Database, Tx
from ticketctl.store.db.prepared import ALL

ROOMS = (
    "db.blobs.", "db.health.", "db.leases._DROP", "db.meta.", "desk.", "people.", "privacy.purge.", "queues.",
    "reports.", "sla.",
    "tickets.attachments.", "tickets.conversations.", "tickets.events.", "tickets.last_word.", "tickets.links.",
    "tickets.message_moves.", "tickets.messages.", "tickets.saved_queries.", "tickets.pending.",
)  # fmt: skip
# Statements that only one kind of database runs.
ONLY = {
    "queues.sending._COMPOSED": "sqlite",
    "queues.sending._STORED_AND_COMPOSED": "postgresql",
}


def main(url: str, one: int, two: int, customer: int) -> None:
    """Call them all in one transaction on the database; print what they should not have loaded, or did not run."""

    def work(tx: Tx) -> None:
        for call in (
            *desk.CALLS,
            *sla.CALLS,
            *tickets.CALLS,
            *mail.CALLS,
            *people.CALLS,
            *reports.CALLS,
        ):
            call(Given(tx, one, two, customer))

    db = Database(url)
    db.write(work)
    health.check_writable(db)
    loaded = sorted(name for name in sys.modules if name.partition(".")[0] == "sqlalchemy")
    silent = [made.name for made in ALL if not vars(made)["_compiled"]]
    left_out = [
        name
        for name in silent
        if name.startswith(ROOMS) and ONLY.get(name, db.url.dialect) == db.url.dialect
    ]
    print(*loaded, *left_out, sep="\n")


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
