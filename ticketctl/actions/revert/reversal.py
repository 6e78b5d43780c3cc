"""The line of history to revert, and the check that nobody changed the same thing since."""

from typing import Any

from msgspec import Struct

from ticketctl.actions.base.context import Work
from ticketctl.actions.base.recent_changes import ago
from ticketctl.domain.base.records import Event, Ticket
from ticketctl.errors import Conflict
from ticketctl.store.tickets import events


class Reversal(Struct, frozen=True):
    """An event to revert, and its ticket now. `force`: even if others changed the same thing since."""

    work: Work
    ticket: Ticket
    line: Event
    force: bool

    def still(self, now: object) -> Any:
        """Return `now` if it is still what the event made, or by force; else Conflict, naming who changed it."""
        if now != self.line.new and not self.force:
            raise Conflict(f"ticket {self.ticket.id}: {self._changed(now)}.")
        return now

    def since(self, *types: str) -> list[Event]:
        """Later events of others, of these types if given."""
        return [
            one
            for one in events.of(self.work.tx, self.ticket.id, types or None)
            if one.n > self.line.n and one.group != self.line.group
        ]

    def _changed(self, now: object) -> str:
        field = self.line.field
        by = [one for one in self.since() if one.field == field]
        value = "nothing" if now in (None, "", []) else now
        if not by:
            return f"{field} is {value} now, not {self.line.new}"
        last = by[-1]
        span = ago(self.work.at - last.at)
        return f"{field} was changed by {last.actor} {span} ago, to {value}"
