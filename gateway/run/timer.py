"""The gateway's clock: every minute what time alone brings about, by one gateway of the desk."""

import logging
import threading

from gateway.shared.heartbeat import Beat, silent
from ticketctl import clock
from ticketctl.actions.jobs import sla_check, surveys, sweep
from ticketctl.errors import DatabaseTrouble
from ticketctl.store.db.engine import Database
from ticketctl.store.db.locks import alone
from ticketctl.store.sla import due

log = logging.getLogger("ticketctl.gateway.timer")

EVERY_SECONDS = 60.0


class Timer:
    """Sweeps until it is told to stop."""

    def __init__(self, db: Database, beat: Beat = silent) -> None:
        self._db = db
        self._beat = beat

    def run(self, stop: threading.Event) -> None:
        """Sweep every minute until `stop`; a database that is away is waited for."""
        while True:
            try:
                self.once()
            except DatabaseTrouble as trouble:
                log.warning("the timer waits: %s", trouble)
            self._beat(False)
            if stop.wait(EVERY_SECONDS):
                return

    def once(self) -> int:
        """Sweep, look at the clocks, send surveys; how much was done. Nothing, while another program does it."""
        done = 0
        for chore in (self._sweep, self._check, self._ask):
            self._beat(True)
            done += chore()
        return done

    def _sweep(self) -> int:
        with alone(self._db, sweep.LOCK) as keep:
            done = list(sweep.run(self._db, keep=keep)) if keep else []
        for one in done:
            log.info("ticket=%d %s", one.ticket, one.what)
        return len(done)

    def _check(self) -> int:
        with self._db.read() as tx:
            if not due.waits(tx, clock.now()):
                return 0
        with alone(self._db, sla_check.LOCK) as keep:
            happened = list(sla_check.run(self._db, keep=keep)) if keep else []
        for one in happened:
            log.info("ticket=%d %s %s", one.event.ticket, one.event.clock, one.event.kind)
        return len(happened)

    def _ask(self) -> int:
        with alone(self._db, surveys.LOCK) as keep:
            asked = list(surveys.send(self._db, keep=keep)) if keep else []
        for one in asked:
            log.info("ticket=%d survey=%s sent", one.ticket, one.survey)
        return len(asked)
