"""What becomes of a mail that is in our inbox: moved away, deleted or kept, as configured (B4, B18).

A step that fails is tried a few times, then the mail stays where it is: filed, remembered, and never fetched again.
"""

import logging
from collections.abc import Callable, Sequence

from gateway.receive.imap.errors import CommandRefused
from gateway.receive.imap.folder_state import COPIED, Memory, chunks
from gateway.receive.imap.session import Session
from ticketctl.errors import MailServerTrouble
from ticketctl.settings.table import ImapAccount
from ticketctl.store.queues.imap_state import FILED

log = logging.getLogger("ticketctl.gateway.imap")

Step = Callable[[Sequence[int]], None]


class Ending:
    """For one round. `trouble` says what kept mail from being moved or deleted, "" for nothing."""

    def __init__(
        self, session: Session, memory: Memory, account: ImapAccount, attempts: int
    ) -> None:
        self._session = session
        self._memory = memory
        self._name = account.name
        self._folder = account.done.removeprefix("move:") if account.done != "delete" else ""
        self._attempts = attempts
        self._ready = False
        self.trouble = ""
        self.keeps = account.done == "keep" or not self._possible()

    def _possible(self) -> bool:
        if self._session.can_expunge or (self._folder and self._session.can_move):
            return True
        self.trouble = (
            f"the IMAP account {self._name}: the server has neither MOVE nor UIDPLUS, so mail that is taken "
            "stays in its folder; set `done` to keep."
        )
        return False

    def run(self, filed: Sequence[int]) -> None:
        """Move or delete mails that are noted as filed."""
        if filed and self.keeps and self.trouble:
            log.warning("%s", self.trouble)
        if self.keeps or not filed or not self._have_folder():
            return
        for chunk in chunks(filed):
            if not self._folder:
                self._gone(chunk, FILED, self._session.delete)
            elif self._session.can_move:
                self._gone(chunk, FILED, lambda uids: self._session.move(uids, self._folder))
            else:
                self.finish(self._copied(chunk))

    def finish(self, copied: Sequence[int]) -> None:
        """Delete the originals of mails that are noted as copied; never copy them again."""
        if self._session.can_expunge:
            for chunk in chunks(copied):
                self._gone(chunk, COPIED, self._session.delete)

    def open_to(self, times: int) -> bool:
        """May a step be tried that was noted so often? The first note is the mail's own."""
        return times <= self._attempts

    def _have_folder(self) -> bool:
        """Is there somewhere to move to? If not, no mail is at fault, and none loses a try."""
        if self._folder and not self._ready:
            try:
                self._session.have_folder(self._folder)
            except CommandRefused as refusal:
                self.trouble = refusal.sentence
                log.warning("%s Taken mail stays where it is until then.", refusal.sentence)
                return False
        self._ready = True
        return True

    def _copied(self, uids: Sequence[int]) -> list[int]:
        done = self._each(uids, FILED, lambda some: self._session.copy(some, self._folder))
        self._memory.enter(done, COPIED)
        return done

    def _gone(self, uids: Sequence[int], state: str, step: Step) -> None:
        self._memory.settle(self._each(uids, state, step))

    def _each(self, uids: Sequence[int], state: str, step: Step) -> list[int]:
        """Do it for all at once, or one by one where the server refuses that; returns those it is done for."""
        try:
            step(uids)
            return list(uids)
        except CommandRefused as refusal:
            if len(uids) == 1:
                self._failed(uids[0], state, refusal)
                return []
        except MailServerTrouble as lost:
            for uid in uids:  # done or not, nobody knows: that may not go on for ever either
                self._failed(uid, state, lost)
            raise
        return [uid for one in uids for uid in self._each([one], state, step)]

    def _failed(self, uid: int, state: str, trouble: MailServerTrouble) -> None:
        self.trouble = trouble.sentence
        if self.open_to(self._memory.note(uid, state, trouble.sentence)):
            log.warning("UID %d is filed, but not out of its folder yet: %s", uid, trouble.sentence)
        else:
            log.error("UID %d is filed and stays in its folder: %s", uid, trouble.sentence)
