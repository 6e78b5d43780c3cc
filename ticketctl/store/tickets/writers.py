"""Who is writing to a ticket at this moment (F-C6): leases called `writing:3:reply:ana`.

A lease is renewed while the agent writes, and ends by itself soon after their terminal was killed. Its holder tells
since when they write, which a renewal would lose.
"""

from datetime import UTC, datetime, timedelta
from typing import Literal, NamedTuple

from ticketctl import clock
from ticketctl.store.db import leases
from ticketctl.store.db.core import sa, t
from ticketctl.store.db.database import Tx
from ticketctl.store.db.prepared import sql

Kind = Literal["reply", "comment"]

LASTS = timedelta(minutes=1)
RENEWED = 20.0  # seconds after which a lease is renewed
_FRONT = "writing:"
_ALL = {"like": f"{_FRONT}%"}
_NOW = sql(
    lambda: (
        sa.select(t.lease.c.name, t.lease.c.holder)
        .where(t.lease.c.name.like(sa.bindparam("like")), t.lease.c.until > sa.bindparam("now"))
        .order_by(t.lease.c.name)
    )
)
_FORGET = sql(
    lambda: sa.delete(t.lease).where(
        sa.or_(
            t.lease.c.name == sa.bindparam("of_name"),
            sa.and_(
                t.lease.c.name.like(sa.bindparam("like")), t.lease.c.until <= sa.bindparam("now")
            ),
        )
    )
)


class Writer(NamedTuple):
    """An agent who writes to a ticket; `since` is a time of the machine's clock."""

    ticket: int
    kind: Kind
    agent: str
    since: datetime


def now(tx: Tx) -> list[Writer]:
    """Whoever is writing, to whatever ticket."""
    found = []
    for row in tx.execute(_NOW, _ALL | {"now": clock.wall()}):
        ticket, kind, agent = row.name.removeprefix(_FRONT).split(":", 2)
        since = datetime.fromtimestamp(int(row.holder.partition(" ")[0]), UTC)
        found.append(Writer(int(ticket), kind, agent, since))
    return found


def holder() -> str:
    """The name of a holder who begins to write at this moment."""
    return f"{int(clock.wall().timestamp())} {leases.own_name()}"


def begin(tx: Tx, ticket_id: int, kind: Kind, agent: str, holder: str) -> None:
    """Note that an agent begins to write; what they began at another terminal, which may be lost, no longer counts."""
    name = _name(ticket_id, kind, agent)
    tx.execute(_FORGET, _ALL | {"now": clock.wall(), "of_name": name})
    leases.take(tx, name, holder, int(LASTS.total_seconds()))


def go_on(tx: Tx, ticket_id: int, kind: Kind, agent: str, holder: str) -> None:
    """Note that the agent who began as `holder` still writes; nothing happens if they began at another terminal."""
    leases.take(tx, _name(ticket_id, kind, agent), holder, int(LASTS.total_seconds()))


def end(tx: Tx, ticket_id: int, kind: Kind, agent: str, holder: str) -> None:
    """Note that the agent who began as `holder` writes no more."""
    leases.drop(tx, _name(ticket_id, kind, agent), holder)


def _name(ticket_id: int, kind: Kind, agent: str) -> str:
    return f"{_FRONT}{ticket_id}:{kind}:{agent}"
