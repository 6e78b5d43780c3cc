"""Outcomes of SLA clocks as stored: what reports of any period read."""

from collections.abc import Sequence
from functools import cache

from sqlalchemy import Delete, Insert, bindparam, delete, select

from ticketctl.domain.sla.outcome import Outcome
from ticketctl.store.db.engine import Tx
from ticketctl.store.db.schema import clock_outcome as table
from ticketctl.store.sla import stored

_KEY = ("ticket_id", "kind", "cycle", "outcome", "at")
_PLAIN = stored.plain(Outcome)
_OF = select(table).where(table.c.ticket_id == bindparam("of_ticket")).order_by(table.c.id)


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
        tx.execute(
            _deletion(), [{f"of_{name}": value for name, value in key.items()} for key in gone]
        )
    if changed:
        rows = [stored.row(ticket_id, one, _PLAIN) for one in changed]
        tx.execute(_upsert(tx.dialect.name), rows)


@cache
def _deletion() -> Delete:
    return delete(table).where(*(table.c[name] == bindparam(f"of_{name}") for name in _KEY))


@cache
def _upsert(dialect: str) -> Insert:
    return stored.upsert(table, _PLAIN, _KEY, dialect)
