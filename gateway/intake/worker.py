"""The intake worker: claims rows of the inbox, analyses each, and files some of them in one transaction."""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from enum import Enum, auto
from functools import partial

from msgspec.structs import replace

from gateway.intake import decide
from gateway.intake.jobs import Job, is_mail, job_of, job_of_head
from gateway.intake.read_result import MAX_READINGS, ReadAgain
from gateway.intake.verdict import Verdict
from gateway.shared import wake
from gateway.shared.cpu_budget import Allowance, TooCostly
from gateway.shared.heartbeat import Beat, silent
from gateway.shared.log import log_value
from ticketctl.actions.base.context import new_group
from ticketctl.domain.base.records import InboxRow
from ticketctl.errors import Conflict, DatabaseTrouble
from ticketctl.settings.table import Settings
from ticketctl.store.db import blobs, leases, meta
from ticketctl.store.db.database import Database, Tx, ends_transaction
from ticketctl.store.queues import inbox
from ticketctl.store.tickets import mail_ids, pending

log = logging.getLogger("ticketctl.gateway.intake")

BATCH = 16  # rows that are claimed together
ROWS_PER_TRANSACTION = 8  # few, because SQLite has one writer at a time; 8 take some 20 ms
PAUSE_SECONDS = 0.002  # between two transactions, so that another process may write
LEASE_SECONDS = 30  # at least; after it the rows of a worker that vanished are free again
IDLE_SECONDS = (0.02, 0.25)  # wait when the inbox is empty: at first, at most
TROUBLE_SECONDS = 5.0  # wait when the database is away


class _Spoiled(Exception):
    """The job at `place`, or one before it, failed within a transaction; all of it is rolled back."""

    def __init__(self, place: int) -> None:
        super().__init__()
        self.place = place


class _Leftover(Enum):
    """Why rows may still be claimed in this worker's name although nobody works on them."""

    DIED = auto()  # the previous worker died: counts as an attempt, a row may have caused it
    CUT_OFF = auto()  # the database went away: no row caused it
    NONE = auto()


