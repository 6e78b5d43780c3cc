"""Who may see which tickets, as a check of one and as a condition on all; and who may act on one (F-A37, F-T3)."""

from ticketctl.domain.base.condition import EVERYTHING, Condition, Where, either, negation
from ticketctl.domain.base.records import Actor, Ticket
from ticketctl.domain.definition.definition import Definition

# The verbs that `strict_owner` reserves to the owner, the segment's managers and admins.
_ENDING = frozenset({"close", "escalate", "merge", "resolve", "spam"})
# Reserved only for tickets with an owner.
_REASSIGNING = frozenset({"assign", "move", "split", "take"})


def hidden(definition: Definition, actor: Actor) -> tuple[str, ...]:
    """The segments where `actor` sees only tickets they own: those that have members without them.

    Admins see all; so does everybody if there are no agents, and a segment without members is open to all.
    """
    if actor.role == "admin" or not definition.agents:
        return ()
    teams = ((one.name, one.members) for one in definition.segments)
    return tuple(name for name, members in teams if members and actor.name not in members)


def sees(definition: Definition, actor: Actor, ticket: Ticket) -> bool:
    """May `actor` see and change this ticket?"""
    return ticket.owner == actor.name or ticket.segment not in hidden(definition, actor)


def visible(definition: Definition, actor: Actor) -> Condition:
    """The condition of the tickets that `actor` `sees`."""
    closed = hidden(definition, actor)
    if not closed:
        return EVERYTHING
    return either((negation(Where("segment", "=", closed)), Where("owner", "=", (actor.name,))))


def answers_for(definition: Definition, actor: Actor, ticket: Ticket) -> bool:
    """Is `actor` the ticket's owner, a manager of its segment or an admin (F-T3)?"""
    segment = definition.segment(ticket.segment)
    managers = segment.managers if segment else ()
    return actor.role == "admin" or actor.name == ticket.owner or actor.name in managers


def reserved(definition: Definition, verb: str, ticket: Ticket) -> bool:
    """Is `verb` on this ticket reserved to those who `answers_for` it (`strict_owner`)?"""
    if not definition.settings.strict_owner:
        return False
    return verb in _ENDING or (verb in _REASSIGNING and definition.owner(ticket) is not None)
