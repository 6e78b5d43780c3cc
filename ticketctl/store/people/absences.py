"""Which agents marked themselves as away (`agent away`), and until when."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import bindparam, insert, or_, select, update

from ticketctl.domain.calendar.availability import Absence
from ticketctl.store.db.engine import Tx
from ticketctl.store.db.schema import absence

_INSERT = insert(absence)
_lasting = or_(absence.c.until.is_(None), absence.c.until > bindparam("at"))
_OF = (
    select(absence.c.agent, absence.c.since, absence.c.until, absence.c.comment)
    .where(absence.c.agent.in_(bindparam("names", expanding=True)), _lasting)
    .order_by(absence.c.agent, absence.c.id)
)
_END = (
    update(absence)
    .where(absence.c.agent == bindparam("name"), _lasting)
    .values(until=bindparam("at"))
)


def begin(tx: Tx, one: Absence) -> None:
    """Record an absence."""
    row = {"agent": one.agent, "since": one.since, "until": one.until, "comment": one.comment}
    tx.execute(_INSERT, row)


def end(tx: Tx, agent: str, at: datetime) -> bool:
    """End all absences of an agent at `at`. False if there were none."""
    return bool(tx.execute(_END, {"name": agent, "at": at}).rowcount)


def of(tx: Tx, names: Collection[str], at: datetime) -> list[Absence]:
    """The absences of these agents that last beyond `at`."""
    rows = tx.execute(_OF, {"names": list(names), "at": at})
    return [
        Absence(agent=row.agent, since=row.since, until=row.until, comment=row.comment)
        for row in rows
    ]
