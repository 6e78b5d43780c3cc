"""Figures about both mail queues at the end of the view, for `report mail`."""

from datetime import datetime
from typing import Any

from msgspec import Struct

from ticketctl.store.db.core import sa, t
from ticketctl.store.db.database import Tx
from ticketctl.store.db.mail_states import FIRST
from ticketctl.store.db.prepared import Statement, sql
from ticketctl.store.reports.scope import Scope, instant, within

_PROBLEMS = 20  # of each queue
_WRONG = {"inbox": ("held",), "outbox": ("failed", "uncertain")}  # states that need attention


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
    return [IncomingCount(*row) for row in tx.execute(_INCOMING, scope.instants)]


def outgoing(tx: Tx, scope: Scope) -> list[OutgoingCount]:
    """Outgoing mail: `sent` and `cancelled` of the period, other states of all times."""
    return [OutgoingCount(*row) for row in tx.execute(_OUTGOING, scope.instants)]


def problems(tx: Tx, scope: Scope) -> list[Problem]:
    """The mails that needed attention at the end of the view, the oldest first; at most twenty of each queue."""
    return [one for queue in _WRONG for one in _problems(tx, scope, queue)]


def oldest_waiting(tx: Tx, scope: Scope) -> datetime | None:
    """Since when the first mail had been waiting to be sent at the end of the view; None for none."""
    found: datetime | None = tx.execute(_OLDEST_WAITING, scope.instants).scalar()
    return found


def _problems(tx: Tx, scope: Scope, queue: str) -> list[Problem]:
    """Two statements, each by its own index: those that are in these states still, and those that have left them."""
    found = [
        *tx.execute(_STILL_WRONG[queue], scope.instants),
        *tx.execute(_WRONG_THEN[queue], scope.instants),
    ]
    return [
        Problem(queue, row.id, row.at, row.mailbox, row.state, row.ticket_id, row.why or "")
        for row in sorted(found, key=lambda row: row.id)[:_PROBLEMS]
    ]


def _incoming() -> Any:
    mails = _at(t.inbox).where(within(t.inbox.c.received_at)).subquery()
    columns = (mails.c.mailbox, mails.c.state, mails.c.verdict)
    query = sa.select(*columns, sa.func.count()).group_by(*columns)
    return query.order_by(*(sa.func.coalesce(c, "") for c in columns))


def _outgoing() -> Any:
    mails = _at(t.outbox).subquery()
    counts = mails.c.state.not_in(("sent", "cancelled")) | within(mails.c.at)
    columns = (mails.c.mailbox, mails.c.state)
    return sa.select(*columns, sa.func.count()).where(counts).group_by(*columns).order_by(*columns)


def _oldest_waiting() -> Any:
    mails = _at(t.outbox).subquery()
    return sa.select(sa.func.min(mails.c.at)).where(mails.c.state.in_(FIRST["outbox"]))


def _still_wrong(name: str) -> Statement:
    def make() -> Any:
        queue = getattr(t, name)
        return _first_of(queue, queue.c.state.in_(_WRONG[name]), _unchanged(queue))

    return sql(make, f"{name} still wrong")


def _wrong_then(name: str) -> Statement:
    def make() -> Any:
        queue, state = getattr(t, name), t.mail_state.c
        wrong = state.state.in_(_WRONG[name])
        left = sa.select(state.mail_id).where(state.queue == name, wrong)
        return _first_of(queue, queue.c.id.in_(left), wrong)

    return sql(make, f"{name} wrong then")


def _first_of(queue: "sa.Table", *which: "sa.ColumnElement[bool]") -> Any:
    return _at(queue).where(*which).order_by(queue.c.id).limit(_PROBLEMS)


_INCOMING = sql(_incoming)
_OUTGOING = sql(_outgoing)
_OLDEST_WAITING = sql(_oldest_waiting)
_STILL_WRONG = {name: _still_wrong(name) for name in _WRONG}
_WRONG_THEN = {name: _wrong_then(name) for name in _WRONG}


def _at(queue: "sa.Table") -> Any:
    """The mails of a queue that had come before the end of the view, as they were then."""
    seen = instant("seen")
    came = queue.c.received_at if queue is t.inbox else queue.c.created_at
    verdict = queue.c.verdict if queue is t.inbox else sa.null()
    now = _unchanged(queue)
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


def _unchanged(queue: "sa.Table") -> "sa.ColumnElement[bool]":
    return queue.c.since.is_(None) | (queue.c.since < instant("seen"))
