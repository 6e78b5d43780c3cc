"""Opens tickets, from mail or by hand."""

from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from ticketctl.actions.base import checks, custom_fields, types
from ticketctl.actions.base.context import Work
from ticketctl.actions.mail import filing, notifications, outgoing_attachments, participants
from ticketctl.actions.tickets import (
    ack,
    channel_matching,
    channel_messages,
    consequences,
    contact_form,
    edit,
)
from ticketctl.actions.tickets.link import relate
from ticketctl.domain.base import identity, status
from ticketctl.domain.base.blank import is_blank
from ticketctl.domain.base.identity import Identity
from ticketctl.domain.base.records import CHANNELS, PRIORITIES, Incoming, Ticket
from ticketctl.domain.base.subject import bare_subject, without_tags
from ticketctl.domain.definition.definition import Mailbox
from ticketctl.domain.formats import transcript
from ticketctl.errors import NotFound, Refused
from ticketctl.safe import header_value
from ticketctl.store.people import customers
from ticketctl.store.tickets import messages, tickets

NO_SUBJECT = "(no subject)"


_ON_RECORD = status.ENDED | {status.SPAM}


class Draft(Struct, frozen=True, kw_only=True):
    """A ticket entered by hand; `comment` says why (F-Q30), `text` is the customer's message.

    `said` instead is a whole chat (F-C2); `acknowledge`: tell the customer the ticket number.
    """

    customer: str  # an identity as people type it: an address, a phone number, twitter:@ana
    subject: str
    comment: str
    customer_name: str = ""
    text: str = ""
    said: tuple[transcript.ChatMessage, ...] = ()
    acknowledge: bool = False
    priority: str = "medium"
    status: str = status.NEW
    segment: str = ""
    owner: str | None = None
    channel: str = "manual"
    type: str | None = None
    tags: tuple[str, ...] = ()
    important: bool = False
    kind: str = "private"
    permalink: str | None = None
    language: str | None = None
    fields: dict[str, Any] = {}
    attachments: tuple[outgoing_attachments.NewAttachment, ...] = ()


class _Made(Struct, frozen=True):
    """The ticket of a mail, the problems of its contact form, and whether mail to its author is known to fail."""

    ticket: Ticket
    problems: tuple[str, ...]
    undeliverable: bool


def from_mail(
    work: Work, incoming: Incoming, *, link: tuple[str, int] | None = None
) -> tuple[int, int]:
    """Open a ticket from a mail; its number and the message's. `link`: to which ticket it is linked, and how.

    A human who may be answered gets an acknowledgement; the owner or the segment's agents are notified.
    """
    box = work.definition.mailbox(incoming.mailbox) or work.definition.mailboxes[0]
    silent = ack.why_not(work, incoming) if ack.wanted(incoming) else ""
    made = _create(work, incoming, box, linked=link is not None)
    number = made.ticket.id
    n = filing.file_first(work, number, incoming, undeliverable=made.undeliverable)
    notes = [*incoming.notes, *made.problems, *([f"not acknowledged: {silent}"] if silent else [])]
    work.event(number, "created", comment="; ".join(notes))
    participants.add_of_first_mail(work, number, incoming)
    if link:
        relate(work, number, *link)
    ticket = consequences.on_opened(
        work, number, n, answerable=ack.wanted(incoming), opened=None if link else made.ticket
    )
    if not incoming.spam:
        _tell(work, ticket, incoming, n, related=link[1] if link and link[0] == "related" else None)
        if ack.wanted(incoming) and not silent:
            ack.send(work, ticket, incoming)
    return number, n


def by_hand(work: Work, draft: Draft) -> int:
    """Open a ticket by hand; its number. Refused without customer or comment, BadInput for an unknown word.

    One that is ended or spam from the beginning is on record only: it mails nobody.
    """
    who, segment = _check(work, draft)
    if draft.status in _ON_RECORD:
        work = replace(work, notify=False)
    customer = customers.find_or_create_by(
        work.tx,
        who.kind,
        who.value,
        name=draft.customer_name,
        language=draft.language,
        at=work.at,
    )
    ticket_id = tickets.create(
        work.tx,
        tickets.NewTicket(
            subject=header_value(draft.subject) or NO_SUBJECT,
            status=status.NEW,
            priority=draft.priority,
            channel=draft.channel,
            mailbox=next(
                (b.address for b in work.definition.mailboxes if b.segment == segment), ""
            ),
            segment=segment,
            customer_id=customer.id,
            at=work.at,
            owner=draft.owner,
            type=draft.type,
            language=draft.language or customer.language,
            important=draft.important,
            kind=draft.kind,
            fields={
                name: custom_fields.value(work.definition, name, given)
                for name, given in draft.fields.items()
            },
            tags=[edit.tag(one) for one in draft.tags],
        ),
    )
    work.event(ticket_id, "created", comment=draft.comment)
    n = _file_texts(work, ticket_id, draft, who, customer.name)
    ticket = consequences.on_opened(work, ticket_id, n)
    _finish(work, draft, ticket)
    if draft.acknowledge and work.notify:
        ack.by_channel(work, ticket, customer.email, draft.customer_name)
    return ticket_id


