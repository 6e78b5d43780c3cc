"""Loads tickets for a change: locks them, and checks access, merging and the expected version."""

from ticketctl.actions.base import permission
from ticketctl.actions.base.context import Work
from ticketctl.actions.base.recent_changes import last_change
from ticketctl.domain.base.records import Ticket
from ticketctl.errors import Conflict
from ticketctl.store.tickets import tickets


def load_for_update(work: Work, ticket_id: int, if_version: int | None = None) -> Ticket:
    """Lock and load a ticket that `work` may change.

    NotFound, NotAllowed, or Conflict if the ticket is merged into another or no longer of version `if_version`.
    """
    ticket = tickets.get(work.tx, ticket_id, lock=True)
    require_changeable(work, ticket)
    require_version(work, ticket, if_version)
    return ticket


def require_changeable(work: Work, ticket: Ticket) -> None:
    """NotAllowed, or Conflict if the ticket is merged into another."""
    permission.require(work, ticket)
    if ticket.merged_into is not None:
        raise Conflict(f"ticket {ticket.id} is merged into {ticket.merged_into}: use that one.")


def load_two_for_update(
    work: Work, ticket_id: int, other_id: int, if_version: int | None = None
) -> tuple[Ticket, Ticket]:
    """Lock and load two tickets, always in the same order against deadlock. `if_version` is the first one's."""
    tickets.lock(work.tx, (ticket_id, other_id))
    return load_for_update(work, ticket_id, if_version), load_for_update(work, other_id)


def require_version(work: Work, ticket: Ticket, wanted: int | None) -> None:
    """Conflict, naming the last change, if a ticket is no longer of the version the caller saw; None accepts any."""
    if wanted is not None and ticket.version != wanted:
        change = last_change(work, ticket) or f"it is version {ticket.version} now"
        raise Conflict(f"ticket {ticket.id} was changed since you looked: {change}.")
