"""Outcomes of SLA clocks as stored: what reports of any period read."""

from collections.abc import Sequence
from functools import cache

from sqlalchemy import Delete, Insert, Row, bindparam, delete, select

from ticketctl.domain.base.records import PRIORITIES
from ticketctl.domain.sla.outcome import Outcome
from ticketctl.store.db.engine import Tx
from ticketctl.store.db.rows import insertion
from ticketctl.store.db.schema import clock_outcome as table
from ticketctl.store.sla.clock_rows import ends, runs, spans

_KEY = ("ticket_id", "kind", "cycle", "outcome", "at")
_TURNED = ("priority", "runs", "ends", "at_retarget")  # stored in another form
_PLAIN = tuple(name for name in Outcome.__struct_fields__ if name not in _TURNED)
_OF = select(table).where(table.c.ticket_id == bindparam("of_ticket")).order_by(table.c.id)


def of(tx: Tx, ticket_id: int) -> tuple[Outcome, ...]:
    """The outcomes of a ticket's clocks."""
    return tuple(_record(row) for row in tx.execute(_OF, {"of_ticket": ticket_id}))


def save(tx: Tx, ticket_id: int, before: Sequence[Outcome], now: Sequence[Outcome]) -> None:
    """Store outcomes in place of those `before`; no statement if nothing differs, one if some only came."""
    known = {one.key: one for one in before}
    kept = {one.key: one for one in now}
    gone = [dict(zip(_KEY, (ticket_id, *key), strict=True)) for key in known.keys() - kept.keys()]
    changed = [_row(ticket_id, one) for key, one in kept.items() if known.get(key) != one]
    if gone:
        tx.execute(
            _deletion(), [{f"of_{name}": value for name, value in key.items()} for key in gone]
        )
    if changed:
        tx.execute(_upsert(tx.dialect.name), changed)


@cache
def _deletion() -> Delete:
    return delete(table).where(*(table.c[name] == bindparam(f"of_{name}") for name in _KEY))


@cache
def _upsert(dialect: str) -> Insert:
    statement = insertion(table, dialect)
    changed = {name: statement.excluded[name] for name in (*_PLAIN, *_TURNED) if name not in _KEY}
    return statement.on_conflict_do_update(index_elements=list(_KEY), set_=changed)


def _row(ticket_id: int, one: Outcome) -> dict[str, object]:
    return {name: getattr(one, name) for name in _PLAIN} | {
        "ticket_id": ticket_id,
        "priority": PRIORITIES.index(one.priority),
        "runs": spans(one.runs),
        "ends": spans(one.ends),
        "at_retarget": int(one.at_retarget),
    }


def _record(row: Row[object]) -> Outcome:
    values = {name: getattr(row, name) for name in _PLAIN}
    return Outcome(
        **values,
        priority=PRIORITIES[row.priority],
        runs=runs(row.runs),
        ends=ends(row.ends),
        at_retarget=bool(row.at_retarget),
    )
