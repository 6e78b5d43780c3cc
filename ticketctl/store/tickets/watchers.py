"""Who watches a ticket: agents who are told of it as its owner is (F-C8)."""

from ticketctl.store.db.core import sa, t
from ticketctl.store.db.database import Tx
from ticketctl.store.db.prepared import sql
from ticketctl.store.db.rows import if_new

_OF = sql(
    lambda: (
        sa.select(t.watcher.c.agent)
        .where(t.watcher.c.ticket_id == sa.bindparam("of_ticket"))
        .order_by(t.watcher.c.agent)
    )
)
_REMOVE = sql(
    lambda: sa.delete(t.watcher).where(
        t.watcher.c.ticket_id == sa.bindparam("of_ticket"),
        t.watcher.c.agent == sa.bindparam("of_agent"),
    )
)
_add = if_new("watcher")


def of(tx: Tx, ticket_id: int) -> list[str]:
    """The agents who watch a ticket, by name."""
    return list(tx.execute(_OF, {"of_ticket": ticket_id}).scalars())


def add(tx: Tx, ticket_id: int, agent: str) -> bool:
    """Let an agent watch a ticket. False if they do."""
    return _add(tx, {"ticket_id": ticket_id, "agent": agent})


def remove(tx: Tx, ticket_id: int, agent: str) -> bool:
    """Let an agent watch a ticket no longer. False if they did not."""
    return bool(tx.execute(_REMOVE, {"of_ticket": ticket_id, "of_agent": agent}).rowcount)
