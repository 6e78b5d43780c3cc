"""Candidates for shell completion: one indexed statement a word."""

from sqlalchemy import select

from ticketctl.domain.base.condition import Condition, Where, both
from ticketctl.store.db.engine import Tx
from ticketctl.store.db.schema import ticket
from ticketctl.store.tickets import conditions

_OPEN = Where("is", "=", ("open",))


def open_tickets(tx: Tx, among: Condition, most: int) -> list[tuple[int, str]]:
    """Number and subject of tickets not ended, the last changed first."""
    query = (
        select(ticket.c.id, ticket.c.subject)
        .where(conditions.sql(both(_OPEN, among)))
        .order_by(ticket.c.updated_at.desc(), ticket.c.id.desc())
        .limit(most)
    )
    return [(row.id, row.subject) for row in tx.execute(query)]
