"""Finds an owner for a ticket without one: by a rule, else by routing, else its segment's owner or sole manager."""

from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from ticketctl.actions.base import presence
from ticketctl.actions.base.context import Work
from ticketctl.actions.mail import notifications
from ticketctl.domain.base import status
from ticketctl.domain.base.records import Ticket
from ticketctl.domain.calendar import availability
from ticketctl.domain.calendar.availability import Away
from ticketctl.domain.rules import routing
from ticketctl.domain.rules.routing import Candidate, Choice
from ticketctl.store.desk import loads
from ticketctl.store.sla import expiry
from ticketctl.store.tickets import events, tickets

UNASSIGNED = "unassigned"  # the type of the event
MOST_OLDER = 50  # older tickets that come before a new one


def place(work: Work, ticket: Ticket) -> Ticket:
    """Assign an unowned ticket as its segment says, and return the ticket.

    The new owner is not notified here; if routing finds nobody, the managers are.
    """
    if work.definition.owner(ticket) or ticket.status not in status.ACTIVE:
        return ticket
    chosen = choice(work, ticket)
    return own(work, ticket, chosen) if chosen else ticket


def auto(work: Work, ticket: Ticket, strategy: str | None = None) -> Ticket:
    """Assign an unowned ticket by a strategy (None: its segment's, else `load`), as `place` does (F-T9)."""
    if work.definition.owner(ticket) or ticket.status not in status.ACTIVE:
        return ticket
    return own(work, ticket, choose(work, ticket, strategy, in_turn=True))


def to_manager(work: Work, ticket: Ticket) -> Ticket | None:
    """Assign a ticket to the manager at work with the fewest open ones; None if there is none, or it is routed."""
    segment = work.definition.segment(ticket.segment)
    if segment is None or segment.routing != "none" or ticket.status not in status.ACTIVE:
        return None
    gone = presence.away(work, segment.managers)
    there = [name for name in segment.managers if name not in gone and work.definition.agent(name)]
    if not there:
        return None
    in_hand = loads.loads(work.tx, there)
    name = min(there, key=lambda one: in_hand[one].open)
    return give(work, ticket, name, "a manager of the segment")


def choice(work: Work, ticket: Ticket) -> Choice | None:
    """The owner by the ticket's segment: by routing, or its usual owner; None if the segment does not decide."""
    segment = work.definition.segment(ticket.segment)
    if segment is None:
        return None
    if segment.routing != "none" and ticket.status in status.ACTIVE:
        return choose(work, ticket, in_turn=True)
    if segment.usual_owner is None:
        return None
    name, why = segment.usual_owner
    gone = presence.absent(work, (name,)).get(name)
    if gone is None:
        return Choice(name, why)
    said = availability.in_words(gone, ZoneInfo(work.definition.settings.timezone))
    return Choice(None, f"no agent is available: {name}, the {why}, {said}")


def choose_again(work: Work, ticket: Ticket) -> Choice:
    """The owner for a ticket that had found none: by its segment, else as a rule would choose."""
    return choice(work, ticket) or choose(work, ticket, in_turn=True)


def choose(
    work: Work, ticket: Ticket, strategy: str | None = None, *, in_turn: bool = False
) -> Choice:
    """The owner by a strategy, whose turn is then over. Two at once wait for each other (F-T9 to F-T14).

    `in_turn`: free capacity is reserved for older waiting tickets of the segment.
    """
    segment = work.definition.segment(ticket.segment)
    if segment is None:
        return Choice(None, f"no agent is available: there is no segment {ticket.segment}")
    if strategy is None:
        strategy = "load" if segment.routing == "none" else segment.routing
    names = routing.routed_to(segment)
    turns = loads.turns(work.tx, segment.name, names)
    earlier = None
    if segment.sticky:
        earlier = loads.earlier_agent(work.tx, ticket.customer.id, ticket.id, names)
    wanted = routing.needs(work.definition, ticket)
    candidates = _candidates(work, names, turns)
    left = _after_older_tickets(work, ticket, candidates, strategy) if in_turn else candidates
    chosen = routing.choose(left, strategy, needs=wanted, earlier=earlier)
    if chosen.name is None and left != candidates:
        chosen = Choice(None, f"{chosen.reason}, older tickets counted")
    if chosen.name:
        loads.record_assignment(work.tx, segment.name, chosen.name, max(turns.values()) + 1)
    return chosen


def own(work: Work, ticket: Ticket, chosen: Choice) -> Ticket:
    """Record a choice: the new owner and why, or why nobody. Returns the ticket."""
    if chosen.name is None:
        _record_nobody(work, ticket, chosen.reason)
        return ticket
    return give(work, ticket, chosen.name, chosen.reason)


def give(work: Work, ticket: Ticket, name: str | None, why: str) -> Ticket:
    """Set the owner without checks and write the event; nobody is notified. Returns the ticket."""
    tickets.change(work.tx, ticket.id, at=work.at, owner=name)
    work.event(ticket.id, "assigned", field="owner", old=ticket.owner, new=name, comment=why)
    return replace(ticket, owner=name, updated_at=work.at, version=ticket.version + 1)


def out_of_hours(work: Work, segment: str) -> Away | None:
    """If none of a segment's possible owners is at work now: until when, if known (F-C2)."""
    names = routing.owners(work.definition, segment)
    gone = presence.away(work, names)
    if not names or len(gone) < len(names):
        return None
    known = [one.until for one in gone.values() if one.until]
    return Away("out of hours", min(known, default=None))


def _after_older_tickets(
    work: Work, ticket: Ticket, candidates: list[Candidate], strategy: str
) -> list[Candidate]:
    """The candidates with their loads after older tickets have got the free capacity."""
    if all(one.capacity is None for one in candidates):
        return candidates
    known = {one.name: one for one in candidates}
    older = expiry.older_unrouted(work.tx, ticket.segment, ticket.id, MOST_OLDER)
    for one in tickets.some(work.tx, older):
        needs = routing.needs(work.definition, one)
        name = routing.choose(list(known.values()), strategy, needs=needs).name
        if name:
            known[name] = replace(known[name], load=known[name].load + 1)
    return list(known.values())


def _candidates(work: Work, names: Sequence[str], turns: Mapping[str, int]) -> list[Candidate]:
    in_hand = loads.loads(work.tx, names)
    gone = presence.away(work, names)
    zone = ZoneInfo(work.definition.settings.timezone)
    return [
        Candidate(
            name=agent.name,
            skills=agent.skills,
            load=in_hand[agent.name].open,
            weight=in_hand[agent.name].weight,
            capacity=agent.capacity,
            turn=turns[agent.name],
            away=availability.in_words(gone[agent.name], zone) if agent.name in gone else "",
        )
        for name in names
        if (agent := work.definition.agent(name))
    ]


def _record_nobody(work: Work, ticket: Ticket, reason: str) -> None:
    """Write the reason to history and notify the managers: once, however often it is tried again."""
    before = events.of(work.tx, ticket.id, ("assigned", UNASSIGNED))
    again = bool(before) and before[-1].type == UNASSIGNED
    if again and before[-1].comment == reason:
        return
    work.event(ticket.id, UNASSIGNED, comment=reason)
    if not again:
        names = notifications.with_stand_ins(work, ticket, notifications.managers(work, ticket))
        notifications.tell(work, ticket, UNASSIGNED, names, author=work.actor.name, text=reason)
