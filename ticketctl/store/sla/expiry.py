"""Finds tickets whose time has come: past the reopen window, past their wait, still without an owner."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, select

from ticketctl.domain.base.condition import Where
from ticketctl.domain.base.status import ACTIVE, RESOLVED, WAITING
from ticketctl.store.db.engine import Tx
from ticketctl.store.db.schema import event, ticket
from ticketctl.store.tickets import conditions

_LAST_SAID = (
    select(event.c.type)
    .where(event.c.ticket_id == ticket.c.id, event.c.type.in_(("assigned", "unassigned")))
    .order_by(event.c.n.desc())
    .limit(1)
    .correlate(ticket)
    .scalar_subquery()
)
_UNROUTED = select(ticket.c.id).where(
    ticket.c.status.in_(sorted(ACTIVE)),
    conditions.sql(Where("owner", "=", ("none",))),
    _LAST_SAID == "unassigned",
)


def resolved(tx: Tx, before: datetime, after: int, limit: int) -> Sequence[int]:
    """Tickets resolved before a time, by number from `after` on."""
    return _numbers(tx, RESOLVED, ticket.c.resolved_at < before, after, limit)


def waiting(tx: Tx, now: datetime, after: int, limit: int) -> Sequence[int]:
    """Tickets whose wait is over, by number from `after` on."""
    return _numbers(tx, WAITING, ticket.c.wait_until <= now, after, limit)


def unrouted(tx: Tx, after: int, limit: int) -> Sequence[int]:
    """Active tickets for which routing found nobody last time, by number from `after` on."""
    query = _UNROUTED.where(ticket.c.id > after).order_by(ticket.c.id).limit(limit)
    return tx.execute(query).scalars().all()


def older_unrouted(tx: Tx, segment: str, before: int, limit: int) -> Sequence[int]:
    """The oldest of these in a segment, with numbers below `before`."""
    query = _UNROUTED.where(ticket.c.segment == segment, ticket.c.id < before)
    return tx.execute(query.order_by(ticket.c.id).limit(limit)).scalars().all()


def _numbers(
    tx: Tx, status: str, over: ColumnElement[bool], after: int, limit: int
) -> Sequence[int]:
    this = (ticket.c.status == status, over, ticket.c.id > after)
    return (
        tx.execute(select(ticket.c.id).where(*this).order_by(ticket.c.id).limit(limit))
        .scalars()
        .all()
    )
