"""The supervisor of `gateway serve`: starts the parts as processes, replaces dead or stuck ones, stops them in order.

Each part is forked from the supervisor, which has imported what the parts need and holds nothing else, so that all
share that memory. A part has two pipes. The end of its standard input means that the supervisor has died, and the part
stops. On the heartbeat pipe it reports when it begins a piece of work and when it has none. The supervisor tells the
timer, which has a connection to the database, what all parts are.
"""

import gc
import logging
import os
import selectors
import signal
import socket
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from gateway.run import process
from gateway.run.child import Child
from gateway.run.heartbeat_writer import Snapshot
from gateway.run.process import BUSY, IDLE, READY, stuck_after
from gateway.shared import wake
from ticketctl import clock
from ticketctl.settings.table import Settings
from ticketctl.store.db.leases import own_name
from ticketctl.store.queues import heartbeats
from ticketctl.store.queues.heartbeats import PartState

log = logging.getLogger("ticketctl.gateway")

GRACE_SECONDS = 30.0
RESTART_SECONDS = (0.5, 30.0)  # before a dead part is started again: at first, at most
STABLE_SECONDS = 60.0  # a part that ran this long is started again at once
CHANGE_SECONDS = 1.0  # at least, between two snapshots of the parts


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
        self._settings = settings
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

    def start(self) -> None:
        """Start the process with its standard input and its heartbeat pipe; if that fails, it is tried again later."""
        ours, theirs = os.pipe()
        work = partial(process.run, self.name, self._settings, theirs, self._holder)
        try:
            self.process = Child(self.name, work, keep=(theirs, *self._wakes), output=self._output)
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
        if time.monotonic() - self._started > STABLE_SECONDS:
            self._delay = RESTART_SECONDS[0] / 2
        self._put_off()
        self.process = self.beat = None
        log.warning("part %s ended with code %s; it will be started again", self.name, code)

    def _put_off(self) -> None:
        """Set when it may start again, each time twice as late."""
        self._delay = min(self._delay * 2, RESTART_SECONDS[1])
        self.not_before = time.monotonic() + self._delay


class Supervisor:
    """Runs the parts until a signal stops it."""

    def __init__(
        self,
        settings: Settings,
        on_ready: Callable[[], None] = lambda: None,
        output: int | None = None,  # the file for the output of the parts; None: the same as ours
    ) -> None:
        self._settings = settings
        wakes = wake.open_all()
        self._parts = [GatewayPart(name, settings, output, wakes) for name in part_names(settings)]
        self._name = own_name()
        self._told: tuple[PartState, ...] = ()
        self._told_at = float("-inf")
        self._selector = selectors.DefaultSelector()
        self._on_ready = on_ready
        self._stopping = False

    def run(self) -> int:
        """Supervise until SIGTERM or SIGINT; return 0, or 1 if a part had to be killed at the end."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        process.load([part.name for part in self._parts])
        gc.collect()
        gc.freeze()  # the collector would write to the memory that all share
        gc.set_threshold(20_000, 20, 50)  # little of a mail is in cycles
        is_ready = False
        while not self._stopping:
            self._start_missing()
            self._listen(0.2)
            self._replace_stuck()
            self._tell_states()
            if not is_ready and all(part.ready for part in self._parts):
                is_ready = True
                notify("READY=1")
                self._on_ready()
        notify("STOPPING=1")
        return self._stop_all()

    def _stop(self, number: int, frame: object) -> None:
        self._stopping = True

    def _start_missing(self) -> None:
        for part in self._parts:
            if part.process is None and time.monotonic() >= part.not_before:
                part.start()
                if part.beat is not None:
                    self._selector.register(part.beat, selectors.EVENT_READ, part)

    def _listen(self, seconds: float) -> None:
        for key, _ in self._selector.select(seconds):
            part: GatewayPart = key.data
            if not part.read_beats():
                self._selector.unregister(key.fd)
                part.clean_up()

    def _replace_stuck(self) -> None:
        for part in self._parts:
            limit, since = stuck_after(part.name, self._settings), part.busy_since
            if since is not None and part.process and time.monotonic() - since > limit:
                log.error(
                    "part %s has been stuck for more than %d s and is replaced",
                    part.name,
                    limit,
                )
                part.busy_since = None
                part.process.kill()

    def _tell_states(self) -> None:
        """Tell the timer what the parts are, when that has changed and now and then."""
        states = tuple(part.state for part in self._parts)
        pause = heartbeats.EVERY_SECONDS if states == self._told else CHANGE_SECONDS
        timer = next((part.process for part in self._parts if part.name == "timer"), None)
        if timer is None or time.monotonic() - self._told_at < pause:
            return
        timer.tell(Snapshot(gateway=self._name, host=socket.gethostname(), parts=states).line())
        self._told, self._told_at = states, time.monotonic()

    def _stop_all(self) -> int:
        """Stop the parts that receive mail, then the others; kill those that do not stop in time."""
        killed = 0
        for group in (receiving(self._parts), self._parts):
            killed += _stop_parts(group)
        return 1 if killed else 0


def part_names(settings: Settings) -> list[str]:
    """Return the parts that these settings need."""
    gateway = settings.gateway
    names = ["doors"] if gateway.smtp or gateway.lmtp else []
    names += [f"intake{number}" for number in range(1, gateway.intake_workers + 1)]
    names += ["send", "timer"]
    return names + [f"imap:{account.name}" for account in settings.imap]


def receiving(parts: Sequence[GatewayPart]) -> list[GatewayPart]:
    """Return the parts that receive mail."""
    return [part for part in parts if part.name == "doors" or part.name.startswith("imap:")]


def _stop_parts(parts: Sequence[GatewayPart]) -> int:
    """Ask parts to stop, and wait; return how many had to be killed."""
    running = [part.process for part in parts if part.process is not None]
    for child in running:
        child.terminate()
    end = time.monotonic() + GRACE_SECONDS
    killed = 0
    for child in running:
        if child.wait(max(0.1, end - time.monotonic())) is None:
            child.kill()
            child.wait()
            killed += 1
    return killed


def notify(state: str) -> None:
    """Notify systemd (sd_notify: one datagram to NOTIFY_SOCKET), if it is there."""
    path = os.environ.get("NOTIFY_SOCKET")
    if not path:
        return
    address = "\0" + path[1:] if path.startswith("@") else path
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as datagram:
        datagram.connect(address)
        datagram.sendall(state.encode())
