"""Whether anything changed, for who looks at tickets all the time."""

from collections.abc import Collection
from typing import NamedTuple

from ticketctl.store.db.core import in_list, sa, t
from ticketctl.store.db.database import Tx
from ticketctl.store.db.prepared import sql
from ticketctl.store.tickets import writers

# Transactions that write at the same time may end in another order than that of their lines of history. One is missed
# if others write more lines than these while it runs.
_AT_ONCE = 1000  # lines

_LAST = sql(lambda: sa.select(sa.func.coalesce(sa.func.max(t.event.c.id), 0)))
_SINCE = sql(
    lambda: (
        sa.select(sa.func.count()).select_from(t.event).where(t.event.c.id > sa.bindparam("before"))
    )
)
_BY_OTHERS = sql(
    lambda: (
        sa.select(t.event.c.id, t.event.c.ticket_id)
        .where(
            t.event.c.id > sa.bindparam("after"),
            t.event.c.actor != sa.bindparam("me"),
            in_list(t.event.c.type, "types"),
        )
        .order_by(t.event.c.id)
    )
)


class Version(NamedTuple):
    """Another one whenever a ticket changed, or somebody began or ceased to write to one."""

    last: int
    beside: int
    writers: tuple[writers.Writer, ...]


def version(tx: Tx) -> Version:
    """The version of all tickets together: two reads by key and one of all leases, however many tickets there are."""
    last = int(tx.execute(_LAST).scalar_one())
    beside = int(tx.execute(_SINCE, {"before": last - _AT_ONCE}).scalar_one())
    return Version(last, beside, tuple(writers.now(tx)))


def by_others(tx: Tx, last: int, me: str, types: Collection[str]) -> dict[int, int]:
    """The lines of history of these types that others than `me` wrote, each with its ticket.

    They are those after the line that was `last`, and those shortly before it: a transaction that began earlier may
    have ended since, and its lines were not seen then.
    """
    found = tx.execute(_BY_OTHERS, {"after": last - _AT_ONCE, "me": me, "types": types})
    return {row.id: row.ticket_id for row in found}
