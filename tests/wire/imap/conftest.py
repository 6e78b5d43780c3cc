"""A desk, and IMAP servers in threads of the test."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.wire.imap.house import House, mail
from tests.wire.imap.server import ALL, PASSWORD, Server
from ticketctl.store.engine import Database


@pytest.fixture
def house(sqlite_db: Database, monkeypatch: pytest.MonkeyPatch) -> House:
    monkeypatch.setenv("TICKETCTL_IMAP_SUPPORT_PASSWORD", PASSWORD)
    return House(sqlite_db)


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
