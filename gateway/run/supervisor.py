"""The supervisor of `gateway serve`: starts the parts as processes, replaces dead or stuck ones, stops them in order.

Each part is forked from the supervisor, which has imported what the parts need, so that all share that memory. It
holds nothing else but the sockets of the doors: while those are replaced, senders wait. A part
has two pipes. The end of its standard input means that the supervisor has died, and the part stops. On the heartbeat
pipe it reports when it begins a piece of work and when it has none. The supervisor tells the timer, which has a
connection to the database, what all parts are.
"""

import gc
import logging
import os
import selectors
import signal
import socket
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from gateway.run import process
from gateway.run.gateway_part import GRACE_SECONDS, GatewayPart
from gateway.run.heartbeat_writer import Snapshot
from gateway.shared import wake
from ticketctl.errors import DeskError, Refused
from ticketctl.settings.table import Settings
from ticketctl.store.db.leases import own_name
from ticketctl.store.queues import heartbeats
from ticketctl.store.queues.heartbeats import PartState

if TYPE_CHECKING:
    from gateway.receive.smtp.serve import Listening

log = logging.getLogger("ticketctl.gateway")

CHANGE_SECONDS = 1.0  # at least, between two snapshots of the parts


class Supervisor:
    """Runs the parts until a signal stops it."""

    def __init__(
        self,
        settings: Settings,
        on_ready: Callable[[], None] = lambda: None,
        output: int | None = None,  # the file for the output of the parts; None: the same as ours
        read_settings: Callable[[], Settings] | None = None,  # again, at SIGHUP
    ) -> None:
        self._settings = settings
        self._read_settings = read_settings
        self._output = output
        self._wakes = wake.open_all()
        self._listening: Listening = {}
        self._parts = [self._new_part(name) for name in part_names(settings)]
        self._outdated: list[GatewayPart] = []  # to be replaced, because the settings have changed
        self._is_reloading = self._must_reload = False
        self._name = own_name()
        self._told: tuple[PartState, ...] = ()
        self._told_at = float("-inf")
        self._selector = selectors.DefaultSelector()
        self._on_ready = on_ready
        self._stopping = False

    def run(self) -> int:
        """Supervise until SIGTERM or SIGINT; return 0, or 1 if a part had to be killed at the end.

        The errors of `open_addresses`, if an address or the certificate cannot be used.
        """
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        if self._read_settings:
            signal.signal(signal.SIGHUP, self._ask_to_reload)
        process.load([part.name for part in self._parts])
        self._listen_for(self._settings)
        gc.collect()
        gc.freeze()  # the collector would write to the memory that all share
        gc.set_threshold(20_000, 20, 50)  # little of a mail is in cycles
        is_ready = False
        while not self._stopping:
            self._start_missing()
            self._reload()
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

    def _ask_to_reload(self, number: int, frame: object) -> None:
        self._must_reload = True

    def _new_part(self, name: str) -> GatewayPart:
        return GatewayPart(name, self._settings, self._output, self._wakes)

    def _listen_for(self, settings: Settings) -> None:
        """Listen on the addresses of these settings, and no longer on others. Errors as those of `open_addresses`."""
        if settings.gateway.smtp or settings.gateway.lmtp or self._listening:
            from gateway.receive.smtp.serve import close_addresses, open_addresses

            opened = open_addresses(settings, self._listening)
            close_addresses({at: x for at, x in self._listening.items() if at not in opened})
            self._listening = opened

    def _reload(self) -> None:
        """If we were asked to: read the settings, and replace the parts one after the other."""
        if self._must_reload and self._read_settings:
            self._must_reload = False
            try:
                self._take(self._read_settings())
            except DeskError as trouble:
                log.error("the old settings stay in force, the new ones are refused: %s", trouble)
        if self._is_reloading and all(part.is_settled for part in self._parts):
            self._replace_next()

    def _take(self, settings: Settings) -> None:
        """Let these settings be in force for each part as soon as it is replaced."""
        if settings.db.url != self._settings.db.url:
            raise Refused("db.url has changed; restart the gateway for that.")
        names = part_names(settings)
        process.load(names)
        self._listen_for(settings)
        self._settings = settings
        known = {part.name: part for part in self._parts}
        parts = [known[name] if name in known else self._new_part(name) for name in names]
        self._parts = [*parts, *(part for name, part in known.items() if name not in names)]
        for part in self._parts:
            part.settings, part.leaves = settings, part.name not in names
            part.not_before = 0.0  # the new settings may be what a failing part needs
        self._outdated = [part for part in self._parts if part.process is not None]
        if not self._is_reloading:
            self._is_reloading = True
            notify("RELOADING=1")

    def _replace_next(self) -> None:
        if self._outdated:
            self._outdated.pop(0).retire()
            return
        self._is_reloading = False
        log.info("the settings are reloaded")
        notify("READY=1")

    def _start_missing(self) -> None:
        for part in self._parts:
            if part.process is None and time.monotonic() >= part.not_before:
                part.listening = self._listening if part.name == "doors" else {}
                part.start()
                if part.beat is not None:
                    self._selector.register(part.beat, selectors.EVENT_READ, part)

    def _listen(self, seconds: float) -> None:
        for key, _ in self._selector.select(seconds):
            part: GatewayPart = key.data
            if not part.read_beats():
                self._selector.unregister(key.fd)
                part.clean_up()
                if part.leaves:
                    self._parts.remove(part)

    def _replace_stuck(self) -> None:
        for part in self._parts:
            part.kill_if_stuck()

    def _tell_states(self) -> None:
        """Tell the timer what the parts are, when that has changed and now and then."""
        states = tuple(part.state for part in self._parts)
        pause = heartbeats.EVERY_SECONDS if states == self._told else CHANGE_SECONDS
        if time.monotonic() - self._told_at >= pause and self._tell(states):
            self._told, self._told_at = states, time.monotonic()

    def _tell(self, states: tuple[PartState, ...]) -> bool:
        """Tell the timer what the parts are; none, if the gateway stops. False if there is no timer just now."""
        timer = next((part.process for part in self._parts if part.name == "timer"), None)
        if timer is not None:
            line = Snapshot(gateway=self._name, host=socket.gethostname(), parts=states).line()
            timer.tell(line)
        return timer is not None

    def _stop_all(self) -> int:
        """Stop the parts that receive mail, then the others; kill those that do not stop in time."""
        for one in [one for sockets in self._listening.values() for one in sockets]:
            one.close()
        self._tell(())
        killed = 0
        for group in (receiving(self._parts), self._parts):
            killed += _stop_parts(group)
        return 1 if killed else 0


def part_names(settings: Settings) -> list[str]:
    """Return the parts that these settings need."""
    gateway = settings.gateway
    names = ["doors"] if gateway.smtp or gateway.lmtp else []
    names += [f"intake{number}" for number in range(1, gateway.intake_workers + 1)]
    names += ["send", *(["bridge"] if settings.channel else []), "timer"]
    names += ["metrics"] if gateway.metrics else []
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
