"""Looks up recipients and stores received mail in the inbox, for every way that mail comes in.

A mail is in the inbox when its receipt says ACCEPTED, and not before (A1). Our own trouble is an outcome, not an
exception, so that the sender keeps the mail (A2).
"""

import asyncio
import logging
import time
from collections.abc import Iterable, Sequence
from typing import IO, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from gateway.receive.shared_commits import SharedCommits
from gateway.shared import replies, wake
from gateway.shared.log import log_value
from gateway.shared.replies import Outcome
from ticketctl import clock
from ticketctl.domain.base.records import ReceivedMail
from ticketctl.domain.definition.mailbox_addresses import Directory, Route
from ticketctl.errors import DatabaseTrouble
from ticketctl.store.db.database import Database
from ticketctl.store.desk import definitions
from ticketctl.store.queues import bans, inbox

log = logging.getLogger("ticketctl.gateway.smtp")

_FRESH_SECONDS = 1.0  # how long the definition is used without checking its version
_HANGS_SECONDS = 60.0  # after which a commit may never end: it waits for a standby, or for a server behind a pooler


class Receipt(Struct, frozen=True):
    """The outcome for a mail, and its rows of the inbox: one for each mailbox."""

    outcome: Outcome
    rows: tuple[int, ...] = ()


class _Queued(NamedTuple):
    """A mail that waits for its commit; `spool` holds its bytes if `mail.raw` does not."""

    mail: ReceivedMail
    spool: IO[bytes] | None = None

    def load(self) -> ReceivedMail:
        """Return the mail with its bytes."""
        if self.spool is None:
            return self.mail
        self.spool.seek(0)
        return replace(self.mail, raw=self.spool.read())


