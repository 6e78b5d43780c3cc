"""Remembers which mails of a folder were fetched, under one UIDVALIDITY; \\Seen plays no part (B3).

Every UID up to `last_uid` is in our inbox, or gone, or recorded here with what is left to do.
"""

from collections.abc import Collection, Iterator, Sequence

from ticketctl.store.db.database import Database, Tx
from ticketctl.store.queues import imap_state
from ticketctl.store.queues.imap_state import MessageState

COPIED = "copied"  # filed, and copied to its new folder: only the original is left to delete (B4)
DELETED = "deleted"  # marked so by another mail program: not ours unless the mark is removed (B14)

CHUNK = 100  # UIDs in one command or statement


def chunks(uids: Sequence[int]) -> Iterator[Sequence[int]]:
    """Yield the UIDs in order, some at a time."""
    for start in range(0, len(uids), CHUNK):
        yield uids[start : start + CHUNK]


class FolderProgress:
    """Reads the state once, when the folder is opened. Every change is committed when its method returns."""

    def __init__(self, db: Database, account: str, folder: str, uidvalidity: int) -> None:
        self._db = db
        self._folder = (account, folder)
        self._here = (account, folder, uidvalidity)
        self.starts_over, self.last_uid = db.write(self._begin)

    def _begin(self, tx: Tx) -> tuple[bool, int]:
        known = [one for one in imap_state.folders(tx) if (one.account, one.folder) == self._folder]
        last_uid = imap_state.folder(tx, *self._here)
        return last_uid == 0 and any(one.last_uid for one in known), last_uid

    def start_over(self) -> None:
        """Forget everything, because the UIDs stand for other mails now: the folder is read from the start."""
        self._db.write(lambda tx: imap_state.start_over(tx, *self._here))
        self.starts_over, self.last_uid = True, 0

    def recorded(self) -> dict[int, MessageState]:
        """Return the mails that are recorded, by UID."""
        with self._db.read() as tx:
            return imap_state.message_states(tx, *self._here)

    def record(self, uid: int, state: str, error: str | None = None) -> int:
        """Record a mail in this state; return how often it was recorded."""
        return self._db.write(lambda tx: self._record(tx, uid, state, error))

    def postpone(self, uids: Collection[int], error: str) -> None:
        """Record mails as not fetched without counting an attempt, as they may not be the cause; others go first."""

        def work(tx: Tx) -> None:
            for uid in sorted(uids):
                self._record(tx, uid, imap_state.FAILED, error, counts=False)

        self._db.write(work)

    def _record(
        self, tx: Tx, uid: int, state: str, error: str | None, *, counts: bool = True
    ) -> int:
        times = imap_state.record_message(tx, *self._here, uid, state, error, counts=counts)
        imap_state.advance(tx, *self._here, uid)
        return times

    def enter(self, uids: Collection[int], state: str) -> None:
        """Put mails into a new state; their attempts start from zero."""

        def work(tx: Tx) -> None:
            imap_state.forget(tx, *self._here, uids)
            for uid in uids:
                imap_state.record_message(tx, *self._here, uid, state)
                imap_state.advance(tx, *self._here, uid)

        self._db.write(work)

    def forget(self, uids: Collection[int]) -> None:
        """Remove the records of mails for which nothing is left to do."""
        some = sorted(uids)

        def work(tx: Tx) -> None:
            for chunk in chunks(some):
                imap_state.forget(tx, *self._here, chunk)
                imap_state.advance(tx, *self._here, chunk[-1])

        if some:
            self._db.write(work)
