"""Mail to customers about a ticket's end, built from public data only. Replies are in tickets/reply.py."""

from collections.abc import Sequence

from msgspec.structs import replace

from ticketctl.actions.base.context import Work, public_name
from ticketctl.actions.mail import outbound
from ticketctl.domain.base.identity import EMAIL
from ticketctl.domain.base.proof import NONE
from ticketctl.domain.base.records import Attachment, Customer, Message, Ticket
from ticketctl.domain.base.signed_addresses import CONVERSATION
from ticketctl.store.people import customers
from ticketctl.store.queues import recipients
from ticketctl.store.tickets import messages, tickets


def answer_address(work: Work, ticket: Ticket) -> str:
    """Where the requester wants replies: their last Reply-To (G2), else one of their addresses, or "".

    A customer with several addresses (F-A22) gets replies where they last wrote from.
    """
    for one in tickets.participants(work.tx, ticket.id):
        if one.role == "answer":
            return one.address
    own = addresses(customers.get(work.tx, ticket.customer.id))
    if len(own) > 1:
        last = last_from_customer([one for one in thread(work, ticket.id) if one.proof != NONE])
        if last and last.author in own:
            return last.author
    return ticket.customer.email or next(iter(own), "")


def addresses(customer: Customer) -> list[str]:
    """All e-mail addresses of a customer."""
    named = (one.partition(":") for one in customer.identities)
    return [value for kind, _, value in named if kind == EMAIL]


def elsewhere(work: Work, ticket: Ticket) -> str:
    """The address that replies go to, if it is not the customer's; else ""."""
    return recipients.people(work.tx, ticket.id, ticket.customer.id).answers_elsewhere


def thread(work: Work, ticket_id: int) -> list[Message]:
    """The messages to list in References: the first and the newest ones, oldest first (L3)."""
    newest = messages.of(work.tx, ticket_id, last=outbound.REFERENCES)
    if len(newest) < outbound.REFERENCES:
        return newest
    first = messages.first(work.tx, ticket_id)
    return newest if newest[0].n == first.n else [first, *newest]


def ids(known: list[Message]) -> tuple[str, ...]:
    """The Message-IDs of messages, oldest first, without those that nobody ever received."""
    return tuple(id for one in known if (id := mail_id(one)) and one.delivery != "cancelled")


def mail_id(one: Message | None) -> str | None:
    """The Message-ID of a message that is a mail; ids of other channels do not go into a header."""
    return one.message_id if one and (one.message_id or "").startswith("<") else None


def last_from_customer(known: list[Message]) -> Message | None:
    """The newest incoming message; automatic mail counts only if no human wrote."""
    incoming = [one for one in known if one.direction == "in" and one.class_ in ("human", "auto")]
    human = [one for one in incoming if one.class_ == "human"]
    return next(reversed(human or incoming), None)


def resolution(work: Work, ticket: Ticket, text: str) -> int | None:
    """Mail the customer that their ticket is resolved; the outbox id, None if nobody can be told (F-Q1).

    Closing words of an agent count as a message of the conversation, like a reply.
    """
    mail = resolution_mail(work, ticket, answer_address(work, ticket), text)
    if text.strip() and not work.automatic and outbound.reaches(work, mail):
        asked = last_from_customer(thread(work, ticket.id))
        mail = _file_reply(work, ticket, mail, text, asked)
    return outbound.send(work, ticket, mail)


def resolution_mail(work: Work, ticket: Ticket, to: str, text: str) -> outbound.OutboundMail:
    """What tells the customer that their ticket is resolved, with closing words or without."""
    known = thread(work, ticket.id)
    asked = last_from_customer(known)
    data = outbound.common(work, ticket, text, CONVERSATION)
    data["agent_name"] = "" if work.automatic else public_name(work.actor.name)
    return outbound.OutboundMail(
        kind="resolution",
        to=(to,),
        subject=outbound.reply_subject(work, ticket),
        data=data,
        in_reply_to=mail_id(asked),
        references=ids(known),
        answers=asked.blob if asked else None,
    )


def words(
    work: Work,
    ticket: Ticket,
    text: str,
    identifier: str,
    answered: Message | None,
    files: Sequence[Attachment] = (),
) -> int:
    """File an agent's closing words, sent by the mail `identifier`, as a message of the ticket; its number."""
    return messages.add(
        work.tx,
        ticket.id,
        messages.NewMessage(
            direction="out",
            class_="human",
            author=work.actor.name,
            author_name=public_name(work.actor.name),
            at=work.at,
            subject=outbound.reply_subject(work, ticket),
            text=text,
            full_text=text,
            visibility="private",  # a mail, even if the ticket began as a public post (F-A2)
            message_id=identifier,
            in_reply_to=mail_id(answered),
            attachments=files,
        ),
    )


def _file_reply(
    work: Work, ticket: Ticket, mail: outbound.OutboundMail, text: str, asked: Message | None
) -> outbound.OutboundMail:
    """File an agent's closing words as a message, and return the mail that delivers it."""
    identifier = outbound.new_id(work, ticket.id)
    n = words(work, ticket, text, identifier, asked)
    work.event(ticket.id, "replied", field="message", new=n)
    if ticket.first_reply_at is None:
        tickets.change(work.tx, ticket.id, at=work.at, first_reply_at=work.at)
    return replace(mail, message=n, message_id=identifier)
