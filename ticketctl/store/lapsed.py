"""Tickets whose time is over: resolved ones past the reopen window, waiting ones past the time they wait for."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, select

from ticketctl.desk.status import RESOLVED, WAITING
from ticketctl.store.engine import Tx
from ticketctl.store.schema import ticket


def resolved(tx: Tx, before: datetime, after: int, limit: int) -> Sequence[int]:
    """Tickets resolved before then, by number from `after` on."""
    return _numbers(tx, RESOLVED, ticket.c.resolved_at < before, after, limit)


def waiting(tx: Tx, now: datetime, after: int, limit: int) -> Sequence[int]:
    """Tickets that wait for a time which has come, by number from `after` on."""
    return _numbers(tx, WAITING, ticket.c.wait_until <= now, after, limit)


def _numbers(
    tx: Tx, status: str, over: ColumnElement[bool], after: int, limit: int
) -> Sequence[int]:
    this = (ticket.c.status == status, over, ticket.c.id > after)
    return (
        tx.execute(select(ticket.c.id).where(*this).order_by(ticket.c.id).limit(limit))
        .scalars()
        .all()
    )
