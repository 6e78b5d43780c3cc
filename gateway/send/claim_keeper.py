"""Keeps the claim on the mail that is being sent, however slow the mail server is (L11)."""

import logging
import threading

from ticketctl.errors import DatabaseTrouble
from ticketctl.store.db.database import Database, Tx
from ticketctl.store.queues import sending

log = logging.getLogger("gateway.send.sender")


class ClaimKeeper:
    """A thread that renews the claim on one row of the outbox at a time. It starts with the first row; `close` it."""

    def __init__(self, db: Database, holder: str, lease_seconds: int) -> None:
        self._db = db
        self._holder = holder
        self._lease = lease_seconds
        self._row = 0
        self._done = threading.Event()
        self._thread: threading.Thread | None = None

    def keep(self, row: int) -> None:
        """Keep the claim on this row, and no longer that on the row before."""
        self._row = row
        if self._thread is None:
            self._done.clear()
            self._thread = threading.Thread(target=self._renew, name="claim", daemon=True)
            self._thread.start()

    def close(self) -> None:
        """Stop; may be used again."""
        if self._thread is not None:
            self._done.set()
            self._thread.join()
            self._thread = None

    def _renew(self) -> None:
        while not self._done.wait(self._lease / 3):
            try:
                self._db.write(self._renew_in)
            except DatabaseTrouble as trouble:
                log.warning("The claim on mail %d could not be renewed: %s", self._row, trouble)

    def _renew_in(self, tx: Tx) -> None:
        sending.renew(tx, self._row, self._holder, self._lease)
