"""Which agents marked themselves as away (`agent away`), and until when."""

from collections.abc import Collection
from datetime import datetime
from functools import cache

from ticketctl.domain.calendar.availability import Absence
from ticketctl.store.db.core import in_list, sa, t
from ticketctl.store.db.database import Tx
from ticketctl.store.db.prepared import sql

_INSERT = sql(lambda: sa.insert(t.absence))
_lasting = cache(
    lambda: sa.or_(t.absence.c.until.is_(None), t.absence.c.until > sa.bindparam("at"))
)
_OF = sql(
    lambda: (
        sa.select(t.absence.c.agent, t.absence.c.since, t.absence.c.until, t.absence.c.comment)
        .where(in_list(t.absence.c.agent, "names"), _lasting())
        .order_by(t.absence.c.agent, t.absence.c.id)
    )
)
_END = sql(
    lambda: (
        sa.update(t.absence)
        .where(t.absence.c.agent == sa.bindparam("name"), _lasting())
        .values(until=sa.bindparam("at"))
    )
)


def begin(tx: Tx, one: Absence) -> None:
    """Record an absence."""
    row = {"agent": one.agent, "since": one.since, "until": one.until, "comment": one.comment}
    tx.seen.clear()
    tx.execute(_INSERT, row)


def end(tx: Tx, agent: str, at: datetime) -> bool:
    """End all absences of an agent at `at`. False if there were none."""
    tx.seen.clear()
    return bool(tx.execute(_END, {"name": agent, "at": at}).rowcount)


def of(tx: Tx, names: Collection[str], at: datetime) -> list[Absence]:
    """The absences of these agents that last beyond `at`; read once in a transaction."""
    key = ("absences", at, *names)
    if key not in tx.seen:
        tx.seen[key] = _read(tx, names, at)
    return [*tx.seen[key]]


def _read(tx: Tx, names: Collection[str], at: datetime) -> list[Absence]:
    rows = tx.execute(_OF, {"names": list(names), "at": at})
    return [
        Absence(agent=row.agent, since=row.since, until=row.until, comment=row.comment)
        for row in rows
    ]
