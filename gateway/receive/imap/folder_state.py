"""What we remember of one folder under one UIDVALIDITY: our own mark decides what is done, not \\Seen (B3).

The invariant: every UID up to `last_uid` is in our inbox, or gone, or noted here with what is left to do.
"""

from collections.abc import Collection, Iterator, Sequence

from ticketctl.store.db.engine import Database, Tx
from ticketctl.store.queues import imap_state
from ticketctl.store.queues.imap_state import MessageState

COPIED = "copied"  # filed, and copied to its new folder: only the original must still go (B4)
DELETED = "deleted"  # somebody else has marked it so: not ours unless he takes the mark back (B14)

CHUNK = 100  # UIDs a command or a statement names


def chunks(uids: Sequence[int]) -> Iterator[Sequence[int]]:
    """The UIDs in order, some at a time."""
    for start in range(0, len(uids), CHUNK):
        yield uids[start : start + CHUNK]


class Memory:
    """Reads once, when the folder was opened; every change is committed when its method returns."""

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
        """The UIDs mean other mails than before: read the folder from its start."""
        self._db.write(lambda tx: imap_state.start_over(tx, *self._here))
        self.starts_over, self.last_uid = True, 0

    def noted(self) -> dict[int, MessageState]:
        """The mails with something left to do or to leave alone, by their UID."""
        with self._db.read() as tx:
            return imap_state.noted(tx, *self._here)

    def note(self, uid: int, state: str, error: str | None = None) -> int:
        """One more time in this state; returns how often it has been noted."""
        return self._db.write(lambda tx: self._note(tx, uid, state, error))

    def postpone(self, uids: Collection[int], error: str) -> None:
        """These mails were not taken, and perhaps none is to blame: others go first, and no try is counted."""

        def work(tx: Tx) -> None:
            for uid in sorted(uids):
                self._note(tx, uid, imap_state.FAILED, error, counts=False)

        self._db.write(work)

    def _note(self, tx: Tx, uid: int, state: str, error: str | None, *, counts: bool = True) -> int:
        times = imap_state.note(tx, *self._here, uid, state, error, counts=counts)
        imap_state.advance(tx, *self._here, uid)
        return times

    def enter(self, uids: Collection[int], state: str) -> None:
        """These mails come into a new state: their tries count from the start."""

        def work(tx: Tx) -> None:
            imap_state.forget(tx, *self._here, uids)
            for uid in uids:
                imap_state.note(tx, *self._here, uid, state)
                imap_state.advance(tx, *self._here, uid)

        self._db.write(work)

    def settle(self, uids: Collection[int]) -> None:
        """Nothing is left to do for these mails: they are in our inbox, or gone."""
        some = sorted(uids)

        def work(tx: Tx) -> None:
            for chunk in chunks(some):
                imap_state.forget(tx, *self._here, chunk)
                imap_state.advance(tx, *self._here, chunk[-1])

        if some:
            self._db.write(work)
