"""Who gets a ticket that nobody was given: explicit > rule > routing > sole manager > nobody."""

from ticketctl.actions import checks
from ticketctl.actions.work import Work
from ticketctl.desk import status
from ticketctl.desk.records import Ticket
from ticketctl.store import tickets

SOLE_MANAGER = "sole manager"


def place(work: Work, ticket: Ticket) -> Ticket:
    """Give a ticket without owner to whom its segment says; the ticket as it is then. Nobody is told of it here."""
    if ticket.owner or ticket.status not in status.ACTIVE:
        return ticket
    owner = checks.sole_manager(work, ticket.segment)
    if owner is None:
        return ticket
    tickets.change(work.tx, ticket.id, at=work.at, owner=owner)
    work.event(ticket.id, "assigned", field="owner", new=owner, comment=SOLE_MANAGER)
    return tickets.get(work.tx, ticket.id)
