"""Says in a few words who changed a ticket last, and what others did to it since an agent looked."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby

from ticketctl.actions.base.context import Work, public_name
from ticketctl.domain.base import duration
from ticketctl.domain.base.records import AUTOMATIC, Event, Ticket
from ticketctl.domain.sla.happenings import NOTICES
from ticketctl.store.tickets import events, messages

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

MOST = 5


def news(work: Work, ticket: Ticket, looked: datetime | None) -> list[str]:
    """What people did since the actor last looked at the ticket or changed it, as `Ana replied 2 min ago`.

    An actor who did neither is told of replies to the customer's last message.
    """
    history = events.of(work.tx, ticket.id)
    gone = {line.group for line in history if line.type == "undone"}
    mine = max((line.n for line in history if line.actor == work.actor.name), default=0)
    if looked is None and not mine:
        asked = max((line.n for line in history if line.type == "message"), default=0)
        lines = [line for line in history if line.n > asked and line.type == "replied"]
    else:
        lines = [
            line for line in history if line.n > mine and (looked is None or line.at >= looked)
        ]
    told = [line for line in lines if line.group not in gone and _by_a_person(line)]
    groups = [list(each) for _, each in groupby(told, key=lambda line: line.group)]
    return [_group_in_words(work, each) for each in groups[-MOST:]]


def _by_a_person(line: Event) -> bool:
    return line.type == "message" or line.actor not in AUTOMATIC


def _group_in_words(work: Work, lines: Sequence[Event]) -> str:
    wrote = next((line for line in lines if line.type == "message"), None)
    if wrote is None:
        return in_words(work, lines)
    message = messages.get(work.tx, wrote.ticket, int(wrote.new))
    return f"{message.author_name or message.author} wrote {ago(work.at - wrote.at)} ago"


def last_change_since(work: Work, ticket_id: int, group: str) -> str:
    """The last command that changed a ticket, other than `group`, in words; "" for none.

    Commands that were undone do not count.
    """
    history = events.of(work.tx, ticket_id)
    gone = {group, *(one.group for one in history if one.type == "undone")}
    return _last(work, [one for one in history if one.group not in gone])


def last_change(work: Work, ticket: Ticket) -> str:
    """The last command that changed a ticket, in words; "" for none."""
    return _last(work, events.of(work.tx, ticket.id))


def _last(work: Work, history: Sequence[Event]) -> str:
    """The last command in words: that somebody replied, not that the status changed."""
    history = [one for one in history if one.type not in NOTICES]
    if not history:
        return ""
    return in_words(work, [one for one in history if one.group == history[-1].group])


def in_words(work: Work, lines: Sequence[Event]) -> str:
    """What the command that wrote these lines of history did: `Ana replied 2 min ago`."""
    event = next((one for one in lines if one.type in _DID), lines[-1])
    did = _DID.get(event.type, f"changed {event.field}" if event.field else f"did {event.type}")
    return f"{public_name(event.actor)} {did} {ago(work.at - event.at)} ago"


def ago(span: timedelta) -> str:
    """A past span in its largest unit: `40 s`, `2 min`; `0 s` for the future."""
    return duration.rough(max(0, int(span.total_seconds())))
