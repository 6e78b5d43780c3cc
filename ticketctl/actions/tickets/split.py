"""Splits messages off into a new ticket (F-C7)."""

from collections.abc import Collection, Sequence
from typing import Any

from ticketctl.actions.base import awaiting, checks, permission
from ticketctl.actions.base.context import Work
from ticketctl.actions.base.load import load_for_update
from ticketctl.actions.mail import notifications
from ticketctl.actions.tickets import consequences
from ticketctl.actions.tickets.link import relate
from ticketctl.clock import rfc3339
from ticketctl.domain.base import status
from ticketctl.domain.base.addresses import address_key
from ticketctl.domain.base.records import SPLIT, Message, Participant, Person, Ticket
from ticketctl.domain.base.subject import bare_subject
from ticketctl.errors import NotFound, Refused
from ticketctl.safe import header_value
from ticketctl.store.people import customers
from ticketctl.store.queues import deliveries
from ticketctl.store.tickets import message_moves, messages, tickets


def split(
    work: Work,
    ticket_id: int,
    numbers: Collection[int],
    *,
    subject: str = "",
    comment: str = "",
    if_version: int | None = None,
) -> int:
    """Move messages, by number, to a new ticket that is linked with the old one; its number.

    Its customer is the author of the first message; answers to the moved messages go there. Comments stay. NotFound
    for an unknown message; Refused for all messages, and if none is a customer's.
    """
    checks.require_comment(work, "split", comment)
    ticket = load_for_update(work, ticket_id, if_version)
    permission.require(work, ticket, "split")
    known = messages.of(work.tx, ticket_id)
    moved = _chosen(ticket, known, numbers)
    new_id = _make(work, ticket, moved, subject)
    work.event(new_id, "created", comment=comment, way_back={"from": ticket_id})
    rest = [one for one in known if one not in moved]
    _move(work, ticket, new_id, moved, rest, comment)
    relate(work, new_id, SPLIT, ticket_id, comment)
    _people(work, ticket, tickets.get(work.tx, new_id))
    if ticket.owner:
        work.event(new_id, "assigned", field="owner", new=ticket.owner, comment=comment)
    consequences.on_updated(work, ticket_id)
    first = next(n for n, one in enumerate(moved, 1) if _of_customer(one))
    _tell(work, consequences.on_opened(work, new_id, first), moved)
    return new_id


def facts(known: Sequence[Message]) -> dict[str, Any]:
    """What a ticket's messages imply: kind, last customer message, first reply."""
    live = [one for one in known if one.class_ == "human" and one.delivery != deliveries.CANCELLED]
    asked = [one.at for one in live if one.direction == "in"]
    answered = [one.at for one in live if one.direction == "out"]
    shown = {one.visibility for one in known}
    return {
        "kind": shown.pop() if len(shown) == 1 else "mixed",
        "last_customer_at": max(asked, default=None),
        "first_reply_at": min(answered, default=None),
    }


def _chosen(ticket: Ticket, known: Sequence[Message], numbers: Collection[int]) -> list[Message]:
    unknown = sorted(set(numbers) - {one.n for one in known})
    if unknown:
        raise NotFound(f"ticket {ticket.id} has no message {unknown[0]}.")
    moved = [one for one in known if one.n in numbers]
    for one in moved:
        if one.delivery == deliveries.CANCELLED:
            raise Refused(
                f"message {one.n} of ticket {ticket.id} was undone or cancelled: leave it out."
            )
    if len(moved) == len([one for one in known if one.delivery != deliveries.CANCELLED]):
        raise Refused(
            f"ticket {ticket.id} needs at least one message: leave one out, "
            "or create a second ticket with `ticketctl new`."
        )
    if not any(map(_of_customer, moved)):
        raise Refused("a ticket begins with a customer's message: include one.")
    return moved


def _of_customer(one: Message) -> bool:
    return one.direction == "in" and one.class_ in ("human", "auto")


def _make(work: Work, ticket: Ticket, moved: Sequence[Message], subject: str) -> int:
    first = next(filter(_of_customer, moved))
    said = facts(moved)
    named = subject or bare_subject(work.definition.settings.name, first.subject) or ticket.subject
    new_id = tickets.create(
        work.tx,
        tickets.NewTicket(
            subject=header_value(named),
            status=status.OPEN if said["first_reply_at"] else status.NEW,
            priority=ticket.priority,
            channel=first.channel,
            mailbox=ticket.mailbox,
            segment=ticket.segment,
            customer_id=_requester(work, ticket, first).id,
            at=first.at,
            owner=ticket.owner,
            language=ticket.language,
            kind=said.pop("kind"),
        ),
    )
    tickets.change(work.tx, new_id, at=work.at, **said)
    return new_id


def _requester(work: Work, ticket: Ticket, first: Message) -> Person:
    """The author of the first of the messages: the customer, or somebody in copy."""
    own = customers.get(work.tx, ticket.customer.id).identities
    if f"email:{address_key(first.author)}" in own or "@" not in first.author:
        return ticket.customer
    found = customers.find_or_create(
        work.tx, email=first.author, name=first.author_name, language=None, at=work.at
    )
    return Person(found.id, found.name, found.email)


def _move(
    work: Work,
    ticket: Ticket,
    new_id: int,
    moved: Sequence[Message],
    rest: Sequence[Message],
    comment: str,
) -> None:
    numbers = {one.n: n for n, one in enumerate(moved, 1)}
    message_moves.split_off(work.tx, ticket.id, new_id, numbers)
    tickets.change(work.tx, ticket.id, at=work.at, **facts(rest))
    for one in (ticket.id, new_id):
        awaiting.settle(work, one)
    times = ((name, getattr(ticket, name)) for name in ("last_customer_at", "first_reply_at"))
    way_back = {"kind": ticket.kind} | {name: at and rfc3339(at) for name, at in times}
    work.event(
        ticket.id,
        "split",
        field="messages",
        old=list(numbers),
        new=new_id,
        comment=comment,
        way_back=way_back,
    )


def _people(work: Work, ticket: Ticket, new: Ticket) -> None:
    """Copy the people who may write to the new ticket; experts are not copied."""
    others = [one for one in tickets.participants(work.tx, ticket.id) if one.role != "expert"]
    if new.customer.id != ticket.customer.id:
        others = [one for one in others if one.role != "answer"]
        others.append(Participant(ticket.customer.email, ticket.customer.name, "mailed"))
    for one in others:
        if one.address and one.address != new.customer.email:
            tickets.add_participant(work.tx, new.id, one)


def _tell(work: Work, ticket: Ticket, moved: Sequence[Message]) -> None:
    names = notifications.team(work, ticket, managers=False)
    event = "assigned" if ticket.owner else "new"
    first = next(filter(_of_customer, moved))
    author = first.author_name or first.author
    notifications.tell(work, ticket, event, names, author=author, text=first.text)
