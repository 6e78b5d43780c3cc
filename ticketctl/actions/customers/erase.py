"""Erases the personal data of a customer (F-R40). It cannot be undone."""

import msgspec

from ticketctl.actions.base import permission
from ticketctl.actions.base.context import Work
from ticketctl.actions.customers.customer import note
from ticketctl.actions.mail import participants
from ticketctl.errors import NotAllowed, Refused
from ticketctl.store.people import customers
from ticketctl.store.privacy import find
from ticketctl.store.privacy.erase import Erased, erase_person
from ticketctl.store.tickets import tickets

_HARMLESS = ("choice", "multi", "bool")  # types of fields whose values are words of the definition


def erase(work: Work, customer_id: int) -> Erased:
    """Erase a person's data everywhere, and return how much it was. The journal gets an entry without personal data.

    Refused for agents, NotAllowed if some of it is in segments that the actor may not see.
    """
    customers.lock(work.tx, customer_id)
    found = find.of(work.tx, customer_id)
    for address in sorted(found.addresses):
        if participants.is_inside(work, address):
            raise Refused(
                f"{address} is an address of the desk itself, so erasing it would erase text about others: run "
                f"`ticketctl customer unlink {customer_id} {address}`, or remove it from desk.toml first."
            )
    for one in tickets.some(work.tx, [*found.own, *found.others]):
        if not permission.has_access(work, one):
            raise NotAllowed(
                f"customer {customer_id} is in tickets of segment {one.segment}, "
                f"which {work.actor.name} is not in: ask an admin to erase the customer."
            )
    keep = [
        one.name for one in work.definition.fields if one.on == "ticket" and one.type in _HARMLESS
    ]
    erased = erase_person(work.tx, found, keep)
    for id in found.own:
        work.event(id, "erased")
    note(work, customer_id, "erased", new=msgspec.to_builtins(erased))
    return erased
