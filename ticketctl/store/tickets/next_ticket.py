"""Finds the ticket to work on next: due first, then priority, then age (F-L5)."""

from ticketctl.domain.base.condition import Condition, Sort, Where
from ticketctl.domain.base.status import ESCALATED, NEW, OPEN
from ticketctl.store.db.core import hole, sa, t
from ticketctl.store.db.database import Tx
from ticketctl.store.db.prepared import all_of, any_of, sql
from ticketctl.store.tickets import conditions, sorting

# The earliest due time first, no due time last.
ORDER = (Sort("due"), Sort("priority", True), Sort("created"), Sort("id"))
_FREE = Where("owner", "=", ("none",))
_TO_DO = Where("status", "=", (NEW, OPEN, ESCALATED))  # a waiting ticket is up to the customer

_FIRST = sql(
    lambda: sa.select(t.ticket.c.id).where(hole("condition")).order_by(hole("order")).limit(1)
)
_CLAIM = sql(lambda: _FIRST().with_for_update(skip_locked=True, of=t.ticket))


def first(
    tx: Tx, condition: Condition, *, mine: str | None = None, claim: bool = False
) -> int | None:
    """The number of the most urgent ticket of a condition that is unassigned, or owned by `mine`; None for none.

    With `claim` it is locked until we commit, and tickets locked by others are skipped.
    """
    who = (_FREE, Where("owner", "=", (mine,))) if mine else (_FREE,)
    where = all_of(
        any_of(*map(conditions.sql, who)), conditions.sql(_TO_DO), conditions.sql(condition)
    )
    found = tx.execute(_CLAIM if claim else _FIRST, condition=where, order=sorting.by(ORDER))
    number: int | None = found.scalar()
    return number
