"""What IMAP polling remembers of a folder: how far it has read, and which mails it must not fetch again.

UIDs are valid only together with the folder's UIDVALIDITY (RFC 9051 section 2.3.1.1): a new one starts afresh (B5).
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct

from ticketctl import clock
from ticketctl.store.db.core import in_list, insertion, sa, t
from ticketctl.store.db.database import Tx
from ticketctl.store.db.prepared import sql
from ticketctl.store.db.values import storable

FILED, FAILED, OVERSIZE = "filed", "failed", "oversize"

_SLOWEST = timedelta(days=1)  # between two tries of a mail
_QUICK = timedelta(minutes=1)  # in this time after the first try, every poll tries again
_UNREAD = {"uidvalidity": 0, "last_uid": 0}  # of a folder that was not yet seen


def _is_folder() -> Any:
    return sa.and_(
        t.imap_folder.c.account == sa.bindparam("of_account"),
        t.imap_folder.c.folder == sa.bindparam("of_folder"),
    )


def _in_folder() -> Any:
    return sa.and_(
        t.imap_mail.c.account == sa.bindparam("of_account"),
        t.imap_mail.c.folder == sa.bindparam("of_folder"),
    )


def _still_in_folder() -> Any:
    return sa.and_(_in_folder(), t.imap_mail.c.uidvalidity == sa.bindparam("of_uidvalidity"))


def _putting(*columns: str) -> Any:
    """Set these columns of a folder's row, created if missing."""
    row = insertion(t.imap_folder)
    return row.on_conflict_do_update(
        index_elements=["account", "folder"], set_={name: row.excluded[name] for name in columns}
    )


def _recording() -> Any:
    """A mail that failed before keeps the time of its first failure, and adds up its attempts."""
    row = insertion(t.imap_mail)
    renewed = {name: row.excluded[name] for name in ("state", "at", "error")}
    return row.on_conflict_do_update(
        index_elements=["account", "folder", "uidvalidity", "uid"],
        set_=renewed | {"attempts": t.imap_mail.c.attempts + row.excluded.attempts},
    ).returning(t.imap_mail.c.attempts)


_FOLDER = sql(lambda: sa.select(t.imap_folder).where(_is_folder()))
_START_OVER = sql(lambda: _putting("uidvalidity", "last_uid"))
_GOOD_RUN = sql(lambda: _putting("last_ok_at", "oldest_waiting_at", "error"))
_BAD_RUN = sql(lambda: _putting("error"))
_FORGET_ALL = sql(lambda: sa.delete(t.imap_mail).where(_in_folder()))
_ADVANCE = sql(
    lambda: (
        sa.update(t.imap_folder)
        .where(
            _is_folder(),
            t.imap_folder.c.uidvalidity == sa.bindparam("of_uidvalidity"),
            t.imap_folder.c.last_uid < sa.bindparam("to_uid"),
        )
        .values(last_uid=sa.bindparam("to_uid"))
    )
)
_RECORD = sql(_recording)
_STATES = sql(lambda: sa.select(t.imap_mail).where(_still_in_folder()))
_STUCK = sql(
    lambda: (
        sa.select(t.imap_mail)
        .where(t.imap_mail.c.error.is_not(None), t.imap_mail.c.state != OVERSIZE)
        .order_by(t.imap_mail.c.account, t.imap_mail.c.folder, t.imap_mail.c.uid)
    )
)
_FORGET = sql(
    lambda: sa.delete(t.imap_mail).where(_still_in_folder(), in_list(t.imap_mail.c.uid, "uids"))
)
_FOLDERS = sql(
    lambda: sa.select(t.imap_folder).order_by(t.imap_folder.c.account, t.imap_folder.c.folder)
)


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
    row = tx.execute(_FOLDER, {"of_account": account, "of_folder": folder}).first()
    if row is not None and row.uidvalidity == uidvalidity:
        return int(row.last_uid)
    start_over(tx, account, folder, uidvalidity)
    return 0


def start_over(tx: Tx, account: str, folder: str, uidvalidity: int) -> None:
    """Forget a folder's UIDs, since they now mean other mails."""
    row = {"account": account, "folder": folder, "uidvalidity": uidvalidity, "last_uid": 0}
    tx.execute(_START_OVER, row)
    tx.execute(_FORGET_ALL, {"of_account": account, "of_folder": folder})


def advance(tx: Tx, account: str, folder: str, uidvalidity: int, last_uid: int) -> None:
    """Record that everything up to `last_uid` is in our inbox. Never goes back; ignored under another UIDVALIDITY."""
    tx.execute(_ADVANCE, _names(account, folder, uidvalidity) | {"to_uid": last_uid})


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
    row = {
        "account": account,
        "folder": folder,
        "uidvalidity": uidvalidity,
        "uid": uid,
        "state": state,
        "attempts": int(counts),
        "at": now,
        "first_at": now,
        "error": error and storable(error),
    }
    return int(tx.execute(_RECORD, row).scalar_one())


def message_states(tx: Tx, account: str, folder: str, uidvalidity: int) -> dict[int, MessageState]:
    """The mails of a folder with a recorded state, by UID."""
    rows = tx.execute(_STATES, _names(account, folder, uidvalidity))
    return {
        row.uid: MessageState(row.state, row.attempts, row.first_at or row.at, row.at)
        for row in rows
    }


def stuck(tx: Tx) -> list[Stuck]:
    """The mails with a problem that are still in their folders, the oldest problem first."""
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
        for row in tx.execute(_STUCK)
    ]


def forget(tx: Tx, account: str, folder: str, uidvalidity: int, uids: Collection[int]) -> None:
    """Forget mails that are gone from the folder (moved, deleted)."""
    tx.execute(_FORGET, _names(account, folder, uidvalidity) | {"uids": uids})


def record_good_run(
    tx: Tx, account: str, folder: str, at: datetime, oldest_waiting_at: datetime | None = None
) -> None:
    """Record that a folder was polled to its end; `oldest_waiting_at` dates the oldest mail left in it."""
    row = {"account": account, "folder": folder, **_UNREAD}
    tx.execute(_GOOD_RUN, row | {"last_ok_at": at, "oldest_waiting_at": oldest_waiting_at})


def record_bad_run(tx: Tx, account: str, folder: str, error: str) -> None:
    """Record that polling a folder failed; the data of the last good run stays."""
    row = {"account": account, "folder": folder, **_UNREAD}
    tx.execute(_BAD_RUN, row | {"error": storable(error)})


def folders(tx: Tx) -> list[PollingState]:
    """The state of all folders ever polled."""
    return [
        PollingState(
            account=row.account,
            folder=row.folder,
            last_uid=row.last_uid,
            last_ok_at=row.last_ok_at,
            oldest_waiting_at=row.oldest_waiting_at,
            error=row.error,
        )
        for row in tx.execute(_FOLDERS)
    ]


def _names(account: str, folder: str, uidvalidity: int) -> dict[str, Any]:
    return {"of_account": account, "of_folder": folder, "of_uidvalidity": uidvalidity}
