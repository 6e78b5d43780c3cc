"""Adds internal comments, which no customer ever sees (F-A23, F-A24)."""

import re
from collections.abc import Sequence

from ticketctl.actions.base import permission
from ticketctl.actions.base.context import Work
from ticketctl.actions.base.load import load_for_update
from ticketctl.actions.mail import notifications, outgoing_attachments
from ticketctl.actions.tickets import watch
from ticketctl.domain.base.blank import is_blank
from ticketctl.errors import Refused
from ticketctl.store.tickets import messages

_MENTION = re.compile(r"(?<![\w@.])@(\w[\w.-]*)")


def comment(
    work: Work,
    ticket_id: int,
    text: str,
    *,
    attachments: Sequence[outgoing_attachments.NewAttachment] = (),
    if_version: int | None = None,
) -> int:
    """Add an internal comment and return its number; agents mentioned as `@name` are notified, and watch the ticket.

    Refused without text, and if a mentioned agent may not see the ticket.
    """
    if is_blank(text):
        raise Refused('a comment needs text: give -m "…", or -m - for standard input.')
    ticket = load_for_update(work, ticket_id, if_version)
    called = mentions(work, text)
    permission.require_readers(
        work, ticket, (one for one in work.definition.agents if one.name in called)
    )
    kept = outgoing_attachments.keep(work, attachments)
    n = messages.add_comment(
        work.tx, ticket.id, author=work.actor.name, at=work.at, text=text, attachments=kept
    )
    work.event(ticket.id, "commented", field="comment", new=n)
    for name in called:
        if name not in (ticket.owner, work.actor.name):
            watch.add(work, ticket.id, name)
    notifications.tell(work, ticket, "comment", called, author=work.actor.name, text=text)
    return n


def mentions(work: Work, text: str) -> list[str]:
    """The agents that a text mentions as `@name`, each once; a full stop after the name is ignored."""
    return [name for name in _named(text) if work.definition.agent(name)]


def strangers(work: Work, text: str) -> list[str]:
    """The mentioned names that no agent has."""
    return [name for name in _named(text) if not work.definition.agent(name)]


def _named(text: str) -> list[str]:
    return list(dict.fromkeys(found.rstrip(".-") for found in _MENTION.findall(text)))
