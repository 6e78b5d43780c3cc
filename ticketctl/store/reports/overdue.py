"""The tickets that were overdue when a period ended, by a clock or by hand."""

from datetime import datetime
from typing import Any

from ticketctl.clock import parse
from ticketctl.domain.sla.sla_clock import BREACHED
from ticketctl.store.db.core import sa, t
from ticketctl.store.db.database import Tx
from ticketctl.store.db.prepared import sql
from ticketctl.store.reports.scope import Scope, instant


def tickets(tx: Tx, scope: Scope) -> set[int]:
    """The tickets with a due time past at the end of the period, and a clock that had not ended."""
    found = set(tx.execute(_LATE, scope.instants).scalars())
    return found | set(tx.execute(_RUN_OUT, scope.instants).scalars()) | _due_by_hand(tx, scope)


def _due_by_hand(tx: Tx, scope: Scope) -> set[int]:
    """The tickets whose manual due time was past, by what it was when the period ended."""
    found: dict[int, datetime | None] = {
        row.id: row.due_by for row in tx.execute(_DUE_BY_HAND, scope.instants)
    }
    for row in tx.execute(_DUE_BEFORE, scope.instants):
        found[row.ticket_id] = row.old and parse(row.old)
    return {number for number, due in found.items() if due and due < scope.until}


def _open_at_end(ended: "sa.ColumnElement[Any]") -> "sa.ColumnElement[bool]":
    return sa.or_(ended.is_(None), ended >= instant("end"))


def late() -> "sa.ColumnElement[bool]":
    """The outcomes of clocks that were missed before the end of the period, and open then."""
    one = t.clock_outcome.c
    return sa.and_(_open_at_end(one.ended_at), one.outcome == BREACHED, one.at < instant("end"))


def _run_out() -> Any:
    """The tickets with a clock that had run out when the period ended."""
    breach = sa.func.coalesce(t.clock.c.breached_at, t.clock.c.due_at)
    return sa.select(t.clock.c.ticket_id).where(
        _open_at_end(t.clock.c.stopped_at), breach < instant("until")
    )


def _due_before() -> Any:
    """The manual due times that were replaced since, the oldest last."""
    line = t.event.c
    later = sa.select(line.ticket_id, line.old).where(
        line.at >= instant("end"), line.field == "due_by"
    )
    return later.order_by(line.at.desc(), line.id.desc())


_LATE = sql(lambda: sa.select(t.clock_outcome.c.ticket_id).where(late()))
_RUN_OUT = sql(_run_out)
_DUE_BY_HAND = sql(
    lambda: sa.select(t.ticket.c.id, t.ticket.c.due_by).where(t.ticket.c.due_by < instant("until"))
)
_DUE_BEFORE = sql(_due_before)
