"""Finds the ticket that an agent should work on next."""

from ticketctl.actions.base.context import Work
from ticketctl.domain.base.condition import Where, every
from ticketctl.domain.rules import access
from ticketctl.errors import NotFound
from ticketctl.store.tickets import next_ticket


def most_urgent(work: Work, segment: str | None = None, *, claim: bool = False) -> int:
    """The most urgent ticket that the actor may take or owns, in one segment or all (F-L5); NotFound for none.

    With `claim` only an unassigned one, which nobody else gets until we commit.
    """
    if segment is not None and work.definition.segment(segment) is None:
        raise NotFound(f'no segment "{segment}".')
    mine = None if claim else work.actor.name
    wanted = [Where("segment", "=", (segment,))] if segment else []
    seen = access.visible(work.definition, work.actor)
    number = next_ticket.first(work.tx, every((*wanted, seen)), mine=mine, claim=claim)
    if number is None:
        raise NotFound("there is no ticket to take.")
    return number
