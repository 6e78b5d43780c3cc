"""Moves, deletes or keeps mails that are in our inbox, as configured (B4, B18).

A step that fails is tried a few times. Then the mail stays in its folder and is never fetched again.
"""

import logging
from collections.abc import Callable, Sequence

from gateway.receive.imap.errors import CommandRefused
from gateway.receive.imap.folder_state import COPIED, FolderProgress, chunks
from gateway.receive.imap.session import ImapSession
from ticketctl.errors import MailServerTrouble
from ticketctl.settings.table import ImapAccount
from ticketctl.store.queues.imap_state import FILED

log = logging.getLogger("ticketctl.gateway.imap")

Step = Callable[[Sequence[int]], None]


def target_of(account: ImapAccount) -> str:
    """Return the folder that fetched mail is moved to, as written; "" if it is deleted or kept."""
    return account.done.removeprefix("move:") if account.done.startswith("move:") else ""


def why_mail_stays(session: ImapSession, account: ImapAccount) -> str:
    """Return why fetched mail stays in its folder against the configuration; "" if it does not."""
    can_remove = session.can_expunge or (target_of(account) and session.can_move)
    if account.done == "keep" or can_remove:
        return ""
    return (
        f"the IMAP account {account.name}: the server has neither MOVE nor UIDPLUS, so fetched mail "
        "stays in its folder; set `done` to keep."
    )


class AfterFetch:
    """Handles the mails of one round. `trouble` says why mail could not be moved or deleted; "" if it could."""

    def __init__(
        self, session: ImapSession, state: FolderProgress, account: ImapAccount, attempts: int
    ) -> None:
        self._session = session
        self._state = state
        self._folder = target_of(account)
        self._attempts = attempts
        self._ready = False
        self.trouble = why_mail_stays(session, account)
        self.keeps = account.done == "keep" or bool(self.trouble)

    def run(self, filed: Sequence[int]) -> None:
        """Move or delete mails that are recorded as filed."""
        if filed and self.keeps and self.trouble:
            log.warning("%s", self.trouble)
        if self.keeps or not filed or not self._ensure_folder():
            return
        for chunk in chunks(filed):
            if not self._folder:
                self._remove(chunk, FILED, self._session.delete)
            elif self._session.can_move:
                self._remove(chunk, FILED, lambda uids: self._session.move(uids, self._folder))
            else:
                self.finish(self._copy(chunk))

    def finish(self, copied: Sequence[int]) -> None:
        """Delete the originals of mails that are recorded as copied; never copy them again."""
        if self._session.can_expunge:
            for chunk in chunks(copied):
                self._remove(chunk, COPIED, self._session.delete)

    def may_try(self, times: int) -> bool:
        """May a step be tried after so many records? The first record is the mail's own."""
        return times <= self._attempts

    def _ensure_folder(self) -> bool:
        """Is there a folder to move to? If not, no mail is at fault, and no attempt is counted."""
        if self._folder and not self._ready:
            try:
                self._folder = self._session.create_folder(self._folder)
            except CommandRefused as refusal:
                self.trouble = refusal.sentence
                log.warning("%s Until then, fetched mail stays in its folder.", refusal.sentence)
                return False
        self._ready = True
        return True

    def _copy(self, uids: Sequence[int]) -> list[int]:
        done = self._each(uids, FILED, lambda some: self._session.copy(some, self._folder))
        self._state.enter(done, COPIED)
        return done

    def _remove(self, uids: Sequence[int], state: str, step: Step) -> None:
        self._state.forget(self._each(uids, state, step))

    def _each(self, uids: Sequence[int], state: str, step: Step) -> list[int]:
        """Run a step for all at once, or one by one if the server refuses that; return those it worked for."""
        try:
            step(uids)
            return list(uids)
        except CommandRefused as refusal:
            if len(uids) == 1:
                self._record_failure(uids[0], state, refusal)
                return []
        except MailServerTrouble as lost:
            for uid in uids:  # perhaps done: attempts are counted, so that this ends
                self._record_failure(uid, state, lost)
            raise
        return [uid for one in uids for uid in self._each([one], state, step)]

    def _record_failure(self, uid: int, state: str, trouble: MailServerTrouble) -> None:
        self.trouble = trouble.sentence
        if self.may_try(self._state.record(uid, state, trouble.sentence)):
            log.warning(
                "UID %d is filed, but could not be removed from its folder yet: %s",
                uid,
                trouble.sentence,
            )
        else:
            log.error("UID %d is filed and stays in its folder: %s", uid, trouble.sentence)
