"""A desk, and IMAP servers in threads of the test."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.wire.imap.desk import ImapDesk, mail
from tests.wire.imap.server import ALL, PASSWORD, Server
from ticketctl.store.db.database import Database


@pytest.fixture
def helpdesk(sqlite_db: Database, monkeypatch: pytest.MonkeyPatch) -> ImapDesk:
    monkeypatch.setenv("TICKETCTL_IMAP_SUPPORT_PASSWORD", PASSWORD)
    return ImapDesk(sqlite_db)


Told = Callable[..., str]


@pytest.fixture
def told(home: Path, helpdesk: ImapDesk, sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Told:
    """A function: config.toml gets an outgoing server and these accounts. Returns the file."""
    file = home / ".config" / "ticketctl" / "config.toml"
    monkeypatch.setenv("TICKETCTL_DB", sqlite_url)

    def write(outgoing: int, *accounts: str) -> str:
        file.write_text(f"[outgoing]\nport = {outgoing}\n" + "".join(accounts))
        return str(file)

    return write


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """A function: sets the desk's time to so long after the first polls."""
    start = datetime(2026, 3, 9, 8, tzinfo=UTC)
    return lambda later: monkeypatch.setenv("TICKETCTL_NOW", (start + later).isoformat())


@pytest.fixture
def serve() -> Iterator[Callable[..., Server]]:
    """A function: an IMAP server with these capabilities and mails in its INBOX."""
    running: list[Server] = []

    def go(*subjects: str, capabilities: tuple[str, ...] = ALL, **more: Any) -> Server:
        running.append(Server(*capabilities, **more))
        for subject in subjects:
            running[-1].inbox.add(mail(subject))
        return running[-1]

    yield go
    for server in running:
        server.close()
