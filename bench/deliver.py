"""Sends mails to the gateway's doors and waits until they are filed; counts what became of them."""

import socket
import sqlite3
import threading
import time
from collections.abc import Iterable
from contextlib import closing

import psycopg
from mails import MAILBOX, Sample

from ticketctl.store.db.database import Database
from ticketctl.store.queues import inbox

CONNECTIONS = 4


class Client:
    """One connection that sends as fast as the door answers; costs little of the processors itself."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port))
        self._answers = self._socket.makefile("rb")
        self._answer()
        self._say(b"EHLO client.example")

    def send(self, mail: Sample) -> None:
        """One mail, acknowledged."""
        self._say(b"MAIL FROM:<%s>" % mail.sender.encode())
        self._say(b"RCPT TO:<%s>" % MAILBOX.encode())
        self._say(b"DATA")
        self._say(mail.raw + b".")

    def close(self) -> None:
        """Take leave."""
        self._say(b"QUIT")
        self._socket.close()

    def _say(self, words: bytes) -> None:
        self._socket.sendall(words + b"\r\n")
        self._answer()

    def _answer(self) -> None:
        while (line := self._answers.readline())[3:4] == b"-":
            continue
        if line[:1] not in (b"2", b"3"):
            raise SystemExit(f"the door says: {line.decode()}")


def send(ports: Iterable[int], mails: Iterable[Sample]) -> None:
    """All of them over several connections to each port at once; the next free connection takes the next mail."""
    waiting = iter(mails)
    lock = threading.Lock()

    def deliver(port: int) -> None:
        client = Client(port)
        while True:
            with lock:
                mail = next(waiting, None)
            if mail is None:
                break
            client.send(mail)
        client.close()

    threads = [
        threading.Thread(target=deliver, args=(port,)) for port in ports for _ in range(CONNECTIONS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def filed(db: Database) -> tuple[int, int]:
    """How many mails wait, and how many are held."""
    with db.read() as tx:
        counts = inbox.waiting(tx)
    return counts[inbox.RECEIVED], counts[inbox.HELD]


def wait_until_filed(db: Database, pause: float) -> None:
    """Look every `pause` seconds until no mail waits."""
    while filed(db)[0]:
        time.sleep(pause)


def rate(ports: Iterable[int], db: Database, mails: list[Sample]) -> tuple[float, float]:
    """Mails a second until the last is filed, and seconds until the last was acknowledged."""
    begun = time.perf_counter()
    send(ports, mails)
    taken = time.perf_counter() - begun
    wait_until_filed(db, 0.02)
    seconds = time.perf_counter() - begun
    if filed(db)[1]:
        raise SystemExit("some mails were held.")
    return len(mails) / seconds, taken


def lost_and_twice(url: str, sent: int, seed: int) -> tuple[int, int]:
    """How many of the mails with this seed are in no ticket, and how many are there more than once."""
    count = "SELECT count(*), count(DISTINCT message_id) FROM message WHERE message_id LIKE "
    like = f"'<bench.{seed}.%'"
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as file:
            ((messages, mails),) = file.execute(count + like)
    else:
        with psycopg.connect(url) as connection:
            ((messages, mails),) = connection.execute((count + like).encode())
    return sent - mails, messages - mails
