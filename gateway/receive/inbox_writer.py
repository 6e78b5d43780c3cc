"""The front: the one way into the inbox. Every door asks here who lives here, and leaves its mail here.

A mail is in the inbox when its receipt says TAKEN, and never before (A1). Trouble of ours is an outcome, not an
exception: the sender keeps the mail (A2).
"""

import asyncio
import logging
import time
from collections.abc import Sequence
from typing import IO

from msgspec import Struct

from gateway.receive.commits import SharedCommits
from gateway.shared import replies
from gateway.shared.log import printable
from gateway.shared.replies import Outcome
from ticketctl import clock
from ticketctl.domain.base.records import Arrival
from ticketctl.domain.definition.mailbox_addresses import Directory, Route
from ticketctl.errors import DatabaseTrouble
from ticketctl.store.db.engine import Database, Tx
from ticketctl.store.desk import definitions
from ticketctl.store.queues import bans, inbox

log = logging.getLogger("ticketctl.gateway.smtp")

_FRESH_SECONDS = 1.0  # how long the known definition is believed without asking for its version


class Taken(Struct, frozen=True, kw_only=True):
    """A mail at a door: its bytes, or the file they were spooled to, which the front closes."""

    raw: bytes | IO[bytes]
    size: int  # octets
    via: str  # smtp | lmtp | imap | pipe
    envelope_from: str  # "" is the null sender
    recipients: tuple[tuple[str, Route], ...]  # as given, and where each leads
    trace: str = ""
    remote: str = ""
    authenticated: str = ""
    authserv_id: str = ""  # whose Authentication-Results are believed of it
    whole: int = 0  # octets of the mail, where `raw` is only its head


class Receipt(Struct, frozen=True):
    """What came of a mail, and the numbers of its inbox rows: one a mailbox."""

    outcome: Outcome
    rows: tuple[int, ...] = ()


