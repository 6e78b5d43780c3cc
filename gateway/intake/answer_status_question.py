"""Answers a mail that only asks for the status of a ticket; it opens no ticket itself (F-L4)."""

from gateway.intake.analysed_mail import AnalysedMail
from gateway.intake.verdict import Verdict
from gateway.thread.may_add import addresses_of
from ticketctl.actions.base.context import Work
from ticketctl.actions.mail import auto_answer
from ticketctl.domain.base import status
from ticketctl.domain.base.reasons import reason
from ticketctl.domain.base.records import Incoming, Ticket
from ticketctl.errors import NotFound
from ticketctl.store.people import customers
from ticketctl.store.tickets import tickets


def answer(work: Work, analysed: AnalysedMail, incoming: Incoming) -> Verdict | None:
    """Answer the question; None for any other mail, and for one that must not be answered automatically."""
    number = analysed.read().asks_about
    if number is None or incoming.class_ != "human" or not incoming.may_ack:
        return None
    ticket = _own_ticket(work, number, incoming.author)
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


def _own_ticket(work: Work, number: int, sender: str) -> Ticket | None:
    """Return the ticket if it belongs to the sender, following merges (D15); else None."""
    try:
        ticket = tickets.get(work.tx, tickets.final(work.tx, number))
    except NotFound:
        return None
    own = sender in addresses_of(customers.get(work.tx, ticket.customer.id))
    return ticket if own and ticket.status != status.SPAM else None
