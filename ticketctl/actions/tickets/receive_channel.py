"""Files messages from channels other than mail, as another program hands them over (F-L1, F-T4).

A message joins the ticket of its thread, or of the message it answers; if the definition says so, also a running ticket
that the same customer has on another channel (F-L8). Every other message opens a ticket.
"""

from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from ticketctl.actions.base import checks, custom_fields, types
from ticketctl.actions.base.context import Work
from ticketctl.actions.mail import notifications, outgoing_attachments  # fmt: skip
from ticketctl.actions.tickets import (
    ack,
    channel_ids,
    channel_matching,
    channel_messages,
    consequences,
    edit,
    link,
    receive_mail,
    reopen_window,
    reply,
)
from ticketctl.actions.tickets.open_ticket import NO_SUBJECT
from ticketctl.domain.base import status
from ticketctl.domain.base.identity import EMAIL, Identity
from ticketctl.domain.base.reasons import Reason, reason
from ticketctl.domain.base.records import CHANNELS, Actor, Customer, Participant, Ticket
from ticketctl.domain.base.redact import BLOT
from ticketctl.domain.formats import transcript
from ticketctl.domain.formats.transcript import ChatMessage
from ticketctl.errors import NotFound, Refused
from ticketctl.safe import header_value
from ticketctl.store.people import customers
from ticketctl.store.tickets import mail_ids, tickets

LONGEST_SUBJECT = 80  # of a subject taken from the text


class Contact(Struct, frozen=True, kw_only=True):
    """A message from a channel. If `said.direction` is "out", the agent `said.author` answered there."""

    channel: str
    said: ChatMessage
    who: Identity | None = None  # the customer; None: the customer of its thread's ticket
    id: str = ""  # the channel's id of this message …
    thread: str = ""  # … of its thread …
    in_reply_to: str = ""  # … and of the message it answers
    subject: str = ""
    visibility: str = "private"
    permalink: str | None = None
    mailbox: str = ""  # an address of ours; "": the segment's, or the first
    segment: str = ""  # "": the mailbox's
    type: str | None = None
    tags: tuple[str, ...] = ()
    fields: dict[str, Any] = {}
    language: str | None = None
    attachments: tuple[outgoing_attachments.NewAttachment, ...] = ()
    spam: bool = False


class ReceivedMessage(Struct, frozen=True):
    """What a message became (new, reply, follow-up or spam), where it is, and why."""

    verdict: str
    ticket: int
    message: int
    reasons: tuple[Reason, ...] = ()


def receive(work: Work, contact: Contact) -> ReceivedMessage:
    """File a message. BadInput, NotFound or Refused if it cannot be filed; the caller rolls back."""
    box, segment = _place(work, contact)
    work = _as_agent(work, contact)
    home = ticket_of_thread(work, contact)
    ours = contact.said.direction == transcript.OUT
    if home and (ours or reopen_window.may_join(work, home)):
        why = reason("same-conversation", ticket=home.id)
        return _join(work, home, contact, why)
    customer = _customer(work, contact)
    running, related = _elsewhere(work, customer, contact) if not (ours or home) else (None, None)
    if running:
        why = reason("joins-other-channel", ticket=running.id, channel=running.channel)
        return _join(work, running, contact, why)
    number, n = _open(work, contact, customer, box, segment)
    if home:
        link.relate(work, number, "follows", home.id)
    elif related:
        link.relate(work, number, "related", related.id)
    _after_opening(work, number, n, contact, related)
    verdict = "spam" if contact.spam else "follow-up" if home else "new"
    return ReceivedMessage(verdict, number, n)


def _elsewhere(
    work: Work, customer: Customer, contact: Contact
) -> tuple[Ticket | None, Ticket | None]:
    if contact.spam or contact.who is None:
        return None, None
    return channel_matching.running(
        work, customer.id, contact.who, contact.channel, contact.subject
    )


