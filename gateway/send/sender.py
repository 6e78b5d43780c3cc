"""The sender: takes mail from the outbox, hands it to the mail server, and writes down what became of it.

claim ─> compose once, keep the bytes ─> one SMTP transaction a recipient, each settled at once ─> settle the row.
Killed at any point, the next sender repeats the same mail with the same Message-ID, to those not settled (L2, L11).
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from gateway.send import bearer, compose, headers, sign, smtp_client
from gateway.send.desk import Desk
from gateway.send.smtp_client import Answer, Patience, Wire
from gateway.shared.heartbeat import Beat, silent
from ticketctl import clock
from ticketctl.actions.base import context
from ticketctl.actions.mail import delivery as deliver
from ticketctl.domain.base.records import Delivery, OutboxRow
from ticketctl.errors import (
    Conflict,
    DatabaseTrouble,
    DeskError,
    MailServerTrouble,
    NotFound,
    Refused,
)
from ticketctl.settings.table import Settings
from ticketctl.store.db import blobs, leases
from ticketctl.store.db.engine import Database, Tx, savepoint
from ticketctl.store.desk import definitions
from ticketctl.store.queues import outbox

LEASE_SECONDS = 30  # the mail of a sender that vanished is free again after it
_IDLE = 0.5  # seconds between looks at an empty outbox
_FIRST_PAUSE, _LONGEST_PAUSE = 5, 300  # seconds, while the mail server or the database is away

log = logging.getLogger(__name__)


class Sender:
    """One worker of the outbox. Several, on any hosts, never hold the same row."""

    def __init__(
        self,
        db: Database,
        settings: Settings,
        *,
        patience: Patience | None = None,
        lease_seconds: int = LEASE_SECONDS,
        holder: str | None = None,  # the name of a dead sender, whose mail in hand is taken over
        beat: Beat = silent,
    ) -> None:
        self._db = db
        self._outgoing = settings.outgoing
        self._site = Path(settings.templates) if settings.templates else None
        self._sign = sign.signer(settings.outgoing)
        self._wire = Wire(settings.outgoing, patience, bearer.account(settings))
        self._lease = lease_seconds
        self._beat = beat
        self._holder = holder or leases.own_name()
        self._left = holder is not None  # may our name hold a row that nobody works on?
        self._stop = threading.Event()
        self._desk: Desk | None = None

    def run(self, stop: threading.Event) -> None:
        """Send until `stop` is set. A server or database that is away is waited for, longer each time."""
        self._stop = stop
        pause: float = _IDLE
        while not stop.wait(pause):
            try:
                self.drain()
                pause = _IDLE
            except (MailServerTrouble, DatabaseTrouble) as trouble:
                pause = _FIRST_PAUSE if pause < _FIRST_PAUSE else min(2 * pause, _LONGEST_PAUSE)
                log.warning("Sending waits %g seconds: %s", pause, trouble)
            self._beat(False)
        self._wire.quit()

    def once(self) -> int:
        """Send everything that is due and hang up; returns how many mails were tried. Errors as `drain`."""
        try:
            return self.drain()
        finally:
            self._wire.quit()

    def drain(self) -> int:
        """Send everything that is due, and keep the line; returns how many mails were tried.

        MailServerTrouble (exit 9) where the server cannot be used; what was in hand waits for the next attempt.
        """
        count = 0
        while not self._stop.is_set():
            self._beat(True)
            claimed = self._db.write(self._claim, durable=False)
            self._left = False
            if claimed is None:
                break
            row, desk = claimed
            try:
                with self._holding(row):
                    self._try(row, desk)
            except DatabaseTrouble:
                self._left = True
                raise
            count += 1
        return count

    def _claim(self, tx: Tx) -> tuple[OutboxRow, Desk] | None:
        if self._left:
            outbox.release(tx, self._holder)
        rows = outbox.claim(tx, holder=self._holder, limit=1, lease_seconds=self._lease)
        return (rows[0], self._known(tx)) if rows else None

    def _known(self, tx: Tx) -> Desk:
        """The desk, read again when its version is another."""
        if self._desk is None or self._desk.definition.version != definitions.version(tx):
            self._desk = Desk(tx)
        return self._desk

    @contextmanager
    def _holding(self, row: OutboxRow) -> Iterator[None]:
        """Renew the claim on a row while we are at it, however slow the server is."""
        done = threading.Event()

        def renew() -> None:
            while not done.wait(self._lease / 3):
                try:
                    self._db.write(lambda tx: outbox.renew(tx, row.id, self._holder, self._lease))
                except DatabaseTrouble as trouble:
                    log.warning("The claim on mail %d could not be renewed: %s", row.id, trouble)

        thread = threading.Thread(target=renew, name=f"claim-{row.id}", daemon=True)
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()

    def _try(self, row: OutboxRow, desk: Desk) -> None:
        """One attempt at one row; nothing unforeseen about it may stop the others."""
        try:
            self._send(row, desk)
        except (MailServerTrouble, DatabaseTrouble):
            raise
        except Exception as wrong:
            log.exception("Mail %d could not be tried.", row.id)
            self._wire.close()
            self._settle(row, self._next_try(row), f"{type(wrong).__name__}: {wrong}")

    def _send(self, row: OutboxRow, desk: Desk) -> None:
        content = self._content(row, desk)
        if content is None:
            return
        try:
            self._wire.open(desk.envelope(self._outgoing).rpartition("@")[2])
            self._deliver_all(row, desk, content)
        except MailServerTrouble as trouble:
            self._settle(row, self._next_try(row, pause=_FIRST_PAUSE), str(trouble))
            raise

    def _content(self, row: OutboxRow, desk: Desk) -> bytes | None:
        """The bytes of the mail, composed and kept at the first try; None: it cannot be, and has failed."""
        if row.blob is not None:
            with self._db.read() as tx:
                return blobs.get(tx, row.blob)
        try:
            content = self._compose(row, desk)
        except (Refused, NotFound, LookupError, TypeError, ValueError) as wrong:
            log.warning("Mail %d cannot be composed: %s", row.id, wrong)
            why = str(wrong) if isinstance(wrong, DeskError) else f"{type(wrong).__name__}: {wrong}"
            self._settle(row, None, f"the mail cannot be composed: {why}")
            return None
        self._db.write(lambda tx: outbox.composed(tx, row.id, content), durable=False)
        return content

    def _compose(self, row: OutboxRow, desk: Desk) -> bytes:
        def load(sha256: str) -> bytes:
            with self._db.read() as tx:
                return blobs.get(tx, sha256)

        return desk.compose(row, load, self._site)

    def _deliver_all(self, row: OutboxRow, desk: Desk, content: bytes) -> None:
        """Serve every recipient still to be served; the row is given back with the last one's outcome."""
        with self._db.read() as tx:
            waiting = [one for one in outbox.deliveries(tx, row.id) if one.state == outbox.QUEUED]
        error = None  # what the last one not served was told; None: all were served
        for delivery in waiting:
            self._beat(True)
            answer = self._deliver(row, delivery, desk, content)
            if answer.state != smtp_client.SENT:
                error = f"{delivery.address}: {answer.reply}"
            is_last = delivery is waiting[-1]
            self._note(row, delivery, answer, partial(self._end, row, error) if is_last else None)
        if not waiting:
            self._settle(row, self._next_try(row), None)

    def _deliver(self, row: OutboxRow, delivery: Delivery, desk: Desk, content: bytes) -> Answer:
        envelope = desk.envelope(self._outgoing)
        try:
            recipient = headers.address(delivery.address)
        except Refused as no_address:
            return Answer(smtp_client.FAILED, str(no_address))
        return self._wire.deliver(
            compose.envelope_sender(row, delivery.id, envelope, desk.key),
            recipient,
            self._sign(compose.for_recipient(content, row, delivery.address, desk.key)),
            utf8=compose.needs_utf8(row, recipient),
        )

    def _note(
        self,
        row: OutboxRow,
        delivery: Delivery,
        answer: Answer,
        end: Callable[[Tx], None] | None,
    ) -> None:
        """Write down one delivery, committed before the next one starts; `end` gives the row back with it."""

        def change(tx: Tx) -> None:
            state = outbox.QUEUED if answer.state == smtp_client.RETRY else answer.state
            try:
                with savepoint(tx):
                    outbox.settle_delivery(tx, delivery.id, state, answer.reply, clock.now())
            except Conflict as meanwhile:  # it bounced before we came to it
                log.warning("Mail %d: %s", row.id, meanwhile)
            else:
                if answer.state == smtp_client.FAILED:
                    _failed(tx, row, delivery, answer.reply)
            if end is not None:
                end(tx)

        self._insist(change)

    def _insist(self, change: Callable[[Tx], None]) -> None:
        """Write what cannot be asked again, while the claim lasts: a database that restarts must not double mail."""
        last = time.monotonic() + self._lease
        while True:
            try:
                return self._db.write(change)
            except DatabaseTrouble:
                if time.monotonic() > last:
                    raise
                time.sleep(_IDLE)

    def _settle(self, row: OutboxRow, retry_at: datetime | None, error: str | None) -> None:
        self._db.write(lambda tx: _give_back(tx, row, retry_at, error))

    def _end(self, row: OutboxRow, error: str | None, tx: Tx) -> None:
        _give_back(tx, row, self._next_try(row), error)

    def _next_try(self, row: OutboxRow, pause: int | None = None) -> datetime | None:
        """When to try a row again: after `pause` seconds, or as the table says; None when it was long enough (L11)."""
        now, last = clock.now(), row.created_at + timedelta(seconds=self._outgoing.give_up)
        if now >= last:
            return None
        if pause is None:
            steps = self._outgoing.retry
            pause = steps[min(row.attempts, len(steps)) - 1]
        return min(now + timedelta(seconds=pause), last)


def _give_back(tx: Tx, row: OutboxRow, retry_at: datetime | None, error: str | None) -> None:
    """Give the row back; recipients that are given up with it are told of as failed."""
    if retry_at is None:
        for one in outbox.deliveries(tx, row.id):
            if one.state == outbox.QUEUED:
                why = error or "it was tried for too long."
                outbox.settle_delivery(tx, one.id, outbox.FAILED, why, clock.now())
                _failed(tx, row, one, why)
    outbox.settle(tx, row.id, retry_at=retry_at, error=error)


def _failed(tx: Tx, row: OutboxRow, delivery: Delivery, why: str) -> None:
    """Tell the ticket, and its owner, that a recipient will not get this mail (L11)."""
    deliver.note(context.begin(tx, context.GATEWAY), row, delivery.address, deliver.FAILED, why)
