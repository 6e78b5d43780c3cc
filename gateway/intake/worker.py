"""The intake worker: claim a few mails, prepare each, file them in one transaction with a savepoint for each."""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from enum import Enum, auto
from functools import partial

from msgspec.structs import replace

from gateway.intake import decide, file_line
from gateway.intake.analyse import prepare, unread
from gateway.intake.read_result import READINGS, ReadAgain
from gateway.intake.read_text import read
from gateway.intake.verdict import Prepared, Verdict
from gateway.lines import door
from gateway.shared.cpu_budget import Allowance, TooCostly
from gateway.shared.heartbeat import Beat, silent
from gateway.shared.log import printable
from gateway.thread import ids
from ticketctl.actions.base.context import Work, new_group
from ticketctl.domain.base.records import InboxRow
from ticketctl.errors import Conflict, DatabaseTrouble
from ticketctl.settings.table import Settings
from ticketctl.store.db import blobs, leases, meta
from ticketctl.store.db.engine import Database, Tx, ends_transaction, savepoint
from ticketctl.store.queues import inbox

log = logging.getLogger("ticketctl.gateway.intake")

BATCH = 16  # mails that are claimed together
TOGETHER = 4  # mails that share a transaction; SQLite has one pen, and others wait for it
BREATH_SECONDS = 0.002  # between two transactions, in which a door or a command may take the pen
LEASE_SECONDS = 30  # at least; the mail of a worker that vanished is free again after it
IDLE_SECONDS = (0.02, 0.25)  # how long to wait when there is nothing: at first, at most
TROUBLE_SECONDS = 5.0

Ready = Prepared | file_line.Prepared  # a mail, or a JSON line of another channel


class _Left(Enum):
    """Why this worker's name may still hold mail that nobody works on."""

    DIED = auto()  # the worker before it died: an attempt, perhaps the mail's fault
    CUT_OFF = auto()  # the database went away: nobody's fault
    NOTHING = auto()


