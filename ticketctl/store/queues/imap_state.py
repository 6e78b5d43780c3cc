"""What IMAP polling remembers of a folder: how far it has read, and which mails it must not fetch again.

UIDs are valid only together with the folder's UIDVALIDITY (RFC 9051 section 2.3.1.1): a new one starts afresh (B5).
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from msgspec import Struct
from sqlalchemy import ColumnElement, Insert, and_, delete, select, update

from ticketctl import clock
from ticketctl.store.db.columns import storable
from ticketctl.store.db.engine import Tx
from ticketctl.store.db.rows import insertion
from ticketctl.store.db.schema import imap_folder, imap_mail

FILED, FAILED, OVERSIZE = "filed", "failed", "oversize"

_SLOWEST = timedelta(days=1)  # between two tries of a mail
_QUICK = timedelta(minutes=1)  # in this time after the first try, every poll tries again


class MessageState(Struct, frozen=True):
    """The state of one mail in a folder."""

    state: str
    attempts: int  # failures of this mail alone; a lost connection does not count
    first_at: datetime
    at: datetime

    def due(self, attempts: int) -> datetime:
        """When to try a failed mail again: the pause doubles, up to a day.

        At once in the first minute, unless it failed `attempts` times.
        """
        age = self.at - self.first_at
        if age < _QUICK:
            return self.at + (_QUICK if self.attempts >= attempts else timedelta())
        return self.at + min(age, _SLOWEST)


class Stuck(Struct, frozen=True, kw_only=True):
    """A mail that could not be fetched, or that is filed and could not be moved out of its folder."""

    account: str
    folder: str
    uid: int
    state: str
    attempts: int
    first_at: datetime
    at: datetime
    error: str

    @property
    def filed(self) -> bool:
        """Is it in our inbox?"""
        return self.state != FAILED


class PollingState(Struct, frozen=True, kw_only=True):
    """The state of polling a folder (B17)."""

    account: str
    folder: str
    last_uid: int
    last_ok_at: datetime | None
    oldest_waiting_at: datetime | None
    error: str | None


def folder(tx: Tx, account: str, folder: str, uidvalidity: int) -> int:
    """The UID up to which everything is in our inbox; 0 for a new folder or a new UIDVALIDITY."""
    row = tx.execute(select(imap_folder).where(_is(account, folder))).first()
    if row is not None and row.uidvalidity == uidvalidity:
        return int(row.last_uid)
    start_over(tx, account, folder, uidvalidity)
    return 0


def start_over(tx: Tx, account: str, folder: str, uidvalidity: int) -> None:
    """Forget a folder's UIDs, since they now mean other mails."""
    tx.execute(_put(tx, account, folder, uidvalidity=uidvalidity, last_uid=0))
    mails = and_(imap_mail.c.account == account, imap_mail.c.folder == folder)
    tx.execute(delete(imap_mail).where(mails))


def advance(tx: Tx, account: str, folder: str, uidvalidity: int, last_uid: int) -> None:
    """Record that everything up to `last_uid` is in our inbox. Never goes back; ignored under another UIDVALIDITY."""
    tx.execute(
        update(imap_folder)
        .where(_is(account, folder), imap_folder.c.uidvalidity == uidvalidity)
        .where(imap_folder.c.last_uid < last_uid)
        .values(last_uid=last_uid)
    )


def record_message(
    tx: Tx,
    account: str,
    folder: str,
    uidvalidity: int,
    uid: int,
    state: str,
    error: str | None = None,
    *,
    counts: bool = True,
) -> int:
    """Record the state of one mail (filed, failed, oversize); returns how often it was recorded with `counts`."""
    now = clock.now()
    row = insertion(imap_mail, tx.dialect.name).values(
        account=account,
        folder=folder,
        uidvalidity=uidvalidity,
        uid=uid,
        state=state,
        attempts=int(counts),
        at=now,
        first_at=now,
        error=error and storable(error),
    )
    renewed = {name: row.excluded[name] for name in ("state", "at", "error")}
    statement = row.on_conflict_do_update(
        index_elements=["account", "folder", "uidvalidity", "uid"],
        set_=renewed | {"attempts": imap_mail.c.attempts + int(counts)},
    )
    return int(tx.execute(statement.returning(imap_mail.c.attempts)).scalar_one())


def message_states(tx: Tx, account: str, folder: str, uidvalidity: int) -> dict[int, MessageState]:
    """The mails of a folder with a recorded state, by UID."""
    rows = tx.execute(select(imap_mail).where(_mails(account, folder, uidvalidity)))
    return {
        row.uid: MessageState(row.state, row.attempts, row.first_at or row.at, row.at)
        for row in rows
    }


def stuck(tx: Tx) -> list[Stuck]:
    """The mails with a problem that are still in their folders, the oldest problem first."""
    rows = (
        select(imap_mail)
        .where(imap_mail.c.error.is_not(None), imap_mail.c.state != OVERSIZE)
        .order_by(imap_mail.c.account, imap_mail.c.folder, imap_mail.c.uid)
    )
    return [
        Stuck(
            account=row.account,
            folder=row.folder,
            uid=row.uid,
            state=row.state,
            attempts=row.attempts,
            first_at=row.first_at or row.at,
            at=row.at,
            error=row.error,
        )
        for row in tx.execute(rows)
    ]


def forget(tx: Tx, account: str, folder: str, uidvalidity: int, uids: Collection[int]) -> None:
    """Forget mails that are gone from the folder (moved, deleted)."""
    gone = imap_mail.c.uid.in_(uids)
    tx.execute(delete(imap_mail).where(_mails(account, folder, uidvalidity), gone))


def record_good_run(
    tx: Tx, account: str, folder: str, at: datetime, oldest_waiting_at: datetime | None = None
) -> None:
    """Record that a folder was polled to its end; `oldest_waiting_at` dates the oldest mail left in it."""
    tx.execute(
        _put(tx, account, folder, last_ok_at=at, oldest_waiting_at=oldest_waiting_at, error=None)
    )


def record_bad_run(tx: Tx, account: str, folder: str, error: str) -> None:
    """Record that polling a folder failed; the data of the last good run stays."""
    tx.execute(_put(tx, account, folder, error=storable(error)))


def folders(tx: Tx) -> list[PollingState]:
    """The state of all folders ever polled."""
    rows = select(imap_folder).order_by(imap_folder.c.account, imap_folder.c.folder)
    return [
        PollingState(
            account=row.account,
            folder=row.folder,
            last_uid=row.last_uid,
            last_ok_at=row.last_ok_at,
            oldest_waiting_at=row.oldest_waiting_at,
            error=row.error,
        )
        for row in tx.execute(rows)
    ]


def _is(account: str, folder: str) -> ColumnElement[bool]:
    return and_(imap_folder.c.account == account, imap_folder.c.folder == folder)


def _mails(account: str, folder: str, uidvalidity: int) -> ColumnElement[bool]:
    return and_(
        imap_mail.c.account == account,
        imap_mail.c.folder == folder,
        imap_mail.c.uidvalidity == uidvalidity,
    )


def _put(tx: Tx, account: str, folder: str, **values: object) -> Insert:
    """Set columns of a folder's row, created if missing (UIDVALIDITY 0: not yet seen)."""
    new = {"account": account, "folder": folder, "uidvalidity": 0, "last_uid": 0}
    row = insertion(imap_folder, tx.dialect.name).values(new | values)
    return row.on_conflict_do_update(index_elements=["account", "folder"], set_=values)
