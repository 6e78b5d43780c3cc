"""A mail that only asks how a ticket is: answered, and no ticket itself (F-L4)."""

from gateway.intake.verdict import Prepared, Verdict
from gateway.thread.admit import addresses_of
from ticketctl.actions.base.context import Work
from ticketctl.actions.mail import auto_answer
from ticketctl.domain.base import status
from ticketctl.domain.base.reasons import reason
from ticketctl.domain.base.records import Incoming, Ticket
from ticketctl.errors import NotFound
from ticketctl.store.people import customers
from ticketctl.store.tickets import tickets


def settle(work: Work, prepared: Prepared, incoming: Incoming) -> Verdict | None:
    """Answer the question; None for a mail that is none, or that no machine may answer."""
    number = prepared.read().asks
    if number is None or incoming.class_ != "human" or not incoming.may_ack:
        return None
    ticket = _of_requester(work, number, incoming.author)
    why_not = auto_answer.how_it_is(work, incoming, ticket)
    return Verdict(
        verdict="command",
        class_=incoming.class_,
        ticket=ticket.id if ticket else None,
        reasons=(
            reason("status-question", ticket=number),
            reason(
                "status-answered" if ticket else "status-not-disclosed",
                author=incoming.author,
                ticket=number,
            ),
            *([reason("status-not-answered", why=why_not)] if why_not else []),
        ),
    )


def _of_requester(work: Work, number: int, sender: str) -> Ticket | None:
    """The ticket, if it is the sender's own; through merges only to another one of his (D15)."""
    try:
        ticket = tickets.get(work.tx, tickets.final(work.tx, number))
    except NotFound:
        return None
    own = sender in addresses_of(customers.get(work.tx, ticket.customer.id))
    return ticket if own and ticket.status != status.SPAM else None
