"""Notifies agents of what happened to a ticket, except the one who did it (L16)."""

from collections.abc import Iterable
from datetime import datetime

from ticketctl.actions.base import presence
from ticketctl.actions.base.context import Work, email_of
from ticketctl.actions.mail import outbound
from ticketctl.domain.base.addresses import address_key
from ticketctl.domain.base.records import Actor, Ticket
from ticketctl.domain.base.signed_addresses import (
    AGENTS,
    COMMENT,
    CONVERSATION,
    fits_local_part,
    reply_address,
)
from ticketctl.domain.rules import access
from ticketctl.safe import header_value
from ticketctl.store.queues import recipients
from ticketctl.store.tickets import watchers

_HINTS = {
    "new": ("take", "reply", "show"),
    "reply": ("reply", "resolve", "show"),
    "assigned": ("reply", "show", "resolve"),
    "unassigned": ("assign", "take", "show"),
    "escalated": ("comment", "reply", "show"),
    "comment": ("comment", "show"),
    "expert": ("reply", "comment", "show"),
    "bounce": ("show", "edit"),
    "rule": ("show", "comment", "reply"),
    "unblocked": ("show", "reply", "resolve"),
    "woken": ("show", "reply", "resolve"),
}
# Whoever answers these means the colleague who wrote, so the answer is a comment, not a reply to the customer.
_AMONG_US = frozenset({"comment", "expert", "escalated", "unassigned", "rule", "unblocked"})


def tell(
    work: Work,
    ticket: Ticket,
    event: str,
    names: Iterable[str],
    *,
    author: str,
    text: str = "",
    author_address: str = "",
    message: int | None = None,
    references: tuple[str, ...] = (),
    not_before: datetime | None = None,
    also: tuple[str, ...] = (),
    unproven: bool = False,
    hints: tuple[str, ...] = (),
) -> int | None:
    """Queue one notification to the agents `names` and the addresses `also`; None if nobody is left.

    `author` is who did it; their address is always shown with the name (G18). `unproven`: the sender is only claimed.
    `hints` are further commands to suggest.
    """
    if not work.notify:
        return None
    wanted = [name for name in dict.fromkeys(names) if name != work.actor.name]
    addresses = [found for name in wanted if (found := email_of(work, name)) is not None]
    addresses += also
    # An agent may be the customer of a ticket; as such they get customer mail only.
    if not addresses:
        return None
    people = recipients.people(work.tx, ticket.id, ticket.customer.id)
    outside = people.outside | {address_key(ticket.customer.email)}
    to = tuple(
        one for one in addresses if one not in outside and one != address_key(author_address)
    )
    if not to:
        return None
    data = outbound.common(work, ticket, text, COMMENT if event in _AMONG_US else CONVERSATION) | {
        "event": event,
        "author": header_value(_with_address(author, author_address)),
        "status": ticket.status,
        "priority": ticket.priority,
        "owner": ticket.owner or "",
        "hints": [f"ticketctl {verb} {ticket.id}" for verb in _HINTS[event]]
        + [f"ticketctl {line}" for line in hints],
        "comment_address": comment_address(work, ticket),
        "unproven": unproven,
        "answers_to": people.answers_elsewhere,
    }
    mail = outbound.OutboundMail(
        kind="notification",
        to=to,
        subject=outbound.tagged_subject(work, ticket),
        data=data,
        message=message,
        references=references,
        not_before=not_before,
    )
    return outbound.send(work, ticket, mail, outside)


def _with_address(author: str, address: str) -> str:
    return author if address in author else f"{author} <{address}>"


def comment_address(work: Work, ticket: Ticket) -> str:
    """The address that turns an agent's mail into an internal comment; "" if the mailbox's name is too long."""
    address = reply_address(work.key, outbound.mailbox(work, ticket), COMMENT, ticket.id, AGENTS)
    return address if fits_local_part(address) else ""


def team(work: Work, ticket: Ticket, *, managers: bool = True) -> tuple[str, ...]:
    """The agents to notify about a ticket: its owner, else its segment's agents (and managers; only them if no agents).

    If none of them is at work, their stand-ins are notified too; so are all who watch it.
    """
    owner = work.definition.owner(ticket)
    names = (owner,) if owner else _of_segment(work, ticket, managers=managers)
    return (*with_stand_ins(work, ticket, names), *watching(work, ticket))


def watching(work: Work, ticket: Ticket) -> tuple[str, ...]:
    """The agents who watch a ticket and may see it (F-C8)."""
    found = (work.definition.agent(name) for name in watchers.of(work.tx, ticket.id))
    return tuple(
        one.name
        for one in found
        if one is not None and access.sees(work.definition, Actor(one.name, role=one.role), ticket)
    )


def managers(work: Work, ticket: Ticket) -> tuple[str, ...]:
    """The managers of a ticket's segment; without any, the admins."""
    segment = work.definition.segment(ticket.segment)
    found = segment.managers if segment else ()
    return found or tuple(one.name for one in work.definition.agents if one.role == "admin")


def with_stand_ins(work: Work, ticket: Ticket, names: Iterable[str]) -> tuple[str, ...]:
    """These agents; if all are absent or gone, also available managers, else agents, else admins."""
    known = tuple(dict.fromkeys(names))
    if not presence.unreachable(work, known):
        return known
    segment = work.definition.segment(ticket.segment)
    admins = tuple(one.name for one in work.definition.agents if one.role == "admin")
    circles = (segment.managers, segment.agents, admins) if segment else (admins,)
    for circle in circles:
        others = [name for name in circle if name not in known]
        away = presence.absent(work, others)
        if there := [name for name in others if name not in away]:
            return (*known, *there)
    return known


def _of_segment(work: Work, ticket: Ticket, *, managers: bool) -> tuple[str, ...]:
    segment = work.definition.segment(ticket.segment)
    if segment is None:
        return ()
    if managers or not segment.agents:
        return tuple(segment.members)
    return tuple(segment.agents)
