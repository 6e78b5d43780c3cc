"""Candidates for shell completion: one indexed statement a word."""

from ticketctl.domain.base.condition import Condition, Where, both
from ticketctl.store.db.core import hole, sa, t
from ticketctl.store.db.engine import Tx
from ticketctl.store.db.prepared import sql
from ticketctl.store.tickets import conditions

_OPEN = Where("is", "=", ("open",))
_OPEN_TICKETS = sql(
    lambda: (
        sa.select(t.ticket.c.id, t.ticket.c.subject)
        .where(hole("condition"))
        .order_by(t.ticket.c.updated_at.desc(), t.ticket.c.id.desc())
        .limit(sa.bindparam("most"))
    )
)


def open_tickets(tx: Tx, among: Condition, most: int) -> list[tuple[int, str]]:
    """Number and subject of tickets not ended, the last changed first."""
    rows = tx.execute(_OPEN_TICKETS, {"most": most}, condition=conditions.sql(both(_OPEN, among)))
    return [(row.id, row.subject) for row in rows]