class Worker:
    """Files rows of the inbox until it is told to stop.

    It claims them in the name of `holder`. A worker that replaces a dead one gets the same name, and so continues
    at once with what that one had claimed.
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
        self._leftover = _Leftover.DIED if holder else _Leftover.NONE
        self._instance = ""
        self._allowances: dict[int, Allowance] = {}  # by row

    def run(self, stop: threading.Event) -> None:
        """Work until `stop`. While the database is away, wait and try again."""
        idle = IDLE_SECONDS[0]
        while not stop.is_set():
            self._beat(True)
            try:
                done = self.once()
                if done == BATCH:  # there may be more
                    continue
                idle = IDLE_SECONDS[0] if done else min(idle * 2, IDLE_SECONDS[1])
            except DatabaseTrouble as trouble:
                log.warning("intake waits: %s", log_value(str(trouble)))
                idle = IDLE_SECONDS[0]
                stop.wait(TROUBLE_SECONDS)
            wake.INTAKE.wait(stop, idle)

    def drain(self) -> int:
        """File everything that is waiting; return how many rows."""
        count = 0
        while done := self.once():
            count += done
        return count

    def once(self) -> int:
        """File one batch; return how many rows it had."""
        rows = self._db.write(self._claim, durable=False)
        self._leftover = _Leftover.NONE
        if not rows:
            self._beat(False)
            return 0
        try:
            if not self._instance:
                with self._db.read() as tx:
                    self._instance = meta.instance(tx)
            seconds = self._settings.gateway.intake_cpu_seconds
            self._allowances = {row.id: Allowance(seconds) for row in rows}
            jobs = [job for row in rows if (job := self._analyse(row))]
            for start in range(0, len(jobs), ROWS_PER_TRANSACTION):
                self._file_some(jobs[start : start + ROWS_PER_TRANSACTION])
        except DatabaseTrouble:
            self._leftover = _Leftover.CUT_OFF
            raise
        finally:
            self._beat(False)
        return len(rows)

    def _file_some(self, jobs: Sequence[Job]) -> None:
        self._beat(True)
        if self._db.is_sqlite:
            time.sleep(PAUSE_SECONDS)
        left = list(jobs)
        for _ in range(MAX_READINGS + len(jobs)):
            left = [read for job in left if (read := self._read(job))]
            if not left:
                return
            verdicts = self._file_first(left)
            wake.SEND.ring()
            for job, verdict in zip(left, verdicts, strict=False):
                if verdict is not None:
                    _log_verdict(job, verdict)
            left = left[len(verdicts) :]
        for job in left:
            self._fail(job.row, "its ticket changed each time it was read")

    def _file_first(self, jobs: Sequence[Job]) -> list[Verdict | None]:
        """File jobs in order, in one transaction; the verdicts, up to a job that must be read again.

        One that fails rolls back those before it, which are then filed again without it: a savepoint for each would
        cost each of them more than a second transaction costs the few. A job that fails alone has failed.
        """
        try:
            return self._db.write(partial(self._file_all, jobs=jobs))
        except _Spoiled as spoiled:
            if spoiled.place:
                return self._file_first(jobs[: spoiled.place])
            if spoiled.__cause__ is None:  # it must be read again
                return []
            self._failed(jobs[0], spoiled.__cause__)
            return [None]

    def _failed(self, job: Job, error: BaseException) -> None:
        if isinstance(error, Conflict):  # another worker has ended this row
            log.info("inbox=%d %s", job.row.id, log_value(str(error)))
            return
        log.error("inbox=%d cannot be filed", job.row.id, exc_info=error)
        self._fail(job.row, _describe(error))

    def _read(self, job: Job) -> Job | None:
        """Read the text for the ticket as it is now; None if that failed."""
        return self._attempt(job.row, lambda: job.read(self._db, self._settings))

    def _claim(self, tx: Tx) -> list[InboxRow]:
        if self._leftover is not _Leftover.NONE:
            inbox.release(tx, self._holder, forgiven=self._leftover is _Leftover.CUT_OFF)
        gateway = self._settings.gateway
        return inbox.claim(
            tx,
            holder=self._holder,
            limit=BATCH,
            lease_seconds=max(LEASE_SECONDS, gateway.intake_seconds),
            attempts=gateway.attempts,
            quick=self._quick,
        )

    def _analyse(self, row: InboxRow) -> Job | None:
        """Parse and screen one row; None if that failed."""
        return self._attempt(
            row, lambda: job_of(row, self._raw(row), self._settings, self._instance)
        )

    def _attempt(self, row: InboxRow, step: Callable[[], Job]) -> Job | None:
        """Run one step of one row, outside write transactions. A bug fails this row's attempt, not the batch."""
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
            self._fail(row, _describe(bug))
            return None

    def _too_costly(self, row: InboxRow) -> Job | None:
        """Analyse the head alone; None if that takes too long as well, or the row is no mail."""
        for_head = self._allowances[row.id].for_head()
        seconds = self._settings.gateway.intake_cpu_seconds
        log.warning("inbox=%d takes more than %g s of processor time to read", row.id, seconds)
        if for_head is None or not is_mail(row):
            self._fail(row, f"it takes more than {seconds} s of processor time to read")
            return None
        self._allowances[row.id] = for_head
        return self._attempt(row, lambda: self._analyse_head(row))

    def _analyse_head(self, row: InboxRow) -> Job:
        job = job_of_head(row, self._raw(row), self._settings, self._instance)
        return job.read(self._db, self._settings)

    def _raw(self, row: InboxRow) -> bytes:
        with self._db.read() as tx:
            return blobs.get(tx, row.sha256)

    def _fail(self, row: InboxRow, error: str) -> None:
        self._db.write(lambda tx: self._record_failure(tx, row, error))

    def _file_all(self, tx: Tx, jobs: Sequence[Job]) -> list[Verdict | None]:
        """File jobs in order and end their rows. _Spoiled, and all is rolled back, if one fails or must be read again.

        Two workers that hold mails of one conversation file them one after the other: otherwise neither would see
        the ticket that the other is about to open.
        """
        keys = [key for job in jobs for key in job.turn_keys]
        leases.take_turns(tx, keys)
        mail_ids.look_up(tx, keys)
        work = decide.gateway_work(tx, self._settings)
        verdicts: list[Verdict | None] = []
        try:
            for job in jobs:
                verdict = job.file(tx, replace(work, group=new_group(), followed={}))
                _end_row(tx, job, verdict)
                verdicts.append(verdict)
            # An error here counts as the last one's: the others are filed again without it.
            pending.write(tx)
        except ReadAgain:
            raise _Spoiled(len(verdicts)) from None
        except Exception as error:
            if ends_transaction(error):
                raise
            raise _Spoiled(min(len(verdicts), len(jobs) - 1)) from error
        return verdicts

    def _record_failure(self, tx: Tx, row: InboxRow, error: str) -> None:
        """Give the row back for another try; hold it after the last one."""
        if row.attempts >= self._settings.gateway.attempts:
            inbox.hold(tx, row.id, error)
        else:
            inbox.give_back(tx, row.id, error)


def _end_row(tx: Tx, job: Job, verdict: Verdict) -> None:
    """Hold the row for a person, or mark it done with its verdict."""
    id = job.row.id
    if verdict.verdict is None or verdict.held is not None:
        inbox.hold(tx, id, verdict.held or "", verdict.reasons, verdict=verdict.verdict)
        return
    inbox.finish(
        tx,
        id,
        verdict=verdict.verdict,
        class_=verdict.class_,
        ticket=verdict.ticket,
        message=verdict.message,
        reasons=verdict.reasons,
        message_id=job.message_id,
    )


def _describe(bug: BaseException) -> str:
    return log_value(f"{type(bug).__name__}: {bug}")


def _log_verdict(job: Job, verdict: Verdict) -> None:
    """Log what became of a row (A22)."""
    log.info(
        "inbox=%d message-id=%s verdict=%s class=%s ticket=%s message=%s reasons=%s",
        job.row.id,
        log_value(job.message_id or "-"),
        verdict.verdict,
        verdict.class_,
        verdict.ticket or "-",
        verdict.message or "-",
        ",".join(reason.slug or "-" for reason in verdict.reasons) or "-",
    )