class InboxWriter:
    """One for each process that receives mail; `close` it at the end."""

    def __init__(self, db: Database, bounce_address: str) -> None:
        self._db = db
        self._bounces = bounce_address
        self._directory: Directory | None = None
        self._banned: bans.Banned
        self._version = -1
        self._checked = float("-inf")  # monotonic time of the last check
        self._refreshing = asyncio.Lock()
        self._commits: SharedCommits[_Queued, Receipt] = SharedCommits(
            self._commit, lambda queued: queued.mail.size or len(queued.mail.raw)
        )

    # ---- recipients

    def route(self, recipient: str) -> Route | None:
        """Find where mail to a recipient goes; None if it is not ours. May ask the database: DatabaseTrouble."""
        if time.monotonic() - self._checked > _FRESH_SECONDS:
            self._refresh()
        return self._current().route(recipient)

    async def find_route(self, recipient: str, since: float) -> Route | Outcome:
        """Find where mail to a recipient goes, or why it is refused; TROUBLE if the database is away.

        A refusal is permanent, so it is never based on a definition read before `since`, the monotonic time at which
        the mail began: the mailbox may just have been added. That costs one query a mail, not one a recipient.
        """
        try:
            await self._refresh_since(time.monotonic() - _FRESH_SECONDS)
            route = self._current().route(recipient)
            if route is None:
                await self._refresh_since(since)
                route = self._current().route(recipient)
        except DatabaseTrouble as trouble:
            log.warning("recipient not looked up: %s", log_value(str(trouble)))
            return Outcome.TROUBLE
        if route is not None:
            return route
        is_ours = self._current().is_ours(recipient)
        return Outcome.UNKNOWN_RECIPIENT if is_ours else Outcome.RELAY

    async def is_banned(self, sender: str, since: float) -> bool:
        """Is an envelope sender banned (G15)? As for recipients, True is never based on data from before `since`."""
        try:
            await self._refresh_since(time.monotonic() - _FRESH_SECONDS)
            if not self._banned.holds(sender):
                return False
            await self._refresh_since(since)
        except DatabaseTrouble as trouble:
            log.warning("sender not looked up: %s", log_value(str(trouble)))
            return False  # intake checks again
        return self._banned.holds(sender)

    async def _refresh_since(self, since: float) -> None:
        """Make sure that the definition was read at `since` or later."""
        if self._checked >= since:
            return
        async with self._refreshing:
            if self._checked < since:
                await asyncio.to_thread(self._refresh)

    def _refresh(self) -> None:
        asked = time.monotonic()
        with self._db.read() as tx:
            version = definitions.version(tx)
            if self._directory is None or version != self._version:
                self._directory = Directory(definitions.current(tx), self._bounces)
                self._version = version
            self._banned = bans.Banned(tx)
        self._checked = asked

    def _current(self) -> Directory:
        assert self._directory is not None, "the definition must be read first"
        return self._directory

    # ---- storing mail

    def accept(self, mail: ReceivedMail) -> Receipt:
        """Store a mail in a commit shared with others that arrive meanwhile. Blocks until it is over."""
        return self._commits.submit(_Queued(mail)).result()

    async def submit(self, mail: ReceivedMail, spool: IO[bytes] | None = None) -> Receipt:
        """Store a mail as `accept` does, from an event loop.

        `spool`: a file that holds the bytes instead of `mail.raw`; the writer closes it. A caller that is cancelled
        does not stop the commit. While a commit hangs, no more mail is kept in memory for the next one.
        """
        if self._commits.seconds() > _HANGS_SECONDS:
            if spool is not None:
                spool.close()
            receipt = Receipt(Outcome.TROUBLE)
            log_receipt(mail, receipt)
            return receipt
        queued = _Queued(mail, spool)
        return await asyncio.shield(self._commits.submit_in_loop(queued))

    def close(self) -> None:
        """Commit what is waiting, then stop."""
        self._commits.close()

    def _commit(self, batch: Sequence[_Queued]) -> list[Receipt]:
        """Store a batch in the writing thread. Returns a receipt for each mail, and closes the spools."""
        try:
            receipts = self._store(batch)
        finally:
            for queued in batch:
                if queued.spool is not None:
                    queued.spool.close()
        for queued, receipt in zip(batch, receipts, strict=True):
            log_receipt(queued.mail, receipt)
        return receipts

    def _store(self, batch: Sequence[_Queued]) -> list[Receipt]:
        """Store all in one transaction. If that fails and one mail may be the cause, store each in its own."""
        try:
            rows = self._write(batch)
        except (DatabaseTrouble, OSError) as trouble:
            log.warning("mail not accepted: %s", log_value(str(trouble)))
            return [Receipt(replies.of_error(trouble)) for _ in batch]
        except Exception as error:
            if len(batch) == 1:
                log.exception("mail not accepted")
                return [Receipt(replies.of_error(error))]
            return [self._store([queued])[0] for queued in batch]
        return [Receipt(Outcome.ACCEPTED, tuple(ids)) for ids in rows]

    def _write(self, batch: Sequence[_Queued]) -> list[list[int]]:
        mails = [queued.load() for queued in batch]
        at = clock.now()
        stored = self._db.write(lambda tx: [inbox.accept(tx, mail, at) for mail in mails])
        wake.INTAKE.ring()
        return stored


def by_mailbox(routes: Iterable[tuple[str, Route]]) -> dict[str, tuple[str, ...]]:
    """Group recipients by mailbox: each mailbox gets the mail once, with its own recipients (A17, C6)."""
    found: dict[str, dict[str, None]] = {}
    for recipient, route in routes:
        found.setdefault(route.mailbox, {})[recipient] = None
    return {mailbox: tuple(recipients) for mailbox, recipients in found.items()}


def log_receipt(mail: ReceivedMail, receipt: Receipt) -> None:
    """Log a mail that came in (A22). Intake logs its verdict later."""
    recipients = (recipient for each in mail.recipients.values() for recipient in each)
    log.info(
        "inbox=%s via=%s remote=%s from=<%s> to=%s size=%d outcome=%s",
        ",".join(map(str, receipt.rows)) or "-",
        mail.via,
        mail.remote or "-",
        log_value(mail.envelope_from or ""),
        log_value(",".join(f"<{recipient}>" for recipient in recipients)),
        mail.size or len(mail.raw),
        receipt.outcome.name.lower(),
    )
