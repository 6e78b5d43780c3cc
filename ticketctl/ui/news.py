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
    """What was read of history, by how many readings, and which reading found that others changed a ticket."""

    readings: int = 0
    last: int = 0  # line of history
    lines: frozenset[int] = frozenset()  # of others, the last ones that were read
    tickets: Mapping[int, int] = {}  # each with the last reading that found such a line
    looked: Mapping[str, int] = {}  # by the name of a queue: the last reading when it was looked at

    def read(self, tx: Tx, me: str) -> "News":
        """The same with what happened since; nothing is new at first."""
        last, n = changes.version(tx).last, self.readings + 1
        lines = changes.by_others(tx, self.last if self.readings else last, me, _TYPES)
        new = {ticket: n for line, ticket in lines.items() if line not in self.lines}
        found = {**self.tickets, **new} if self.readings else {}
        newest = sorted(found, key=found.__getitem__)[-MOST:]
        tickets = {one: found[one] for one in newest}
        return News(n, last, frozenset(lines), tickets, self.looked)

    def since_look(self, queue: str) -> list[int]:
        """Tickets that changed since a queue was looked at, whether they are in it or not."""
        looked = self.looked.get(queue, 0)
        return [one for one, reading in self.tickets.items() if reading > looked]

    def look(self, queue: str) -> "News":
        """The same after a look at a queue."""
        return self._replace(looked={**self.looked, queue: self.readings})
