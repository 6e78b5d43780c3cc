"""Every outgoing mail passes `send`, which keeps internal data and internal mail away from customers.

Mail for customers may contain public data only; mail for agents and experts may not go to a customer.
"""

import os
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct

from ticketctl.actions.base.context import Work
from ticketctl.domain.base import signed_addresses
from ticketctl.domain.base.addresses import address_key
from ticketctl.domain.base.names import first_name_first
from ticketctl.domain.base.records import Ticket
from ticketctl.domain.base.subject import bare_subject, subject_tag
from ticketctl.domain.definition.mailbox_addresses import Directory
from ticketctl.errors import Refused
from ticketctl.safe import header_value
from ticketctl.store.queues import outbox, recipients
from ticketctl.store.tickets import mail_ids

FOR_CUSTOMERS = frozenset({"ack", "reply", "resolution", "survey"})
AUTOMATIC = frozenset({"ack", "resolution", "survey"})  # not written by an agent
OUTSIDE = FOR_CUSTOMERS | {"escalation"}  # delayed by `Work.delay`
INTERNAL = frozenset({"notification", "escalation", "error"})

# The data that a customer's mail may use: nothing internal (L8, G17).
_PUBLIC = frozenset(
    (
        *("desk_name", "ticket", "ticket_subject", "customer_name", "agent_name", "text", "tag"),
        *("purpose", "received_at", "quote", "attachments"),
        *("out_of_hours", "back_at", "snippet", "answer_by", "timezone"),
    )
)

# The further data of an answer to "what is the status?", and of a notice of a status (F-L4).
_STATUS = frozenset(
    ("template", "found", "status", "awaiting", "owner", "notice", "until", "awaited")
)

# The further data of a survey; its name is only signed, never shown.
_SURVEY = frozenset(("survey", "lowest", "highest", "grades", "off_scale"))

# The data of an answer on another channel.
_BY_BRIDGE = frozenset(
    (
        *("id", "template", "automatic", "text", "author_name", "customer_name", "thread"),
        *("in_reply_to", "permalink", "visibility", "attachments"),
    )
)

_BESIDES = {"ack": _STATUS, "survey": _SURVEY}

REFERENCES = 20  # ids (L3)
_REFERENCES_OCTETS = 1500


class OutboundMail(Struct, frozen=True, kw_only=True):
    """A mail to send about a ticket."""

    kind: str
    to: Sequence[str]
    subject: str
    data: dict[str, Any]
    cc: Sequence[str] = ()
    bcc: Sequence[str] = ()
    message: int | None = None  # n of the outgoing message it delivers
    message_id: str | None = None  # one that is stored already
    in_reply_to: str | None = None
    references: Sequence[str] = ()  # known ids, oldest first
    answers: str | None = None  # sha256 of the raw mail it answers, for the thread headers (D17)
    not_before: datetime | None = None


def send(
    work: Work, ticket: Ticket, mail: OutboundMail, outside: frozenset[str] | None = None
) -> int | None:
    """Queue a mail and return its outbox id; None if nobody is left to send it to.

    Refused for internal mail to a customer. Our own and duplicate addresses are left out (L16).
    `outside`: the result of `outsiders`, if the caller has it already.
    """
    to, cc, bcc = addressed(work, mail)
    if not to + cc + bcc:
        return None
    _guard(work, ticket, mail, {address_key(one) for one in to + cc + bcc}, outside)
    identifier = mail.message_id or new_id(work, ticket.id)
    if mail.message_id is None:
        mail_ids.remember(work.tx, identifier, ticket.id, mail.message, "out", work.at)
    return outbox.queue(
        work.tx,
        outbox.NewMail(
            kind=mail.kind,
            ticket=ticket.id,
            message=mail.message,
            mailbox=mailbox(work, ticket),
            to=to,
            cc=cc,
            bcc=bcc,
            subject=header_value(mail.subject),
            message_id=identifier,
            in_reply_to=mail.in_reply_to,
            references=references(work, ticket.id, mail.references, mail.in_reply_to),
            language=_language(work, ticket, mail.kind),
            data=mail.data | ({"answers": mail.answers} if mail.answers else {}),
            at=work.at,
            not_before=mail.not_before or (work.not_before if mail.kind in OUTSIDE else None),
            group=work.group,
        ),
    )


