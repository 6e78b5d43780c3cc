"""Finds the ticket to work on next: due first, then priority, then age (F-L5)."""

from sqlalchemy import or_, select

from ticketctl.domain.base.condition import Condition, Sort, Where
from ticketctl.domain.base.status import ESCALATED, NEW, OPEN
from ticketctl.store.db.engine import Tx
from ticketctl.store.db.schema import ticket
from ticketctl.store.tickets import conditions, sorting

# The earliest due time first, no due time last.
ORDER = (Sort("due"), Sort("priority", True), Sort("created"), Sort("id"))
_TO_DO = (NEW, OPEN, ESCALATED)  # a waiting ticket is up to the customer


def first(
    tx: Tx, condition: Condition, *, mine: str | None = None, claim: bool = False
) -> int | None:
    """The number of the most urgent ticket of a condition that is unassigned, or owned by `mine`; None for none.

    With `claim` it is locked until we commit, and tickets locked by others are skipped.
    """
    free = conditions.sql(Where("owner", "=", ("none",)))
    query = (
        select(ticket.c.id)
        .where(
            or_(free, ticket.c.owner == mine) if mine else free,
            ticket.c.status.in_(_TO_DO),
            conditions.sql(condition),
        )
        .order_by(*sorting.by(ORDER))
        .limit(1)
    )
    if claim:
        query = query.with_for_update(skip_locked=True, of=ticket)
    return tx.execute(query).scalar()
