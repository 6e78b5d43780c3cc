"""Answers on other channels than mail: a public message of the ticket, for the bridge of its channel (F-L7)."""

import os
from collections.abc import Sequence
from typing import Any

from ticketctl.actions.base.context import Work, public_name
from ticketctl.actions.mail import customer_mail, outbound
from ticketctl.domain.base import identity
from ticketctl.domain.base.identity import EMAIL, Identity
from ticketctl.domain.base.records import Attachment, Message, Ticket
from ticketctl.domain.base.redact import BLOT
from ticketctl.domain.definition.definition import Channel
from ticketctl.store.people import customers
from ticketctl.store.tickets import messages

PUBLIC = "public"


def bridge(work: Work, ticket: Ticket, answered: Message | None) -> Channel | None:
    """The bridge that the answer to a message (None: to the ticket) goes out through; None: it goes by mail."""
    return work.definition.channel(answered.channel if answered else ticket.channel)


def bridge_of_last(work: Work, ticket: Ticket) -> Channel | None:
    """The bridge that the answer to the customer's last message goes out through; None: it goes by mail."""
    return bridge(work, ticket, last(work, ticket)) if work.definition.channels else None


def recipient(work: Work, ticket: Ticket, answered: Message | None) -> str:
    """Who the answer to a message is for, and how it goes: `twitter:@ana by wall, public`."""
    channel = answered.channel if answered else ticket.channel
    to = _addressee(work, ticket, answered)
    return f"{to} by {channel}, {_visibility(ticket, answered)}"


def addressee(work: Work, ticket: Ticket, answered: Message | None) -> str:
    """Who the answer to a message is for, as the outbox has it: `twitter:@ana`, `ana@x.example`; "" once erased."""
    to = _addressee(work, ticket, answered)
    if to is None:
        return ""
    return to.value if to.kind == EMAIL else str(to)


def is_public(ticket: Ticket, answered: Message | None) -> bool:
    """Can everybody read the answer to a message?"""
    return _visibility(ticket, answered) == PUBLIC


def send(
    work: Work,
    ticket: Ticket,
    text: str,
    answered: Message | None,
    files: Sequence[Attachment] = (),
    *,
    automatic: bool = False,
) -> int:
    """File an answer to a message as one of the ticket, and queue it for the bridge; its number.

    It has the visibility of what it answers: an answer to a public post is public (F-A2). `automatic`: a rule's.
    """
    channel = answered.channel if answered else ticket.channel
    id = _new_id(ticket)
    author = work.definition.settings.name if automatic else public_name(work.actor.name)
    n = messages.add(
        work.tx,
        ticket.id,
        messages.NewMessage(
            direction="out",
            class_="auto" if automatic else "human",
            author=work.actor.name,
            author_name=author,
            at=work.at,
            subject="",
            text=text,
            full_text=text,
            visibility=_visibility(ticket, answered),
            channel=channel,
            message_id=f"{channel}:{id}",
            in_reply_to=answered.message_id if answered else None,
            thread=answered.thread if answered else None,
            attachments=files,
        ),
    )
    data = _data(ticket, answered, id, author) | {
        "automatic": automatic,
        "text": text,
        "attachments": [{"name": f.name, "type": f.type, "sha256": f.sha256} for f in files],
    }
    kind = (
        "ack" if automatic else "reply"
    )  # as a rule's reply by mail, which counts towards the limits
    _queue(work, ticket, answered, kind, data, n)
    return n


def announce(
    work: Work, ticket: Ticket, answered: Message | None, mail: outbound.OutboundMail
) -> int:
    """Queue what is only announced, such as an acknowledgement or a survey, for the bridge; its outbox id.

    It is no message of the ticket. Its text is made from a template when it is handed over.
    """
    template = str(mail.data.get("template", mail.kind))
    answer = _data(ticket, answered, _new_id(ticket), work.definition.settings.name)
    answer |= {"template": template, "automatic": True, "attachments": []}
    return _queue(work, ticket, answered, mail.kind, mail.data | answer)


def _queue(
    work: Work,
    ticket: Ticket,
    answered: Message | None,
    kind: str,
    data: dict[str, Any],
    message: int | None = None,
) -> int:
    channel = answered.channel if answered else ticket.channel
    mail = outbound.OutboundMail(
        kind=kind,
        to=(addressee(work, ticket, answered),),
        subject="",
        data=data,
        message=message,
        message_id=f"{channel}:{data['id']}",
    )
    return outbound.send_by_bridge(work, ticket, channel, mail)


def _new_id(ticket: Ticket) -> str:
    """A new id of an answer, by which its bridge knows it."""
    return f"ticketctl-{ticket.id}-{os.urandom(8).hex()}"


def _data(ticket: Ticket, answered: Message | None, id: str, author: str) -> dict[str, Any]:
    """The data that every answer has: its id, its author, and what it answers."""
    return {
        "id": id,
        "author_name": author,
        "customer_name": answered.author_name if answered else ticket.customer.name,
        "thread": answered.thread if answered else None,
        "in_reply_to": _id_there(answered),
        "permalink": answered.permalink if answered else None,
        "visibility": _visibility(ticket, answered),
    }


def last(work: Work, ticket: Ticket) -> Message | None:
    """The customer's last message."""
    return customer_mail.last_from_customer(customer_mail.thread(work, ticket.id))


def _visibility(ticket: Ticket, answered: Message | None) -> str:
    if answered is not None:
        return answered.visibility
    return PUBLIC if ticket.kind == PUBLIC else "private"


def _addressee(work: Work, ticket: Ticket, answered: Message | None) -> Identity | None:
    """The author of the answered message, else the ticket's customer; None once erased."""
    known = customers.get(work.tx, ticket.customer.id).identities
    if answered is not None and answered.direction == "in" and answered.author != BLOT:
        return identity.parse(answered.author)
    return identity.parse(known[0]) if known else None


def _id_there(answered: Message | None) -> str | None:
    """The channel's own id of a message."""
    if answered is None or answered.message_id is None:
        return None
    return answered.message_id.removeprefix(f"{answered.channel}:")
