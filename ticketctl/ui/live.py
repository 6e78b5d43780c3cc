"""Notices changes that others make: asks for the version of all tickets, again and again."""

from ticketctl.store.db.database import Database
from ticketctl.store.tickets import changes

SECONDS = 1.0  # between two looks


class Watch:
    """What was the version when the screen was read last; `seen`: at its first reading, if that is over."""

    def __init__(self, db: Database, seen: changes.Version | None = None) -> None:
        self._db = db
        self._seen = seen

    def changed(self) -> bool:
        """Has anything changed since the last call, or since the first reading? DatabaseTrouble if it is away."""
        with self._db.read() as tx:
            found = changes.version(tx)
        if found == self._seen:
            return False
        self._seen = found
        return True
