"""Acknowledges a new ticket: only to a human, only once, and within the limits of automatic mail (E7, E8, E14)."""

from typing import Any

from ticketctl.actions.base.context import Work
from ticketctl.actions.mail import channel_answer, limits, outbound, way_to_customer
from ticketctl.actions.tickets import route
from ticketctl.clock import rfc3339
from ticketctl.domain.base.names import first_name_first
from ticketctl.domain.base.records import Incoming, Ticket
from ticketctl.domain.base.signed_addresses import CONVERSATION
from ticketctl.domain.sla import policy
from ticketctl.store.sla import clock_rows


def wanted(incoming: Incoming) -> bool:
    """May this mail be answered automatically at all (E14)?"""
    return (
        incoming.may_ack
        and incoming.class_ == "human"
        and not incoming.spam
        and bool(incoming.answer_to)
    )


def why_not(work: Work, incoming: Incoming) -> str:
    """Why a mail is not acknowledged; "" if it is. Call it before the mail is filed."""
    if unheard := limits.no_customer(work, incoming.answer_to):
        return unheard
    if incoming.seen_before:
        return "this mail was acknowledged for another mailbox"
    return limits.reached(work, incoming.answer_to, incoming.subject)


def send(work: Work, ticket: Ticket, incoming: Incoming) -> None:
    """Queue the acknowledgement; it says nothing but what the sender wrote themselves (G17).

    For a mail that was too large, it says that it could not be read.
    """
    known = (*incoming.references, *([incoming.message_id] if incoming.message_id else []))
    _queue(
        work,
        ticket,
        way_to_customer.Way(incoming.answer_to),
        incoming.author_name,  # not the name we know, but the one they wrote
        "oversize" if incoming.cut else "",
        in_reply_to=incoming.message_id,
        references=known,
        answers=incoming.blob,
    )


def by_channel(work: Work, ticket: Ticket, address: str, name: str) -> None:
    """Acknowledge a ticket from another channel than mail: by its bridge, else by mail to the address, if any.

    The limits are those of mail; an event says why there is none. A bridge with `acknowledge = false` has none at all.
    """
    bridge = channel_answer.bridge_of_last(work, ticket)
    if bridge and not bridge.acknowledge:
        return
    way = way_to_customer.find(work, ticket)
    if not way.by_bridge:
        way = way_to_customer.Way(address)
    if not way.to:
        return
    silent = limits.no_customer(work, way.to) or limits.reached(work, way.to, ticket.subject)
    if silent:
        work.event(ticket.id, "ack", comment=f"none: {silent}")
    else:
        _queue(work, ticket, way, name)


def _queue(
    work: Work,
    ticket: Ticket,
    way: way_to_customer.Way,
    name: str,
    template: str = "",
    **answered: Any,
) -> None:
    to = way.to
    data = outbound.common(work, ticket, "", CONVERSATION) | {
        "customer_name": first_name_first(name, to),
        "received_at": rfc3339(work.at),
        **_presence(work, ticket.segment),
        **_promise(work, ticket),
        "snippet": _snippet(work, ticket),
    }
    if template:
        data["template"] = template
    subject = outbound.reply_subject(work, ticket)
    mail = outbound.OutboundMail(kind="ack", to=(to,), subject=subject, data=data, **answered)
    if way_to_customer.send(work, ticket, way, mail) is None:
        work.event(ticket.id, "ack", comment=f"none: mail does not reach {to}")
    else:
        work.event(ticket.id, "ack", new=to)


def _presence(work: Work, segment: str) -> dict[str, Any]:
    """Is nobody at work, and when will somebody be (F-C2)?"""
    gone = route.out_of_hours(work, segment)
    back = gone.until if gone else None
    return {"out_of_hours": gone is not None, "back_at": rfc3339(back) if back else ""}


def _promise(work: Work, ticket: Ticket) -> dict[str, Any]:
    """By when we answer, in the time zone of the policy's calendar, if the mailbox promises it (F-L3)."""
    box = work.definition.mailbox(outbound.mailbox(work, ticket))
    if box is None or not box.ack_promise or ticket.policy is None:
        return {}
    first = (one for one in clock_rows.of(work.tx, ticket.id) if one.kind == "first")
    due = next((one.due_at for one in first if one.due_at and not one.stopped_at), None)
    if due is None or due <= work.at:
        return {}
    zone = policy.of(work.definition, ticket.policy).hours.zone.key
    return {"answer_by": rfc3339(due), "timezone": zone}


def _snippet(work: Work, ticket: Ticket) -> str:
    """The text for customers with a ticket of this type (F-T19)."""
    declared = work.definition.type(ticket.type)
    return declared.snippet.strip() if declared else ""
