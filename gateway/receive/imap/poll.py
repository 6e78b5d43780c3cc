"""Polls an IMAP account, once or for as long as the gateway runs."""

import contextlib
import logging
import threading
import time
from collections.abc import Sequence

from gateway.receive.imap.after_fetch import AfterFetch
from gateway.receive.imap.backoff import Backoff
from gateway.receive.imap.errors import LoginRefused
from gateway.receive.imap.fetch_round import FetchLimits, FetchRound, route_of
from gateway.receive.imap.folder_state import FolderProgress
from gateway.receive.imap.lease import Lease
from gateway.receive.imap.session import ImapSession, ImapTimeouts
from gateway.receive.inbox_writer import InboxWriter
from gateway.shared.heartbeat import Beat, silent
from gateway.shared.log import log_value
from ticketctl import clock
from ticketctl.errors import BadInput, DatabaseTrouble, DeskError, MailServerTrouble, NotFound
from ticketctl.settings.table import ImapAccount, Settings
from ticketctl.store.db.database import Database
from ticketctl.store.queues import imap_state

log = logging.getLogger("ticketctl.gateway.imap")

_DATABASE_SECONDS = 5.0  # wait when the database is away


class Poller:
    """Polls one account. A lease ensures that only one host polls a mailbox at a time (B15)."""

    def __init__(
        self,
        db: Database,
        settings: Settings,
        account: ImapAccount,
        timeouts: ImapTimeouts | None = None,
        beat: Beat = silent,
    ) -> None:
        self._db = db
        self._settings = settings
        self._account = account
        self._timeouts = timeouts or ImapTimeouts()
        self._beat = beat

    def run(self, stop: threading.Event) -> None:
        """Fetch until `stop`; failures are logged, recorded and tried again (B9)."""
        backoff = Backoff()
        while not stop.is_set():
            self._beat(True)
            try:
                self._run_rounds(stop, backoff)
            except LoginRefused as refusal:
                log.error("%s", refusal)
                self._record_failure(refusal)
                self._beat(False)
                stop.wait(backoff.refused())
            except DatabaseTrouble as trouble:
                log.warning("%s", log_value(str(trouble)))
                self._beat(False)
                stop.wait(_DATABASE_SECONDS)
            except DeskError as trouble:
                log.warning("%s", log_value(str(trouble)))
                self._record_failure(trouble)
                self._beat(False)
                stop.wait(backoff.failed())

    def once(self, *, wait: bool) -> int:
        """Fetch once; return how many mails. If another process polls, wait for it, or return 0."""
        lease = self._lease()
        while not lease.take():
            if not wait:
                return 0
            time.sleep(1)
        try:
            with lease, contextlib.closing(self._writer()) as writer, self._session() as session:
                session.select()
                return self._round(session, writer, lease, threading.Event())
        except DeskError as trouble:
            self._record_failure(trouble)
            raise

    def _run_rounds(self, stop: threading.Event, backoff: Backoff) -> None:
        """Run rounds over one connection, until `stop` or an error."""
        with contextlib.closing(self._writer()) as writer, self._session() as session:
            while not stop.is_set():
                self._beat(True)
                session.select()
                lease = self._lease()
                if lease.take():
                    with lease:
                        self._round(session, writer, lease, stop)
                backoff.reset()
                self._beat(False)
                session.wait(self._account.poll, stop)

    def _writer(self) -> InboxWriter:
        """Open the inbox writer, after checking that the account can be polled."""
        account = self._account
        if _same_folder(account.done.removeprefix("move:"), account.folder):
            raise BadInput(
                f"the IMAP account {account.name}: `done` moves mail to the folder it is fetched from."
            )
        writer = InboxWriter(self._db, self._settings.outgoing.envelope)
        try:
            route_of(writer, account.mailbox)
        except BaseException:
            writer.close()
            raise
        return writer

    def _session(self) -> ImapSession:
        return ImapSession(self._account, self._timeouts)

    def _lease(self) -> Lease:
        account = self._account
        where = f"{account.username}@{account.host}:{account.port}/{account.folder}"
        return Lease(self._db, f"imap:{where}")

    def _round(
        self, session: ImapSession, writer: InboxWriter, lease: Lease, stop: threading.Event
    ) -> int:
        account, gateway = self._account, self._settings.gateway

        def go_on() -> bool:  # asked before each mail
            self._beat(True)
            return lease.held() and not stop.is_set()

        state = FolderProgress(self._db, account.name, account.folder, session.uidvalidity)
        after_fetch = AfterFetch(session, state, account, gateway.attempts)
        limits = FetchLimits(gateway.max_message_size, gateway.attempts)
        one = FetchRound(
            session, state, writer, after_fetch, account.mailbox, limits, go_on, account.authserv_id
        )
        count = one.run()
        if go_on():
            self._record_success(one, after_fetch.trouble)
        return count

    def _record_success(self, one: FetchRound, trouble: str) -> None:
        """Record that the folder was read to its end (B17), and why mail could not be removed from it."""
        folder = (self._account.name, self._account.folder)
        oldest = one.oldest_waiting()
        self._db.write(lambda tx: imap_state.record_good_run(tx, *folder, clock.now(), oldest))
        if trouble:
            self._db.write(lambda tx: imap_state.record_bad_run(tx, *folder, trouble))

    def _record_failure(self, trouble: DeskError) -> None:
        folder = (self._account.name, self._account.folder)
        try:
            self._db.write(lambda tx: imap_state.record_bad_run(tx, *folder, str(trouble)))
        except DatabaseTrouble as worse:
            log.warning(
                "the state of %s could not be recorded: %s", folder[0], log_value(str(worse))
            )


def poll_all(db: Database, settings: Settings, names: Sequence[str], *, wait: bool) -> int:
    """Fetch once from these accounts, or from all; return how many mails.

    An account that fails does not stop the others: MailServerTrouble comes at the end. NotFound for an unknown name.
    """
    count = 0
    troubles: list[DeskError] = []
    for account in _accounts(settings, names):
        try:
            count += Poller(db, settings, account).once(wait=wait)
        except DatabaseTrouble:
            raise
        except DeskError as trouble:
            troubles.append(trouble)
    if len(troubles) == 1:
        raise troubles[0]
    if troubles:
        sentences = [str(trouble) for trouble in troubles]
        raise MailServerTrouble(f"{len(troubles)} IMAP accounts failed.", *sentences)
    return count


def _accounts(settings: Settings, names: Sequence[str]) -> list[ImapAccount]:
    if not settings.imap:
        raise NotFound("config.toml has no [[imap]] account.")
    known = {account.name: account for account in settings.imap}
    for name in names:
        if name not in known:
            raise NotFound(f'no IMAP account "{name}" in config.toml; it has {", ".join(known)}.')
    return [known[name] for name in dict.fromkeys(names or known)]


def _same_folder(one: str, other: str) -> bool:
    """Compare folder names; only INBOX ignores case (RFC 9051 section 5.1)."""
    return one == other or one.upper() == other.upper() == "INBOX"
