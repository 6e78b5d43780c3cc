"""What may stop an action: no comment, no access, no candidate, changed meanwhile. Each is one sentence."""

from collections.abc import Collection
from datetime import timedelta

from ticketctl.actions.work import Work, public_name
from ticketctl.desk import access as rights
from ticketctl.desk import definition as desks
from ticketctl.desk import values
from ticketctl.desk.records import Event, Ticket
from ticketctl.errors import BadInput, Conflict, NotAllowed, NotFound, Refused
from ticketctl.store import events, tickets

_DID = {
    "created": "opened it",
    "ack": "acknowledged it",
    "message": "wrote",
    "replied": "replied",
    "commented": "commented",
    "assigned": "assigned it",
    "escalated": "escalated it",
    "resolved": "resolved it",
    "closed": "closed it",
    "reopened": "reopened it",
    "merged": "merged it",
}


def opened(work: Work, ticket_id: int, if_version: int | None = None) -> Ticket:
    """The ticket, locked for change, that `work` may change. NotFound, NotAllowed, or Conflict."""
    ticket = tickets.get(work.tx, ticket_id, lock=True)
    access(work, ticket)
    if ticket.merged_into is not None:
        raise Conflict(f"ticket {ticket.id} is merged into {ticket.merged_into}: use that one.")
    if if_version is not None and ticket.version != if_version:
        raise Conflict(
            f"ticket {ticket.id} was changed since you looked: {_last_change(work, ticket)}."
        )
    return ticket


def comment(work: Work, verb: str, text: str) -> None:
    """Refused where the desk wants a reason for `verb` and `text` is blank (Q35)."""
    if verb in work.desk.desk.require_comment and not work.automatic and not text.strip():
        raise Refused(f'{verb} needs a comment: give -m "why".')


def has_access(work: Work, ticket: Ticket) -> bool:
    """May the actor see and change this ticket? Its segment's members, its owner, admins (A23, A37)."""
    return work.automatic or rights.sees(work.desk, work.actor, ticket)


def access(work: Work, ticket: Ticket) -> None:
    """NotAllowed unless `has_access`."""
    if not has_access(work, ticket):
        raise NotAllowed(
            f"ticket {ticket.id} belongs to segment {ticket.segment}, which {work.actor.name} is not in."
        )


def candidates(work: Work, segment: str) -> tuple[str, ...]:
    """Who may own a ticket of `segment`: its managers and agents (Q22), any agent where it has none."""
    found = desks.segment(work.desk, segment)
    members = tuple(desks.members(found)) if found else ()
    return members or tuple(agent.name for agent in work.desk.agents)


def owner(work: Work, name: str, segment: str, *, force: bool = False) -> None:
    """NotFound for no agent, Refused for one who may not own tickets of `segment` (Q22, Q23)."""
    if work.agentless:
        if name != work.actor.name:
            raise NotFound(
                f'no agent "{name}": this desk has no agents but you, {work.actor.name}.'
            )
        return
    if desks.agent(work.desk, name) is None:
        raise NotFound(f'no agent "{name}".')
    allowed = candidates(work, segment)
    admin = work.actor.role == "admin"
    if name in allowed or (admin and (force or name == work.actor.name)) or work.automatic:
        return
    raise Refused(
        f"{name} is neither manager nor agent of segment {segment}: "
        f"choose {', '.join(allowed)}, or let an admin use --force."
    )


def sole_manager(work: Work, segment: str) -> str | None:
    """Who gets a segment's tickets without asking: its one manager (Q34)."""
    found = desks.segment(work.desk, segment)
    return desks.sole_manager(found) if found else None


def word(given: str, words: Collection[str], what: str) -> None:
    """BadInput unless `given` is one of `words`."""
    if given not in words:
        raise BadInput(f'"{given}" is no {what}; choose {", ".join(words)}.')


def address(given: str) -> str:
    """A mail address in lower case; BadInput for what is none."""
    try:
        return values.address(given.strip())
    except BadInput:
        raise BadInput(
            f'"{given}" is no mail address; write it like carl@customer.example.'
        ) from None


def _last_change(work: Work, ticket: Ticket) -> str:
    history = events.of(work.tx, ticket.id)
    if not history:
        return f"it is version {ticket.version} now"
    last: Event = history[-1]
    did = _DID.get(last.type, f"changed {last.field}" if last.field else f"did {last.type}")
    return f"{public_name(last.actor)} {did} {ago(work.at - last.at)} ago"


def ago(span: timedelta) -> str:
    """A span in its largest unit: 40 s, 2 min, 3 h, 5 d."""
    seconds = max(0, int(span.total_seconds()))
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"
