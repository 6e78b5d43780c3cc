"""Decides who gets a ticket by its needs, who may own it, and whose turn it is (F-T9–F-T14). Pure."""

from collections.abc import Iterable, Sequence

from msgspec import Struct

from ticketctl.domain.base.records import Ticket
from ticketctl.domain.definition.definition import Definition, Segment


class Candidate(Struct, frozen=True, kw_only=True):
    """An agent as routing sees them."""

    name: str
    skills: tuple[str, ...] = ()
    load: int = 0  # their active tickets that do not wait, in all segments
    weight: int = (
        0  # the sum of the tickets' priorities: of equal loads the lighter is preferred (F-T14)
    )
    capacity: int | None = None  # the largest `load` they may get; None: any
    turn: int = 0  # grows with each assignment: the lowest is next
    away: str = ""  # why they are not available; "" if they are


class Choice(Struct, frozen=True):
    """The chosen agent and why; None, and a reason for each agent, if nobody could be chosen."""

    name: str | None
    reason: str


def owners(definition: Definition, segment: str) -> tuple[str, ...]:
    """Who may own a ticket of a segment: its managers and agents (F-Q22), or any agent if it has none."""
    found = definition.segment(segment)
    members = found.members if found else ()
    return members or tuple(agent.name for agent in definition.agents)


def routed_to(segment: Segment) -> tuple[str, ...]:
    """Who may be chosen in a segment: its agents, or its managers if it has none."""
    return segment.agents or segment.managers


def needs(definition: Definition, ticket: Ticket) -> tuple[str, ...]:
    """The skills that a ticket needs, by its type, its language if not the help desk's, and its tags (F-T11).

    Tags, and a type without skills, need only skills that some agent has.
    """
    known = {_name(skill).lower() for agent in definition.agents for skill in agent.skills}
    declared = definition.type(ticket.type)
    wanted = list(declared.skills if declared else ())
    words = (*((ticket.type,) if ticket.type and not wanted else ()), *ticket.tags)
    wanted += [word for word in words if _name(word).lower() in known]
    spoken = _primary(ticket.language or "")
    if spoken and spoken != _primary(definition.settings.language):
        wanted.append(f"lang:{spoken}")
    return tuple(dict.fromkeys(wanted))


def has(skills: Iterable[str], need: str) -> bool:
    """Does one of the skills meet a need? `billing:3` meets `billing` and `billing:2`; `billing` is level 1."""
    return any(_meets(skill, need) for skill in skills)


def choose(
    candidates: Sequence[Candidate],
    strategy: str,
    *,
    needs: Sequence[str] = (),
    earlier: str | None = None,
) -> Choice:
    """The agent whose turn it is; never one who is away or full, and with `skill` never one who lacks a need.

    round-robin: the lowest turn. load and skill: the fewest open tickets, then the lightest, then the turn.
    `earlier`, the customer's earlier agent, is preferred if eligible.
    """
    wanted = needs if strategy == "skill" else ()
    against = {one.name: _against(one, wanted) for one in candidates}
    eligible = [one for one in candidates if not against[one.name]]
    if not eligible:
        reasons = ", ".join(f"{name} {why}" for name, why in against.items())
        return Choice(None, f"no agent is available: {reasons or 'the segment has no agents'}")
    if any(one.name == earlier for one in eligible):
        return Choice(earlier, "routing: the customer's earlier agent")
    if strategy == "round-robin":
        best = min(eligible, key=lambda one: one.turn)
        return Choice(best.name, "routing: round-robin")
    best = min(eligible, key=lambda one: (one.load, one.weight, one.turn))
    knows = f" of those with {', '.join(wanted)}" if wanted else ""
    return Choice(best.name, f"routing: {strategy}, {best.load} open, the fewest{knows}")


def _against(one: Candidate, needs: Sequence[str]) -> str:
    """Why an agent is not eligible; "" if they are."""
    if one.away:
        return one.away
    if one.capacity is not None and one.load >= one.capacity:
        return f"is full ({one.load} of {one.capacity})"
    missing = [need for need in needs if not has(one.skills, need)]
    return f"lacks {', '.join(missing)}" if missing else ""


def _meets(skill: str, need: str) -> bool:
    name, _, level = skill.lower().partition(":")
    wanted_name, _, wanted = need.lower().partition(":")
    if name != wanted_name:
        return False
    if wanted.isdecimal():
        return int(wanted) <= (int(level) if level.isdecimal() else 0 if level else 1)
    return not wanted or level == wanted


def _name(skill: str) -> str:
    return skill.partition(":")[0]


def _primary(language: str) -> str:
    """`pt` of `pt-BR`."""
    return language.partition("-")[0].lower()
