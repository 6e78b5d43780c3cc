"""Sends a canned reply for a rule, marked as automatic, within the limits of automatic mail (E7), by mail or a bridge.

It does not count as an agent's reply: SLA clocks run on, and the ticket still awaits the same side.
"""

from typing import Any

from ticketctl.actions.base.context import Work
from ticketctl.actions.mail import (
    channel_answer,
    customer_mail,
    limits,
    outbound,
    way_to_customer,
)
from ticketctl.domain.base.records import Ticket
from ticketctl.domain.base.signed_addresses import CONVERSATION
from ticketctl.domain.rules import canned
from ticketctl.errors import NotFound, Refused
from ticketctl.store.desk import canned_replies
from ticketctl.store.tickets import messages
from ticketctl.templating.canned import fill


def send(work: Work, ticket: Ticket, name: str, *, why: str) -> str:
    """Send the customer the canned reply `name`; says what was done, or why not. NotFound for an unknown name."""
    order = canned.languages(ticket.language, work.definition.settings.language)
    source = canned_replies.answer(work.tx, name, order)
    if source is None:
        raise NotFound(f'no canned reply "{name}".')
    way = way_to_customer.find(work, ticket, public=True)
    to = way.to
    subject = outbound.reply_subject(work, ticket)
    silent = limits.no_customer(work, to) if to else "the customer has no e-mail address"
    if silent := silent or limits.reached(work, to, subject):
        return f"no reply {name}: {silent}"
    data = outbound.common(work, ticket, "", CONVERSATION) | {"template": "reply"}
    data["text"] = fill(source, data)
    if not data["text"]:
        raise Refused(f'the canned reply "{name}" is empty.')
    if way.by_bridge:
        n = channel_answer.send(work, ticket, data["text"], way.answered, automatic=True)
    else:
        n = _by_mail(work, ticket, to, subject, data)
    work.event(ticket.id, "replied", field="message", new=n, comment=why)
    return f"reply {name}"


def _by_mail(work: Work, ticket: Ticket, to: str, subject: str, data: dict[str, Any]) -> int:
    """File the reply as a message, and queue the mail that delivers it; its number."""
    known = customer_mail.thread(work, ticket.id)
    asked = customer_mail.last_from_customer(known)
    identifier = outbound.new_id(work, ticket.id)
    n = messages.add(
        work.tx,
        ticket.id,
        messages.NewMessage(
            direction="out",
            class_="auto",
            author=work.actor.name,
            author_name=work.definition.settings.name,
            at=work.at,
            subject=subject,
            text=data["text"],
            full_text=data["text"],
            visibility="public" if ticket.kind == "public" else "private",
            message_id=identifier,
            in_reply_to=asked.message_id if asked else None,
        ),
    )
    mail = outbound.OutboundMail(
        kind="ack",
        to=(to,),
        subject=subject,
        data=data,
        message=n,
        message_id=identifier,
        in_reply_to=customer_mail.mail_id(asked),
        references=customer_mail.ids(known),
        answers=asked.blob if asked else None,
    )
    if outbound.send(work, ticket, mail) is None:
        raise Refused(f"mail does not reach {to}.")
    return n
