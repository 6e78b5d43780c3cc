"""Automatic answers to mail: to an agent what their commands did, to a customer their ticket's status (G12, F-L4)."""

from collections.abc import Sequence

from msgspec import Struct, to_builtins

from ticketctl.actions.base.context import Work, email_of, public_name
from ticketctl.actions.mail import customer_mail, limits, outbound
from ticketctl.domain.base.records import Incoming, Ticket
from ticketctl.domain.base.signed_addresses import COMMENT, CONVERSATION


class CommandResult(Struct, frozen=True):
    """A command of an agent's mail, and its result."""

    command: str
    result: str
    done: bool


def transcript(
    work: Work,
    ticket: Ticket,
    incoming: Incoming,
    lines: Sequence[CommandResult],
    *,
    sent: bool = False,
    kept: bool = False,
) -> int | None:
    """Tell an agent what each of their commands did; None if they had too much automatic mail (E7).

    `sent`: their text went to the customer; `kept`: it became a comment. A reply to it becomes an internal comment.
    """
    done = all(one.done for one in lines)
    data = outbound.common(work, ticket, "", COMMENT) | {
        "template": "transcript",
        "lines": [to_builtins(one) for one in lines],
        "done": done,
        "sent": sent,
        "kept": kept,
    }
    return _to_agent(work, ticket, incoming, "notification" if done else "error", data)


def trouble(
    work: Work, ticket: Ticket, incoming: Incoming, sentence: str, *, proven: bool
) -> int | None:
    """Tell an agent why their mail was not carried out; None if they had too much automatic mail (E7).

    An unproven address (`proven` False) is told at most twice in three hours about one ticket.
    """
    data = outbound.common(work, ticket, "", COMMENT) | {"sentence": sentence}
    return _to_agent(work, ticket, incoming, "error", data, few=not proven)


def _to_agent(
    work: Work,
    ticket: Ticket,
    incoming: Incoming,
    kind: str,
    data: dict[str, object],
    *,
    few: bool = False,
) -> int | None:
    subject = f"Re: {outbound.tagged_subject(work, ticket)}"
    if not work.notify or limits.address_limit(work, incoming.author, subject if few else ""):
        return None
    mail = outbound.OutboundMail(
        kind=kind,
        to=(incoming.author,),
        subject=subject,
        data=data,
        in_reply_to=incoming.message_id,
        references=(incoming.message_id,) if incoming.message_id else (),
    )
    return outbound.send(work, ticket, mail)


def how_it_is(work: Work, incoming: Incoming, ticket: Ticket | None) -> str:
    """Tell a customer their ticket's status; without a ticket, a text that discloses nothing. "" or why not (E7)."""
    if not work.notify:
        return "notifications are off"
    why_not = limits.reached(work, incoming.author)
    if why_not:
        return why_not
    sent = _status(work, incoming, ticket) if ticket else _nothing(work, incoming)
    return "" if sent is not None else f"mail does not reach {incoming.author}"


def _status(work: Work, incoming: Incoming, ticket: Ticket) -> int | None:
    owner = email_of(work, ticket.owner) and public_name(ticket.owner or "")
    data = outbound.common(work, ticket, "", CONVERSATION) | {
        "template": "status",
        "found": True,
        "status": ticket.status,
        "awaiting": ticket.awaiting,
        "owner": owner or "",
    }
    mail = outbound.OutboundMail(
        kind="ack",
        to=(incoming.author,),
        subject=outbound.reply_subject(work, ticket),
        data=data,
        in_reply_to=incoming.message_id,
        references=customer_mail.ids(customer_mail.thread(work, ticket.id)),
    )
    return outbound.send(work, ticket, mail)


def _nothing(work: Work, incoming: Incoming) -> int | None:
    """Send the same text for a ticket that does not exist and for somebody else's (G17)."""
    data: dict[str, object] = {
        "template": "status",
        "found": False,
        "desk_name": work.definition.settings.name,
        "customer_name": "",
        "purpose": "",
    }
    box = work.definition.mailbox(incoming.mailbox) or work.definition.mailboxes[0]
    mail = outbound.OutboundMail(
        kind="ack",
        to=(incoming.author,),
        subject="Re: status",
        data=data,
        in_reply_to=incoming.message_id,
        references=(incoming.message_id,) if incoming.message_id else (),
    )
    return outbound.send_apart(work, mail, box.address)
