"""One round over a folder: fetches new mails into our inbox, oldest first (B8), then moves or deletes them.

The order is always the same (B2): fetch, commit to the inbox, record as filed, move or delete. If it stops in between,
the mail is fetched or moved again, and intake files it only once (C1).
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from msgspec import Struct

from gateway.parse.mail import Mail
from gateway.parse.parse import parse_head
from gateway.receive.imap.after_fetch import AfterFetch
from gateway.receive.imap.errors import CommandRefused
from gateway.receive.imap.folder_state import COPIED, DELETED, FolderProgress, chunks
from gateway.receive.imap.session import ImapSession, MessageInfo
from gateway.receive.inbox_writer import InboxWriter, by_mailbox
from gateway.receive.pipe import envelope_sender
from gateway.shared.log import log_value
from gateway.shared.replies import Outcome
from ticketctl import clock
from ticketctl.domain.base.reasons import reason
from ticketctl.domain.base.records import ReceivedMail
from ticketctl.domain.definition.mailbox_addresses import Route
from ticketctl.errors import DatabaseTrouble, DeskError, MailServerTrouble, NotFound
from ticketctl.store.queues.imap_state import FAILED, FILED, OVERSIZE, MessageState

log = logging.getLogger("ticketctl.gateway.imap")


class FetchLimits(Struct, frozen=True):
    """Bytes of the largest mail that is fetched, and attempts at a mail before they become rare."""

    size: int
    attempts: int


class FetchRound:
    """Fetches until `go_on` is False, checked between mails: we must stop, or lost the lease on the mailbox (B15)."""

    def __init__(
        self,
        session: ImapSession,
        state: FolderProgress,
        writer: InboxWriter,
        after_fetch: AfterFetch,
        mailbox: str,
        limits: FetchLimits,
        go_on: Callable[[], bool],
        authserv_id: str = "",
    ) -> None:
        self._session = session
        self._state = state
        self._writer = writer
        self._after_fetch = after_fetch
        self._mailbox = mailbox
        self._limits = limits
        self._go_on = go_on
        self._authserv_id = authserv_id
        self._count = 0

    def run(self) -> int:
        """Fetch what can be fetched; return how many mails. MailServerTrouble or DatabaseTrouble: try again later."""
        if self._state.starts_over:
            log.warning("%s: %s", self._mailbox, reason("new-uidvalidity"))
        elif self._session.has_renumbered(self._state.last_uid):
            log.warning("%s: %s", self._mailbox, reason("uid-went-back", uid=self._state.last_uid))
            self._state.start_over()
        failed = self._handle_recorded()
        first = self._state.last_uid + 1
        while self._go_on() and (found := self._session.uids_from(first)):
            self._fetch(found)
            first = found[-1] + 1
        self._retry(failed)
        return self._count

    def oldest_waiting(self) -> datetime | None:
        """Return when the oldest mail came that is in the folder and not in our inbox (B17)."""
        failed = {uid: one for uid, one in self._state.recorded().items() if one.state == FAILED}
        # A mail without a counted attempt may have caused the connection to break: do not ask about it.
        refused = sorted(uid for uid, one in failed.items() if one.attempts)
        infos = [info for chunk in chunks(refused) for info in self._infos(chunk).values()]
        known = [info.at for info in infos if info.at]
        unknown = [one.first_at for one in failed.values() if not one.attempts]
        return min([*known, *unknown], default=None)

    def _handle_recorded(self) -> Sequence[int]:
        """Handle the mails that earlier rounds recorded. Return those to fetch again, longest waiting first."""
        recorded = self._state.recorded()
        present = self._session.present(recorded)
        self._state.forget(recorded.keys() - present)
        states: dict[str, list[int]] = {}
        for uid in sorted(present, key=lambda uid: (recorded[uid].at, uid)):
            if self._is_due(recorded[uid]):
                states.setdefault(recorded[uid].state, []).append(uid)
        self._after_fetch.finish(states.get(COPIED, ()))
        self._after_fetch.run(states.get(FILED, ()))
        self._fetch(sorted(self._session.present(states.get(DELETED, ()), "UNDELETED")))
        return states.get(FAILED, ())

    def _is_due(self, one: MessageState) -> bool:
        """Is there anything to do now for a recorded mail?"""
        if one.state in (FILED, COPIED):
            return self._after_fetch.may_try(one.attempts)
        if one.state == FAILED:
            return one.due(self._limits.attempts) <= clock.now()
        return one.state == DELETED

    def _retry(self, uids: Sequence[int]) -> None:
        """Retry failed mails, after all others and one at a time: one of them may break the connection."""
        for uid in uids:
            if self._go_on() and self._fetch_one(uid, None):
                self._after_fetch.run([uid])

    def _fetch(self, uids: Sequence[int]) -> None:
        for chunk in chunks(uids):
            infos = self._infos(chunk)
            filed = [uid for uid in chunk if self._go_on() and self._fetch_one(uid, infos.get(uid))]
            if self._go_on():
                self._after_fetch.run(filed)

    def _infos(self, uids: Sequence[int]) -> Mapping[int, MessageInfo]:
        try:
            return self._session.infos(uids)
        except CommandRefused as refusal:  # one of them is bad: ask for each alone
            log.warning("%s", refusal.sentence)
            return {}
        except (
            MailServerTrouble
        ) as lost:  # perhaps caused by one of them: ask for each alone in the next round
            self._state.postpone(uids, lost.sentence)
            raise

    def _fetch_one(self, uid: int, info: MessageInfo | None) -> bool:
        """Fetch a mail; return whether it is in our inbox. One bad mail never stops the others (B7)."""
        try:
            return self._fetch_into_inbox(uid, info or self._session.infos([uid]).get(uid))
        except CommandRefused as refusal:
            self._record_failure(uid, refusal.sentence)
        except MailServerTrouble as lost:  # perhaps caused by this mail
            self._state.postpone([uid], lost.sentence)
            raise
        except DeskError:
            raise
        except Exception as bug:
            log.exception("UID %d cannot be fetched", uid)
            self._record_failure(uid, f"{type(bug).__name__}: {bug}")
        return False

    def _fetch_into_inbox(self, uid: int, info: MessageInfo | None) -> bool:
        if info is None:
            self._handle_missing(uid)
        elif info.deleted:
            self._state.record(uid, DELETED)
        elif info.size > self._limits.size:
            self._fetch_head(uid, info.size)
        elif raw := self._session.body(uid, self._limits.size):
            self._store(uid, raw)
            self._record_filed(uid)
            return True
        else:
            self._handle_missing(uid)
        return False

    def _handle_missing(self, uid: int) -> None:
        """Handle a mail that the server did not return: it has vanished (B14), or is broken on the server."""
        if self._session.present([uid]):
            self._record_failure(uid, "the server does not return it")
        else:
            self._state.forget([uid])

    def _store(self, uid: int, raw: bytes, size: int = 0) -> None:
        """Store a mail in the inbox, or the head of one of `size` bytes; DatabaseTrouble if that fails."""
        outcome = self._writer.accept(self._received_mail(raw, size)).outcome
        if outcome is Outcome.ACCEPTED:
            self._count += 1
            return
        if outcome is not Outcome.DISK_FULL:
            self._state.postpone([uid], "it cannot be stored in the inbox")
        raise DatabaseTrouble("mail cannot be stored in the inbox now; it stays in its folder.")

    def _record_filed(self, uid: int) -> None:
        if self._after_fetch.keeps:
            self._state.forget([uid])
        else:
            self._state.enter([uid], FILED)

    def _received_mail(self, raw: bytes, size: int) -> ReceivedMail:
        mail = parse_head(raw)
        return ReceivedMail(
            raw=raw,
            via="imap",
            envelope_from=envelope_sender(mail),
            recipients=by_mailbox(self._routes(mail)),
            authserv_id=self._authserv_id,
            size=size,
        )

    def _routes(self, mail: Mail) -> list[tuple[str, Route]]:
        """Return the account's mailbox, its aliases that the headers name, and our reply addresses among them."""
        home = route_of(self._writer, self._mailbox)
        found = [(self._mailbox, home)]
        for one in (*mail.delivered_to, *(each.key for each in (*mail.to, *mail.cc))):
            route = self._writer.route(one)
            if route is not None and (route.detail or route.mailbox == home.mailbox):
                found.append((one, Route(home.mailbox, route.detail)))
        return found

    def _fetch_head(self, uid: int, size: int) -> None:
        """Store only the head of a large mail, so that a ticket is opened and the sender told; the mail stays (B12)."""
        head = self._session.head(uid)
        if not head:
            return self._handle_missing(uid)
        self._store(uid, head, size)
        self._state.record(uid, OVERSIZE, f"{size} bytes")
        why = reason("only-head-fetched", uid=uid, size=size, limit=self._limits.size)
        log.warning("%s: %s", self._mailbox, why)

    def _record_failure(self, uid: int, error: str) -> None:
        times = self._state.record(uid, FAILED, error)
        if times < self._limits.attempts:
            log.warning(
                "UID %d could not be fetched and will be tried again: %s", uid, log_value(error)
            )
        else:
            log.error(
                "%s: UID %d could not be fetched in %d attempts, and will be tried less and less often; move it to "
                "another folder and back to try again at once: %s",
                self._mailbox,
                uid,
                times,
                log_value(error),
            )


def route_of(writer: InboxWriter, mailbox: str) -> Route:
    """Return the route of an account's mailbox; NotFound if the desk has no such mailbox."""
    route = writer.route(mailbox)
    if route is None:
        raise NotFound(
            f"the desk has no mailbox {mailbox}; correct desk.toml, or `mailbox` of the [[imap]] account."
        )
    return route
