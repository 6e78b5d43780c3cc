"""A lease that is renewed while work goes on, so that one poller on one host reads a mailbox (B15)."""

import logging
import os
import secrets
import socket
import threading
import time
from types import TracebackType
from typing import Self

from ticketctl.errors import DatabaseTrouble
from ticketctl.store.db import leases
from ticketctl.store.db.database import Database

log = logging.getLogger("ticketctl.gateway.imap")

SECONDS = 60  # the lease of a killed holder ends after this


class Lease:
    """Take it, then use it as a context manager, which renews it and releases it at the end."""

    def __init__(self, db: Database, name: str) -> None:
        self._db = db
        self._name = name
        self._holder = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
        self._until = float("-inf")  # monotonic seconds
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._renew, name="lease", daemon=True)

    def take(self) -> bool:
        """Take or renew it; False if another process has it. DatabaseTrouble."""
        asked = time.monotonic()
        mine = self._db.write(lambda tx: leases.take(tx, self._name, self._holder, SECONDS))
        self._until = asked + SECONDS if mine else float("-inf")
        return mine

    def held(self) -> bool:
        """Is it certainly ours? Not if renewals have failed for longer than it lasts."""
        return time.monotonic() < self._until

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._thread.join()
        try:
            self._db.write(lambda tx: leases.drop(tx, self._name, self._holder))
        except DatabaseTrouble as trouble:
            log.warning("the lease %s was not released and will expire: %s", self._name, trouble)

    def _renew(self) -> None:
        while not self._over.wait(SECONDS / 3):
            try:
                self.take()
            except DatabaseTrouble as trouble:
                log.warning("the lease %s could not be renewed: %s", self._name, trouble)
