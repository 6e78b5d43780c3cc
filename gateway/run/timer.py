"""The timer: runs every minute what depends on time alone, on one gateway of the desk at a time."""

import logging
import threading

from gateway.shared.download import download
from gateway.shared.heartbeat import Beat, silent
from ticketctl import clock
from ticketctl.actions.jobs import renew_calendars, sla_check, surveys, sweep
from ticketctl.errors import Conflict, DatabaseTrouble
from ticketctl.store.db.database import Database
from ticketctl.store.db.locks import alone
from ticketctl.store.desk import definitions
from ticketctl.store.sla import due

log = logging.getLogger("ticketctl.gateway.timer")

EVERY_SECONDS = 60.0


class Timer:
    """Runs the timed tasks until it is told to stop."""

    def __init__(self, db: Database, beat: Beat = silent) -> None:
        self._db = db
        self._beat = beat

    def run(self, stop: threading.Event) -> None:
        """Run the tasks every minute until `stop`. While the database is away, wait."""
        while True:
            try:
                self.once()
            except DatabaseTrouble as trouble:
                log.warning("the timer waits: %s", trouble)
            self._beat(False)
            if stop.wait(EVERY_SECONDS):
                return

    def once(self) -> int:
        """Sweep, check clocks, send surveys, read calendars; how much was done. Skips what another program does."""
        done = 0
        for task in (self._sweep, self._check_clocks, self._send_surveys, self._renew_calendars):
            self._beat(True)
            done += task()
        return done

    def _sweep(self) -> int:
        with alone(self._db, sweep.LOCK) as keep:
            done = list(sweep.run(self._db, keep=keep)) if keep else []
        for one in done:
            log.info("ticket=%d %s", one.ticket, one.what)
        return len(done)

    def _check_clocks(self) -> int:
        with self._db.read() as tx:
            if not due.waits(tx, clock.now()):
                return 0
        with alone(self._db, sla_check.LOCK) as keep:
            happened = list(sla_check.run(self._db, keep=keep)) if keep else []
        for one in happened:
            log.info("ticket=%d %s %s", one.event.ticket, one.event.clock, one.event.kind)
        return len(happened)

    def _send_surveys(self) -> int:
        with alone(self._db, surveys.LOCK) as keep:
            asked = list(surveys.send(self._db, keep=keep)) if keep else []
        for one in asked:
            log.info("ticket=%d survey=%s sent", one.ticket, one.survey)
        return len(asked)

    def _renew_calendars(self) -> int:
        with self._db.read() as tx:
            calendars = renew_calendars.due(tx, definitions.current(tx), clock.now())
        if not calendars:
            return 0
        with alone(self._db, renew_calendars.LOCK) as keep:
            if not keep:
                return 0
            try:
                found = renew_calendars.run(self._db, download, calendars)
            except Conflict as trouble:
                log.warning("the calendars were not renewed: %s", trouble)
                return 0
        for name, why in found.tried.items():
            if why:
                log.warning("calendar=%s could not be read: %s", name, why)
        if found.version:
            log.info("version %d of the desk has the new holidays", found.version)
        return bool(found.version)
