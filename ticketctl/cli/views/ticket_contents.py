"""Everything that `show` prints of a ticket, read in one transaction."""

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from datetime import datetime

    from ticketctl.cli.views.sla_clocks import Seen
    from ticketctl.domain.base.condition import Condition
    from ticketctl.domain.base.records import (
        Comment,
        Customer,
        Link,
        Message,
        Order,
        Participant,
        Ticket,
    )
    from ticketctl.domain.definition.definition import Definition
    from ticketctl.store.db.database import Tx
    from ticketctl.store.desk.ratings import Rating
    from ticketctl.store.queues.recipients import Dead
    from ticketctl.store.tickets.writers import Writer

EARLIER = 25  # tickets of the customer shown beside this one (F-A32)


class Merged(NamedTuple):
    """A ticket merged into the one shown, with its messages and comments."""

    ticket: "Ticket"
    messages: "list[Message]"
    comments: "list[Comment]"


class Page(NamedTuple):
    """All that `show` knows of a ticket, read in one transaction."""

    ticket: "Ticket"
    messages: "list[Message]"
    comments: "list[Comment]"
    participants: "list[Participant]"
    watchers: "list[str]"
    writers: "list[Writer]"  # whoever has a reply or comment open
    answers_to: str  # where answers go, if that is no address of the customer's; ""
    links: "list[Link]"
    customer: "Customer"
    earlier: "list[Ticket]"
    orders: "list[Order]"
    dead: (
        "list[Dead]"  # addresses of the customer and of whoever is in copy that mail does not reach
    )
    merged: list[Merged]
    answer: "Rating | None"  # the customer's last answer to a survey about it
    clocks: "list[Seen]"
    final: int  # where it was merged to, through chains; itself if it was not
    held: int  # messages of it and of what was merged into it


def read(
    tx: "Tx",
    number: int,
    definition: "Definition",
    now: "datetime",
    *,
    last: int | None = None,
    among: "Condition | None" = None,
) -> Page:
    """Everything `show` prints, with those of the customer's other tickets that are `among` some; NotFound."""
    from ticketctl.cli.views import sla_clocks
    from ticketctl.domain.base.condition import EVERYTHING
    from ticketctl.store.desk import ratings
    from ticketctl.store.people import customer_lists, customers, shop_orders
    from ticketctl.store.queues import recipients
    from ticketctl.store.tickets import links, messages, tickets, watchers, writers

    found = tickets.get(tx, number)
    customer = customers.last_seen(tx, customers.get(tx, found.customer.id))
    people = tickets.participants(tx, number)
    emails = [one.partition(":")[2] for one in customer.identities if one.startswith("email:")]
    copies = [one.address for one in people if one.role in ("cc", "answer")]
    merged = tickets.merged(tx, number)
    earlier = customer_lists.tickets_of(tx, customer.id, EARLIER + 1, among or EVERYTHING)
    return Page(
        found,
        messages.of(tx, number, last),
        messages.comments(tx, number),
        people,
        watchers.of(tx, number),
        [one for one in writers.now(tx) if one.ticket == number],
        _answers_to(people, emails),
        links.of(tx, number),
        customer,
        [one for one in earlier if one.id != number][:EARLIER],
        shop_orders.of(tx, customer.id),
        recipients.undeliverable_addresses(tx, [*emails, *copies]),
        [
            Merged(one, messages.of(tx, one.id, last), messages.comments(tx, one.id))
            for one in merged
        ],
        ratings.latest(tx, number),
        sla_clocks.read(tx, definition, number, now),
        tickets.final(tx, number),
        messages.count(tx, [number, *(one.id for one in merged)]),
    )


def _answers_to(people: "list[Participant]", own: list[str]) -> str:
    wished = next((one.address for one in people if one.role == "answer"), "")
    return "" if wished in own else wished
