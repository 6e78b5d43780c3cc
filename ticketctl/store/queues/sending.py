"""Outgoing mail that a sender holds: claimed, composed, settled (L11, L18).

Times are desk time; only the claim is a lease on the machine's clock.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

from ticketctl import clock
from ticketctl.domain.base.records import OutboxRow
from ticketctl.errors import Conflict, NotFound
from ticketctl.store.db import blobs
from ticketctl.store.db.core import in_list, sa, t
from ticketctl.store.db.database import Tx
from ticketctl.store.db.prepared import sql
from ticketctl.store.db.values import storable
from ticketctl.store.queues import deliveries as recipients
from ticketctl.store.queues import outbox
from ticketctl.store.queues.deliveries import Recipient
from ticketctl.store.queues.outbox import EMAIL, QUEUED, SENDING, SENT

# Claimed rows, returned to the queue; the results are in their deliveries.
_free = cache(
    lambda: (
        sa.update(t.outbox)
        .where(t.outbox.c.state == SENDING)
        .values(state=QUEUED, claimed_by="", claimed_until=None)
    )
)
_FREE_LOST = sql(lambda: _free().where(t.outbox.c.claimed_until <= sa.bindparam("wall")))
_FREE_OF = sql(lambda: _free().where(t.outbox.c.claimed_by == sa.bindparam("whose")))


def _claiming() -> Any:
    """The row that is due for longest becomes the holder's; returned with what its sender has to know."""
    due = (
        sa.select(t.outbox.c.id)
        .where(
            t.outbox.c.state == QUEUED,
            t.outbox.c.next_try_at <= sa.bindparam("desk_time"),
            in_list(t.outbox.c.channel, "channels"),
        )
        .order_by(t.outbox.c.next_try_at, t.outbox.c.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    return (
        sa.update(t.outbox)
        .where(t.outbox.c.id == due.scalar_subquery())
        .values(
            state=SENDING,
            attempts=t.outbox.c.attempts + 1,
            claimed_by=sa.bindparam("holder"),
            claimed_until=sa.bindparam("until"),
        )
        .returning(
            t.outbox,
            recipients.waiting_for(t.outbox.c.id).label("waiting"),
            sa.select(sa.func.max(t.definition.c.version)).scalar_subquery().label("definition"),
        )
    )


def _settling() -> Any:
    """A row's state is the first of `outbox.FIRST_THAT_ONE_IS_IN` that one of its deliveries is in."""
    place = sa.case(
        {state: n for n, state in enumerate(outbox.FIRST_THAT_ONE_IS_IN)}, value=t.delivery.c.state
    )
    found = (
        sa.select(t.delivery.c.outbox_id, t.delivery.c.state)
        .where(t.delivery.c.outbox_id == sa.bindparam("of_id"))
        .order_by(place)
        .limit(1)
        .subquery("found")
    )
    state, waits = found.c.state, found.c.state == QUEUED
    time = t.outbox.c.since.type
    return (
        sa.update(t.outbox)
        .where(t.outbox.c.id == found.c.outbox_id)
        .values(
            state=state,
            next_try_at=sa.case((waits, sa.bindparam("retry_at", type_=time))),
            claimed_by="",
            claimed_until=None,
            error=sa.case((state != SENT, sa.bindparam("trouble", type_=sa.Text))),
            since=sa.case((waits, t.outbox.c.since), else_=sa.bindparam("now", type_=time)),
        )
    )


_CLAIM = sql(_claiming)
_SETTLE = sql(_settling)
_RENEW = sql(
    lambda: (
        sa.update(t.outbox)
        .where(
            t.outbox.c.id == sa.bindparam("of_id"),
            t.outbox.c.state == SENDING,
            t.outbox.c.claimed_by == sa.bindparam("holder"),
        )
        .values(claimed_until=sa.bindparam("until"))
    )
)
_COMPOSED = sql(
    lambda: (
        sa.update(t.outbox)
        .where(t.outbox.c.id == sa.bindparam("of_id"), t.outbox.c.blob_sha256.is_(None))
        .values(blob_sha256=sa.bindparam("of_sha256"))
    )
)
# PostgreSQL stores the bytes in the same statement.
_STORED_AND_COMPOSED = sql(lambda: _COMPOSED().add_cte(blobs.KEEP().cte("kept")))


class Claimed(NamedTuple):
    """A claimed row, the recipients that wait for it, and the version of the definition in force."""

    row: OutboxRow
    waiting: list[Recipient]
    definition: int


def claim(
    tx: Tx, *, holder: str, lease_seconds: int, channels: Sequence[str] = (EMAIL,)
) -> Claimed | None:
    """Claim the row of these channels that is due for longest, for `lease_seconds`; None if none is.

    A claim counts as an attempt.
    """
    until = clock.wall() + timedelta(seconds=lease_seconds)
    values = {
        "desk_time": clock.now(),
        "holder": holder,
        "until": until,
        "channels": channels,
    }
    row = tx.execute(_CLAIM, values).first()
    if row is None:
        return None
    return Claimed(outbox.record(row), recipients.waiting(row.waiting), row.definition or 0)


def free_lost(tx: Tx) -> None:
    """Queue again what killed senders held: their leases have expired."""
    tx.execute(_FREE_LOST, {"wall": clock.wall()})


def release(tx: Tx, holder: str) -> None:
    """Queue again what `holder` claimed and will not settle: it died, or lost its database."""
    tx.execute(_FREE_OF, {"whose": holder})


def renew(tx: Tx, id: int, holder: str, lease_seconds: int) -> None:
    """Extend a claim by `lease_seconds` from now: its sender is alive, the server is slow."""
    until = clock.wall() + timedelta(seconds=lease_seconds)
    tx.execute(_RENEW, {"of_id": id, "holder": holder, "until": until})


def store_content(tx: Tx, id: int, content: bytes) -> None:
    """Store the composed bytes, once: every later try sends the same. Conflict if they are stored already."""
    blob = blobs.row(content, clock.now())
    composed = {"of_id": id, "of_sha256": blob["sha256"]}
    if tx.is_sqlite:
        tx.execute(blobs.KEEP, blob)
        changed = tx.execute(_COMPOSED, composed)
    else:
        changed = tx.execute(_STORED_AND_COMPOSED, composed | blob)
    if changed.rowcount != 1:
        outbox.get(tx, id)
        raise Conflict(f"mail {id} is composed already.")


def settle(tx: Tx, id: int, *, retry_at: datetime | None, error: str | None) -> None:
    """Free a row after a try; its state follows from its deliveries.

    Deliveries still queued wait for `retry_at`; with None they fail.
    """
    if retry_at is None:
        recipients.give_up(tx, id)
    trouble = storable(error) if error else None
    values = {"of_id": id, "retry_at": retry_at, "trouble": trouble, "now": clock.now()}
    if tx.execute(_SETTLE, values).rowcount != 1:
        raise NotFound(f"no mail {id} in the outbox.")
