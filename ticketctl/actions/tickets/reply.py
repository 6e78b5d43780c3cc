"""Replies to the customer: a public message of the ticket, sent by mail (F-C8, F-A28) or on its channel (F-L7)."""

from collections import Counter
from collections.abc import Sequence

from msgspec import Struct

from ticketctl.actions.base import checks, permission, transitions
from ticketctl.actions.base.context import Work, public_name
from ticketctl.actions.base.load import load_for_update
from ticketctl.actions.mail import (
    channel_answer,
    customer_mail,
    notifications,
    outbound,
    outgoing_attachments,
    participants,
)
from ticketctl.actions.tickets import consequences, ending
from ticketctl.clock import rfc3339
from ticketctl.domain.base import status
from ticketctl.domain.base.addresses import address_key
from ticketctl.domain.base.blank import is_blank
from ticketctl.domain.base.records import Attachment, Message, Participant, Ticket
from ticketctl.domain.base.signed_addresses import CONVERSATION
from ticketctl.domain.definition.definition import Channel
from ticketctl.errors import Refused
from ticketctl.store.people import customers
from ticketctl.store.tickets import messages, tickets

_ENDS = {status.RESOLVED: "resolve", status.CLOSED: "close"}

_QUOTED_LINES, _QUOTED_CHARACTERS = 40, 4_000  # of the quoted message


class Extras(Struct, frozen=True, kw_only=True):
    """Options of a reply besides its text."""

    to_message: int | None = None  # n of the message to answer
    quotes: bool = True  # quote it below the text; False where the text does that itself
    cc: Sequence[str] = ()  # more people, in copy from now on
    bcc: Sequence[str] = ()
    no_cc: bool = False  # leave out the present copies
    by_mail: bool = False  # even if a bridge answers the ticket's channel
    status: str | None = None  # open, waiting, resolved or closed
    attachments: Sequence[outgoing_attachments.NewAttachment] = ()
    comment: str = ""  # the comment in history
    force: bool = False  # end it although another ticket blocks it
    blob: str | None = None  # sha256 of the agent's raw mail


PLAIN = Extras()


def reply(
    work: Work,
    ticket_id: int,
    text: str,
    extras: Extras = PLAIN,
    *,
    if_version: int | None = None,
) -> int:
    """Reply to the customer and return the message's number; what goes out is in the outbox.

    The answer to a message of another channel goes out through its bridge, if it has one.

    Refused without text or address, and for spam; Conflict if the ticket is no longer of version `if_version`: then
    nothing is sent.
    """
    if is_blank(text):
        raise Refused('a reply needs text: give -m "…".')
    ticket = load_for_update(work, ticket_id, if_version)
    may_answer(work, ticket, by_mail=extras.by_mail)
    _check(extras)
    permission.require_addresses(work, ticket, (*extras.cc, *extras.bcc))
    n, way = _send(work, ticket, text, extras)
    work.event(ticket.id, "replied", field="message", new=n, comment=extras.comment or way)
    after_answer(work, ticket, extras.status, force=extras.force)
    _tell_owner(work, ticket, text)
    consequences.on_updated(work, ticket_id)
    return n


def _send(work: Work, ticket: Ticket, text: str, extras: Extras) -> tuple[int, str]:
    """File the answer as a message, and queue what delivers it; its number, and how it goes if not by mail."""
    known = _thread(work, ticket.id, extras.to_message)
    answered = _answered(known, extras)
    files = outgoing_attachments.keep(work, extras.attachments)
    text = _with_places(text, files)
    bridge = _bridge(work, ticket, extras, answered)
    if bridge is None:
        return _send_mail(work, ticket, text, extras, known, answered, files), ""
    if extras.cc or extras.bcc:
        raise Refused(
            f"copies go by mail, and this answer goes out by {bridge.name}: leave them out, or add --mail."
        )
    return channel_answer.send(work, ticket, text, answered, files), f"by {bridge.name}"


