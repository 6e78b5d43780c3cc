"""kill -9 at any command: every mail becomes one ticket (B2, C1)."""

import os
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.wire.imap.desk import ImapDesk, forget_leases, mail, until
from tests.wire.imap.server import ALL, Server

ROOT = Path(__file__).parents[3]
POLLER = """
import sys, threading
from gateway.receive.imap.poll import Poller
from ticketctl.settings.table import Settings
from ticketctl.settings.table import ImapAccount
from ticketctl.store.db.database import Database

account = ImapAccount(name="support", host="127.0.0.1", port=int(sys.argv[2]), security="none",
                      username="support", mailbox="support@help.example", poll=1)
Poller(Database(sys.argv[1]), Settings(imap=(account,)), account).run(threading.Event())
"""


@pytest.mark.parametrize("capabilities", [ALL, ("UIDPLUS",)])
def test_every_mail_is_one_ticket_however_often_the_poller_is_killed_B2(
    helpdesk: ImapDesk, serve: Callable[..., Server], sqlite_url: str, capabilities: tuple[str, ...]
) -> None:
    chance = random.Random(2)
    subjects = [f"m{number}" for number in range(12)]
    server = serve(*subjects, capabilities=capabilities)
    for _ in range(4):
        kill_poller(server, sqlite_url, chance)
        helpdesk.db.write(forget_leases)
    helpdesk.poll(server.port)
    assert helpdesk.subjects() == dict.fromkeys(subjects, 1)
    assert server.inbox.raws() == []
    assert set(server.folders["Processed"].raws()) == {mail(subject) for subject in subjects}


def kill_poller(server: Server, url: str, chance: random.Random) -> None:
    """Let a poller work and kill it at one of its commands, before or shortly after the answer."""
    last, delay = len(server.said) + chance.randint(5, 22), chance.choice((0, 0, 0.002, 0.01))
    command = [sys.executable, "-c", POLLER, url, str(server.port)]
    with subprocess.Popen(command, env=os.environ | {"PYTHONPATH": str(ROOT)}) as process:

        def count() -> None:
            if len(server.said) >= last or server.said[-1] == "IDLE":
                threading.Timer(delay, process.kill).start() if delay else process.kill()

        server.each = count
        until(lambda: process.poll() is not None)
        assert process.returncode == -signal.SIGKILL, "the poller ended by itself"
    server.each = lambda: None