class Front:
    """Open for as long as its process takes mail; `close` it at the end."""

    def __init__(self, db: Database, bounce_address: str) -> None:
        self._db = db
        self._bounces = bounce_address
        self._directory: Directory | None = None
        self._banned: bans.Banned
        self._version = -1
        self._checked = float("-inf")  # monotonic seconds: when the version was last asked for
        self._asking = asyncio.Lock()
        self._commits: SharedCommits[Taken, Receipt] = SharedCommits(
            self._commit, lambda mail: mail.size
        )

    # ---- who lives here

    def place(self, recipient: str) -> Route | None:
        """Where a recipient leads, None if nowhere. Blocks at most once a second; DatabaseTrouble then."""
        if time.monotonic() - self._checked > _FRESH_SECONDS:
            self._refresh()
        return self._known().place(recipient)

    async def find(self, recipient: str, since: float) -> Route | Outcome:
        """Where a recipient leads, or why it is refused; TROUBLE when the database cannot say.

        A refusal is for ever, so it is never given on knowledge from before `since`, the (monotonic) start of
        the mail: the desk may just have got that mailbox. That is one question a mail, not one a recipient.
        """
        try:
            await self._refreshed(time.monotonic() - _FRESH_SECONDS)
            place = self._known().place(recipient)
            if place is None:
                await self._refreshed(since)
                place = self._known().place(recipient)
        except DatabaseTrouble as trouble:
            log.warning("recipient not looked up: %s", printable(str(trouble)))
            return Outcome.TROUBLE
        if place is not None:
            return place
        ours = self._known().ours(recipient)
        return Outcome.UNKNOWN_RECIPIENT if ours else Outcome.RELAY

    async def is_banned(self, sender: str, since: float) -> bool:
        """Is an envelope sender banned (G15)? As with recipients, the last word is not older than `since`."""
        try:
            await self._refreshed(time.monotonic() - _FRESH_SECONDS)
            if not self._banned.holds(sender):
                return False
            await self._refreshed(since)
        except DatabaseTrouble as trouble:
            log.warning("sender not looked up: %s", printable(str(trouble)))
            return False  # intake asks again
        return self._banned.holds(sender)

    async def _refreshed(self, since: float) -> None:
        """Have the definition as it was at `since` or later."""
        if self._checked >= since:
            return
        async with self._asking:
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

    def _known(self) -> Directory:
        assert self._directory is not None, "the definition is asked for before it is used"
        return self._directory

    # ---- into the inbox

    def accept(self, mail: Taken) -> Receipt:
        """Commit a mail, together with whatever else arrives meanwhile; blocks until it is over."""
        return self._commits.submit(mail).result()

    async def submit(self, mail: Taken) -> Receipt:
        """`accept` for an event loop. The mail is the front's from here on: a caller who goes away stops nothing."""
        return await asyncio.shield(asyncio.wrap_future(self._commits.submit(mail)))

    def close(self) -> None:
        """Commit what waits, then stop."""
        self._commits.close()

    def _commit(self, mails: Sequence[Taken]) -> list[Receipt]:
        """Runs in the writing thread: one receipt a mail, no exception, spooled bodies closed."""
        try:
            receipts = self._stored(mails)
        finally:
            for mail in mails:
                if not isinstance(mail.raw, bytes):
                    mail.raw.close()
        for mail, receipt in zip(mails, receipts, strict=True):
            note(mail, receipt)
        return receipts

    def _stored(self, mails: Sequence[Taken]) -> list[Receipt]:
        """All in one transaction; if that fails for a reason that may lie in one of them, each in its own."""
        try:
            rows = self._write(mails)
        except (DatabaseTrouble, OSError) as trouble:
            log.warning("mail not taken: %s", printable(str(trouble)))
            return [Receipt(replies.of_error(trouble)) for _ in mails]
        except Exception as error:
            if len(mails) == 1:
                log.exception("mail not taken")
                return [Receipt(replies.of_error(error))]
            return [self._stored([mail])[0] for mail in mails]
        return [Receipt(Outcome.TAKEN, ids) for ids in rows]

    def _write(self, mails: Sequence[Taken]) -> list[tuple[int, ...]]:
        batch = [arrivals(mail) for mail in mails]
        at = clock.now()

        def work(tx: Tx) -> list[tuple[int, ...]]:
            return [tuple(inbox.accept(tx, one, at) for one in each) for each in batch]

        return self._db.write(work)


def arrivals(mail: Taken) -> list[Arrival]:
    """One arrival for each mailbox the mail is for, with that mailbox's recipients (A17, C6)."""
    raw = mail.raw if isinstance(mail.raw, bytes) else _whole(mail.raw)
    by_mailbox: dict[str, list[str]] = {}
    for recipient, place in mail.recipients:
        by_mailbox.setdefault(place.mailbox, []).append(recipient)
    return [
        Arrival(
            raw=raw,
            via=mail.via,
            mailbox=mailbox,
            envelope_from=mail.envelope_from,
            recipients=tuple(dict.fromkeys(recipients)),
            trace=mail.trace,
            remote=mail.remote,
            authenticated=mail.authenticated,
            authserv_id=mail.authserv_id,
            whole=mail.whole,
        )
        for mailbox, recipients in by_mailbox.items()
    ]


def _whole(spooled: IO[bytes]) -> bytes:
    spooled.seek(0)
    return spooled.read()


def note(mail: Taken, receipt: Receipt) -> None:
    """The first line of a mail's life (A22); intake adds the verdict."""
    log.info(
        "inbox=%s via=%s remote=%s from=<%s> to=%s size=%d outcome=%s",
        ",".join(map(str, receipt.rows)) or "-",
        mail.via,
        mail.remote or "-",
        printable(mail.envelope_from),
        printable(",".join(f"<{recipient}>" for recipient, _ in mail.recipients)),
        mail.size,
        receipt.outcome.name.lower(),
    )
