"""Figures about both mail queues, for `report mail`."""

from datetime import datetime

from msgspec import Struct
from sqlalchemy import ColumnElement, Row, func, select

from ticketctl.store.db.engine import Tx
from ticketctl.store.db.schema import inbox, outbox
from ticketctl.store.reports.scope import Scope, within

_PROBLEMS = 20  # of each queue


class IncomingCount(Struct, frozen=True):
    """The number of mails for a mailbox with the same verdict."""

    mailbox: str
    state: str  # received | done | held
    verdict: str | None
    mails: int


class OutgoingCount(Struct, frozen=True):
    """The number of mails of a mailbox in the same state: sent ones of the period, others of all times."""

    mailbox: str
    state: str
    mails: int


class Problem(Struct, frozen=True):
    """A mail that needs attention: held by the intake, or failed or uncertain on its way out."""

    queue: str  # inbox | outbox
    id: int
    at: datetime
    mailbox: str
    state: str
    ticket: int | None
    why: str


def incoming(tx: Tx, scope: Scope) -> list[IncomingCount]:
    """Received mail of the period, by verdict."""
    columns = (inbox.c.mailbox, inbox.c.state, inbox.c.verdict)
    query = select(*columns, func.count()).where(within(scope, inbox.c.received_at))
    rows = tx.execute(query.group_by(*columns).order_by(*(func.coalesce(c, "") for c in columns)))
    return [IncomingCount(*row) for row in rows]


def outgoing(tx: Tx, scope: Scope) -> list[OutgoingCount]:
    """Outgoing mail: `sent` and `cancelled` of the period, other states of all times."""
    over = outbox.c.state.in_(("sent", "cancelled"))
    counts: ColumnElement[bool] = ~over | within(scope, outbox.c.created_at)
    columns = (outbox.c.mailbox, outbox.c.state)
    query = select(*columns, func.count()).where(counts).group_by(*columns).order_by(*columns)
    return [OutgoingCount(*row) for row in tx.execute(query)]


def problems(tx: Tx) -> list[Problem]:
    """The mails that need attention, the oldest first; at most twenty of each queue."""
    held = select(inbox).where(inbox.c.state == "held").order_by(inbox.c.id).limit(_PROBLEMS)
    stuck = outbox.c.state.in_(("failed", "uncertain"))
    failed = select(outbox).where(stuck).order_by(outbox.c.id).limit(_PROBLEMS)
    return [
        *(_problem("inbox", row.received_at, row) for row in tx.execute(held)),
        *(_problem("outbox", row.created_at, row) for row in tx.execute(failed)),
    ]


def oldest_waiting(tx: Tx) -> datetime | None:
    """Since when the first mail has been waiting to be sent; None for none."""
    query = select(func.min(outbox.c.created_at)).where(outbox.c.state.in_(("queued", "sending")))
    found: datetime | None = tx.execute(query).scalar()
    return found


def _problem(queue: str, at: datetime, row: Row[object]) -> Problem:
    return Problem(queue, row.id, at, row.mailbox, row.state, row.ticket_id, row.error or "")