def _place(work: Work, contact: Contact) -> tuple[str, str]:
    """Its mailbox ("" if the segment has none) and segment; refused before anything is written."""
    checks.require_one_of(contact.channel, CHANNELS, "channel")
    checks.require_one_of(contact.visibility, ("public", "private"), "visibility")
    boxes = work.definition.mailboxes
    if contact.mailbox:
        box = work.definition.mailbox(contact.mailbox)
        if box is None:
            raise NotFound(f'no mailbox "{contact.mailbox}".')
        boxes = (box,)
    elif contact.segment:
        boxes = tuple(one for one in boxes if one.segment == contact.segment)
    if contact.type:
        types.check(work, contact.type)
    segment = contact.segment or boxes[0].segment
    if work.definition.segment(segment) is None:
        raise NotFound(f'no segment "{segment}".')
    return (boxes[0].address if boxes else ""), segment


def _as_agent(work: Work, contact: Contact) -> Work:
    """Act as the agent who gave an answer elsewhere."""
    name = contact.said.author
    if contact.said.direction != transcript.OUT or not name:
        return work
    agent = work.definition.agent(name)
    if agent is None:
        raise NotFound(f'no agent "{name}".')
    return replace(work, actor=Actor(agent.name, role=agent.role))


def ticket_of_thread(work: Work, contact: Contact) -> Ticket | None:
    """The ticket of the message's thread, or of the message it answers, following merges."""
    names = channel_ids.conversation(contact.channel, contact.in_reply_to, contact.thread)
    known = mail_ids.known(work.tx, names)
    if not known:
        return None
    return tickets.get(work.tx, tickets.final(work.tx, known[0].ticket), lock=True)


def _customer(work: Work, contact: Contact) -> Customer:
    if contact.who is None:
        raise Refused("it names no customer and belongs to no known conversation.")
    return customers.find_or_create_by(
        work.tx,
        contact.who.kind,
        contact.who.value,
        name=contact.said.name if contact.said.direction != transcript.OUT else "",
        language=contact.language,
        at=work.at,
    )


def _join(work: Work, ticket: Ticket, contact: Contact, why: Reason) -> ReceivedMessage:
    n = _say(work, ticket.id, contact, _known_as(work, ticket, contact))
    if contact.said.direction == transcript.OUT:
        _record_answer(work, ticket, contact, n)
    else:
        work.event(ticket.id, "message", field="message", new=n, comment=f"by {contact.channel}")
        _add_participant(work, ticket, contact)
        author, address = _author(contact, ticket)
        receive_mail.follow_up(
            work, ticket, n, author=author, author_address=address, text=contact.said.text,
            answerable=_answerable(work, contact),
        )  # fmt: skip
    return ReceivedMessage("reply", ticket.id, n, (why,))


def _known_as(work: Work, ticket: Ticket, contact: Contact) -> Identity:
    """The author's identity: the given one, else the ticket's customer, who may be erased."""
    if contact.who:
        return contact.who
    known = customers.get(work.tx, ticket.customer.id).identities
    kind, _, value = known[0].partition(":") if known else (EMAIL, "", BLOT)
    return Identity(kind, value)


def _add_participant(work: Work, ticket: Ticket, contact: Contact) -> None:
    """Add another writer in the thread as a participant who gets no mail (F-A32)."""
    who = contact.who
    if who is None:
        return
    known = customers.by_identity(work.tx, who.kind, who.value)
    if known is None or known.id != ticket.customer.id:
        one = Participant(channel_messages.author(who), header_value(contact.said.name), "mailed")
        tickets.add_participant(work.tx, ticket.id, one)