def send_by_bridge(work: Work, ticket: Ticket, channel: str, mail: OutboundMail) -> int:
    """Queue an answer to a customer for the bridge of another channel; its outbox id.

    `mail` has one recipient, and a `message_id` of that channel, which leads to the ticket from now on.
    """
    allowed = _BY_BRIDGE | (_may_have(mail.kind) if mail.kind in AUTOMATIC else frozenset())
    if inside := mail.data.keys() - allowed:
        raise Refused(f"{', '.join(sorted(inside))} may not be in an answer to a customer.")
    assert mail.message_id
    if mail.message is None:
        mail_ids.remember(work.tx, mail.message_id, ticket.id, None, "out", work.at)
    return outbox.queue(
        work.tx,
        outbox.NewMail(
            kind=mail.kind,
            channel=channel,
            ticket=ticket.id,
            message=mail.message,
            mailbox=mailbox(work, ticket),
            to=tuple(mail.to),
            subject=header_value(ticket.subject),
            message_id=mail.message_id,
            language=_language(work, ticket, mail.kind),
            data=mail.data,
            at=work.at,
            not_before=work.not_before,
            group=work.group,
        ),
    )


def reaches(work: Work, mail: OutboundMail) -> bool:
    """Would anybody get this mail?"""
    return any(addressed(work, mail))


def send_apart(work: Work, mail: OutboundMail, box: str) -> int | None:
    """Queue an automatic answer about no ticket, sent from the mailbox `box`; None if nobody is left to send it to."""
    dead = recipients.undeliverable(work.tx, [address_key(one) for one in mail.to])
    to = _recipients(work, mail.to, set(dead))
    return _queue_apart(work, mail, to, box, work.definition.settings.language) if to else None


def send_report(work: Work, mail: OutboundMail) -> int:
    """Queue a report, which is about no ticket and may go to anybody, sent from the first mailbox.

    Refused if all addresses are our own mailboxes.
    """
    to = _recipients(work, mail.to, set())
    if not to:
        raise Refused("a report cannot be sent to the desk's own mailboxes.")
    return _queue_apart(work, mail, to, work.definition.mailboxes[0].address, "en")


def _queue_apart(work: Work, mail: OutboundMail, to: Sequence[str], box: str, language: str) -> int:
    return outbox.queue(
        work.tx,
        outbox.NewMail(
            kind=mail.kind,
            mailbox=box,
            to=to,
            subject=header_value(mail.subject),
            message_id=f"<{os.urandom(16).hex()}@{work.definition.settings.domain}>",
            in_reply_to=mail.in_reply_to,
            references=tuple(_up_to(mail.references, mail.in_reply_to))[-REFERENCES:],
            language=language,
            data=mail.data,
            at=work.at,
            group=work.group,
        ),
    )


def common(work: Work, ticket: Ticket, text: str, purpose: str) -> dict[str, Any]:
    """The data that every mail template gets; public only."""
    return {
        "desk_name": work.definition.settings.name,
        "ticket": ticket.id,
        "ticket_subject": ticket.subject,
        "customer_name": first_name_first(ticket.customer.name, ticket.customer.email),
        "agent_name": "",
        "text": text,
        "tag": subject_tag(work.definition.settings.name, ticket.id),
        "purpose": purpose,
    }


def new_id(work: Work, ticket_id: int) -> str:
    """A new Message-ID of ours for a mail about a ticket (L2)."""
    return signed_addresses.message_id(
        work.key, work.definition.settings.domain, ticket_id, os.urandom(8).hex()
    )


def reply_subject(work: Work, ticket: Ticket) -> str:
    """`Re: [Help #12] Printer is broken`: one prefix, one tag (L5)."""
    return f"Re: {tagged_subject(work, ticket)}"


