"""One part of the gateway as the supervisor sees it: a process that may be replaced by another."""

import logging
import os
import time
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from gateway.run import process
from gateway.run.child import Child
from gateway.run.process import BUSY, IDLE, READY, stuck_after
from ticketctl import clock
from ticketctl.settings.table import Settings
from ticketctl.store.db.leases import own_name
from ticketctl.store.queues import heartbeats
from ticketctl.store.queues.heartbeats import PartState

if TYPE_CHECKING:
    from gateway.receive.smtp.serve import Listening

log = logging.getLogger("ticketctl.gateway")

GRACE_SECONDS = 30.0  # for a process to end in order
RESTART_SECONDS = (0.5, 30.0)  # before a dead part is started again: at first, at most
STABLE_SECONDS = 60.0  # a part that ran this long is started again at once


class GatewayPart:
    """One child process, and its state."""

    def __init__(
        self,
        name: str,
        settings: Settings,
        output: int | None = None,  # the file for its output; None: the same as ours
        wakes: Sequence[int] = (),  # ends of pipes, see gateway/shared/wake.py
    ) -> None:
        self.name = name
        self.settings = settings
        self.listening: Listening = {}  # of the doors
        self._output = output
        self._wakes = wakes
        self._holder = f"{own_name()}:{name}"  # the same for every process of this part
        self.ready = False
        self.busy_since: float | None = None
        self.not_before = 0.0
        self._delay = RESTART_SECONDS[0]
        self._started = 0.0
        self._started_at: datetime | None = None
        self._restarts = -1  # the first start is none
        self.process: Child | None = None
        self.beat: int | None = None
        self.leaves = False  # it is not in the settings any more
        self._end_by = float("inf")  # when a process that was asked to stop is killed

    def start(self) -> None:
        """Start the process with its standard input and its heartbeat pipe; if that fails, it is tried again later."""
        ours, theirs = os.pipe()
        work = partial(process.run, self.name, self.settings, theirs, self._holder, self.listening)
        doors = [one.fileno() for sockets in self.listening.values() for one in sockets]
        keep = (theirs, *self._wakes, *doors)
        try:
            self.process = Child(self.name, work, keep=keep, output=self._output)
        except OSError as trouble:
            os.close(ours)
            self._put_off()
            log.error("part %s cannot be started: %s", self.name, trouble.strerror)
            return
        finally:
            os.close(theirs)
        os.set_blocking(ours, False)
        self.beat, self.busy_since, self._started = ours, None, time.monotonic()
        self.ready, self._started_at, self._restarts = False, clock.wall(), self._restarts + 1
        log.info("part %s started as process %d", self.name, self.process.pid)

    def read_beats(self) -> bool:
        """Read the heartbeat pipe; False if the process has closed it."""
        assert self.beat is not None
        try:
            beats = os.read(self.beat, 4096)
        except BlockingIOError:
            return True
        if READY in beats:
            self.ready = True
        last = beats[-1:]
        if last == BUSY:
            self.busy_since = time.monotonic()
        elif last == IDLE:
            self.busy_since = None
        return bool(beats)

    @property
    def state(self) -> PartState:
        """What the others may know of it."""
        alive = self.process is not None
        running = heartbeats.RUNNING if self.ready else heartbeats.STARTING
        return PartState(
            part=self.name,
            pid=self.process.pid if self.process else None,
            state=running if alive else heartbeats.DOWN,
            restarts=max(0, self._restarts),
            started_at=self._started_at,
        )

    def clean_up(self) -> None:
        """Close the pipes of an ended process, and set when it may start again."""
        assert self.process is not None and self.beat is not None
        code = self.process.wait()
        self.process.release()
        os.close(self.beat)
        self.process = self.beat = None
        if self._is_retiring:
            self._end_by, self.not_before = float("inf"), 0.0
            self._restarts -= 1
            return
        if time.monotonic() - self._started > STABLE_SECONDS:
            self._delay = RESTART_SECONDS[0] / 2
        self._put_off()
        log.warning("part %s ended with code %s; it will be started again", self.name, code)

    def retire(self) -> None:
        """Ask the process to stop, so that another one with newer settings takes its place."""
        if self.process is not None:
            self._end_by = time.monotonic() + GRACE_SECONDS
            self.process.terminate()

    def kill_if_stuck(self) -> None:
        """Kill a process that is at one piece of work, or at stopping, for too long."""
        if self.process is None:
            return
        now, limit = time.monotonic(), stuck_after(self.name, self.settings)
        if self.busy_since is not None and now - self.busy_since > limit:
            log.error("part %s has been stuck for more than %d s and is replaced", self.name, limit)
        elif now > self._end_by:
            log.error("part %s does not stop and is replaced", self.name)
        else:
            return
        self.busy_since = None
        self.process.kill()

    @property
    def is_settled(self) -> bool:
        """Is it neither on its way out nor on its way in?"""
        return not self._is_retiring and (self.process is None or self.ready)

    @property
    def _is_retiring(self) -> bool:
        return self._end_by < float("inf")

    def _put_off(self) -> None:
        """Set when it may start again, each time twice as late."""
        self._delay = min(self._delay * 2, RESTART_SECONDS[1])
        self.not_before = time.monotonic() + self._delay