def _open(
    work: Work, contact: Contact, customer: Customer, box: str, segment: str
) -> tuple[int, int]:
    number = tickets.create(
        work.tx,
        tickets.NewTicket(
            subject=header_value(contact.subject) or _from_text(contact.said.text),
            status=status.SPAM if contact.spam else status.NEW,
            priority="medium",
            channel=contact.channel,
            mailbox=box,
            segment=segment,
            customer_id=customer.id,
            at=work.at,
            type=contact.type,
            language=contact.language or customer.language,
            kind=contact.visibility,
            fields={
                name: custom_fields.value(work.definition, name, v)
                for name, v in contact.fields.items()
            },
            tags=[edit.tag(one) for one in contact.tags],
        ),
    )
    work.event(number, "created", comment=f"by {contact.channel}")
    assert contact.who is not None
    return number, _say(work, number, contact, contact.who)


def _after_opening(
    work: Work, number: int, n: int, contact: Contact, related: Ticket | None
) -> None:
    """Run the consequences of a new ticket, notify the team, and acknowledge it.

    The owner of a `related` ticket is notified too, and all are told how to join the two (F-L8).
    """
    if contact.said.direction == transcript.OUT:
        _record_answer(work, consequences.on_opened(work, number, None), contact, n)
        return
    ticket = consequences.on_opened(work, number, n, answerable=_answerable(work, contact))
    if contact.spam:
        return
    author, address = _author(contact, ticket)
    names = notifications.team(work, ticket, managers=False)
    hints, besides = channel_matching.join_hints(ticket, related)
    notifications.tell(
        work, ticket, "new", (*names, *besides), author=author, author_address=address,
        text=contact.said.text, message=n, hints=hints,
    )  # fmt: skip
    mail = contact.who.value if contact.who and contact.who.kind == EMAIL else ""
    ack.by_channel(work, ticket, mail, contact.said.name)


def _record_answer(work: Work, ticket: Ticket, contact: Contact, n: int) -> None:
    """Record an answer that was given elsewhere; the customer has it already."""
    work.event(ticket.id, "replied", field="message", new=n, comment=f"by {contact.channel}")
    reply.after_answer(work, ticket)
    consequences.on_updated(work, ticket.id)


def _say(work: Work, number: int, contact: Contact, who: Identity) -> int:
    """File the message, and remember its thread; its number."""
    n = channel_messages.file(
        work,
        number,
        contact.said,
        who,
        channel=contact.channel,
        subject=contact.subject,
        visibility=contact.visibility,
        permalink=contact.permalink,
        message_id=message_id(contact),
        in_reply_to=channel_ids.message(contact.channel, contact.in_reply_to),
        thread=contact.thread or None,
        attachments=outgoing_attachments.keep(work, contact.attachments),
    )
    if name := channel_ids.thread(contact.channel, contact.thread):
        mail_ids.remember(work.tx, name, number, None, transcript.IN, work.at)
    return n


def message_id(contact: Contact) -> str | None:
    """The channel's id of the message, as stored: `chat:17`; None if it has none."""
    return channel_ids.message(contact.channel, contact.id)


def names(contact: Contact) -> tuple[str, ...]:
    """The lock names of a message: itself, its thread, its author. Two filings with a common name take turns."""
    found = (
        message_id(contact),
        channel_ids.message(contact.channel, contact.in_reply_to),
        channel_ids.thread(contact.channel, contact.thread),
    )
    who = str(contact.who) if contact.who else None
    return tuple(name for name in (*found, who) if name)


def _answerable(work: Work, contact: Contact) -> bool:
    """May a rule reply to it? Only through a bridge; who did not write mail gets none from a rule."""
    return work.definition.channel(contact.channel) is not None


def _author(contact: Contact, ticket: Ticket) -> tuple[str, str]:
    """The author for a notification: a name, and an address or ""."""
    who = contact.who
    named = contact.said.name or (channel_messages.author(who) if who else ticket.customer.name)
    return named, who.value if who and who.kind == EMAIL else ""


def _from_text(text: str) -> str:
    """A subject made from the first line of the text, cut at a word."""
    first = header_value(text.strip().partition("\n")[0])
    if len(first) <= LONGEST_SUBJECT:
        return first or NO_SUBJECT
    return first[:LONGEST_SUBJECT].rpartition(" ")[0].rstrip() + " …"
