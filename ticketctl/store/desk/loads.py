"""How many tickets each agent has, and whose turn it is."""

from collections.abc import Collection
from functools import cache

from msgspec import Struct

from ticketctl.domain.base.status import ACTIVE, WAITING
from ticketctl.store.db.core import in_list, sa, t
from ticketctl.store.db.database import Tx
from ticketctl.store.db.prepared import sql
from ticketctl.store.db.rows import if_new

_waits = cache(lambda: t.ticket.c.status == WAITING)
_LOADS = sql(
    lambda: (
        sa.select(
            t.ticket.c.owner,
            sa.func.sum(sa.case((_waits(), 0), else_=1)).label("open"),
            sa.func.sum(sa.case((_waits(), 1), else_=0)).label("waiting"),
            sa.func.sum(sa.case((_waits(), 0), else_=t.ticket.c.priority)).label("weight"),
        )
        .where(
            in_list(t.ticket.c.owner, "names"),
            t.ticket.c.status.in_(sorted(ACTIVE)),
        )
        .group_by(t.ticket.c.owner)
    )
)
_OWNERS = sql(
    lambda: (
        sa.select(t.ticket.c.owner, sa.func.count().label("open"))
        .where(t.ticket.c.owner != "", t.ticket.c.status.in_(sorted(ACTIVE - {WAITING})))
        .group_by(t.ticket.c.owner)
        .order_by(t.ticket.c.owner)
    )
)
_TURNS = sql(
    lambda: (
        sa.select(t.routed.c.segment, t.routed.c.agent, t.routed.c.n)
        .where(in_list(t.routed.c.agent, "names"))
        .order_by(t.routed.c.segment, t.routed.c.agent)
        .with_for_update()
    )
)
_add = if_new("routed")
_GIVEN = sql(
    lambda: (
        sa.update(t.routed)
        .where(
            t.routed.c.segment == sa.bindparam("in_segment"),
            t.routed.c.agent == sa.bindparam("to_agent"),
        )
        .values(n=sa.bindparam("turn"))
    )
)
_EARLIER = sql(
    lambda: (
        sa.select(t.ticket.c.owner)
        .where(
            t.ticket.c.customer_id == sa.bindparam("customer"),
            t.ticket.c.id != sa.bindparam("but"),
            in_list(t.ticket.c.owner, "names"),
        )
        .order_by(t.ticket.c.updated_at.desc(), t.ticket.c.id.desc())
        .limit(1)
    )
)


class Load(Struct, frozen=True):
    """An agent's tickets: active ones that do not wait, the sum of their priorities, and waiting ones."""

    open: int = 0
    weight: int = 0
    waiting: int = 0


def loads(tx: Tx, names: Collection[str]) -> dict[str, Load]:
    """The load of each of these agents, in one statement."""
    rows = tx.execute(_LOADS, {"names": list(names)})
    found = {row.owner: Load(int(row.open), int(row.weight), int(row.waiting)) for row in rows}
    return {name: found.get(name, Load()) for name in names}


def owners(tx: Tx) -> dict[str, int]:
    """All owners of active tickets that do not wait, with their number."""
    return {row.owner: int(row.open) for row in tx.execute(_OWNERS)}


def turns(tx: Tx, segment: str, names: Collection[str]) -> dict[str, int]:
    """The turns of a segment's agents, the lowest first. Nobody else routes to any of them until we commit.

    The rows of all their segments are locked, since tickets of other segments count against their capacity too.
    """
    found = _turns(tx, segment, names)
    if missing := [name for name in names if name not in found]:
        for name in sorted(missing):
            _add(tx, {"segment": segment, "agent": name, "n": 0})
        found = _turns(tx, segment, names)
    return found


def record_assignment(tx: Tx, segment: str, agent: str, turn: int) -> None:
    """Record that routing gave `agent` a ticket of a segment: their next turn is at `turn`."""
    tx.execute(_GIVEN, {"in_segment": segment, "to_agent": agent, "turn": turn})


def earlier_agent(tx: Tx, customer_id: int, but: int, names: Collection[str]) -> str | None:
    """Which of these agents last owned a ticket of a customer, other than the ticket `but`."""
    values = {"customer": customer_id, "but": but, "names": list(names)}
    found: str | None = tx.execute(_EARLIER, values).scalar()
    return found


def _turns(tx: Tx, segment: str, names: Collection[str]) -> dict[str, int]:
    rows = tx.execute(_TURNS, {"names": list(names)})
    return {row.agent: row.n for row in rows if row.segment == segment}
