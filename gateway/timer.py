"""The gateway's clock: every minute what time alone brings about, by one gateway of the desk."""

import logging
import threading

from ticketctl.actions import sweep
from ticketctl.errors import DatabaseTrouble
from ticketctl.store.alone import alone
from ticketctl.store.engine import Database

log = logging.getLogger("ticketctl.gateway.timer")

EVERY_SECONDS = 60.0


class Timer:
    """Sweeps until it is told to stop."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def run(self, stop: threading.Event) -> None:
        """Sweep every minute until `stop`; a database that is away is waited for."""
        while True:
            try:
                self.once()
            except DatabaseTrouble as trouble:
                log.warning("the timer waits: %s", trouble)
            if stop.wait(EVERY_SECONDS):
                return

    def once(self) -> int:
        """Sweep now; how many tickets were changed. None is, while another program does it."""
        with alone(self._db, sweep.LOCK) as keep:
            done = list(sweep.run(self._db, keep=keep)) if keep else []
        for one in done:
            log.info("ticket=%d %s", one.ticket, one.what)
        return len(done)