def _bridge(work: Work, ticket: Ticket, extras: Extras, answered: Message | None) -> Channel | None:
    return None if extras.by_mail else channel_answer.bridge(work, ticket, answered)


def _send_mail(
    work: Work,
    ticket: Ticket,
    text: str,
    extras: Extras,
    known: list[Message],
    answered: Message | None,
    files: Sequence[Attachment],
) -> int:
    identifier = outbound.new_id(work, ticket.id)
    n = customer_mail.words(work, ticket, text, identifier, answered, files)
    to, cc = _recipients(work, ticket, extras, answered)
    mail = outbound.OutboundMail(
        kind="reply",
        to=to,
        cc=cc,
        bcc=extras.bcc,
        subject=outbound.reply_subject(work, ticket),
        data=_data(work, ticket, text, _quoted(answered, extras), files),
        message=n,
        message_id=identifier,
        in_reply_to=customer_mail.mail_id(answered),
        references=customer_mail.ids(known),
        answers=answered.blob if answered else None,
    )
    if outbound.send(work, ticket, mail) is None:
        raise Refused(f"nobody to write to: {ticket.customer.email} is an address of the desk.")
    _join(work, ticket, extras)
    return n


def recipients(work: Work, ticket: Ticket, extras: Extras) -> list[tuple[str, ...]]:
    """To, Cc and Bcc of a reply to be written; through a bridge it has one recipient, named with the channel."""
    answered = _answered(_thread(work, ticket.id, extras.to_message), extras)
    if _bridge(work, ticket, extras, answered):
        return [(channel_answer.recipient(work, ticket, answered),), (), ()]
    to, cc = _recipients(work, ticket, extras, answered)
    mail = outbound.OutboundMail(kind="reply", to=to, cc=cc, bcc=extras.bcc, subject="", data={})
    return outbound.addressed(work, mail)


def quote(one: Message) -> dict[str, object]:
    """A message as the templates quote it."""
    return {
        "author": one.author_name or one.author,
        "at": rfc3339(one.at),
        "text": _excerpt(one.text),
    }


def names(work: Work, ticket_id: int) -> tuple[str | None, dict[str, object]]:
    """The customer's language, and the variables of a canned reply about a ticket: public data only (L15)."""
    ticket = tickets.get(work.tx, ticket_id)
    data = outbound.common(work, ticket, "", "") | {"agent_name": public_name(work.actor.name)}
    return ticket.language, data


def may_answer(work: Work, ticket: Ticket, *, by_mail: bool = False) -> None:
    """Refused if there is nobody to write to, and for spam."""
    if ticket.status == status.SPAM:
        raise Refused(f"ticket {ticket.id} is spam: `ticketctl unspam {ticket.id}` first.")
    who = next(iter(customers.get(work.tx, ticket.customer.id).identities), "")
    bridge = None if by_mail else channel_answer.bridge_of_last(work, ticket)
    if not who and not customer_mail.answer_address(work, ticket):
        raise Refused(f"ticket {ticket.id}'s customer was erased, so there is nobody to answer.")
    if bridge is None and not customer_mail.answer_address(work, ticket):
        raise Refused(
            f"ticket {ticket.id} came by {ticket.channel}, and {who} has no e-mail address: answer there and "
            f"note it with `ticketctl comment {ticket.id}`, or `ticketctl customer link {who} ADDRESS` first."
        )


def _check(extras: Extras) -> None:
    if extras.status is not None:
        checks.require_one_of(
            extras.status, (*_ENDS, status.OPEN, status.WAITING), "status after a reply"
        )
    for address in (*extras.cc, *extras.bcc):
        checks.mail_address(address)


def _thread(work: Work, ticket_id: int, to_message: int | None) -> list[Message]:
    """The messages for References; up to `to_message` if one is answered (F-A28)."""
    if to_message is None:
        return customer_mail.thread(work, ticket_id)
    answered = messages.get(work.tx, ticket_id, to_message)
    return [one for one in customer_mail.thread(work, ticket_id) if one.n < answered.n] + [answered]


