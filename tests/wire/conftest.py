"""Real listeners on loopback, in a thread of the test: mail goes in by socket and comes out of the inbox."""

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from gateway.receive.smtp.serve import serve
from tests.support.desk import DeskFixture
from ticketctl.domain.base.records import InboxRow
from ticketctl.settings.table import Gateway, Outgoing, Settings
from ticketctl.store.db.database import Database
from ticketctl.store.queues import inbox


class Wire:
    """A raw client: bytes out, whole replies in."""

    def __init__(self, address: str) -> None:
        if address.startswith("unix:"):
            self.socket = socket.socket(socket.AF_UNIX)
            self.socket.connect(address.removeprefix("unix:"))
        else:
            host, _, port = address.rpartition(":")
            self.socket = socket.create_connection((host, int(port)))
        self.socket.settimeout(30)
        self._file = self.socket.makefile("rb")

    def send(self, octets: bytes) -> None:
        self.socket.sendall(octets)

    def reply(self) -> str:
        """The next reply, its lines joined by a newline; "" when the server has hung up."""
        lines = []
        while line := self._file.readline().decode():
            lines.append(line.rstrip("\r\n"))
            if line[3:4] != "-":
                break
        return "\n".join(lines)

    def say(self, command: str) -> str:
        self.send(command.encode() + b"\r\n")
        return self.reply()

    def open(self, hello: str = "EHLO client.example") -> "Wire":
        self.reply()
        self.say(hello)
        return self

    def address(self, *recipients: str, sender: str = "ana@client.example") -> "Wire":
        """MAIL, RCPT and DATA; the mail itself comes next."""
        assert self.say(f"MAIL FROM:<{sender}>").startswith("250 ")
        for recipient in recipients or ("support@help.example",):
            assert self.say(f"RCPT TO:<{recipient}>").startswith("250 ")
        assert self.say("DATA").startswith("354 ")
        return self

    def close(self) -> None:
        self._file.close()
        self.socket.close()


class Doors:
    """A running gateway of doors only, and what came into its inbox."""

    def __init__(self, db: Database, settings: Settings, grace: float) -> None:
        self.db = db
        self.grace = grace
        self.settings = settings
        self.trouble: BaseException | None = None
        self._ready = threading.Event()
        self._names: list[str] = []
        self._wires: list[Wire] = []
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()))
        self._thread.start()
        assert self._ready.wait(30)
        if self.trouble is not None:
            self._thread.join()
            raise self.trouble

    async def _serve(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        try:
            await serve(self.settings, self.db, self._stop, self._open, self.grace)
        except Exception as trouble:
            self.trouble = trouble
            self._ready.set()

    def _open(self, names: list[str]) -> None:
        self._names = names
        self._ready.set()

    def where(self, word: str) -> str:
        """The address of the first listener of that protocol."""
        return next(n.partition(" ")[2] for n in self._names if n.startswith(f"{word} "))

    @property
    def port(self) -> int:
        return int(self.where("smtp").rpartition(":")[2])

    def wire(self, word: str = "smtp") -> Wire:
        """A new connection, closed with the test."""
        self._wires.append(Wire(self.where(word)))
        return self._wires[-1]

    def smtp(self) -> Wire:
        return self.wire().open()

    def lmtp(self) -> Wire:
        return self.wire("lmtp").open("LHLO mta.example")

    def rows(self) -> list[InboxRow]:
        """The inbox, oldest first."""
        with self.db.read() as tx:
            return inbox.listing(tx)[::-1]

    def raws(self) -> list[bytes]:
        with self.db.read() as tx:
            return [inbox.raw(tx, row.id) for row in inbox.listing(tx)[::-1]]

    def begin_stop(self) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)

    def stop(self) -> None:
        """As SIGTERM does; returns when the doors are closed."""
        if self._thread.is_alive():
            self.begin_stop()
            self._thread.join()
        for wire in self._wires:
            wire.close()


@pytest.fixture
def start(sqlite_db: Database) -> Iterator[Callable[..., Doors]]:
    """A function: doors on free ports over a desk of two mailboxes; keywords are settings of [gateway]."""
    DeskFixture(sqlite_db)
    running: list[Doors] = []

    def go(db: Database = sqlite_db, grace: float = 10, **gateway: Any) -> Doors:
        listen: dict[str, Any] = {"smtp": ("127.0.0.1:0",), "lmtp": ("127.0.0.1:0",)}
        settings = replace(
            Settings(),
            gateway=Gateway(**(listen | gateway)),
            outgoing=Outgoing(envelope="bounces@help.example"),
        )
        running.append(Doors(db, settings, grace))
        return running[-1]

    yield go
    for doors in running:
        doors.stop()


@pytest.fixture
def doors(start: Callable[..., Doors]) -> Doors:
    """Doors with the settings everybody has."""
    return start()


@pytest.fixture
def limited(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """A function: keywords replace those limits of a session that are no settings."""

    def change(**limits: float) -> None:
        from gateway.receive.smtp import serve as module

        plain = module._limits
        monkeypatch.setattr(module, "_limits", lambda gateway: replace(plain(gateway), **limits))

    return change


@pytest.fixture
def certificate() -> tuple[Path, Path]:
    """A self-signed certificate for localhost and its key, made for these tests alone."""
    here = Path(__file__).parent
    return here / "localhost.pem", here / "localhost.key"
