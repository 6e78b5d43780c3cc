"""The sender: takes mail from the outbox, delivers it to the mail server, and records the results.

claim ─> compose once, store the bytes ─> one SMTP transaction for each recipient, recorded at once. The transaction
that records the last one ends the attempt and claims the next mail.
If it is killed, the next sender repeats the same mail, with the same Message-ID, to the other recipients (L2, L11).
"""

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from gateway.send import attempt, compose, headers, oauth_login, smtp_client
from gateway.send.claim_keeper import ClaimKeeper
from gateway.send.composer import Composer
from gateway.send.desk_snapshot import DeskSnapshot
from gateway.send.smtp_client import DeliveryResult, SmtpClient, SmtpTimeouts
from gateway.shared import wake
from gateway.shared.heartbeat import Beat, silent
from ticketctl import clock
from ticketctl.domain.base.records import OutboxRow
from ticketctl.errors import Conflict, DatabaseTrouble, MailServerTrouble, Refused
from ticketctl.settings.table import Settings
from ticketctl.store.db import blobs, leases
from ticketctl.store.db.database import Database, Tx
from ticketctl.store.queues import outbox, sending
from ticketctl.store.queues.outbox import Recipient

LEASE_SECONDS = 30  # after it the mail of a sender that vanished is free again
_FREE_LOST_SECONDS = 5  # between checks for leases of killed senders
_IDLE = 0.5  # seconds between checks of an empty outbox
_FIRST_PAUSE, _MAX_PAUSE = (
    5,
    300,
)  # seconds, while the mail server is away; the first for the database

log = logging.getLogger(__name__)


class _Claim(NamedTuple):
    """A claimed mail, the recipients that wait for it, and the desk."""

    row: OutboxRow
    waiting: list[Recipient]
    desk: DeskSnapshot


