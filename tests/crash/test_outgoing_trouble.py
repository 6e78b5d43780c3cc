"""The server for outgoing mail is down, hangs, or drops the line after DATA: nothing is lost, a copy is a copy."""

import json
import os
import subprocess
import sys
import threading
from asyncio import to_thread
from collections.abc import Callable, Iterator
from email import message_from_bytes
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.support.ports import free_port
from tests.support.running_gateway import ROOT, RunningGateway, check_filed_once, check_sent
from tests.support.senders import deliver, mail

ONE_WORKER = "intake_workers = 1"


class Server:
    """Takes mail, or does after its last byte what `mode` says: `drop` the line, or `hang`."""

    def __init__(self) -> None:
        self.mode = "take"
        self.seen: dict[str, list[bytes]] = {}  # by Message-ID, also what was not acknowledged
        self.port = free_port()
        self._end = threading.Event()
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)

    def start(self) -> None:
        self._controller.start()

    def stop(self) -> None:
        self._end.set()
        self._controller.stop()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = envelope.original_content
        assert content is not None
        mode = self.mode
        self.seen.setdefault(str(message_from_bytes(content)["Message-ID"]), []).append(content)
        if mode == "hang":
            await to_thread(self._end.wait)
        if mode == "drop":
            server.transport.abort()
        return "250 2.0.0 Kept"


@pytest.fixture
def server() -> Iterator[Server]:
    one = Server()
    one.start()
    yield one
    one.stop()


def states(running: RunningGateway) -> set[str]:
    return {row.state for row in running.outbox()}


def ticketctl(running: RunningGateway, *words: str) -> str:
    """What a command of agent ana prints."""
    environ = {k: v for k, v in os.environ.items() if not k.startswith("TICKETCTL_")}
    environ |= {
        "TICKETCTL_CONFIG": str(running.folder / "config.toml"),
        "TICKETCTL_AGENT": "ana",
        "PYTHONPATH": str(ROOT),
    }
    command = [sys.executable, "-m", "ticketctl", *words]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def last_message(running: RunningGateway) -> dict[str, Any]:
    """The newest message of ticket 1 as `show` tells it."""
    shown = json.loads(ticketctl(running, "show", "1", "--json"))
    found: dict[str, Any] = shown["messages"][-1]
    return found


def test_a_server_that_is_down_loses_nothing(
    sqlite_url: str, new_gateway: Callable[..., RunningGateway]
) -> None:
    running = new_gateway(sqlite_url, ONE_WORKER)
    running.start()
    sent = [mail(number) for number in range(1, 6)]
    for one in sent:
        deliver(running.port, one)
    running.until(lambda: running.said("Sending waits"), "the sender notices")
    running.until(lambda: len(running.outbox()) == 10, "five acknowledgements, five notifications")
    assert states(running) == {"queued"}
    running.catch()
    running.until(running.idle, "everything is sent")
    check_filed_once(running, sent)
    check_sent(running, sent)


def test_a_sender_killed_while_the_server_hangs_repeats_the_same_mail_L11(
    sqlite_url: str, new_gateway: Callable[..., RunningGateway], server: Server
) -> None:
    running = new_gateway(sqlite_url, ONE_WORKER, server.port)
    running.start()
    server.mode = "hang"
    deliver(running.port, mail(1))
    running.until(lambda: server.seen, "the server has the first mail")
    (hung,) = server.seen
    assert running.kill("send")
    server.mode = "take"
    running.until(running.idle, "the successor sends")
    assert states(running) == {"sent"}
    assert set(server.seen) == {row.message_id for row in running.outbox()}
    assert {id: len(copies) for id, copies in server.seen.items() if len(copies) > 1} == {hung: 2}
    assert len(set(server.seen[hung])) == 1


def test_a_line_dropped_after_data_is_uncertain_until_somebody_decides(
    sqlite_url: str, new_gateway: Callable[..., RunningGateway], server: Server
) -> None:
    running = new_gateway(sqlite_url, ONE_WORKER, server.port)
    running.start()
    deliver(running.port, mail(1))
    running.until(lambda: running.outbox() and running.idle(), "the mail is answered")
    server.mode = "drop"
    ticketctl(running, "reply", "1", "-m", "Please turn it off and on.", "-y", "--delay", "0")
    running.until(lambda: "uncertain" in states(running), "nobody knows")
    server.mode = "take"
    deliver(running.port, mail(2))
    running.until(running.idle, "the next mails are sent")
    (doubtful,) = [row for row in running.outbox() if row.state == "uncertain"]
    assert doubtful.kind == "reply"
    assert len(server.seen[doubtful.message_id]) == 1, "it is not sent again by itself"
    assert "it may have arrived or not" in str(doubtful.error)
    assert last_message(running)["delivery"] == "failed", "so that somebody looks"
    ticketctl(running, "outbox", "retry", str(doubtful.id))
    running.until(lambda: states(running) == {"sent"}, "it is sent once more")
    first, second = server.seen[doubtful.message_id]
    assert first == second
    assert last_message(running)["delivery"] == "sent"
