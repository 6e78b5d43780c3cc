"""The supervisor of `gateway serve`: starts the parts as processes, replaces a dead or stuck one, stops them in order.

Each part is `python -m gateway part NAME` with two pipes: its standard input is its lifeline (its end means that the
supervisor is gone: stop), and a beat pipe on which it says when it takes something up and when it has nothing in hand.
"""

import logging
import os
import selectors
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from typing import IO

from ticketctl.settings.table import Settings
from ticketctl.store.db.leases import own_name

log = logging.getLogger("ticketctl.gateway")

BUSY, IDLE, READY = b"B", b"I", b"R"
STUCK_SECONDS = 900
GRACE_SECONDS = 30.0
RESTART_SECONDS = (0.5, 30.0)  # before a part that died is started again: at first, at most
CALM_SECONDS = 60.0  # a part that lived this long starts again at once


class Part:
    """One child process and what we know of it."""

    def __init__(self, name: str, environ: Mapping[str, str], log: IO[bytes] | None) -> None:
        self.name = name
        self._holder = f"{own_name()}:{name}"  # it stays the same for every process of this part
        self._log = log
        self.ready = False
        self.busy_since: float | None = None
        self.not_before = 0.0
        self._environ = dict(environ)
        self._delay = RESTART_SECONDS[0]
        self._started = 0.0
        self.process: subprocess.Popen[bytes] | None = None
        self.beat: int | None = None

    def start(self) -> None:
        """Start the process with its lifeline and its beat pipe."""
        ours, theirs = os.pipe()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "gateway", "part", self.name, str(theirs), self._holder],
            stdin=subprocess.PIPE,
            pass_fds=(theirs,),
            env=self._environ,
            stdout=self._log,
            stderr=self._log,
            start_new_session=True,  # Ctrl-C is for the supervisor alone; it stops the parts in order
        )
        os.close(theirs)
        os.set_blocking(ours, False)
        self.beat, self.busy_since, self._started = ours, None, time.monotonic()
        log.info("part %s runs as process %d", self.name, self.process.pid)

    def heard(self) -> bool:
        """Read the beat pipe; False when the process has closed it."""
        assert self.beat is not None
        try:
            said = os.read(self.beat, 4096)
        except BlockingIOError:
            return True
        if READY in said:
            self.ready = True
        last = said[-1:] if said else b""
        if last == BUSY:
            self.busy_since = time.monotonic()
        elif last == IDLE:
            self.busy_since = None
        return bool(said)

    def buried(self) -> None:
        """The process is gone: close its pipes and say when it may start again."""
        assert self.process is not None and self.process.stdin is not None and self.beat is not None
        code = self.process.wait()
        self.process.stdin.close()
        os.close(self.beat)
        lived = time.monotonic() - self._started
        self._delay = (
            RESTART_SECONDS[0] if lived > CALM_SECONDS else min(self._delay * 2, RESTART_SECONDS[1])
        )
        self.not_before = time.monotonic() + self._delay
        self.process = self.beat = None
        log.warning("part %s ended with code %s; it starts again", self.name, code)


class Supervisor:
    """Runs until `stop` is asked for by a signal."""

    def __init__(
        self,
        settings: Settings,
        environ: Mapping[str, str],
        on_ready: Callable[[], None] = lambda: None,
        log_file: IO[bytes] | None = None,  # where the parts write; None: where we do
    ) -> None:
        self._settings = settings
        self._parts = [Part(name, environ, log_file) for name in part_names(settings)]
        self._selector = selectors.DefaultSelector()
        self._on_ready = on_ready
        self._stopping = False

    def run(self) -> int:
        """Supervise until SIGTERM or SIGINT; returns 0, or 1 when a part had to be killed at the end."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        told = False
        while not self._stopping:
            self._start_missing()
            self._listen(0.2)
            self._replace_stuck()
            if not told and all(part.ready for part in self._parts):
                told = True
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
                assert part.beat is not None
                self._selector.register(part.beat, selectors.EVENT_READ, part)

    def _listen(self, seconds: float) -> None:
        for key, _ in self._selector.select(seconds):
            part: Part = key.data
            if not part.heard():
                self._selector.unregister(key.fd)
                part.buried()

    def _replace_stuck(self) -> None:
        for part in self._parts:
            limit, since = patience_with(part.name, self._settings), part.busy_since
            if since is not None and part.process and time.monotonic() - since > limit:
                log.error(
                    "part %s has been stuck for more than %d s; it is replaced",
                    part.name,
                    limit,
                )
                part.busy_since = None
                part.process.kill()

    def _stop_all(self) -> int:
        """Doors first, so that nothing new comes in; then the others; kill what outlives the grace time."""
        killed = 0
        for group in (doors_of(self._parts), self._parts):
            killed += _end(group)
        return 1 if killed else 0


def part_names(settings: Settings) -> list[str]:
    """The parts that these settings ask for."""
    gateway = settings.gateway
    names = ["doors"] if gateway.smtp or gateway.lmtp else []
    names += [f"intake{number}" for number in range(1, gateway.intake_workers + 1)]
    names += ["send", "timer"]
    return names + [f"imap:{account.name}" for account in settings.imap]


def patience_with(name: str, settings: Settings) -> int:
    """The seconds after which a part that is still at one thing is stuck: one mail, one folder, one chore."""
    return settings.gateway.intake_seconds if name.startswith("intake") else STUCK_SECONDS


def doors_of(parts: Sequence[Part]) -> list[Part]:
    """The parts through which mail comes in."""
    return [part for part in parts if part.name == "doors" or part.name.startswith("imap:")]


def _end(parts: Sequence[Part]) -> int:
    """Ask parts to stop and wait; returns how many had to be killed."""
    running = [part.process for part in parts if part.process is not None]
    for process in running:
        if process.poll() is None:
            process.terminate()
    end = time.monotonic() + GRACE_SECONDS
    killed = 0
    for process in running:
        try:
            process.wait(max(0.1, end - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            killed += 1
    return killed


def notify(state: str) -> None:
    """Tell systemd (sd_notify: one datagram to NOTIFY_SOCKET); nothing where there is none."""
    path = os.environ.get("NOTIFY_SOCKET")
    if not path:
        return
    address = "\0" + path[1:] if path.startswith("@") else path
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as datagram:
        datagram.connect(address)
        datagram.sendall(state.encode())
