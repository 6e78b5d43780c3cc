"""kill -9 under load: what was acknowledged is in the inbox, and a sender that tries again gets everything in (A1)."""

import contextlib
import os
import smtplib
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ticketctl.clock import now
from ticketctl.domain.loading import load
from ticketctl.store.db.database import Database
from ticketctl.store.desk import definitions
from ticketctl.store.queues import inbox

TOML = '[[mailbox]]\naddress = "support@help.example"\n'
ROOT = Path(__file__).parents[2]
SERVER = """
import asyncio, sys
from ticketctl.settings.table import Gateway, Settings
from ticketctl.store.db.database import Database
from gateway.receive.smtp.serve import serve

settings = Settings(gateway=Gateway(smtp=("127.0.0.1:0",), lmtp=()))
ready = lambda names: print(names[0].rpartition(":")[2], flush=True)
asyncio.run(serve(settings, Database(sys.argv[1]), asyncio.Event(), ready))
"""


@contextlib.contextmanager
def door(url: str) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A door as a process of its own, and its port; killed at the end, if it lives still."""
    command = [sys.executable, "-c", SERVER, url]
    environ = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environ) as process:
        try:
            assert process.stdout is not None
            yield process, int(process.stdout.readline())
        finally:
            process.kill()


def deliver(
    port: int, queue: list[bytes], acknowledged: list[bytes], enough: Callable[[], None]
) -> None:
    """Send what is queued over one connection, as an MTA does; stop where the server is gone."""
    with (
        contextlib.suppress(OSError, smtplib.SMTPException),
        smtplib.SMTP("127.0.0.1", port, timeout=30) as client,
    ):
        while queue:
            mail = queue.pop()
            try:
                client.sendmail("mta@client.example", ["support@help.example"], mail)
            except (OSError, smtplib.SMTPException):
                queue.append(mail)
                raise
            acknowledged.append(mail)
            enough()


@pytest.mark.parametrize("lives", [1, 17, 60])
def test_what_was_acknowledged_survives_kill_9_A1(db: Database, db_url: str, lives: int) -> None:
    desk = load.parse(TOML)
    db.write(lambda tx: definitions.save(tx, TOML, desk, "test", "test", now()))
    mails = [b"Subject: %d\r\n\r\n" % number + b"x" * 5000 + b"\r\n" for number in range(120)]
    queue = list(mails)
    acknowledged: list[bytes] = []
    with door(db_url) as (process, port):

        def enough() -> None:
            if len(acknowledged) >= lives:
                process.kill()

        senders = [
            threading.Thread(target=deliver, args=(port, queue, acknowledged, enough))
            for _ in range(4)
        ]
        for sender in senders:
            sender.start()
        for sender in senders:
            sender.join()
    assert lives <= len(acknowledged) < len(mails)
    assert set(acknowledged) <= set(_kept(db))

    with door(db_url) as (_, port):
        deliver(port, queue, acknowledged, lambda: None)
    kept = _kept(db)
    assert sorted(acknowledged) == sorted(mails)
    # Twice at most for what was in flight at the four senders: taken, but never acknowledged.
    assert set(kept) == set(mails)
    assert len(kept) <= len(mails) + 4


def _kept(db: Database) -> list[bytes]:
    with db.read() as tx:
        return [inbox.raw(tx, row.id) for row in inbox.listing(tx)]
