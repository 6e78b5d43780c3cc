"""Escalates tickets one level up, and sends a ticket's dossier to experts (F-A29–F-A31)."""

from collections.abc import Sequence
from typing import Any

import msgspec

from ticketctl.actions.base import checks, permission, transitions
from ticketctl.actions.base.context import Work
from ticketctl.actions.base.load import load_for_update
from ticketctl.actions.mail import notifications, outbound, status_notice
from ticketctl.actions.tickets import consequences
from ticketctl.clock import rfc3339
from ticketctl.domain.base.records import PRIORITIES, Message, Participant, Ticket
from ticketctl.domain.base.signed_addresses import EXPERT
from ticketctl.errors import BadInput, Refused
from ticketctl.store.people import customers, shop_orders
from ticketctl.store.tickets import conversations, tickets

MESSAGES = 100  # the newest messages in a dossier (F-A30)
_BOOKKEEPING = frozenset(("version", "policy_version", "response_id"))


def escalate(
    work: Work,
    ticket_id: int,
    *,
    comment: str = "",
    to: Sequence[str] = (),
    level: int | None = None,
    priority: str | None = None,
    newest: int = MESSAGES,
    if_version: int | None = None,
) -> list[int]:
    """Escalate a ticket to `level` (default: one up) and mail its dossier to each address of `to`; the outbox ids.

    Answers come back as internal comments. Refused without comment, for an ended ticket, and for an address
    on the customer's side or of ours.
    """
    checks.require_comment(work, "escalate", comment)
    ticket = load_for_update(work, ticket_id, if_version)
    experts = _experts(work, ticket, to)
    if level is not None and level < 1:
        raise BadInput("the level must be 1 or more.")
    if priority is not None and priority != ticket.priority:
        checks.require_one_of(priority, PRIORITIES, "priority")
        tickets.change(work.tx, ticket.id, at=work.at, priority=priority)
        work.event(
            ticket.id,
            "priority",
            field="priority",
            old=ticket.priority,
            new=priority,
            comment=comment,
        )
    _up(work, ticket, comment, level)
    ticket = tickets.get(work.tx, ticket.id)
    sent = [_dossier(work, ticket, one, comment, newest) for one in experts]
    _tell(work, ticket, comment)
    status_notice.tell(work, ticket, "escalated")
    consequences.on_updated(work, ticket_id)
    return sent


def dossier(work: Work, ticket_id: int, to: str, *, comment: str) -> int:
    """Mail a ticket's dossier (F-A30); status and level stay. The outbox id; Refused as in `escalate`."""
    ticket = tickets.get(work.tx, ticket_id, lock=True)
    (expert,) = _experts(work, ticket, (to,))
    return _dossier(work, ticket, expert, comment, MESSAGES)


def _experts(work: Work, ticket: Ticket, to: Sequence[str]) -> list[str]:
    experts = list(dict.fromkeys(checks.mail_address(one) for one in to))
    for ours in (one for one in experts if outbound.is_ours(work, one)):
        raise Refused(f"{ours} is a mailbox of the desk: nobody would read it there.")
    for told in sorted(outbound.outsiders(work, ticket).intersection(experts)):
        raise Refused(
            f"{told} is on the customer's side of ticket {ticket.id}: "
            "an escalation contains internal text and may not go there."
        )
    permission.require_addresses(work, ticket, experts)
    return experts


def _up(work: Work, ticket: Ticket, comment: str, level: int | None) -> None:
    height = level or ticket.escalation_level + 1
    transitions.step(work, ticket, "escalate", "status", comment, escalation_level=height)
    work.event(
        ticket.id,
        "escalated",
        field="level",
        old=ticket.escalation_level,
        new=height,
        comment=comment,
    )


def _dossier(work: Work, ticket: Ticket, expert: str, reason: str, newest: int) -> int:
    joined = tickets.add_participant(work.tx, ticket.id, Participant(expert, "", "expert"))
    said = conversations.all_messages(work.tx, ticket.id)
    held = said[-newest:] if newest else []
    data = outbound.common(work, ticket, reason, EXPERT) | {
        "reason": reason,
        "agent_name": work.actor.name,
        "customer": _customer(work, ticket.customer.id),
        "automatic": work.automatic,
        "ticket_fields": _fields(ticket),
        "messages": [_line(ticket, one) for one in held if one.delivery != "cancelled"],
        "omitted": len(said) - len(held),
    }
    mail = outbound.OutboundMail(
        kind="escalation", to=(expert,), subject=outbound.tagged_subject(work, ticket), data=data
    )
    sent = outbound.send(work, ticket, mail)
    assert sent is not None  # `_experts` refuses our own addresses
    way_back = {"joined": joined}
    work.event(ticket.id, "escalated", field="to", new=expert, comment=reason, way_back=way_back)
    return sent


def _fields(ticket: Ticket) -> dict[str, object]:
    """The ticket's fields that say something to a person."""
    fields: dict[str, object] = msgspec.to_builtins(ticket)
    return {name: value for name, value in fields.items() if name not in _BOOKKEEPING}


def _customer(work: Work, id: int) -> dict[str, object]:
    """The customer's data and orders, one line each."""
    one = customers.last_seen(work.tx, customers.get(work.tx, id))
    bought = [
        f"{each.number} {each.total} {each.currency} {each.financial_status} {each.fulfilment_status}"
        for each in shop_orders.of(work.tx, id)
    ]
    known: dict[str, Any] = msgspec.to_builtins(one)
    return known | {"orders": [" ".join(line.split()) for line in bought]}


def _line(ticket: Ticket, message: Message) -> dict[str, object]:
    own = message.ticket == ticket.id
    return {
        "n": message.n if own else f"#{message.ticket}/{message.n}",  # of a merged ticket
        "at": rfc3339(message.at),
        "author": message.author_name or message.author,
        "direction": message.direction,
        "text": message.text,
    }


def _tell(work: Work, ticket: Ticket, reason: str) -> None:
    segment = work.definition.segment(ticket.segment)
    managers = segment.managers if segment else ()
    names = (ticket.owner, *managers) if ticket.owner else managers
    names = (
        *notifications.with_stand_ins(work, ticket, names),
        *notifications.watching(work, ticket),
    )
    notifications.tell(work, ticket, "escalated", names, author=work.actor.name, text=reason)
