"""One round over a folder: what is new, oldest first, into our inbox (B8), then out of the folder.

The order never changes (B2): fetch, commit to the inbox, note as filed, move or delete. Whatever breaks in between,
the mail is fetched or moved once more, and intake files a mail only once (C1).
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from msgspec import Struct

from gateway.parse.mail import Mail
from gateway.parse.parse import parse_head
from gateway.receive.imap.after_fetch import Ending
from gateway.receive.imap.errors import CommandRefused
from gateway.receive.imap.folder_state import COPIED, DELETED, Memory, chunks
from gateway.receive.imap.session import Head, Session
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


class Limits(Struct, frozen=True):
    """Octets of the largest mail that is fetched, and how often a mail is tried before its tries slow down."""

    size: int
    attempts: int


class Round:
    """`go_on` False ends it between two mails: we were told to stop, or the mailbox is another's now (B15)."""

    def __init__(
        self,
        session: Session,
        memory: Memory,
        writer: InboxWriter,
        ending: Ending,
        mailbox: str,
        limits: Limits,
        go_on: Callable[[], bool],
        authserv_id: str = "",
    ) -> None:
        self._session = session
        self._memory = memory
        self._writer = writer
        self._ending = ending
        self._mailbox = mailbox
        self._limits = limits
        self._go_on = go_on
        self._authserv_id = authserv_id
        self._count = 0

    def run(self) -> int:
        """Take what can be taken; how many mails. MailServerTrouble, DatabaseTrouble: try again later."""
        if self._memory.starts_over:
            log.warning("%s: %s", self._mailbox, reason("new-uidvalidity"))
        elif self._session.counts_anew(self._memory.last_uid):
            log.warning("%s: %s", self._mailbox, reason("uid-went-back", uid=self._memory.last_uid))
            self._memory.start_over()
        failed = self._leftovers()
        first = self._memory.last_uid + 1
        while self._go_on() and (found := self._session.uids_from(first)):
            self._take(found)
            first = found[-1] + 1
        self._again(failed)
        return self._count

    def oldest_waiting(self) -> datetime | None:
        """When the oldest mail came that is in the folder and not in our inbox (B17)."""
        failed = {uid: one for uid, one in self._memory.noted().items() if one.state == FAILED}
        # One that was never refused may be what the server dies of: it is not asked about.
        refused = sorted(uid for uid, one in failed.items() if one.attempts)
        heads = [head for chunk in chunks(refused) for head in self._heads(chunk).values()]
        known = [head.at for head in heads if head.at]
        unknown = [one.first_at for one in failed.values() if not one.attempts]
        return min([*known, *unknown], default=None)

    def _leftovers(self) -> Sequence[int]:
        """What earlier rounds noted: end what is filed, look whose mark is taken back; returns what is to be tried
        again, that which has waited longest first."""
        noted = self._memory.noted()
        present = self._session.present(noted)
        self._memory.settle(noted.keys() - present)
        states: dict[str, list[int]] = {}
        for uid in sorted(present, key=lambda uid: (noted[uid].at, uid)):
            if self._is_open(noted[uid]):
                states.setdefault(noted[uid].state, []).append(uid)
        self._ending.finish(states.get(COPIED, ()))
        self._ending.run(states.get(FILED, ()))
        self._take(sorted(self._session.present(states.get(DELETED, ()), "UNDELETED")))
        return states.get(FAILED, ())

    def _is_open(self, one: MessageState) -> bool:
        """Is there anything to try for a noted mail now?"""
        if one.state in (FILED, COPIED):
            return self._ending.open_to(one.attempts)
        if one.state == FAILED:
            return one.due(self._limits.attempts) <= clock.now()
        return one.state == DELETED

    def _again(self, uids: Sequence[int]) -> None:
        """Try what failed, after all others and each by itself: one of them may be what the server dies of."""
        for uid in uids:
            if self._go_on() and self._taken(uid, None):
                self._ending.run([uid])

    def _take(self, uids: Sequence[int]) -> None:
        for chunk in chunks(uids):
            heads = self._heads(chunk)
            filed = [uid for uid in chunk if self._go_on() and self._taken(uid, heads.get(uid))]
            if self._go_on():
                self._ending.run(filed)

    def _heads(self, uids: Sequence[int]) -> Mapping[int, Head]:
        try:
            return self._session.heads(uids)
        except CommandRefused as refusal:  # one of them is bad: each is asked for by itself
            log.warning("%s", refusal.sentence)
            return {}
        except (
            MailServerTrouble
        ) as lost:  # perhaps of one of them: each is asked for by itself in the next round
            self._memory.postpone(uids, lost.sentence)
            raise

    def _taken(self, uid: int, head: Head | None) -> bool:
        """Is the mail in our inbox now? One bad mail never stops the others (B7)."""
        try:
            return self._settled(uid, head or self._session.heads([uid]).get(uid))
        except CommandRefused as refusal:
            self._failed(uid, refusal.sentence)
        except MailServerTrouble as lost:  # perhaps of this mail, perhaps not
            self._memory.postpone([uid], lost.sentence)
            raise
        except DeskError:
            raise
        except Exception as bug:
            log.exception("UID %d cannot be taken", uid)
            self._failed(uid, f"{type(bug).__name__}: {bug}")
        return False

    def _settled(self, uid: int, head: Head | None) -> bool:
        if head is None:
            self._nothing(uid)
        elif head.deleted:
            self._memory.note(uid, DELETED)
        elif head.size > self._limits.size:
            self._oversize(uid, head.size)
        elif raw := self._session.body(uid, self._limits.size):
            self._store(uid, raw)
            self._filed(uid)
            return True
        else:
            self._nothing(uid)
        return False

    def _nothing(self, uid: int) -> None:
        """The server gave nothing of a mail: it has vanished (B14), or it is broken there."""
        if self._session.present([uid]):
            self._failed(uid, "the server gives nothing of it")
        else:
            self._memory.settle([uid])

    def _store(self, uid: int, raw: bytes, size: int = 0) -> None:
        """Store a mail in the inbox, or the head of one of `size` bytes; DatabaseTrouble if that fails."""
        outcome = self._writer.accept(self._received_mail(raw, size)).outcome
        if outcome is Outcome.TAKEN:
            self._count += 1
            return
        if outcome is not Outcome.DISK_FULL:
            self._memory.postpone([uid], "it cannot be put into the inbox")
        raise DatabaseTrouble("mail cannot be put into the inbox now; it stays in its folder.")

    def _filed(self, uid: int) -> None:
        if self._ending.keeps:
            self._memory.settle([uid])
        else:
            self._memory.enter([uid], FILED)

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

    def _oversize(self, uid: int, size: int) -> None:
        """Its head comes into the inbox, so that a ticket and the sender hear of it; the mail stays (B12)."""
        top = self._session.top(uid)
        if not top:
            return self._nothing(uid)
        self._store(uid, top, size)
        self._memory.note(uid, OVERSIZE, f"{size} bytes")
        why = reason("only-head-fetched", uid=uid, size=size, limit=self._limits.size)
        log.warning("%s: %s", self._mailbox, why)

    def _failed(self, uid: int, error: str) -> None:
        times = self._memory.note(uid, FAILED, error)
        if times < self._limits.attempts:
            log.warning("UID %d is not taken and will be tried again: %s", uid, log_value(error))
        else:
            log.error(
                "%s: UID %d is not taken after %d tries, and will be tried ever more rarely; move it out and back "
                "in to have it tried at once: %s",
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