class Worker:
    """Files mail until it is told to stop. Holds no state that a successor would miss.

    Claims are made in the name of `holder`. A worker that succeeds another, which is dead, gets its name and so
    takes up at once what that one had in hand.
    """

    def __init__(
        self,
        db: Database,
        settings: Settings,
        beat: Beat = silent,
        holder: str | None = None,
        *,
        quick: bool = False,
    ) -> None:
        self._db = db
        self._quick = quick
        self._settings = settings
        self._beat = beat
        self._holder = holder or leases.own_name()
        self._left = _Left.DIED if holder else _Left.NOTHING
        self._instance = ""
        self._allowances: dict[int, Allowance] = {}  # of the mails in hand

    def run(self, stop: threading.Event) -> None:
        """Work until `stop`; a database that is away is waited for."""
        idle = IDLE_SECONDS[0]
        while not stop.is_set():
            self._beat(True)
            try:
                done = self.once()
                if done == BATCH:  # more waits already
                    continue
                idle = IDLE_SECONDS[0] if done else min(idle * 2, IDLE_SECONDS[1])
            except DatabaseTrouble as trouble:
                log.warning("intake waits: %s", printable(str(trouble)))
                idle = TROUBLE_SECONDS
            stop.wait(idle)

    def drain(self) -> int:
        """File all that waits now; returns how many."""
        count = 0
        while done := self.once():
            count += done
        return count

    def once(self) -> int:
        """File one batch; returns how many rows were taken up."""
        rows = self._db.write(self._claim, durable=False)
        self._left = _Left.NOTHING
        if not rows:
            self._beat(False)
            return 0
        try:
            if not self._instance:
                with self._db.read() as tx:
                    self._instance = meta.instance(tx)
            seconds = self._settings.gateway.intake_cpu_seconds
            self._allowances = {row.id: Allowance(seconds) for row in rows}
            prepared = [self._prepare(row) for row in rows]
            ready = [one for one in prepared if one is not None]
            for start in range(0, len(ready), TOGETHER):
                self._file_some(ready[start : start + TOGETHER])
        except DatabaseTrouble:
            self._left = _Left.CUT_OFF
            raise
        finally:
            self._beat(False)
        return len(rows)

    def _file_some(self, ready: Sequence[Ready]) -> None:
        self._beat(True)
        if self._db.is_sqlite:
            time.sleep(BREATH_SECONDS)
        left = list(ready)
        for _ in range(READINGS + len(ready)):
            left = [one for one in map(self._read, left) if one is not None]
            if not left:
                return
            done = self._db.write(partial(self._file_all, ready=left))
            for one, verdict in zip(left, done, strict=False):
                _note(one, verdict)
            left = left[len(done) :]
        for one in left:
            self._spoil(one.row, "its ticket became another one each time it was read")

    def _read(self, one: Ready) -> Ready | None:
        """Read the text of one mail, as the desk is now."""
        if isinstance(one, file_line.Prepared):
            return one
        return self._attempt(one.row, lambda: read(self._db, self._settings, one))

    def _claim(self, tx: Tx) -> list[InboxRow]:
        if self._left is not _Left.NOTHING:
            inbox.release(tx, self._holder, forgiven=self._left is _Left.CUT_OFF)
        gateway = self._settings.gateway
        return inbox.claim(
            tx,
            holder=self._holder,
            limit=BATCH,
            lease_seconds=max(LEASE_SECONDS, gateway.intake_seconds),
            attempts=gateway.attempts,
            quick=self._quick,
        )

    def _prepare(self, row: InboxRow) -> Ready | None:
        """Parse and screen one mail."""
        return self._attempt(row, lambda: self._prepared(row))

    def _prepared(self, row: InboxRow) -> Ready:
        raw = self._raw(row)
        if row.via == door.VIA:
            return file_line.prepare(row, raw)
        return prepare(row, raw, self._settings, self._instance)

    def _attempt(self, row: InboxRow, step: Callable[[], Ready]) -> Ready | None:
        """One step of one mail, outside every write; a bug there is this mail's attempt, not the end of the others."""
        self._beat(True)
        try:
            with self._allowances[row.id].spent():
                return step()
        except DatabaseTrouble:
            raise
        except TooCostly:
            return self._too_costly(row)
        except Exception as bug:
            log.exception("inbox=%d cannot be read", row.id)
            self._spoil(row, _named(bug))
            return None

    def _too_costly(self, row: InboxRow) -> Ready | None:
        """The mail as far as its head tells; None where that takes too long as well, or it is no mail."""
        head = self._allowances[row.id].for_head()
        seconds = self._settings.gateway.intake_cpu_seconds
        log.warning("inbox=%d takes more than %g s of processor to read", row.id, seconds)
        if head is None or row.via == door.VIA:
            self._spoil(row, f"it takes more than {seconds} s of processor to read")
            return None
        self._allowances[row.id] = head
        return self._attempt(row, lambda: self._unread(row))

    def _unread(self, row: InboxRow) -> Ready:
        prepared = unread(row, self._raw(row), self._settings, self._instance)
        return read(self._db, self._settings, prepared)

    def _raw(self, row: InboxRow) -> bytes:
        with self._db.read() as tx:
            return blobs.get(tx, row.sha256)

    def _spoil(self, row: InboxRow, error: str) -> None:
        self._db.write(lambda tx: self._failed(tx, row, error))

    def _file_all(self, tx: Tx, ready: Sequence[Ready]) -> list[Verdict | None]:
        """File mails in their order. Mails of one conversation that two workers have in hand are filed one after
        the other: neither would see the ticket that the other is about to open. The verdicts, up to a mail that
        must be read again."""
        leases.take_turns(tx, (name for one in ready for name in _names(one)))
        work = decide.gateway_work(tx, self._settings)
        verdicts: list[Verdict | None] = []
        with suppress(ReadAgain):
            for one in ready:
                mine = replace(work, group=new_group(), followed={})
                verdicts.append(self._file(tx, mine, one))
        return verdicts

    def _file(self, tx: Tx, work: Work, one: Ready) -> Verdict | None:
        """File one mail in its savepoint; None where it could not be filed this time."""
        try:
            with savepoint(tx):
                if isinstance(one, file_line.Prepared):
                    return file_line.settle(tx, work, one)
                return decide.settle(tx, work, one)
        except ReadAgain:
            raise
        except Conflict as taken:  # another worker has ended this row
            log.info("inbox=%d %s", one.row.id, printable(str(taken)))
        except Exception as bug:
            if ends_transaction(bug):
                raise
            log.exception("inbox=%d cannot be filed", one.row.id)
            self._failed(tx, one.row, _named(bug))
        return None

    def _failed(self, tx: Tx, row: InboxRow, error: str) -> None:
        """Three strikes: free for another try, or held with what went wrong."""
        if row.attempts >= self._settings.gateway.attempts:
            inbox.hold(tx, row.id, error)
        else:
            inbox.give_back(tx, row.id, error)


def _named(bug: Exception) -> str:
    return printable(f"{type(bug).__name__}: {bug}")


def _names(one: Ready) -> Sequence[str]:
    """What two workers take turns at."""
    return one.names if isinstance(one, file_line.Prepared) else ids.about(one.mail)


def _note(one: Ready, verdict: Verdict | None) -> None:
    """The last line of a mail's life (A22)."""
    if verdict is not None:
        message_id = one.message_id if isinstance(one, file_line.Prepared) else one.mail.message_id
        log.info(
            "inbox=%d message-id=%s verdict=%s class=%s ticket=%s message=%s reasons=%s",
            one.row.id,
            printable(message_id or "-"),
            verdict.verdict,
            verdict.class_,
            verdict.ticket or "-",
            verdict.message or "-",
            ",".join(one.slug or "-" for one in verdict.reasons) or "-",
        )
