"""The deliveries of an outgoing mail, one row for each recipient: its own SMTP transaction and bounce address (L18).

Callers use them through `store.queues.outbox`.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from ticketctl.domain.base.identity import base
from ticketctl.domain.base.records import Delivery
from ticketctl.errors import Conflict, NotFound
from ticketctl.store.db.core import in_list, json_rows, sa, t
from ticketctl.store.db.database import Tx
from ticketctl.store.db.prepared import sql
from ticketctl.store.db.values import Row, storable

QUEUED, SENT, UNCERTAIN, FAILED = "queued", "sent", "uncertain", "failed"
BOUNCED, CANCELLED = "bounced", "cancelled"

_MAKE = sql(lambda: sa.insert(t.delivery))
_OF = sql(
    lambda: (
        sa.select(t.delivery)
        .where(t.delivery.c.outbox_id == sa.bindparam("of_mail"))
        .order_by(t.delivery.c.id)
    )
)
_GET = sql(lambda: sa.select(t.delivery).where(t.delivery.c.id == sa.bindparam("of_id")))
# What was sent can only bounce.
_SETTLE = sql(
    lambda: (
        sa.update(t.delivery)
        .where(
            t.delivery.c.id == sa.bindparam("of_id"),
            t.delivery.c.state.not_in((BOUNCED, CANCELLED)),
            sa.or_(t.delivery.c.state != SENT, sa.bindparam("after", type_=sa.Text) == BOUNCED),
        )
        .values(
            state=sa.bindparam("after"), reply=sa.bindparam("words"), at=sa.bindparam("settled_at")
        )
    )
)
_STATES = sql(
    lambda: sa.select(t.delivery.c.state).where(t.delivery.c.outbox_id == sa.bindparam("of_mail"))
)
_MOVE = sql(
    lambda: (
        sa.update(t.delivery)
        .where(
            t.delivery.c.outbox_id == sa.bindparam("of_mail"), in_list(t.delivery.c.state, "before")
        )
        .values(state=sa.bindparam("after"))
    )
)
_LAST_FAILED = sql(
    lambda: sa.select(sa.func.max(t.delivery.c.at)).where(
        t.delivery.c.address == sa.bindparam("to_address"),
        t.delivery.c.state.in_((FAILED, BOUNCED)),
        t.delivery.c.outbox_id != sa.bindparam("besides"),
    )
)

_LAST_RESULT = sql(
    lambda: (
        sa.select(t.delivery)
        .where(
            t.delivery.c.address == sa.bindparam("to_address"),
            t.delivery.c.state.in_((SENT, FAILED, BOUNCED)),
        )
        .order_by(t.delivery.c.id.desc())
        .limit(1)
    )
)


class Recipient(NamedTuple):
    """A delivery of a claimed mail that waits: its number and address."""

    id: int
    address: str


def make(tx: Tx, outbox_id: int, kind: str, addresses: Iterable[str], at: datetime) -> None:
    """Queue a delivery for each address (lower case, each once)."""
    rows = [
        {
            "outbox_id": outbox_id,
            "kind": kind,
            "address": address,
            "base": base(address),
            "state": QUEUED,
            "created_at": at,
        }
        for address in addresses
    ]
    tx.execute(_MAKE, rows)


def deliveries(tx: Tx, outbox_id: int) -> list[Delivery]:
    """The deliveries of an outbox row, in the order of its recipients."""
    return [_record(row) for row in tx.execute(_OF, {"of_mail": outbox_id})]


def waiting_for(outbox_id: Any) -> Any:
    """What `waiting` reads, as a column of a statement: the deliveries of a row that are queued."""
    found = sa.select(json_rows(t.delivery.c.id, t.delivery.c.address))
    return found.where(
        t.delivery.c.outbox_id == outbox_id, t.delivery.c.state == QUEUED
    ).scalar_subquery()


def waiting(found: Sequence[tuple[int, str]] | None) -> list[Recipient]:
    """The recipients, in their order, from a column of `waiting_for`."""
    return sorted(Recipient(*one) for one in found or ())


def delivery(tx: Tx, id: int) -> Delivery:
    """A delivery by number, as a bounce address names it; NotFound for an unknown one."""
    row = tx.execute(_GET, {"of_id": id}).first()
    if row is None:
        raise NotFound(f"no delivery {id}.")
    return _record(row)


def settle_delivery(tx: Tx, delivery_id: int, state: str, reply: str | None, at: datetime) -> None:
    """Record the result of a try right after its SMTP transaction: sent, failed, uncertain, or queued again.

    A sent delivery can only become `bounced`; anything else is a Conflict, as for a cancelled one.
    """
    words = reply and storable(reply)
    new = {"of_id": delivery_id, "after": state, "words": words, "settled_at": at}
    if tx.execute(_SETTLE, new).rowcount != 1:
        known = delivery(tx, delivery_id)
        raise Conflict(f"delivery {delivery_id} to {known.address} is {known.state} already.")


def states(tx: Tx, outbox_id: int) -> set[str]:
    """The states of a row's deliveries."""
    return set(tx.execute(_STATES, {"of_mail": outbox_id}).scalars())


def last_failed(tx: Tx, address: str, besides: int) -> datetime | None:
    """When a mail to an address failed or bounced last, not counting the mail `besides`; None if none did."""
    asked = {"to_address": address, "besides": besides}
    found: datetime | None = tx.execute(_LAST_FAILED, asked).scalar_one()
    return found


def last_result(tx: Tx, address: str) -> Delivery | None:
    """The last delivery to an address that was sent, failed or bounced; None if there is none."""
    row = tx.execute(_LAST_RESULT, {"to_address": address}).first()
    return None if row is None else _record(row)


def give_up(tx: Tx, outbox_id: int) -> None:
    """Fail what is still queued."""
    _move(tx, outbox_id, (QUEUED,), FAILED)


def requeue(tx: Tx, outbox_id: int) -> None:
    """Queue again what failed or is uncertain; what was sent is not."""
    _move(tx, outbox_id, (FAILED, UNCERTAIN), QUEUED)


def cancel(tx: Tx, outbox_id: int) -> None:
    """Cancel what was not sent."""
    _move(tx, outbox_id, (QUEUED, FAILED), CANCELLED)


def _move(tx: Tx, outbox_id: int, before: Collection[str], after: str) -> None:
    tx.execute(_MOVE, {"of_mail": outbox_id, "before": before, "after": after})


def _record(row: Row) -> Delivery:
    return Delivery(
        id=row.id,
        outbox=row.outbox_id,
        address=row.address,
        state=row.state,
        reply=row.reply,
        at=row.at,
    )
