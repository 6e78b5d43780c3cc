"""The IMAP door: fetch the mail of an account, once or for as long as the gateway runs."""

import contextlib
import logging
import threading
import time
from collections.abc import Sequence

from gateway.receive.imap.after_fetch import Ending
from gateway.receive.imap.backoff import Backoff
from gateway.receive.imap.errors import LoginRefused
from gateway.receive.imap.fetch_round import Limits, Round, route_of
from gateway.receive.imap.folder_state import Memory
from gateway.receive.imap.lease import Lease
from gateway.receive.imap.session import ImapTimeouts, Session
from gateway.receive.inbox_writer import InboxWriter
from gateway.shared.heartbeat import Beat, silent
from gateway.shared.log import log_value
from ticketctl import clock
from ticketctl.errors import BadInput, DatabaseTrouble, DeskError, MailServerTrouble, NotFound
from ticketctl.settings.table import ImapAccount, Settings
from ticketctl.store.db.engine import Database
from ticketctl.store.queues import imap_state

log = logging.getLogger("ticketctl.gateway.imap")


class Poller:
    """The mail of one account. Rounds run under a lease, so that several hosts may poll the same mailbox (B15)."""

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
        """Fetch until `stop`; whatever fails is logged, noted and tried again (B9)."""
        backoff = Backoff()
        while not stop.is_set():
            self._beat(True)
            try:
                self._stay(stop, backoff)
            except LoginRefused as refusal:
                log.error("%s", refusal)
                self._bad_run(refusal)
                self._beat(False)
                stop.wait(backoff.refused())
            except DeskError as trouble:
                log.warning("%s", log_value(str(trouble)))
                self._bad_run(trouble)
                self._beat(False)
                stop.wait(backoff.failed())

    def once(self, *, wait: bool) -> int:
        """Fetch what is there; how many mails. While another polls, wait for it, or leave it to that one (0)."""
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
            self._bad_run(trouble)
            raise

    def _stay(self, stop: threading.Event, backoff: Backoff) -> None:
        """Rounds over one connection, until `stop` or trouble."""
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

    def _session(self) -> Session:
        return Session(self._account, self._timeouts)

    def _lease(self) -> Lease:
        account = self._account
        where = f"{account.username}@{account.host}:{account.port}/{account.folder}"
        return Lease(self._db, f"imap:{where}")

    def _round(
        self, session: Session, writer: InboxWriter, lease: Lease, stop: threading.Event
    ) -> int:
        account, gateway = self._account, self._settings.gateway

        def go_on() -> bool:  # asked before each mail
            self._beat(True)
            return lease.held() and not stop.is_set()

        memory = Memory(self._db, account.name, account.folder, session.uidvalidity)
        ending = Ending(session, memory, account, gateway.attempts)
        limits = Limits(gateway.max_message_size, gateway.attempts)
        one = Round(
            session, memory, writer, ending, account.mailbox, limits, go_on, account.authserv_id
        )
        count = one.run()
        if go_on():
            self._good_run(one, ending.trouble)
        return count

    def _good_run(self, one: Round, trouble: str) -> None:
        """Note that the folder was read to its end (B17), and what could not be moved out of it."""
        folder = (self._account.name, self._account.folder)
        oldest = one.oldest_waiting()
        self._db.write(lambda tx: imap_state.good_run(tx, *folder, clock.now(), oldest))
        if trouble:
            self._db.write(lambda tx: imap_state.bad_run(tx, *folder, trouble))

    def _bad_run(self, trouble: DeskError) -> None:
        folder = (self._account.name, self._account.folder)
        try:
            self._db.write(lambda tx: imap_state.bad_run(tx, *folder, str(trouble)))
        except DatabaseTrouble as worse:
            log.warning("the state of %s is not noted: %s", folder[0], log_value(str(worse)))


def poll_all(db: Database, settings: Settings, names: Sequence[str], *, wait: bool) -> int:
    """Fetch once from the accounts named, or from all; how many mails. An account that fails does not stop the
    others: MailServerTrouble comes at the end. NotFound for a name that is no account."""
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
            raise NotFound(f'no IMAP account "{name}" in config.toml; there is {", ".join(known)}.')
    return [known[name] for name in dict.fromkeys(names or known)]


def _same_folder(one: str, other: str) -> bool:
    """Folder names, of which only INBOX knows no case (RFC 9051 section 5.1)."""
    return one == other or one.upper() == other.upper() == "INBOX"
