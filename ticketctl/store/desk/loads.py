"""How many tickets each agent has, and whose turn it is."""

from collections.abc import Collection

from msgspec import Struct
from sqlalchemy import bindparam, case, func, select, update

from ticketctl.domain.base.status import ACTIVE, WAITING
from ticketctl.store.db.engine import Tx
from ticketctl.store.db.rows import if_new
from ticketctl.store.db.schema import routed, ticket

_waits = ticket.c.status == WAITING
_LOADS = (
    select(
        ticket.c.owner,
        func.sum(case((_waits, 0), else_=1)).label("open"),
        func.sum(case((_waits, 1), else_=0)).label("waiting"),
        func.sum(case((_waits, 0), else_=ticket.c.priority)).label("weight"),
    )
    .where(
        ticket.c.owner.in_(bindparam("names", expanding=True)), ticket.c.status.in_(sorted(ACTIVE))
    )
    .group_by(ticket.c.owner)
)
_OWNERS = (
    select(ticket.c.owner, func.count().label("open"))
    .where(ticket.c.owner != "", ticket.c.status.in_(sorted(ACTIVE - {WAITING})))
    .group_by(ticket.c.owner)
    .order_by(ticket.c.owner)
)
_TURNS = (
    select(routed.c.segment, routed.c.agent, routed.c.n)
    .where(routed.c.agent.in_(bindparam("names", expanding=True)))
    .order_by(routed.c.segment, routed.c.agent)
    .with_for_update()
)
_add = if_new(routed)
_GIVEN = (
    update(routed)
    .where(routed.c.segment == bindparam("in_segment"), routed.c.agent == bindparam("to_agent"))
    .values(n=bindparam("turn"))
)
_EARLIER = (
    select(ticket.c.owner)
    .where(
        ticket.c.customer_id == bindparam("customer"),
        ticket.c.id != bindparam("but"),
        ticket.c.owner.in_(bindparam("names", expanding=True)),
    )
    .order_by(ticket.c.updated_at.desc(), ticket.c.id.desc())
    .limit(1)
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
    return tx.execute(_EARLIER, values).scalar()


def _turns(tx: Tx, segment: str, names: Collection[str]) -> dict[str, int]:
    rows = tx.execute(_TURNS, {"names": list(names)})
    return {row.agent: row.n for row in rows if row.segment == segment}
