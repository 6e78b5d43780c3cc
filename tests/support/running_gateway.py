"""A whole running gateway on loopback, of its own, to be killed and starved; and what must hold when it is over."""

import contextlib
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from sqlalchemy import select

from gateway.run import debug_smtp
from tests.support.desk import DeskFixture
from tests.support.ports import free_port
from tests.support.senders import Mail
from ticketctl.errors import DatabaseTrouble
from ticketctl.store.db import schema
from ticketctl.store.db.database import Database
from ticketctl.store.queues import inbox, outbox

ROOT = Path(__file__).parents[2]
PATIENCE = 90.0  # seconds until a condition that is waited for is given up
# One agent alone: a mail to several has as many copies, and none may come twice.
ONE_AGENT = """
[desk]
name = "Help"
domain = "help.example"
acks_per_domain = 100000
acks_per_desk = 100000

[[mailbox]]
address = "support@help.example"
segment = "support"

[[agent]]
name = "ana"
email = "ana@help.example"
role = "admin"

[[segment]]
name = "support"
managers = ["ana"]
"""
CONFIG = """
[db]
url = "{url}"

[gateway]
smtp = ["127.0.0.1:{port}"]
lmtp = []
{gateway}

[outgoing]
host = "127.0.0.1"
port = {outgoing}
retry = ["1s"]
"""


