"""Checks whether the actor may act on a ticket, a customer, or mail of a sender.

A command on several tickets is checked for each of them. The gateway, rules and the timer are never checked.
"""

from collections.abc import Iterable

from ticketctl.actions.base.context import Work, public_name
from ticketctl.domain.base.condition import Condition, negation
from ticketctl.domain.base.records import Actor, Ticket
from ticketctl.domain.definition.definition import Agent
from ticketctl.domain.rules import access
from ticketctl.errors import NotAllowed, Refused
from ticketctl.store.people import customer_lists
from ticketctl.store.queues import bans


def has_access(work: Work, ticket: Ticket) -> bool:
    """May the actor see this ticket? Members of its segment, its owner and admins may (F-A23, F-A37)."""
    return work.automatic or access.sees(work.definition, work.actor, ticket)


def require(work: Work, ticket: Ticket, verb: str = "see") -> None:
    """NotAllowed unless the actor has access to the ticket, and is responsible for it if `verb` needs that (F-T3)."""
    if not has_access(work, ticket):
        raise NotAllowed(
            f"ticket {ticket.id} belongs to segment {ticket.segment}, which {work.actor.name} is not in."
        )
    require_answering(work, ticket, verb)


def require_answering(work: Work, ticket: Ticket, verb: str) -> None:
    """The second half of `require`, for a caller who has checked access or is creating the ticket."""
    if work.automatic or access.answers_for(work.definition, work.actor, ticket):
        return
    if access.reserved(work.definition, verb, ticket):
        whose = f"{public_name(ticket.owner)}'s" if ticket.owner else "nobody's yet: take it first"
        raise NotAllowed(
            f"ticket {ticket.id} is {whose}; only its owner, a manager of {ticket.segment} or an admin may "
            f"do that ({verb})."
        )


def require_customers(work: Work, ids: Iterable[int], verb: str) -> None:
    """NotAllowed unless the actor has access to all tickets of these customers, because `verb` changes them all."""
    found = None if work.automatic else customer_lists.ticket_of(work.tx, tuple(ids), _hidden(work))
    if found is not None:
        raise NotAllowed(
            f"customer {found.customer.id} has tickets in segment {found.segment}, which {work.actor.name} "
            f"is not in: ask one of its agents or an admin to {verb} them."
        )


def require_customer_seen(work: Work, customer_id: int, verb: str) -> None:
    """NotAllowed if the customer has tickets and the actor has access to none of them."""
    seen = access.visible(work.definition, work.actor)
    if customer_lists.ticket_of(work.tx, (customer_id,), seen) is None:
        require_customers(work, (customer_id,), verb)


def require_senders(work: Work, pattern: str) -> None:
    """NotAllowed unless the actor has access to all tickets of the customers that a ban affects."""
    found = bans.ticket_of_sender(work.tx, pattern, _hidden(work))
    if found is not None:
        raise NotAllowed(
            f"{pattern} is a customer's address in tickets of segment {found.segment}, which {work.actor.name} "
            "is not in: ask one of its agents or an admin to do that."
        )


def require_readers(work: Work, ticket: Ticket, agents: Iterable[Agent]) -> None:
    """Refused, with the name, if the actor is about to notify an agent who may not see the ticket."""
    for one in agents:
        them = Actor(one.name, role=one.role)
        if not work.automatic and not access.sees(work.definition, them, ticket):
            raise Refused(
                f"{one.name} may not see ticket {ticket.id} of segment {ticket.segment}: "
                f"leave them out, or ask an admin to add them to the segment."
            )


def require_addresses(work: Work, ticket: Ticket, addresses: Iterable[str]) -> None:
    """As `require_readers`, for agents by their mail addresses; other addresses are not checked."""
    found = (work.definition.agent_by_email(one) for one in addresses)
    require_readers(work, ticket, (one for one in found if one is not None))


def _hidden(work: Work) -> Condition:
    """The tickets that the actor has no access to."""
    return negation(access.visible(work.definition, work.actor))
