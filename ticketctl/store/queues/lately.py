"""Counts of the mail that came or was queued lately, by door or kind and by what became of it, for metrics.

Both use an index on the time, so that they cost what lately happened, however large the desk is.
"""

from datetime import datetime
from typing import Any

from msgspec import Struct

from ticketctl.store.db.core import sa, seconds_between, t
from ticketctl.store.db.database import Tx
from ticketctl.store.db.prepared import sql
from ticketctl.store.queues.deliveries import SENT

KINDS = (
    "ack", "reply", "notification", "escalation", "resolution", "survey", "report", "error",
)  # fmt: skip


class Incoming(Struct, frozen=True):
    """Mails that came in through the same door, with the same result after as many seconds (None: not filed)."""

    door: str  # smtp, lmtp, imap, pipe …
    state: str
    verdict: str | None
    seconds: int | None
    mails: int


class Outgoing(Struct, frozen=True):
    """Copies of mails of a kind, one for each recipient, in the same state; sent after as many seconds."""

    kind: str
    state: str
    seconds: int | None
    mails: int


def _incoming() -> Any:
    one = t.inbox.c
    seconds = sa.case((one.state == "done", seconds_between(one.received_at, one.since)))
    groups = (one.via, one.state, one.verdict, seconds)
    return (
        sa.select(*groups, sa.func.count())
        .where(one.received_at >= sa.bindparam("after"))
        .group_by(*groups)
    )


def _outgoing() -> Any:
    one = t.delivery.c
    seconds = sa.case((one.state == SENT, seconds_between(one.created_at, one.at)))
    groups = (one.kind, one.state, seconds)
    return (
        sa.select(*groups, sa.func.count())
        .where(one.kind.in_(KINDS), one.created_at >= sa.bindparam("after"))
        .group_by(*groups)
    )


_INCOMING = sql(_incoming)
_OUTGOING = sql(_outgoing)
_LAST = {
    "received": sql(lambda: sa.select(sa.func.max(t.inbox.c.id)), "last received"),
    "queued": sql(lambda: sa.select(sa.func.max(t.outbox.c.id)), "last queued"),
}


def incoming(tx: Tx, after: datetime) -> list[Incoming]:
    """What came since `after`."""
    return [Incoming(*row) for row in tx.execute(_INCOMING, {"after": after})]


def outgoing(tx: Tx, after: datetime) -> list[Outgoing]:
    """What was queued since `after`, once for each recipient."""
    return [Outgoing(*row) for row in tx.execute(_OUTGOING, {"after": after})]


def numbers(tx: Tx) -> dict[str, int]:
    """The number of the last mail received, and of the last one queued. They only grow, whatever is purged."""
    return {name: tx.execute(last).scalar() or 0 for name, last in _LAST.items()}
