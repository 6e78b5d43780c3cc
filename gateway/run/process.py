"""Runs one part of the gateway in this process: doors (SMTP and LMTP), intake, send, bridge, timer, imap, metrics."""

import asyncio
import importlib
import logging
import os
import signal
import threading
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from gateway.shared.heartbeat import Beat
from gateway.shared.log import begin as begin_log
from ticketctl.errors import DeskError, NotFound
from ticketctl.settings.table import Settings
from ticketctl.store.db.database import Database

if TYPE_CHECKING:
    from gateway.receive.smtp.serve import Listening

BUSY, IDLE, READY = b"B", b"I", b"R"  # what a part says to the supervisor
STUCK_SECONDS = 900
ALARM_SECONDS = 10  # for the supervisor to replace a stuck part, before SIGALRM ends it
LOOP_SECONDS = 10  # between two heartbeats of the doors


_MODULES = {
    "doors": "gateway.receive.smtp.serve",
    "intake": "gateway.intake.worker",
    "send": "gateway.send.sender",
    "bridge": "gateway.bridge.sender",
    "timer": "gateway.run.timer",
    "imap": "gateway.receive.imap.poll",
    "metrics": "gateway.run.metrics",
}

log = logging.getLogger("ticketctl.gateway")


def load(names: Iterable[str]) -> None:
    """Import what these parts need, before they are forked."""
    for name in names:
        importlib.import_module(_MODULES[_kind(name)])


def stuck_after(name: str, settings: Settings) -> int:
    """Return the seconds after which a part is stuck if it is still at the same mail, folder or task."""
    return settings.gateway.intake_seconds if _kind(name) == "intake" else STUCK_SECONDS


def run(
    name: str,
    settings: Settings,
    beat_fd: int,
    holder: str,
    listening: "Listening | None" = None,
) -> int:
    """Run a part until SIGTERM, or the end of standard input, which means that the supervisor has died.

    `holder` is the name in which it claims mail; processes that replace it get the same name. `listening` are the
    sockets of the doors. Returns the exit code.
    """
    if (
        not logging.getLogger().handlers
    ):  # a parent whose terminal is for something else, as that of the demo
        begin_log()
    try:
        db = Database(settings.db.url)
        try:
            _run(name, settings, db, beat_fd, holder, listening)
        finally:
            db.dispose()
    except DeskError as trouble:
        log.error("part %s: %s", name, trouble)
        return trouble.exit_code
    return 0


def _run(
    name: str,
    settings: Settings,
    db: Database,
    beat_fd: int,
    holder: str,
    listening: "Listening | None",
) -> None:
    stop = threading.Event()
    say = _beat_writer(beat_fd)
    limit = stuck_after(name, settings)

    def beat(busy: bool) -> None:
        # SIGALRM has no handler: it ends a stuck part, even if the supervisor has died and the main thread does not
        # return to Python.
        signal.alarm(limit + ALARM_SECONDS if busy else 0)
        say(BUSY if busy else IDLE)

    if name == "doors":
        asyncio.run(_doors(settings, db, say, beat, listening))
        return
    for number in (signal.SIGTERM, signal.SIGINT):
        # In a thread, because the signal may come while stop.wait() holds the lock that stop.set() needs.
        signal.signal(number, lambda *_: threading.Thread(target=stop.set).start())
    if name == "timer":
        _run_timer(db, beat, say, stop)
        return
    _stop_with_supervisor(stop.set)
    work = _part(name, settings, db, beat, holder)
    say(READY)
    work(stop)


def _run_timer(
    db: Database, beat: Beat, say: Callable[[bytes], None], stop: threading.Event
) -> None:
    """Run the timer; it also notes the heartbeats, of which the supervisor tells it."""
    from gateway.run.heartbeat_writer import HeartbeatWriter
    from gateway.run.timer import Timer

    writer = HeartbeatWriter(db)
    _stop_with_supervisor(stop.set, writer.hear)
    timer = Timer(db, beat)
    say(READY)
    try:
        timer.run(stop)
    finally:
        writer.close()


def _kind(name: str) -> str:
    """Return the kind of a part: `intake` of intake1, `imap` of imap:support."""
    return name.partition(":")[0].rstrip("0123456789")


def _part(
    name: str, settings: Settings, db: Database, beat: Beat, holder: str
) -> Callable[[threading.Event], None]:
    kind = _kind(name)
    if kind == "intake":
        from gateway.intake.worker import Worker

        workers = settings.gateway.intake_workers
        quick = (
            workers > 1 and name == f"intake{workers}"
        )  # so that small mails never wait for large ones
        return Worker(db, settings, beat, holder, quick=quick).run
    if kind == "send":
        from gateway.send.sender import Sender

        return Sender(db, settings, holder=holder, beat=beat).run
    if kind == "bridge":
        from gateway.bridge.sender import BridgeSender

        return BridgeSender(db, settings, holder=holder, beat=beat).run
    if kind == "metrics":
        from gateway.run.metrics import MetricsServer

        return MetricsServer(db, settings, beat).run
    if kind == "imap":
        from gateway.receive.imap.poll import Poller

        found = next((one for one in settings.imap if name == f"imap:{one.name}"), None)
        if found is not None:
            return Poller(db, settings, found, beat=beat).run
    raise NotFound(f"the gateway has no part {name!r}.")


async def _doors(
    settings: Settings,
    db: Database,
    say: Callable[[bytes], None],
    beat: Beat,
    listening: "Listening | None",
) -> None:
    from gateway.receive.smtp.serve import serve

    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    _stop_with_supervisor(lambda: loop.call_soon_threadsafe(stop.set))

    def ready(addresses: list[str]) -> None:
        log.info("listening on %s", ", ".join(addresses))
        say(READY)

    async def keep_beating() -> None:
        while True:
            beat(True)
            await asyncio.sleep(LOOP_SECONDS)

    beating = asyncio.create_task(keep_beating())
    try:
        await serve(settings, db, stop, ready, listening=listening)
    finally:
        beating.cancel()


def _beat_writer(fd: int) -> Callable[[bytes], None]:
    def say(word: bytes) -> None:
        try:
            os.write(fd, word)
        except BrokenPipeError:  # the supervisor has died; the end of standard input stops us
            return

    return say


def _stop_with_supervisor(
    stop: Callable[[], object], hear: Callable[[bytes], object] = lambda said: None
) -> None:
    """Call `stop` when standard input ends, because the supervisor has died; `hear` what it says before."""

    def watch() -> None:
        while said := os.read(0, 65_536):
            hear(said)
        stop()

    threading.Thread(target=watch, name="lifeline", daemon=True).start()