def tagged_subject(work: Work, ticket: Ticket) -> str:
    """`[Help #12] Printer is broken`."""
    name = work.definition.settings.name
    return f"{subject_tag(name, ticket.id)} {bare_subject(name, ticket.subject)}"


def references(
    work: Work, ticket_id: int, ids: Sequence[str], parent: str | None = None
) -> tuple[str, ...]:
    """The ticket's own id, then known ids, oldest first, up to the parent. Too long a list loses its middle (L3)."""
    own = f"<ticket.{ticket_id}@{work.definition.settings.domain}>"
    chain = list(dict.fromkeys([own, *_up_to(ids, parent)]))
    while len(chain) > 3 and (
        len(chain) > REFERENCES or sum(len(one.encode()) + 1 for one in chain) > _REFERENCES_OCTETS
    ):
        del chain[2]
    return tuple(chain)


def _up_to(ids: Sequence[str], parent: str | None) -> Sequence[str]:
    """The ids before the parent, then the parent: it is always the last of References (RFC 5322 3.6.4)."""
    if parent is None:
        return ids
    return [*(ids[: ids.index(parent)] if parent in ids else ids), parent]


def mailbox(work: Work, ticket: Ticket) -> str:
    """The mailbox that sends mail about a ticket: its own, else its segment's, else the first."""
    boxes = work.definition.mailboxes
    own = work.definition.mailbox(ticket.mailbox)
    of_segment = next((box for box in boxes if box.segment == ticket.segment), boxes[0])
    return (own or of_segment).address


def outsiders(work: Work, ticket: Ticket) -> frozenset[str]:
    """The addresses on a ticket's customer side: the customer's, and everybody in copy."""
    return recipients.customer_side(work.tx, ticket.id) | {address_key(ticket.customer.email)}


def is_ours(work: Work, address: str) -> bool:
    """Would mail to this address come back to us (E8)?

    True for mailboxes and aliases, with or without detail, the bounce address, and postmaster and abuse of our
    domains, unless an agent has that address.
    """
    if work.definition.mailbox(address) is not None:
        return True
    if work.definition.agent_by_email(address) is not None:
        return False
    return Directory(work.definition, work.bounces).route(address) is not None


def addressed(work: Work, mail: OutboundMail) -> list[tuple[str, ...]]:
    """The recipients in To, Cc and Bcc; each address once, none of ours."""
    seen: set[str] = set()
    if mail.kind in AUTOMATIC:
        seen |= recipients.undeliverable(work.tx, [address_key(one) for one in mail.to])
    return [_recipients(work, part, seen) for part in (mail.to, mail.cc, mail.bcc)]


def _recipients(work: Work, addresses: Iterable[str], seen: set[str]) -> tuple[str, ...]:
    kept = []
    for address in addresses:
        clean = header_value(address)
        if clean and address_key(clean) not in seen and not is_ours(work, clean):
            seen.add(address_key(clean))
            kept.append(clean)
    return tuple(kept)


def _guard(
    work: Work,
    ticket: Ticket,
    mail: OutboundMail,
    recipients: set[str],
    outside: frozenset[str] | None,
) -> None:
    if mail.kind in FOR_CUSTOMERS:
        if inside := mail.data.keys() - _may_have(mail.kind):
            raise Refused(f"{', '.join(sorted(inside))} may not be in mail to a customer.")
    elif mail.kind not in INTERNAL:
        raise Refused(f"no mail of kind {mail.kind} leaves here.")
    elif told := sorted((outsiders(work, ticket) if outside is None else outside) & recipients):
        raise Refused(
            f"{told[0]} is on the customer's side of ticket {ticket.id}: internal mail may not go there."
        )


def _may_have(kind: str) -> frozenset[str]:
    """The data that mail of this kind to a customer may have."""
    return _PUBLIC | _BESIDES.get(kind, frozenset())


def _language(work: Work, ticket: Ticket, kind: str) -> str:
    own = work.definition.settings.language
    return (ticket.language or own) if kind in FOR_CUSTOMERS else own
