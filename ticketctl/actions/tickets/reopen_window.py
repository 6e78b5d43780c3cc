"""How long after its end a ticket is reopened by its customer; later their mail opens a new ticket (D13, D14)."""

from datetime import datetime, timedelta

from ticketctl.actions.base.context import Work
from ticketctl.domain.base import status
from ticketctl.domain.base.records import Ticket
from ticketctl.domain.definition.definition import Definition


def may_join(work: Work, ticket: Ticket) -> bool:
    """May a customer's mail still go into this ticket, by its status and the reopen window?

    The window starts when the ticket first ended: closing a resolved ticket does not restart it.
    """
    if ticket.status not in status.ENDED:
        return True
    return (ticket.resolved_at or ticket.updated_at) >= start(work.definition, work.at)


def start(definition: Definition, now: datetime) -> datetime:
    """Tickets that ended before this can no longer be reopened by mail."""
    return now - timedelta(seconds=definition.settings.reopen_window)
