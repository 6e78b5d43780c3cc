"""Is there anything for `sla check` to do? Imports little and uses two indexes, since cron asks often."""

from datetime import datetime

from sqlalchemy import select

from ticketctl.domain.base.status import ACTIVE
from ticketctl.store.db.engine import Tx
from ticketctl.store.db.schema import clock, ticket


def waits(tx: Tx, now: datetime) -> bool:
    """Is there anything to record or notify? One index look-up."""
    return tx.execute(select(clock.c.id).where(clock.c.next_at <= now).limit(1)).first() is not None


def pressing(tx: Tx, now: datetime, *, warned: bool) -> bool:
    """Is any active ticket past its due time, or, if `warned`, past its warning?"""
    late = ticket.c.due_at < now
    soon = (ticket.c.due_at.is_not(None)) & (ticket.c.warn_at <= now)
    query = select(ticket.c.id).where(
        ticket.c.status.in_(ACTIVE), (late | soon) if warned else late
    )
    return tx.execute(query.limit(1)).first() is not None
