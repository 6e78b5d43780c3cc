"""Which queues have something new since they were looked at: mail of customers, and tickets that others brought in."""

from collections.abc import Mapping
from typing import NamedTuple

from ticketctl.store.db.database import Tx
from ticketctl.store.tickets import changes

MOST = 1000  # tickets that are remembered, those that changed last
_TYPES = (
    "created", "message", "commented", "assigned", "escalated", "reopened", "sla_warning", "sla_breach",
)  # fmt: skip


class News(NamedTuple):
    """The last line of history that was read, and the last such line of each ticket that others changed."""

    last: int | None = None
    tickets: Mapping[int, int] = {}
    looked: Mapping[str, int] = {}  # by the name of a queue: the last line when it was looked at

    def read(self, tx: Tx, me: str) -> "News":
        """The same with what happened since; nothing is new at first."""
        last = changes.version(tx).last
        if self.last is None:
            return self._replace(last=last)
        found = {**self.tickets, **changes.by_others(tx, self.last, me, _TYPES)}
        newest = sorted(found, key=found.__getitem__)[-MOST:]
        return self._replace(last=last, tickets={one: found[one] for one in newest})

    def since_look(self, queue: str) -> list[int]:
        """Tickets that changed since a queue was looked at, whether they are in it or not."""
        looked = self.looked.get(queue, 0)
        return [one for one, line in self.tickets.items() if line > looked]

    def look(self, queue: str) -> "News":
        """The same after a look at a queue."""
        return self._replace(looked={**self.looked, queue: self.last or 0})
