"""The acknowledgement of a new ticket: only for a human, only once, within the limits that stop loops (E7, E8, E14)."""

from datetime import timedelta
from typing import Any

from ticketctl.actions.base.context import Work
from ticketctl.actions.mail import outbound
from ticketctl.actions.tickets import routing
from ticketctl.clock import rfc3339
from ticketctl.domain.base.records import Incoming, Ticket
from ticketctl.domain.base.reference import CONVERSATION
from ticketctl.store.queues import recipients
from ticketctl.store.tickets import messages

# Kinds that nobody wrote by hand: together they make the daily limit of an address.
_COUNTED = ("ack", "resolution", "survey", "error")
A_DAY, AN_HOUR, SAME_SUBJECT = 40, 10, 2
_SAME_WITHIN = timedelta(minutes=180)


def wanted(incoming: Incoming) -> bool:
    """May this mail be answered by a machine at all (E14)?"""
    return (
        incoming.may_ack
        and incoming.class_ == "human"
        and not incoming.spam
        and bool(incoming.answer_to)
    )


def why_not(work: Work, incoming: Incoming) -> str:
    """Why a mail that may be acknowledged is not; "" where nothing is against it. Ask before it is filed."""
    if unheard := nobody(work, incoming.answer_to):
        return unheard
    if _known(work, incoming):
        return "this mail was acknowledged for another mailbox"
    return too_many(work, incoming.answer_to, incoming.subject) or crowd(work, incoming.answer_to)


def send(work: Work, ticket: Ticket, incoming: Incoming) -> None:
    """Queue the acknowledgement; it tells nothing that the sender did not write himself (G17).

    Of a mail that was too large it says that it could not be read.
    """
    known = (*incoming.references, *([incoming.message_id] if incoming.message_id else []))
    _queue(
        work,
        ticket,
        incoming.answer_to,
        incoming.author_name,  # not what we know, but what he wrote
        "oversize" if incoming.cut else "",
        in_reply_to=incoming.message_id,
        references=known,
        answers=incoming.blob,
    )


def by_channel(work: Work, ticket: Ticket, address: str, name: str) -> None:
    """Acknowledge a ticket that came by another way than mail, within the same limits; history says why not."""
    silent = (
        nobody(work, address) or too_many(work, address, ticket.subject) or crowd(work, address)
    )
    if silent:
        work.event(ticket.id, "ack", comment=f"none: {silent}")
    else:
        _queue(work, ticket, address, name)


def _queue(
    work: Work, ticket: Ticket, to: str, name: str, template: str = "", **answered: Any
) -> None:
    data = outbound.common(work, ticket, "", CONVERSATION) | {
        "customer_name": name,
        "received_at": rfc3339(work.at),
        **_presence(work, ticket.segment),
        "snippet": _snippet(work, ticket),
    }
    if template:
        data["template"] = template
    subject = outbound.answer_subject(work, ticket)
    letter = outbound.Letter(kind="ack", to=(to,), subject=subject, data=data, **answered)
    if outbound.send(work, ticket, letter) is None:
        work.event(ticket.id, "ack", comment=f"none: mail does not reach {to}")
    else:
        work.event(ticket.id, "ack", new=to)


def _presence(work: Work, segment: str) -> dict[str, Any]:
    """Is nobody there, and when is somebody again (F-C2)?"""
    gone = routing.out_of_hours(work, segment)
    back = gone.until if gone else None
    return {"out_of_hours": gone is not None, "back_at": rfc3339(back) if back else ""}


def _snippet(work: Work, ticket: Ticket) -> str:
    """What customers with a ticket of this type mostly want to know (F-T19)."""
    declared = work.definition.type(ticket.type)
    return declared.snippet.strip() if declared else ""


def nobody(work: Work, address: str) -> str:
    """Why nobody but ourselves would be told, or nobody may be; "" otherwise."""
    if not work.notify:
        return "notifications are off"
    if outbound.is_ours(work, address):
        return "the address is one of ours"
    if work.definition.agent_by_email(address) is not None:
        return "the sender is an agent"
    return ""


def _known(work: Work, incoming: Incoming) -> bool:
    """Did this mail come in before, by another mailbox?"""
    known = messages.known_ids(work.tx, [incoming.message_id]) if incoming.message_id else []
    return any(one.direction == "in" for one in known)


def crowd(work: Work, address: str) -> str:
    """Why nobody of the address's domain, or of anywhere, is answered by a machine just now; "" for no reason."""
    limits = work.definition.settings
    sent = recipients.answered(work.tx, work.at - timedelta(hours=1), limits.acks_per_desk)
    if len(sent) >= limits.acks_per_desk:
        return f"the desk has acknowledged {limits.acks_per_desk} mails within an hour"
    domain = address.rpartition("@")[2].lower()
    if sum(one.rpartition("@")[2] == domain for one in sent) >= limits.acks_per_domain:
        return f"{limits.acks_per_domain} mails of {domain} were acknowledged within an hour"
    return ""


def too_many(work: Work, address: str, subject: str = "") -> str:
    """Why an address gets no more mail that a machine wrote (E7); "" where it may. `subject` "": the same may do."""
    day = work.at - timedelta(days=1)
    sent = recipients.automatic_mails(work.tx, address, _COUNTED, day, A_DAY)
    if len(sent) >= A_DAY:
        return f"{A_DAY} automatic mails went to this address within a day"
    if sum(at > work.at - timedelta(hours=1) for at, _ in sent) >= AN_HOUR:
        return f"{AN_HOUR} automatic mails went to this address within an hour"
    name = work.definition.settings.name
    wanted = outbound.bare_subject(name, subject)
    recent = [outbound.bare_subject(name, one) for at, one in sent if at > work.at - _SAME_WITHIN]
    if subject and recent.count(wanted) >= SAME_SUBJECT:
        return f"{SAME_SUBJECT} mails of this subject were acknowledged within three hours"
    return ""
