"""Takes answers of other channels from the outbox, calls their bridges, and records the results.

claim ─> compose once, store the line ─> call ─> record. If it is killed after the call, the next one repeats the same
line with the same id, by which the bridge knows it (F-L7).
"""

import logging
import threading
from datetime import datetime, timedelta
from functools import partial

import msgspec

from gateway.bridge import call, line, words
from gateway.bridge.call import BridgeResult
from gateway.send import attempt
from gateway.send.claim_keeper import ClaimKeeper
from gateway.send.desk_snapshot import DeskSnapshot
from gateway.shared.heartbeat import Beat, silent
from ticketctl import clock
from ticketctl.domain.base.records import OutboxRow
from ticketctl.domain.definition.definition import Channel
from ticketctl.errors import Conflict, DatabaseTrouble, DeskError, Refused
from ticketctl.settings import secrets
from ticketctl.settings.table import Settings
from ticketctl.store.db import blobs, leases
from ticketctl.store.db.database import Database, Tx
from ticketctl.store.db.values import storable
from ticketctl.store.queues import outbox, sending
from ticketctl.store.queues.sending import Claimed
from ticketctl.store.tickets import mail_ids

LEASE_SECONDS = 30  # after it the answer of a sender that vanished is free again
_IDLE, _PAUSE = 1.0, 5.0  # seconds between checks of an empty outbox; while the database is away
_LONGEST_ID = 200

log = logging.getLogger(__name__)


class BridgeSender:
    """Works through the answers of the channels that config.toml names. Several never claim the same one."""

    def __init__(
        self,
        db: Database,
        settings: Settings,
        *,
        holder: str | None = None,  # the name of a dead sender, to continue with its answers
        beat: Beat = silent,
    ) -> None:
        self._db = db
        self._settings = settings
        self._channels = {one.name: one for one in settings.channel}
        self._holder = holder or leases.own_name()
        self._has_leftover = holder is not None  # may our name have a claim that nobody works on?
        self._keeper = ClaimKeeper(db, self._holder, LEASE_SECONDS)
        self._beat = beat
        self._stop = threading.Event()

    def run(self, stop: threading.Event) -> None:
        """Hand over answers until `stop` is set; wait while the database is away."""
        self._stop = stop
        pause = _IDLE
        while not stop.wait(pause):
            try:
                self.drain()
                pause = _IDLE
            except DatabaseTrouble as trouble:
                pause = _PAUSE
                log.warning("The bridges wait %g seconds: %s", pause, trouble)
            self._beat(False)

    def drain(self) -> int:
        """Hand over all answers that are due; return how many were tried."""
        count = 0
        try:
            while not self._stop.is_set() and self._channels:
                self._beat(True)
                claimed = self._db.write(self._claim)
                self._has_leftover = False
                if claimed is None:
                    break
                self._keeper.keep(claimed.row.id)
                self._try(claimed)
                count += 1
        except DatabaseTrouble:
            self._has_leftover = True
            raise
        finally:
            self._keeper.close()
        return count

    def _claim(self, tx: Tx) -> Claimed | None:
        if self._has_leftover:
            sending.release(tx, self._holder)
        sending.free_lost(tx)
        return sending.claim(
            tx, holder=self._holder, lease_seconds=LEASE_SECONDS, channels=list(self._channels)
        )

    def _try(self, claimed: Claimed) -> None:
        """Make one attempt at one answer. A bug there must not stop the others."""
        try:
            result = self._hand_over(claimed.row)
        except DatabaseTrouble:
            raise
        except DeskError as wrong:  # a secret that cannot be read, or a line that cannot be made
            result = BridgeResult(call.RETRY, str(wrong))
        except Exception as wrong:
            log.exception("Answer %d could not be tried.", claimed.row.id)
            result = BridgeResult(call.RETRY, f"{type(wrong).__name__}: {wrong}")
        id = _id_there(result.output)
        self._db.write(partial(self._record, claimed=claimed, result=result, id_there=id))

    def _hand_over(self, row: OutboxRow) -> BridgeResult:
        with self._db.read() as tx:
            desk = DeskSnapshot(tx)
        bridge = desk.definition.channel(row.channel)
        if bridge is None:
            return BridgeResult(call.RETRY, f"desk.toml has no longer a bridge for {row.channel}")
        content = self._content(row, desk)
        headers = self._headers(row, bridge, content)
        if bridge.url:
            return call.post(bridge.url, content, headers)
        return call.run(bridge.command, self._settings.gateway.bridges, content, headers)

    def _content(self, row: OutboxRow, desk: DeskSnapshot) -> bytes:
        """The line, as it was at the first attempt."""
        if row.blob is not None:
            return self._load(row.blob)
        content = line.compose(row, self._load, *words.of(row, desk, self._settings))
        self._db.write(lambda tx: sending.store_content(tx, row.id, content))
        return content

    def _load(self, sha256: str) -> bytes:
        with self._db.read() as tx:
            return blobs.get(tx, sha256)

    def _headers(self, row: OutboxRow, bridge: Channel, content: bytes) -> dict[str, str]:
        """What goes with the line: its id, the time, and the signature if there is a secret."""
        id, now = str(row.data["id"]), int(clock.now().timestamp())
        headers = {"webhook-id": id, "webhook-timestamp": str(now)}
        if secret := secrets.bridge_secret(self._channels[row.channel]):
            headers["webhook-signature"] = line.signature(secret, id, now, content)
        elif bridge.url:
            raise Refused(line.NO_SECRET)
        return headers

    def _record(self, tx: Tx, claimed: Claimed, result: BridgeResult, id_there: str) -> None:
        """Record the result and free the row; the channel's own id of the answer leads to the ticket from now on."""
        row, now = claimed.row, clock.now()
        state = outbox.QUEUED if result.state == call.RETRY else result.state
        for one in claimed.waiting:
            try:
                outbox.settle_delivery(tx, one.id, state, result.reply, now)
            except Conflict as conflict:  # it was settled in the meantime
                log.warning("Answer %d: %s", row.id, conflict)
                continue
            if state == outbox.FAILED:
                attempt.report_failure(tx, row, one.address, result.reply)
        if state == outbox.SENT and row.ticket is not None and id_there:
            name = f"{row.channel}:{id_there}"
            mail_ids.remember(tx, name, row.ticket, row.message, "out", now)
        error = None if state == outbox.SENT else result.reply
        attempt.end(tx, row, self._next_try(row), error)

    def _next_try(self, row: OutboxRow) -> datetime | None:
        """When to try again, by the same settings as mail; None to give up."""
        now, last = clock.now(), row.created_at + timedelta(seconds=self._settings.outgoing.give_up)
        if now >= last:
            return None
        steps = self._settings.outgoing.retry
        return min(now + timedelta(seconds=steps[min(row.attempts, len(steps)) - 1]), last)


def _id_there(output: bytes) -> str:
    """The id that a bridge says the channel gave the answer: `{"id": "p18"}`; "" for none."""
    try:
        found = msgspec.json.decode(output)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return ""
    id = found.get("id") if isinstance(found, dict) else None
    if isinstance(id, bool) or not isinstance(id, str | int):
        return ""
    text = storable(str(id)).strip()
    return text if len(text) <= _LONGEST_ID else ""
