"""Tells customers that their ticket was taken, waits, was escalated or reopened, where its segment wants it (F-L4)."""

from collections.abc import Sequence
from datetime import datetime

from ticketctl.actions.base.context import Work, public_name
from ticketctl.actions.mail import customer_mail, limits, outbound, way_to_customer
from ticketctl.clock import rfc3339
from ticketctl.domain.base.records import Message, Ticket
from ticketctl.domain.base.signed_addresses import CONVERSATION
from ticketctl.domain.definition.definition import Notice
from ticketctl.store.tickets import events

TEMPLATE = "notice"


def tell(work: Work, ticket: Ticket, what: Notice, *, until: datetime | None = None) -> None:
    """Queue a notice, within the limits of automatic mail; history says so, or why not.

    By mail, only a ticket that was acknowledged has notices: automatic senders, and whoever is only claimed to have
    written, were never answered automatically (E14).
    """
    way = _wanted(work, ticket, what)
    to = way.to if way else ""
    if way is None or not to:
        return
    subject = outbound.reply_subject(work, ticket)
    silent = limits.no_customer(work, to) or limits.reached(work, to, subject)
    mail = None if silent else _mail(work, ticket, to, what, until)
    if mail and way_to_customer.send(work, ticket, way, mail) is None:
        silent = f"mail does not reach {to}"
    work.event(
        ticket.id,
        "ack",
        new=None if silent else to,
        comment=f"none that it is {what}: {silent}" if silent else f"it is {what}",
    )


def _wanted(work: Work, ticket: Ticket, what: Notice) -> way_to_customer.Way | None:
    """The way to the customer whose segment wants this notice; None if it does not."""
    segment = work.definition.segment(ticket.segment)
    if not work.notify or work.answers or segment is None or what not in segment.notices:
        return None
    way = way_to_customer.find(work, ticket)
    return way if way.by_bridge or _acknowledged(work, ticket) else None


def _acknowledged(work: Work, ticket: Ticket) -> bool:
    return any(line.new for line in events.of(work.tx, ticket.id, ("ack",)))


def _is_asked(known: Sequence[Message]) -> bool:
    """Did an agent write last, so that it is the customer's turn?"""
    said = [one for one in known if one.class_ == "human" and one.delivery != "cancelled"]
    return bool(said) and said[-1].direction == "out"


def _mail(
    work: Work, ticket: Ticket, to: str, what: Notice, until: datetime | None
) -> outbound.OutboundMail:
    known = customer_mail.thread(work, ticket.id)
    asked = customer_mail.last_from_customer(known)
    data = outbound.common(work, ticket, "", CONVERSATION) | {
        "template": TEMPLATE,
        "notice": what,
        "until": rfc3339(until) if until else "",
        "awaited": what == "waiting" and until is None and _is_asked(known),
        "owner": public_name(ticket.owner or ""),
    }
    return outbound.OutboundMail(
        kind="ack",
        to=(to,),
        subject=outbound.reply_subject(work, ticket),
        data=data,
        in_reply_to=customer_mail.mail_id(asked),
        references=customer_mail.ids(known),
        answers=asked.blob if asked else None,
    )
