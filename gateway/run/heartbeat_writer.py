"""Notes in the database what the supervisor says of the gateway's parts: one write for all of them.

It runs as a thread of the timer, since the supervisor has no connection to the database. While the supervisor says
nothing, nothing is written, and everybody sees that the gateway hangs.
"""

import logging
import threading

import msgspec
from msgspec import Struct

from ticketctl.errors import DatabaseTrouble
from ticketctl.store.db.database import Database
from ticketctl.store.queues import heartbeats
from ticketctl.store.queues.heartbeats import PartState

log = logging.getLogger("ticketctl.gateway")

STOP_SECONDS = 5.0  # to wait at the end for a write that is under way


class Snapshot(Struct, frozen=True):
    """What all parts of a gateway are at one time; none if it stops."""

    gateway: str
    host: str
    parts: tuple[PartState, ...]

    def line(self) -> bytes:
        """It as a line for `HeartbeatWriter.hear`."""
        return msgspec.json.encode(self) + b"\n"


class HeartbeatWriter:
    """Notes each snapshot that it hears. A write that fails is left out: the next snapshot comes soon."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._begun = b""  # a line that is not yet whole
        self._latest: Snapshot | None = None
        self._noted: Snapshot | None = None
        self._news = threading.Event()
        self._over = False
        self._failing = False
        self._thread = threading.Thread(target=self._run, name="heartbeat", daemon=True)
        self._thread.start()

    def hear(self, said: bytes) -> None:
        """Take what the supervisor says: lines, perhaps in pieces. Never waits for the database."""
        *lines, self._begun = (self._begun + said).split(b"\n")
        for line in lines:
            try:
                self._latest = msgspec.json.decode(line, type=Snapshot)
            except msgspec.DecodeError:  # the supervisor could not write all of it
                continue
            self._news.set()

    def close(self) -> None:
        """End; if the gateway stops, wait a while until that is noted."""
        self._over = True
        self._news.set()
        self._thread.join(STOP_SECONDS)

    def _run(self) -> None:
        is_last = False
        while not is_last:
            self._news.wait()
            self._news.clear()
            is_last, latest = self._over, self._latest
            if latest is None or (is_last and latest.parts):  # another timer takes over
                continue
            try:
                self._note(latest)
            except DatabaseTrouble as trouble:
                if not self._failing:
                    log.warning("heartbeats are not noted: %s", trouble)
                self._failing = True
            else:
                self._noted, self._failing = latest, False

    def _note(self, latest: Snapshot) -> None:
        if not latest.parts:
            self._db.write(lambda tx: heartbeats.remove(tx, latest.gateway), durable=False)
            return
        unchanged = self._noted is not None and latest == self._noted
        if unchanged and self._db.write(
            lambda tx: heartbeats.note_again(tx, latest.gateway), durable=False
        ):
            return
        self._db.write(
            lambda tx: heartbeats.note(tx, latest.gateway, latest.host, latest.parts),
            durable=False,
        )
