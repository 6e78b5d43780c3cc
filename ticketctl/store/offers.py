"""What the shell offers: one indexed statement a word."""

from sqlalchemy import select

from ticketctl.desk.condition import Condition, Where, both
from ticketctl.store import conditions
from ticketctl.store.engine import Tx
from ticketctl.store.schema import template, ticket

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


def templates(tx: Tx) -> list[tuple[str, str]]:
    """Name and subject of every canned text, each once."""
    query = select(template.c.name, template.c.subject).order_by(template.c.name)
    return list({row.name: row.subject for row in tx.execute(query)}.items())
