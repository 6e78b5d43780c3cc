"""Senders that behave like an MTA: what was not acknowledged with 250 is tried again, until it is."""

import contextlib
import itertools
import random
import smtplib
import threading
import time
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from typing import NamedTuple

PAUSE = 0.1  # seconds before a mail is tried again


class Mail(NamedTuple):
    """A mail of customer `number`; a reply names the first mail of the same customer."""

    number: int
    message_id: str
    parent: str | None
    raw: bytes

    @property
    def sender(self) -> str:
        return f"customer{self.number}@customer.example"


def mails() -> Iterator[Mail]:
    """Mails without end, each with its own Message-ID; every third is a reply to the one before."""
    for number in itertools.count(1):
        first = mail(number)
        yield first
        yield mail(number + 1_000_000)
        yield mail(number, parent=first.message_id)


def mail(number: int, parent: str | None = None, text: str = "It does not print.") -> Mail:
    """One mail of customer `number`."""
    message = EmailMessage()
    message_id = f"<{number}.{'reply' if parent else 'first'}@customer.example>"
    message["From"] = f"Customer {number} <customer{number}@customer.example>"
    message["To"] = "support@help.example"
    message["Subject"] = f"{'Re: ' if parent else ''}Printer {number}"
    message["Date"] = "Mon, 09 Mar 2026 09:10:00 +0100"
    message["Message-ID"] = message_id
    if parent:
        message["In-Reply-To"] = parent
    message.set_content(text + "\n" + "x" * 70 + "\n")
    return Mail(number, message_id, parent, bytes(message))


class Senders:
    """Threads that deliver mails until `finish`; they keep what was acknowledged and every refusal.

    Of several ports each mail is tried at all, beginning with another one each time.
    """

    def __init__(self, *ports: int, threads: int = 3, gap: float = 0.15, seed: int = 1) -> None:
        self._ports = ports
        self._gap = gap
        self._lock = threading.Lock()
        self._enough = threading.Event()
        self._source = mails()
        self.acknowledged: list[Mail] = []
        self.refusals: list[tuple[int, str]] = []  # 4xx and 5xx: code and words
        self.found_nobody = 0  # how often nobody listened
        self._threads = [
            threading.Thread(target=self._work, args=(random.Random(seed + n),))
            for n in range(threads)
        ]

    def __enter__(self) -> "Senders":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *failure: object) -> None:
        self.finish()

    def finish(self) -> None:
        """No new mails; wait until those begun are acknowledged."""
        self._enough.set()
        for thread in self._threads:
            thread.join()

    def enough(self, more: int) -> Callable[[], bool]:
        """A condition: so many more mails are acknowledged than now."""
        goal = len(self.acknowledged) + more
        return lambda: len(self.acknowledged) >= goal

    def _work(self, pauses: random.Random) -> None:
        while not self._enough.is_set():
            with self._lock:
                one = next(self._source)
            end = time.monotonic() + 120
            while not self._delivered(one):
                assert time.monotonic() < end, f"{one.message_id} finds no way in: {self.refusals}"
                time.sleep(PAUSE)
            time.sleep(pauses.uniform(0, 2 * self._gap))

    def _delivered(self, one: Mail) -> bool:
        first = one.number % len(self._ports)
        return any(self._taken(port, one) for port in (*self._ports[first:], *self._ports[:first]))

    def _taken(self, port: int, one: Mail) -> bool:
        try:
            deliver(port, one)
        except smtplib.SMTPException as refusal:
            with contextlib.suppress(LookupError), self._lock:
                self.refusals.append(_said(refusal))
            return False
        except OSError as trouble:
            with self._lock:
                self.found_nobody += isinstance(trouble, ConnectionRefusedError)
            return False
        with self._lock:
            self.acknowledged.append(one)
        return True


def deliver(port: int, one: Mail) -> None:
    """Hand one mail in; an exception of smtplib or OSError where it was not acknowledged."""
    with _hung_up_on(smtplib.SMTP("127.0.0.1", port, timeout=60)) as client:
        client.sendmail(one.sender, ["support@help.example"], one.raw)


@contextlib.contextmanager
def _hung_up_on(client: smtplib.SMTP) -> Iterator[smtplib.SMTP]:
    """What happens to the connection after the 250 is no matter."""
    try:
        yield client
        with contextlib.suppress(OSError):
            client.quit()
    finally:
        client.close()


def _said(refusal: smtplib.SMTPException) -> tuple[int, str]:
    """The code and words of a refusal; LookupError for a lost connection."""
    words: bytes | str
    if isinstance(refusal, smtplib.SMTPRecipientsRefused):
        code, words = next(iter(refusal.recipients.values()))
    elif isinstance(refusal, smtplib.SMTPResponseException):
        code, words = refusal.smtp_code, refusal.smtp_error
    else:
        raise LookupError
    return code, words.decode() if isinstance(words, bytes) else words
