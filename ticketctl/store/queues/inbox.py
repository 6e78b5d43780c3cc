"""Received mail: stored before it is acknowledged, filed once, replayable.

received ─claim, finish─> done          received ─hold, or attempts used up─> held ─retry─> received
A claim is a lease on the machine's clock, so that the rows of a killed worker become free again; sooner if somebody
knows that the worker is gone and calls `release`.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from itertools import takewhile
from typing import Any

from ticketctl import clock
from ticketctl.domain.base import envelope_sender
from ticketctl.domain.base.reasons import Reason
from ticketctl.domain.base.records import InboxRow, ReceivedMail
from ticketctl.errors import Conflict, NotFound
from ticketctl.store.db import blobs, mail_states
from ticketctl.store.db.core import hole, in_list, most, sa, setting, t
from ticketctl.store.db.database import Tx
from ticketctl.store.db.prepared import all_of, expression, sql
from ticketctl.store.db.rows import new_id
from ticketctl.store.db.values import Row, storable

RECEIVED, DONE, HELD = "received", "done", "held"
STATES = (RECEIVED, DONE, HELD)
DROPPED = "dropped"
LARGE = 256 * 1024  # octets of a mail that gets a worker of its own
_CODE = re.compile(r" \((?:F-)?[A-Z]\d{1,2}\)")
_FREE: Mapping[str, Any] = {"claimed_by": "", "claimed_until": None}

_ACCEPT = sql(lambda: sa.insert(t.inbox).returning(t.inbox.c.id))
_free_now = cache(
    lambda: (
        (t.inbox.c.state == RECEIVED)
        & sa.or_(t.inbox.c.claimed_until.is_(None), t.inbox.c.claimed_until <= sa.bindparam("now"))
    )
)
_HOLD_SPENT = sql(
    lambda: (
        sa.update(t.inbox)
        .where(_free_now(), t.inbox.c.attempts >= sa.bindparam("most_attempts"))
        .values(
            state=HELD,
            since=sa.bindparam("desk_time"),
            error=sa.func.coalesce(
                t.inbox.c.error, "its worker stopped before it was filed, each time it was tried"
            ),
            **_FREE,
        )
    )
)
# PostgreSQL: others skip rows that we lock. SQLite has no row locks: BEGIN IMMEDIATE excludes others.
_OLDEST = sql(
    lambda: (
        sa.select(t.inbox.c.id, t.inbox.c.attempts, t.inbox.c.size)
        .where(_free_now())
        .order_by(t.inbox.c.id)
        .limit(sa.bindparam("most_rows"))
        .with_for_update(skip_locked=True)
    )
)
_OLDEST_QUICK = sql(lambda: _OLDEST().where(t.inbox.c.size <= LARGE, t.inbox.c.attempts == 0))
_TAKE = sql(
    lambda: (
        sa.update(t.inbox)
        .where(in_list(t.inbox.c.id, "ids"))
        .values(
            attempts=t.inbox.c.attempts + 1,
            claimed_by=sa.bindparam("holder"),
            claimed_until=sa.bindparam("until"),
        )
        .returning(t.inbox)
    )
)
_CHANGE = sql(
    lambda: setting(
        sa.update(t.inbox).where(
            t.inbox.c.id == sa.bindparam("of_id"), t.inbox.c.state == sa.bindparam("of_state")
        )
    )
)
_OLDEST_WAITING = sql(
    lambda: sa.select(sa.func.min(t.inbox.c.received_at)).where(t.inbox.c.state == RECEIVED)
)
_RELEASE = sql(
    lambda: (
        sa.update(t.inbox)
        .where(t.inbox.c.state == RECEIVED, t.inbox.c.claimed_by == sa.bindparam("holder"))
        .values(attempts=t.inbox.c.attempts - sa.bindparam("forgiven"), **_FREE)
    )
)
_FORGET_FILED = sql(
    lambda: sa.delete(t.filed).where(
        t.filed.c.mailbox == sa.bindparam("of_mailbox"), t.filed.c.inbox_id == sa.bindparam("of_id")
    )
)
_GET = sql(lambda: sa.select(t.inbox).where(t.inbox.c.id == sa.bindparam("of_id")))
_LISTING = sql(
    lambda: (
        sa.select(t.inbox)
        .where(hole("condition"))
        .order_by(t.inbox.c.id.desc())
        .limit(most("limit"))
    )
)
_IN_STATE = expression(lambda: t.inbox.c.state == sa.bindparam("state"), "inbox")
_BEFORE = expression(lambda: t.inbox.c.id < sa.bindparam("before_id"), "inbox")
_WAITING = sql(
    lambda: (
        sa.select(t.inbox.c.state, sa.func.count().label("rows"))
        .where(t.inbox.c.state.in_((RECEIVED, HELD)))
        .group_by(t.inbox.c.state)
    )
)
_KEEP_STATE = sql(lambda: mail_states.keeping(t.inbox, t.inbox.c.id == sa.bindparam("of_id")))


def accept(tx: Tx, mail: ReceivedMail, at: datetime) -> list[int]:
    """Store a mail with its envelope, one row for each mailbox; returns their ids. Acknowledge it after the commit."""
    values = {
        "received_at": at,
        "via": mail.via,
        "envelope_from": storable(envelope_sender.to_text(mail.via, mail.envelope_from)),
        "remote": mail.remote,
        "authserv_id": storable(mail.authserv_id),
        "authenticated": storable(mail.authenticated),
        "trace": storable(mail.trace),
        "size": mail.size or len(mail.raw),
        "blob_sha256": blobs.put(tx, mail.raw, at),
        "state": RECEIVED,
        "reasons": (),
    }
    rows = [
        values | {"mailbox": mailbox, "recipients": [storable(one) for one in recipients]}
        for mailbox, recipients in mail.recipients.items()
    ]
    return [new_id(tx.execute(_ACCEPT, row)) for row in rows]


def claim(
    tx: Tx, *, holder: str, limit: int, lease_seconds: int, attempts: int, quick: bool = False
) -> list[InboxRow]:
    """Claim up to `limit` free rows, oldest first, for `lease_seconds`; a claim counts as an attempt.

    A row that was tried before is claimed alone, so that its failure affects no other; so is a large mail, so that no
    other waits for it. `quick`: claim neither of these. A free row whose `attempts` are used up (its worker died each
    time) is held when its turn comes.
    """
    now = clock.wall()
    oldest, asked = _OLDEST_QUICK if quick else _OLDEST, {"now": now, "most_rows": limit}
    found = tx.execute(oldest, asked).all()
    if any(row.attempts >= attempts for row in found):
        tx.execute(_HOLD_SPENT, {"now": now, "most_attempts": attempts, "desk_time": clock.now()})
        found = tx.execute(oldest, asked).all()
    if not found:
        return []
    fresh = [
        row.id for row in takewhile(lambda row: row.attempts == 0 and row.size <= LARGE, found)
    ]
    taken = {"ids": fresh or [found[0].id], "holder": holder}
    rows = tx.execute(_TAKE, taken | {"until": now + timedelta(seconds=lease_seconds)})
    return sorted((_record(row) for row in rows), key=lambda row: row.id)


def release(tx: Tx, holder: str, *, forgiven: bool) -> None:
    """Free the rows that `holder` claimed and will not finish; `forgiven`: the attempt does not count."""
    tx.execute(_RELEASE, {"holder": holder, "forgiven": int(forgiven)})


def finish(
    tx: Tx,
    id: int,
    *,
    verdict: str,
    class_: str | None,
    ticket: int | None,
    message: int | None,
    reasons: Sequence[Reason],
    message_id: str | None,
) -> None:
    """Mark a row as done, with its verdict. Conflict if it is no longer `received`: another run filed it."""
    values = {
        "state": DONE,
        "since": clock.now(),
        "verdict": verdict,
        "class": class_,
        "ticket_id": ticket,
        "message_n": message,
        "reasons": _stored(reasons),
        "message_id": message_id and storable(message_id),
        "error": None,
        **_FREE,
    }
    _change(tx, id, RECEIVED, values)


def hold(
    tx: Tx, id: int, error: str, reasons: Sequence[Reason] = (), *, verdict: str | None = None
) -> None:
    """Hold a received row with the reason: kept and listed. Conflict if it is no longer `received`."""
    values = {
        "state": HELD,
        "since": clock.now(),
        "verdict": verdict,
        "error": storable(error),
        "reasons": _stored(reasons),
        **_FREE,
    }
    _change(tx, id, RECEIVED, values)


def give_back(tx: Tx, id: int, error: str) -> None:
    """Free a claimed row for another try now; Conflict if it is no longer `received`."""
    _change(tx, id, RECEIVED, {"error": storable(error), **_FREE})


def retry(tx: Tx, id: int) -> None:
    """Let intake try a held or dropped row again; Conflict for one that waits or was filed."""
    row = get(tx, id)
    if row.state != HELD and row.verdict != DROPPED:
        raise Conflict(f"mail {id} is not held: {_standing(row)}.")
    tx.execute(_FORGET_FILED, {"of_mailbox": row.mailbox, "of_id": id})
    again = {"verdict": None, "class": None, "reasons": (), "error": None, "attempts": 0, **_FREE}
    _leave(tx, row, {"state": RECEIVED} | again)


def drop(tx: Tx, id: int) -> None:
    """Give up a held row: done, verdict `dropped`, its bytes kept; Conflict for one that is not held."""
    row = get(tx, id)
    if row.state != HELD:
        raise Conflict(f"mail {id} is not held: {_standing(row)}.")
    _leave(tx, row, {"state": DONE, "verdict": DROPPED})


def get(tx: Tx, id: int) -> InboxRow:
    """One row; NotFound for an unknown one."""
    row = tx.execute(_GET, {"of_id": id}).first()
    if row is None:
        raise NotFound(f"no mail {id} in the inbox.")
    return _record(row)


def raw(tx: Tx, id: int) -> bytes:
    """The mail byte for byte as it came; NotFound for an unknown row."""
    return blobs.get(tx, get(tx, id).sha256)


def listing(
    tx: Tx, state: str | None = None, limit: int | None = None, before_id: int | None = None
) -> list[InboxRow]:
    """Rows, newest first, optionally of one state; `before_id` continues below the last id of the page before."""
    wanted = [] if state is None else [_IN_STATE.part({"state": state})]
    wanted += [] if before_id is None else [_BEFORE.part({"before_id": before_id})]
    rows = tx.execute(_LISTING, {"limit": limit}, condition=all_of(*wanted))
    return [_record(row) for row in rows]


def waiting(tx: Tx) -> dict[str, int]:
    """The number of rows received (not yet filed) and held."""
    return {RECEIVED: 0, HELD: 0} | {row.state: row.rows for row in tx.execute(_WAITING)}


def oldest_waiting(tx: Tx) -> datetime | None:
    """When the oldest mail came that is neither filed nor held."""
    oldest: datetime | None = tx.execute(_OLDEST_WAITING).scalar_one()
    return oldest


def _leave(tx: Tx, row: InboxRow, values: Mapping[str, object]) -> None:
    """Change a row that was held or done, and keep what it was."""
    now = clock.now()
    tx.execute(_KEEP_STATE, {"of_id": row.id, "left_at": now})
    _change(tx, row.id, row.state, {"since": now, **values})


def _change(tx: Tx, id: int, state: str, values: Mapping[str, object]) -> None:
    changed = tx.execute(_CHANGE, {"of_id": id, "of_state": state, **values})
    if changed.rowcount != 1:
        raise Conflict(f"mail {id} has changed meanwhile: {_standing(get(tx, id))}.")


def _standing(row: InboxRow) -> str:
    if row.state == DONE and row.ticket:
        return f"it is filed in ticket {row.ticket}"
    return {RECEIVED: "it waits to be filed", HELD: "it is held"}.get(
        row.state, f"it is done ({row.verdict})"
    )


def _stored(reasons: Sequence[Reason]) -> list[dict[str, str | None]]:
    return [{"slug": one.slug, "text": storable(one.text)} for one in reasons]


def _reason(stored: str | dict[str, str]) -> Reason:
    """A stored reason; old rows have sentences that end with a rule code, not slugs."""
    if isinstance(stored, str):
        return Reason(None, _CODE.sub("", stored))
    return Reason(stored["slug"], stored["text"])


def _record(row: Row) -> InboxRow:
    c = row.as_dict()
    return InboxRow(
        id=c["id"],
        received_at=c["received_at"],
        via=c["via"],
        mailbox=c["mailbox"],
        envelope_from=envelope_sender.from_text(c["via"], c["envelope_from"]),
        recipients=tuple(c["recipients"]),
        remote=c["remote"],
        authserv_id=c["authserv_id"],
        authenticated=c["authenticated"],
        trace=c["trace"],
        message_id=c["message_id"],
        size=c["size"],
        sha256=c["blob_sha256"],
        state=c["state"],
        verdict=c["verdict"],
        class_=c["class"],
        ticket=c["ticket_id"],
        message=c["message_n"],
        reasons=tuple(map(_reason, c["reasons"])),
        error=c["error"],
        attempts=c["attempts"],
    )