class Sender:
    """Works through the outbox. Several senders, on any hosts, never claim the same row."""

    def __init__(
        self,
        db: Database,
        settings: Settings,
        *,
        timeouts: SmtpTimeouts | None = None,
        lease_seconds: int = LEASE_SECONDS,
        holder: str | None = None,  # the name of a dead sender, to continue with its mail
        beat: Beat = silent,
    ) -> None:
        self._db = db
        self._outgoing = settings.outgoing
        self._composer = Composer(settings)
        self._client = SmtpClient(settings.outgoing, timeouts, oauth_login.account(settings))
        self._lease = lease_seconds
        self._beat = beat
        self._holder = holder or leases.own_name()
        self._has_leftover = holder is not None  # may our name have a claim that nobody works on?
        self._keeper = ClaimKeeper(db, self._holder, lease_seconds)
        self._stop = threading.Event()
        self._runs_on = False  # until `run` is stopped
        self._free_lost_at = 0.0  # by time.monotonic()
        self._desk: DeskSnapshot | None = None

    def run(self, stop: threading.Event) -> None:
        """Send until `stop` is set. While the database is away, wait; while the mail server is, longer each time."""
        self._stop, self._runs_on = stop, True
        pause: float = _IDLE
        while not stop.is_set():
            if pause == _IDLE:
                wake.SEND.wait(stop, pause)
            else:  # new mail does not shorten the wait for a server that is away
                stop.wait(pause)
            if stop.is_set():
                break
            try:
                self.drain()
                pause = _IDLE
            except (MailServerTrouble, DatabaseTrouble) as trouble:
                is_first = pause < _FIRST_PAUSE or isinstance(trouble, DatabaseTrouble)
                pause = _FIRST_PAUSE if is_first else min(2 * pause, _MAX_PAUSE)
                log.warning("Sending waits %g seconds: %s", pause, trouble)
            self._client.close_if_idle()
            self._beat(False)
        self._client.quit()

    def once(self) -> int:
        """Send everything that is due, then disconnect; return how many mails were tried. Errors as `drain`."""
        try:
            return self.drain()
        finally:
            self._client.quit()

    def drain(self) -> int:
        """Send everything that is due and stay connected; return how many mails were tried.

        MailServerTrouble (exit 9) if the server cannot be used; the current mail waits for the next attempt.
        """
        count = 0
        try:
            self._beat(True)
            # Durable: a standby that takes over must not give the mail to another sender.
            claim = self._db.write(self._claim)
            self._has_leftover = False
            while claim is not None:
                self._keeper.keep(claim.row.id)
                claim = self._try(claim)
                count += 1
                self._beat(True)
        except DatabaseTrouble:
            self._has_leftover = True
            raise
        finally:
            self._keeper.close()
        return count

    def _claim(self, tx: Tx) -> _Claim | None:
        """Claim the mail that is due for longest; None if there is none, or the sender stops."""
        if self._stop.is_set():
            return None
        if self._has_leftover:
            sending.release(tx, self._holder)
        if time.monotonic() >= self._free_lost_at:
            sending.free_lost(tx)
            self._free_lost_at = time.monotonic() + _FREE_LOST_SECONDS
        claimed = sending.claim(tx, holder=self._holder, lease_seconds=self._lease)
        if claimed is None:
            return None
        return _Claim(claimed.row, claimed.waiting, self._current_desk(tx, claimed.definition))

    def _current_desk(self, tx: Tx, version: int) -> DeskSnapshot:
        """Return the desk, read again if this is a new version of the definition."""
        if self._desk is None or self._desk.definition.version != version:
            self._desk = DeskSnapshot(tx)
        return self._desk

    def _try(self, claim: _Claim) -> _Claim | None:
        """Make one attempt at one mail, and return the next one. A bug there must not stop the other mails."""
        try:
            return self._send(claim)
        except (MailServerTrouble, DatabaseTrouble):
            raise
        except Exception as wrong:
            row = claim.row
            log.exception("Mail %d could not be tried.", row.id)
            self._client.close()
            return self._end_attempt(row, self._next_try(row), f"{type(wrong).__name__}: {wrong}")

    def _send(self, claim: _Claim) -> _Claim | None:
        row, _, desk = claim
        if row.blob is not None:
            content = self._load(row.blob)
        else:
            try:
                content = self._composer.content(row, desk, self._load)
            except Refused as wrong:
                return self._end_attempt(row, None, str(wrong))
            self._db.write(lambda tx: sending.store_content(tx, row.id, content), durable=False)
        try:
            self._client.open(desk.bounce_address(self._outgoing).rpartition("@")[2])
            return self._deliver_all(claim, content)
        except MailServerTrouble as trouble:
            why, retry_at = str(trouble), self._next_try(row, pause=_FIRST_PAUSE)
            self._db.write(lambda tx: attempt.end(tx, row, retry_at, why))
            raise

    def _load(self, sha256: str) -> bytes:
        with self._db.read() as tx:
            return blobs.get(tx, sha256)

    def _deliver_all(self, claim: _Claim, content: bytes) -> _Claim | None:
        """Deliver to every recipient that is still waiting; the last result also ends the attempt."""
        row, waiting, desk = claim
        error = None  # of the last delivery that failed; None if all were sent
        following = None
        for delivery in waiting:
            self._beat(True)
            result = self._deliver(row, delivery, desk, content)
            if result.state != smtp_client.SENT:
                error = f"{delivery.address}: {result.reply}"
            is_last = delivery is waiting[-1]
            following = self._record(row, delivery, result, is_last=is_last, error=error)
        return following if waiting else self._end_attempt(row, self._next_try(row), None)

    def _deliver(
        self, row: OutboxRow, delivery: Recipient, desk: DeskSnapshot, content: bytes
    ) -> DeliveryResult:
        bounces = desk.bounce_address(self._outgoing)
        try:
            recipient = headers.address(delivery.address)
        except Refused as no_address:
            return DeliveryResult(smtp_client.FAILED, str(no_address))
        return self._client.deliver(
            compose.envelope_sender(row, delivery.id, bounces, desk.key),
            recipient,
            self._composer.copy(content, row, delivery.address, desk),
            utf8=compose.needs_utf8(row, recipient),
        )

    def _record(
        self,
        row: OutboxRow,
        delivery: Recipient,
        result: DeliveryResult,
        *,
        is_last: bool,
        error: str | None,
    ) -> _Claim | None:
        """Commit the result of one delivery before the next one starts.

        The last one ends the attempt with `error`, and claims the next mail, which is returned.
        """

        def change(tx: Tx) -> None:
            state = outbox.QUEUED if result.state == smtp_client.RETRY else result.state
            try:
                outbox.settle_delivery(tx, delivery.id, state, result.reply, clock.now())
            except Conflict as conflict:  # it has bounced in the meantime; nothing was changed
                log.warning("Mail %d: %s", row.id, conflict)
            else:
                if result.state == smtp_client.FAILED:
                    attempt.report_failure(tx, row, delivery.address, result.reply)
            if is_last:
                attempt.end(tx, row, self._next_try(row), error)

        return self._write_patiently(change, claim_next=is_last)

    def _write_patiently(self, change: Callable[[Tx], None], *, claim_next: bool) -> _Claim | None:
        """Retry a write until the database is back: the mail would be sent twice if its result were lost.

        A sender that is to stop, or that runs once, waits no longer than the claim lasts.
        """
        last = time.monotonic() + self._lease
        while True:
            try:
                if claim_next:
                    return self._write_and_claim(change)
                self._db.write(change)
                return None
            except DatabaseTrouble:
                waits = self._runs_on and not self._stop.is_set()
                if not waits and time.monotonic() > last:
                    raise
                self._beat(True)
                time.sleep(_IDLE)

    def _end_attempt(
        self, row: OutboxRow, retry_at: datetime | None, error: str | None
    ) -> _Claim | None:
        """End the attempt, and claim the next mail."""
        return self._write_and_claim(lambda tx: attempt.end(tx, row, retry_at, error))

    def _write_and_claim(self, change: Callable[[Tx], None]) -> _Claim | None:
        """Commit a change together with the claim on the next mail; alone if that cannot be claimed."""

        def change_and_claim(tx: Tx) -> _Claim | None:
            change(tx)
            return self._claim(tx)

        try:
            return self._db.write(change_and_claim)
        except DatabaseTrouble:
            raise
        except Exception:
            log.exception("The next mail could not be claimed.")
            self._db.write(change)  # the transaction above was rolled back
            return None

    def _next_try(self, row: OutboxRow, pause: int | None = None) -> datetime | None:
        """Return when to try a row again: after `pause` seconds, else by the setting; None to give up (L11)."""
        now, last = clock.now(), row.created_at + timedelta(seconds=self._outgoing.give_up)
        if now >= last:
            return None
        if pause is None:
            steps = self._outgoing.retry
            pause = steps[min(row.attempts, len(steps)) - 1]
        return min(now + timedelta(seconds=pause), last)
