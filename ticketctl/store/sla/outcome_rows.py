"""Outcomes of SLA clocks as stored: what reports of any period read."""

from collections.abc import Sequence

from ticketctl.domain.sla.outcome import Outcome
from ticketctl.store.db.core import sa, t
from ticketctl.store.db.database import Tx
from ticketctl.store.db.prepared import sql
from ticketctl.store.sla import stored

_KEY = ("ticket_id", "kind", "cycle", "outcome", "at")
_PLAIN = stored.plain(Outcome)
_OF = sql(
    lambda: (
        sa.select(t.clock_outcome)
        .where(t.clock_outcome.c.ticket_id == sa.bindparam("of_ticket"))
        .order_by(t.clock_outcome.c.id)
    )
)
_DELETE = sql(
    lambda: sa.delete(t.clock_outcome).where(
        *(t.clock_outcome.c[name] == sa.bindparam(f"of_{name}") for name in _KEY)
    )
)
_UPSERT = sql(lambda: stored.upsert(t.clock_outcome, _PLAIN, _KEY))


def of(tx: Tx, ticket_id: int) -> tuple[Outcome, ...]:
    """The outcomes of a ticket's clocks."""
    return tuple(
        Outcome(**stored.values(row, _PLAIN)) for row in tx.execute(_OF, {"of_ticket": ticket_id})
    )


def save(tx: Tx, ticket_id: int, before: Sequence[Outcome], now: Sequence[Outcome]) -> None:
    """Store outcomes in place of those `before`; no statement if nothing differs, one if some only came."""
    known = {one.key: one for one in before}
    kept = {one.key: one for one in now}
    gone = [dict(zip(_KEY, (ticket_id, *key), strict=True)) for key in known.keys() - kept.keys()]
    changed = [one for key, one in kept.items() if known.get(key) != one]
    if gone:
        tx.execute(_DELETE, [{f"of_{name}": value for name, value in key.items()} for key in gone])
    if changed:
        rows = [stored.row(ticket_id, one, _PLAIN) for one in changed]
        tx.execute(_UPSERT, rows)
