"""Decides whether a sender may add to a ticket (D9): agents, the requester, participants, people we mailed about it."""

from msgspec import Struct

from ticketctl.domain.base.addresses import address_key
from ticketctl.domain.base.records import Customer, Ticket
from ticketctl.domain.definition.definition import Definition
from ticketctl.store.db.database import Tx
from ticketctl.store.queues import recipients


class Right(Struct, frozen=True):
    """Why a sender may add to a ticket, and whether they were only asked for help with it."""

    why: str
    as_expert: bool = False


def may_add(tx: Tx, definition: Definition, ticket: Ticket, sender: str) -> Right | None:
    """The sender's right to add to the ticket; None for a stranger."""
    if definition.agent_by_email(sender):
        return Right("they are an agent")
    people = recipients.people(tx, ticket.id, ticket.customer.id)
    if sender in people.customer or sender == address_key(ticket.customer.email):
        return Right("they are its requester")
    role = next((role for address, role in people.participants if address == sender), None)
    if role:
        return Right(f"they take part in it ({role})", role == "expert")
    if not recipients.was_mailed(tx, ticket.id, sender):
        return None
    asked = recipients.was_mailed(tx, ticket.id, sender, "escalation")
    return Right("we mailed them about it", asked)


def addresses_of(customer: Customer) -> frozenset[str]:
    """Return every e-mail address of a customer, in lower case."""
    emails = (i.partition(":")[2] for i in customer.identities if i.startswith("email:"))
    return frozenset((*emails, address_key(customer.email)))
