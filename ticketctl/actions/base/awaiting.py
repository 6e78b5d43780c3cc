"""Who is awaited in a ticket: the agent if the customer wrote last, the customer if we did (F-C5).

A ticket that waits awaits the customer, one that has ended nobody. Without a message of people the agent is awaited.
"""

from ticketctl.actions.base.context import Work
from ticketctl.domain.base import status
from ticketctl.domain.sla import happenings
from ticketctl.store.db.database import Tx
from ticketctl.store.tickets import events, tickets
from ticketctl.store.tickets.last_word import answers, last_word

AGENT, CUSTOMER, NOBODY = "agent", "customer", "nobody"


def awaiting(tx: Tx, ticket_id: int, now: str) -> str:
    """Who is awaited in a ticket with this status."""
    if now not in status.ACTIVE:
        return NOBODY
    if now == status.WAITING:
        return CUSTOMER
    answered = last_word(tx, ticket_id) == "out" and not _took_question(tx, ticket_id)
    return CUSTOMER if answered else AGENT


def settle(work: Work, ticket_id: int) -> None:
    """Bring `awaiting` up to date after messages were moved or withdrawn, or tickets merged or parted."""
    ticket = tickets.get(work.tx, ticket_id)
    now = awaiting(work.tx, ticket_id, ticket.status)
    if now != ticket.awaiting:
        tickets.change(work.tx, ticket_id, at=work.at, awaiting=now)


def _took_question(tx: Tx, ticket_id: int) -> bool:
    """Did a merge bring a customer's question that nobody has answered here since?"""
    lines = events.of(tx, ticket_id, ("merged", "unmerged", "replied", happenings.UNDONE))
    answered = answers(tx, ticket_id)
    asked = False
    for line in happenings.standing(lines):
        if line.type == "replied" and line.new in answered:
            asked = False
        elif line.type == "merged" and line.field == "from":
            asked = asked or "awaiting" in (line.way_back or {})
    return asked
