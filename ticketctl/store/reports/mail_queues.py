"""Figures about both mail queues at the end of the view, for `report mail`."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct

from ticketctl.store.db.core import sa, t
from ticketctl.store.db.engine import Tx
from ticketctl.store.db.mail_states import FIRST
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
    mails = _at(scope.seen, t.inbox).where(within(scope, t.inbox.c.received_at)).subquery()
    columns = (mails.c.mailbox, mails.c.state, mails.c.verdict)
    query = sa.select(*columns, sa.func.count()).group_by(*columns)
    rows = tx.execute(query.order_by(*(sa.func.coalesce(c, "") for c in columns)))
    return [IncomingCount(*row) for row in rows]


def outgoing(tx: Tx, scope: Scope) -> list[OutgoingCount]:
    """Outgoing mail: `sent` and `cancelled` of the period, other states of all times."""
    mails = _at(scope.seen, t.outbox).subquery()
    counts = mails.c.state.not_in(("sent", "cancelled")) | within(scope, mails.c.at)
    columns = (mails.c.mailbox, mails.c.state)
    query = sa.select(*columns, sa.func.count()).where(counts).group_by(*columns).order_by(*columns)
    return [OutgoingCount(*row) for row in tx.execute(query)]


def problems(tx: Tx, scope: Scope) -> list[Problem]:
    """The mails that needed attention at the end of the view, the oldest first; at most twenty of each queue."""
    return [
        *_problems(tx, scope, t.inbox, ("held",)),
        *_problems(tx, scope, t.outbox, ("failed", "uncertain")),
    ]


def oldest_waiting(tx: Tx, scope: Scope) -> datetime | None:
    """Since when the first mail had been waiting to be sent at the end of the view; None for none."""
    mails = _at(scope.seen, t.outbox).subquery()
    query = sa.select(sa.func.min(mails.c.at)).where(mails.c.state.in_(FIRST["outbox"]))
    found: datetime | None = tx.execute(query).scalar()
    return found


def _problems(tx: Tx, scope: Scope, queue: "sa.Table", states: Sequence[str]) -> list[Problem]:
    """Two statements, each by its own index: those that are in these states still, and those that have left them."""
    mails = _at(scope.seen, queue).order_by(queue.c.id).limit(_PROBLEMS)
    left = sa.select(t.mail_state.c.mail_id).where(
        t.mail_state.c.queue == queue.name, t.mail_state.c.state.in_(states)
    )
    found = [
        *tx.execute(mails.where(queue.c.state.in_(states), _unchanged(queue, scope.seen))),
        *tx.execute(mails.where(queue.c.id.in_(left), t.mail_state.c.state.in_(states))),
    ]
    return [
        Problem(
            str(queue.name), row.id, row.at, row.mailbox, row.state, row.ticket_id, row.why or ""
        )
        for row in sorted(found, key=lambda row: row.id)[:_PROBLEMS]
    ]


def _at(seen: datetime, queue: "sa.Table") -> "sa.Select[Any]":
    """The mails of a queue that had come before an instant, as they were just before it."""
    came = queue.c.received_at if queue is t.inbox else queue.c.created_at
    verdict = queue.c.verdict if queue is t.inbox else sa.null()
    now = _unchanged(queue, seen)
    was = sa.and_(
        t.mail_state.c.queue == queue.name,
        t.mail_state.c.mail_id == queue.c.id,
        t.mail_state.c.since < seen,
        t.mail_state.c.until >= seen,
        ~now,
    )
    columns = (
        queue.c.id,
        queue.c.mailbox,
        queue.c.ticket_id,
        came.label("at"),
        sa.case(
            (now, queue.c.state), else_=sa.func.coalesce(t.mail_state.c.state, FIRST[queue.name][0])
        ).label("state"),
        sa.case((now, verdict), else_=t.mail_state.c.verdict).label("verdict"),
        sa.case((now, queue.c.error), else_=t.mail_state.c.why).label("why"),
    )
    return sa.select(*columns).select_from(queue.outerjoin(t.mail_state, was)).where(came < seen)


def _unchanged(queue: "sa.Table", seen: datetime) -> "sa.ColumnElement[bool]":
    return queue.c.since.is_(None) | (queue.c.since < seen)
