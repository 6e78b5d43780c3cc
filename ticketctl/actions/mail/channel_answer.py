"""Answers on other channels than mail: a public message of the ticket, for the bridge of its channel (F-L7)."""

import os
from collections.abc import Sequence

from ticketctl.actions.base.context import Work, public_name
from ticketctl.actions.mail import customer_mail, outbound
from ticketctl.domain.base import identity
from ticketctl.domain.base.identity import Identity
from ticketctl.domain.base.records import Attachment, Message, Ticket
from ticketctl.domain.base.redact import BLOT
from ticketctl.domain.definition.definition import Channel
from ticketctl.store.people import customers
from ticketctl.store.tickets import messages


def bridge(work: Work, ticket: Ticket, answered: Message | None) -> Channel | None:
    """The bridge that the answer to a message (None: to the ticket) goes out through; None: it goes by mail."""
    return work.definition.channel(answered.channel if answered else ticket.channel)


def bridge_of_last(work: Work, ticket: Ticket) -> Channel | None:
    """The bridge that the answer to the customer's last message goes out through; None: it goes by mail."""
    return bridge(work, ticket, last(work, ticket)) if work.definition.channels else None


def recipient(work: Work, ticket: Ticket, answered: Message | None) -> str:
    """Who the answer to a message is for, and how it goes: `twitter:@ana by wall, public`."""
    channel = answered.channel if answered else ticket.channel
    return f"{_addressee(work, ticket, answered)} by {channel}, {_visibility(ticket, answered)}"


def send(
    work: Work,
    ticket: Ticket,
    text: str,
    answered: Message | None,
    files: Sequence[Attachment] = (),
) -> int:
    """File an agent's answer to a message as one of the ticket, and queue it for the bridge; its number.

    It has the visibility of what it answers: an answer to a public post is public (F-A2).
    """
    channel = answered.channel if answered else ticket.channel
    id = f"ticketctl-{ticket.id}-{os.urandom(8).hex()}"
    visibility = _visibility(ticket, answered)
    n = messages.add(
        work.tx,
        ticket.id,
        messages.NewMessage(
            direction="out",
            class_="human",
            author=work.actor.name,
            author_name=public_name(work.actor.name),
            at=work.at,
            subject="",
            text=text,
            full_text=text,
            visibility=visibility,
            channel=channel,
            message_id=f"{channel}:{id}",
            in_reply_to=answered.message_id if answered else None,
            thread=answered.thread if answered else None,
            attachments=files,
        ),
    )
    data = {
        "id": id,
        "text": text,
        "author_name": public_name(work.actor.name),
        "customer_name": answered.author_name if answered else ticket.customer.name,
        "thread": answered.thread if answered else None,
        "in_reply_to": _id_there(answered),
        "permalink": answered.permalink if answered else None,
        "visibility": visibility,
        "attachments": [{"name": f.name, "type": f.type, "sha256": f.sha256} for f in files],
    }
    to = _addressee(work, ticket, answered)
    outbound.send_by_bridge(work, ticket, channel, to, f"{channel}:{id}", n, data)
    return n


def last(work: Work, ticket: Ticket) -> Message | None:
    """The customer's last message."""
    return customer_mail.last_from_customer(customer_mail.thread(work, ticket.id))


def _visibility(ticket: Ticket, answered: Message | None) -> str:
    if answered is not None:
        return answered.visibility
    return "public" if ticket.kind == "public" else "private"


def _addressee(work: Work, ticket: Ticket, answered: Message | None) -> Identity:
    """The author of the answered message, else the ticket's customer."""
    known = customers.get(work.tx, ticket.customer.id).identities
    if answered is not None and answered.direction == "in" and answered.author != BLOT:
        return identity.parse(answered.author)
    return identity.parse(known[0])


def _id_there(answered: Message | None) -> str | None:
    """The channel's own id of a message."""
    if answered is None or answered.message_id is None:
        return None
    return answered.message_id.removeprefix(f"{answered.channel}:")
