"""Who may see which tickets (A37), said once: for a ticket at hand and as a condition on all."""

from ticketctl.desk import definition as desks
from ticketctl.desk.condition import EVERYTHING, Condition, Where, either, negation
from ticketctl.desk.definition import Definition
from ticketctl.desk.records import Actor, Ticket


def hidden(definition: Definition, actor: Actor) -> tuple[str, ...]:
    """The segments whose tickets `actor` sees only where he owns them: those with members that he is not among.

    Admins see all; so does everybody on a desk without agents, and a segment without members is everybody's.
    """
    if actor.role == "admin" or not definition.agents:
        return ()
    teams = ((one.name, desks.members(one)) for one in definition.segments)
    return tuple(name for name, members in teams if members and actor.name not in members)


def sees(definition: Definition, actor: Actor, ticket: Ticket) -> bool:
    """May `actor` see and change this ticket?"""
    return ticket.owner == actor.name or ticket.segment not in hidden(definition, actor)


def visible(definition: Definition, actor: Actor) -> Condition:
    """The tickets that `actor` `sees`."""
    closed = hidden(definition, actor)
    if not closed:
        return EVERYTHING
    return either((negation(Where("segment", "=", closed)), Where("owner", "=", (actor.name,))))
