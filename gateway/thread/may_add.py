"""Decides whether a sender may add to a ticket (D9): agents, the requester, participants, people we mailed about it."""

from ticketctl.domain.base.addresses import address_key
from ticketctl.domain.base.records import Customer, Participant
from ticketctl.domain.definition.definition import Definition
from ticketctl.store.db.engine import Tx
from ticketctl.store.people import customers
from ticketctl.store.queues import recipients
from ticketctl.store.tickets import tickets


def may_add(tx: Tx, definition: Definition, ticket: int, customer: int, sender: str) -> str | None:
    """Return why the sender may add to the ticket; None for a stranger."""
    if definition.agent_by_email(sender):
        return "they are an agent"
    if sender in addresses_of(customers.get(tx, customer)):
        return "they are its requester"
    role = _role(tickets.participants(tx, ticket), sender)
    if role:
        return role
    return "we mailed them about it" if recipients.was_mailed(tx, ticket, sender) else None


def is_expert(tx: Tx, definition: Definition, ticket: int, customer: int, sender: str) -> bool:
    """Was the sender only asked for help with the ticket?"""
    if definition.agent_by_email(sender) or sender in addresses_of(customers.get(tx, customer)):
        return False
    role = next((p.role for p in tickets.participants(tx, ticket) if p.address == sender), None)
    return role == "expert" or (
        role is None and recipients.was_mailed(tx, ticket, sender, "escalation")
    )


def addresses_of(customer: Customer) -> frozenset[str]:
    """Return every e-mail address of a customer, in lower case."""
    emails = (i.partition(":")[2] for i in customer.identities if i.startswith("email:"))
    return frozenset((*emails, address_key(customer.email)))


def _role(people: list[Participant], sender: str) -> str | None:
    found = next((one for one in people if one.address == sender), None)
    return f"they take part in it ({found.role})" if found else None
