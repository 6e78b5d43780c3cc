"""What may stop an action: no comment, no candidate, changed meanwhile. Each is one sentence. Rights: permission.py."""

from collections.abc import Collection, Sequence
from datetime import timedelta

from ticketctl.actions.base import permission
from ticketctl.actions.base.context import Work, public_name
from ticketctl.domain.base import values
from ticketctl.domain.base.records import Event, Ticket
from ticketctl.domain.rules import routing
from ticketctl.errors import BadInput, Conflict, NotFound, Refused
from ticketctl.store.tickets import events, tickets

_DID = {
    "created": "opened it",
    "ack": "acknowledged it",
    "message": "wrote",
    "replied": "replied",
    "commented": "commented",
    "assigned": "assigned it",
    "unassigned": "found nobody for it",
    "escalated": "escalated it",
    "resolved": "resolved it",
    "closed": "closed it",
    "reopened": "reopened it",
    "merged": "merged it",
    "split": "split it",
    "linked": "linked it",
    "unlinked": "took a link away",
    "undone": "took something back",
}


def opened(work: Work, ticket_id: int, if_version: int | None = None) -> Ticket:
    """The ticket, locked for change, that `work` may change. NotFound, NotAllowed, or Conflict."""
    ticket = tickets.get(work.tx, ticket_id, lock=True)
    permission.require(work, ticket)
    if ticket.merged_into is not None:
        raise Conflict(f"ticket {ticket.id} is merged into {ticket.merged_into}: use that one.")
    version(work, ticket, if_version)
    return ticket


def both(
    work: Work, ticket_id: int, other_id: int, if_version: int | None = None
) -> tuple[Ticket, Ticket]:
    """Two tickets as `opened` gives them, `if_version` of the first; locked in one order, against deadlock."""
    tickets.lock(work.tx, (ticket_id, other_id))
    return opened(work, ticket_id, if_version), opened(work, other_id)


def version(work: Work, ticket: Ticket, wanted: int | None) -> None:
    """Conflict, saying who did what, unless a ticket is still the version that was looked at; None: any is."""
    if wanted is not None and ticket.version != wanted:
        raise Conflict(
            f"ticket {ticket.id} was changed since you looked: {_last_change(work, ticket)}."
        )


def comment(work: Work, verb: str, text: str) -> None:
    """Refused where the desk wants a reason for `verb` and `text` is blank (F-Q35)."""
    if verb in work.definition.settings.require_comment and not work.automatic and not text.strip():
        raise Refused(f'{verb} needs a comment: give -m "why".')


def owner(work: Work, name: str, segment: str, *, force: bool = False) -> None:
    """NotFound for no agent, Refused for one who may not own tickets of `segment` (F-Q22, F-Q23)."""
    if work.agentless:
        if name != work.actor.name:
            raise NotFound(
                f'no agent "{name}": this desk has no agents but you, {work.actor.name}.'
            )
        return
    if work.definition.agent(name) is None:
        meant = {"me": "; write @me", "nobody": "; write none"}.get(name.lower(), "")
        raise NotFound(f'no agent "{name}"{meant}.')
    allowed = routing.owners(work.definition, segment)
    admin = work.actor.role == "admin"
    if name in allowed or (admin and (force or name == work.actor.name)) or work.automatic:
        return
    raise Refused(
        f"{name} is neither manager nor agent of segment {segment}: "
        f"choose {', '.join(allowed)}, or let an admin use --force."
    )


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


def since(work: Work, ticket_id: int, group: str) -> str:
    """What was done to a ticket beside the invocation `group`, the last of it in words; "" for nothing.

    What was taken back since counts as not done.
    """
    history = events.of(work.tx, ticket_id)
    gone = {group, *(one.group for one in history if one.type == "undone")}
    return _last(work, [one for one in history if one.group not in gone])


def _last_change(work: Work, ticket: Ticket) -> str:
    return _last(work, events.of(work.tx, ticket.id)) or f"it is version {ticket.version} now"


def _last(work: Work, history: Sequence[Event]) -> str:
    """The last invocation in words: who replied, not that the status changed."""
    if not history:
        return ""
    return told(work, [one for one in history if one.group == history[-1].group])


def told(work: Work, lines: Sequence[Event]) -> str:
    """What one invocation did, by the most telling of its lines: `Ana replied 2 min ago`."""
    event = next((one for one in lines if one.type in _DID), lines[-1])
    did = _DID.get(event.type, f"changed {event.field}" if event.field else f"did {event.type}")
    return f"{public_name(event.actor)} {did} {ago(work.at - event.at)} ago"


def ago(span: timedelta) -> str:
    """A span in its largest unit: 40 s, 2 min, 3 h, 5 d."""
    seconds = max(0, int(span.total_seconds()))
    for size, unit in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"