def _create(work: Work, incoming: Incoming, box: Mailbox, *, linked: bool) -> _Made:
    """Create the ticket of a mail."""
    form = contact_form.read(work, incoming.form)
    customer, undeliverable = customers.find_or_create_writer(
        work.tx,
        email=incoming.author,
        name=incoming.author_name,
        language=incoming.language,
        at=work.at,
    )
    name = work.definition.settings.name
    subject = bare_subject(name, incoming.subject) if linked else incoming.subject
    opened = tickets.open_for(
        work.tx,
        tickets.NewTicket(
            subject=without_tags(name, header_value(subject)) or NO_SUBJECT,
            status=status.SPAM if incoming.spam else status.NEW,
            priority="medium",
            channel="email",
            mailbox=box.address,
            segment=box.segment,
            customer_id=customer.id,
            at=work.at,
            language=incoming.language or customer.language,
            type=form.type,
            fields=form.fields,
            first_message="customer" if incoming.class_ == "human" else "other",
        ),
        customer,
    )
    return _Made(opened, form.problems, undeliverable)


def _tell(work: Work, ticket: Ticket, incoming: Incoming, n: int, *, related: int | None) -> None:
    other = tickets.get(work.tx, related) if related is not None else None
    hints, besides = channel_matching.join_hints(ticket, other)
    notifications.tell(
        work,
        ticket,
        "new",
        (*notifications.team(work, ticket, managers=False), *besides),
        author=incoming.author_name or incoming.author,
        author_address=incoming.author,
        text=incoming.text,
        message=n,
        references=(incoming.message_id,) if incoming.message_id else (),
        hints=hints,
    )


def _check(work: Work, draft: Draft) -> tuple[Identity, str]:
    """Check a draft; its customer and segment."""
    if is_blank(draft.comment):
        raise Refused('a ticket by hand needs a comment: give -m "why".')
    if is_blank(draft.customer):
        raise Refused("a ticket needs a customer: give --customer ADDRESS.")
    who = identity.parse(draft.customer)
    checks.require_one_of(draft.priority, PRIORITIES, "priority")
    checks.require_one_of(draft.channel, CHANNELS, "channel")
    checks.require_one_of(draft.status, status.STATUSES, "status")
    checks.require_one_of(draft.kind, ("public", "private"), "kind")
    if draft.type:
        types.check(work, draft.type)
    segment = draft.segment or types.segment(work, draft.type) or work.definition.segments[0].name
    if work.definition.segment(segment) is None:
        raise NotFound(f'no segment "{segment}".')
    if draft.owner:
        checks.require_eligible_owner(work, draft.owner, segment)
    return who, segment


def _file_texts(
    work: Work, ticket_id: int, draft: Draft, who: Identity, known_as: str
) -> int | None:
    """File the comment, and the messages with the files on the first; the number of the first message."""
    messages.add_comment(work.tx, ticket_id, author=work.actor.name, at=work.at, text=draft.comment)
    said = channel_messages.with_sides(work, draft.said, who, (draft.customer_name, known_as))
    if not said and (not is_blank(draft.text) or draft.attachments or draft.permalink):
        said = (transcript.ChatMessage(text=draft.text, name=draft.customer_name, direction="in"),)
    files = outgoing_attachments.keep(work, draft.attachments)
    numbers = [
        channel_messages.file(
            work,
            ticket_id,
            one,
            who,
            channel=draft.channel,
            subject=draft.subject,
            visibility=draft.kind,
            permalink=None if n else draft.permalink,
            attachments=() if n else files,
        )
        for n, one in enumerate(said)
    ]
    if any(one.direction == transcript.OUT for one in said):
        awaited = "customer" if said[-1].direction == transcript.OUT else "agent"
        tickets.change(work.tx, ticket_id, at=work.at, first_reply_at=work.at, awaiting=awaited)
    return next(iter(numbers), None)


def _finish(work: Work, draft: Draft, ticket: Ticket) -> None:
    custom_fields.require(work, ticket, "create")
    if draft.owner:
        work.event(ticket.id, "assigned", field="owner", new=draft.owner, comment=draft.comment)
    owner = ticket.owner
    event, names = ("assigned", (owner,)) if owner else ("new", notifications.team(work, ticket))
    author = draft.customer_name or draft.customer
    notifications.tell(work, ticket, event, names, author=author, text=draft.text)
    if draft.status != status.NEW:
        edit.set_status(work, ticket, draft.status, draft.comment)
        consequences.update_clocks(work, ticket.id)