class RunningGateway(DeskFixture):
    """A gateway process with its own settings and log, the desk's database, and the server that takes its mail."""

    def __init__(self, folder: Path, url: str, gateway: str = "", outgoing: int = 0) -> None:
        folder.mkdir(exist_ok=True)
        self.folder = folder
        self.port, self.outgoing_port = free_port(), outgoing or free_port()
        super().__init__(Database(url), ONE_AGENT)
        self.command = [sys.executable, "-m", "ticketctl", "gateway", "serve"]
        self.log = folder / "gateway.log"
        self.caught = folder / "caught"
        self._catcher: debug_smtp.DebugSmtpServer | None = None
        self._supervisor: psutil.Popen | None = None
        self.config = folder / "config.toml"
        self.configure(gateway)

    def configure(self, gateway: str = "") -> None:
        """Write config.toml, with more lines for [gateway]."""
        words = {"url": self.db.url.text(), "port": self.port, "outgoing": self.outgoing_port}
        self.config.write_text(CONFIG.format(gateway=gateway, **words))

    @property
    def environ(self) -> dict[str, str]:
        """What a process of this gateway is started with."""
        environ = {k: v for k, v in os.environ.items() if not k.startswith("TICKETCTL_")}
        return environ | {"TICKETCTL_CONFIG": str(self.config), "PYTHONPATH": str(ROOT)}

    def catch(self) -> None:
        """Start the server that takes what the desk sends."""
        self._catcher = debug_smtp.DebugSmtpServer(self.caught, port=self.outgoing_port)
        self._catcher.start()

    def drop_catcher(self) -> None:
        """Stop it."""
        if self._catcher is not None:
            self._catcher.stop()
            self._catcher = None

    def launch(self) -> psutil.Popen:
        """Start the supervisor and return its process at once; it may refuse to run."""
        with self.log.open("ab") as log:
            return psutil.Popen(
                self.command,
                cwd=self.folder,
                env=self.environ,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def start(self) -> None:
        """Start the gateway and wait until all parts are ready."""
        said = self.said("the gateway is ready.")
        process = self._supervisor = self.launch()
        self.until(
            lambda: self.said("the gateway is ready.") > said or process.poll() is not None,
            "the gateway is ready",
        )
        assert process.poll() is None, self.log.read_text()

    def stop(self) -> int:
        """SIGTERM, and the exit code."""
        self.supervisor.terminate()
        return int(self.supervisor.wait(PATIENCE))

    @property
    def supervisor(self) -> psutil.Popen:
        assert self._supervisor is not None, "the gateway is not started"
        return self._supervisor

    def part(self, name: str) -> psutil.Process | None:
        """The process of a part; None while there is none."""
        for child in self.supervisor.children():
            with contextlib.suppress(psutil.NoSuchProcess, psutil.ZombieProcess):
                if child.name() == name and child.status() != psutil.STATUS_ZOMBIE:
                    return child
        return None

    def kill(self, name: str) -> bool:
        """kill -9 a part; False where it is down anyway."""
        process = self.part(name)
        if process is None:
            return False
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()
        return True

    def kill_supervisor(self) -> list[psutil.Process]:
        """kill -9 the supervisor alone; returns its parts as they were."""
        parts: list[psutil.Process] = self.supervisor.children()
        self.supervisor.kill()
        self.supervisor.wait()
        return parts

    def kill_whole(self) -> None:
        """kill -9 of the supervisor and all its parts."""
        if self._supervisor is not None and self._supervisor.is_running():
            processes = [self._supervisor, *self._supervisor.children(recursive=True)]
            for process in processes:
                with contextlib.suppress(psutil.NoSuchProcess):
                    process.kill()
            self._supervisor.wait()
            psutil.wait_procs(processes[1:], timeout=PATIENCE)

    def clear(self) -> None:
        """End everything we started, whatever its state."""
        self.kill_whole()
        self.drop_catcher()
        self.db.dispose()

    def said(self, words: str) -> int:
        """How often the log has these words."""
        return self.log.read_text().count(words) if self.log.exists() else 0

    def until(self, holds: Callable[[], object], what: str = "", every: float = 0.05) -> None:
        """Wait for a condition, looked at `every` so many seconds; a database that is away means: not yet."""
        end = time.monotonic() + PATIENCE
        while True:
            with contextlib.suppress(DatabaseTrouble):
                if holds():
                    return
            if time.monotonic() > end:
                pytest.fail(f"in vain: {what}\n{self.log.read_text()[-6000:]}")
            time.sleep(every)

    def idle(self) -> bool:
        """Nothing waits to be filed or sent."""
        with self.db.read() as tx:
            out = outbox.waiting(tx)
            return not inbox.waiting(tx)[inbox.RECEIVED] and not out["queued"] + out["sending"]


@contextmanager
def gateways(folder: Path) -> Iterator[Callable[..., RunningGateway]]:
    """A function that makes a gateway on a database URL; everything it started is ended with the context."""
    made: list[RunningGateway] = []

    def make(url: str, gateway: str = "", outgoing: int = 0) -> RunningGateway:
        made.append(RunningGateway(folder / f"gateway{len(made) + 1}", url, gateway, outgoing))
        return made[-1]

    try:
        yield make
    finally:
        for one in made:
            one.clear()


def check_filed_once(running: RunningGateway, acknowledged: Sequence[Mail]) -> None:
    """Every acknowledged mail is one message of one ticket, replies beside what they answer, nothing is held."""
    with running.db.read() as tx:
        table = schema.message
        rows = tx.execute(select(table).where(table.c.direction == "in")).all()
        held = inbox.listing(tx, inbox.HELD)
    times = Counter(row.message_id for row in rows)
    assert not held
    assert set(times) == {one.message_id for one in acknowledged}
    assert set(times.values()) == {1}
    ticket = {row.message_id: row.ticket_id for row in rows}
    apart = [
        one.message_id
        for one in acknowledged
        if one.parent and ticket[one.message_id] != ticket[one.parent]
    ]
    assert not apart
    opened = {one.message_id for one in acknowledged if not one.parent}
    assert len(set(ticket.values())) == len(opened)


def check_sent(running: RunningGateway, acknowledged: Sequence[Mail]) -> None:
    """Every outgoing mail reached the server, under one Message-ID, the same bytes every time; one ack a ticket."""
    rows = running.outbox()
    copies: dict[str, set[bytes]] = {}
    for one in debug_smtp.mails(running.caught):
        copies.setdefault(str(one.mail["Message-ID"]), set()).add(one.path.read_bytes())
    assert {row.state for row in rows} == {"sent"}
    assert set(copies) == {row.message_id for row in rows}
    assert [id for id, contents in copies.items() if len(contents) > 1] == []
    acks = Counter(row.ticket for row in rows if row.kind == "ack")
    assert set(acks.values()) == {1}
    assert len(acks) == len([one for one in acknowledged if not one.parent])