def _answered(known: list[Message], extras: Extras) -> Message | None:
    return known[-1] if extras.to_message else customer_mail.last_from_customer(known)


def _quoted(answered: Message | None, extras: Extras) -> Message | None:
    return answered if extras.to_message and extras.quotes else None


def _recipients(
    work: Work, ticket: Ticket, extras: Extras, answered: Message | None
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """To and Cc: the requester, preceded by the author of the message that is answered (F-A28)."""
    people = tickets.participants(work.tx, ticket.id)
    copies = () if extras.no_cc else tuple(one.address for one in people if one.role == "cc")
    requester = customer_mail.answer_address(work, ticket)
    writer = answered.author if extras.to_message and answered else ""
    if any(one.address == writer and one.role == "cc" for one in people):
        return (writer,), (requester, *copies, *extras.cc)
    return (requester,), (*copies, *extras.cc)


def _data(
    work: Work, ticket: Ticket, text: str, quoted: Message | None, files: Sequence[Attachment]
) -> dict[str, object]:
    data = outbound.common(work, ticket, text, CONVERSATION)
    data["agent_name"] = public_name(work.actor.name)
    data["attachments"] = [
        {"name": f.name, "type": f.type, "sha256": f.sha256, "inline": f.inline} for f in files
    ]
    if quoted is not None:
        data["quote"] = quote(quoted)
    return data


def _with_places(text: str, files: Sequence[Attachment]) -> str:
    """The text with a place `[name]` for every inline image; at the end if the agent named none."""
    places = Counter(f"[{one.name}]" for one in files if one.inline)
    missing = [place for place, n in places.items() for _ in range(n - text.count(place))]
    return "\n\n".join([text.rstrip(), *missing]) if missing else text


def _excerpt(text: str) -> str:
    """The beginning of a long message."""
    lines = text.strip("\n")[:_QUOTED_CHARACTERS].split("\n")[:_QUOTED_LINES]
    short = "\n".join(lines)
    return short if len(short) == len(text.strip("\n")) else f"{short.rstrip()}\n[…]"


def _join(work: Work, ticket: Ticket, extras: Extras) -> None:
    """Add the recipients as participants; people in copy stay in copy."""
    for role, addresses in (("cc", extras.cc), ("mailed", extras.bcc)):
        for address in addresses:
            who = Participant(address_key(address), "", role)
            if not participants.is_inside(work, address) and tickets.add_participant(
                work.tx, ticket.id, who
            ):
                work.event(ticket.id, "participant", field=role, new=who.address)


def after_answer(
    work: Work, ticket: Ticket, wish: str | None = None, *, force: bool = False
) -> None:
    """Update a ticket after an answer to the customer on any channel; `wish` is the status from `Extras`."""
    if ticket.first_reply_at is None and not work.automatic:
        tickets.change(work.tx, ticket.id, at=work.at, first_reply_at=work.at)
    if wish in _ENDS:
        ending.end(work, ticket, _ENDS[wish], "with a reply", told=True, force=force)
        return
    if wish == status.WAITING:
        transitions.step(work, ticket, "wait", "status", "with a reply")
        return
    new = status.after_reply(ticket.status) if wish is None else status.after("open", ticket.status)
    if new != ticket.status:
        transitions.set_status(work, ticket, new, "status", "with a reply", awaiting="customer")
    elif ticket.status in status.ACTIVE:
        tickets.change(work.tx, ticket.id, at=work.at, awaiting="customer")


def _tell_owner(work: Work, ticket: Ticket, text: str) -> None:
    """Notify owner and watchers when the mail goes to the customer, so that an undone reply is never announced."""
    owner = (ticket.owner,) if ticket.owner else ()
    names = (*owner, *notifications.watching(work, ticket))
    author = work.actor.name
    notifications.tell(
        work, ticket, "reply", names, author=author, text=text, not_before=work.not_before
    )
