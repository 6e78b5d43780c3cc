"""`ticketctl show ID`: one ticket, everything on one page."""

from typing import TYPE_CHECKING, Any, NamedTuple

import click

from ticketctl.cli.shared import last_seen, param_types
from ticketctl.console import access, rows
from ticketctl.console.context import App, pass_app
from ticketctl.errors import BadInput, NotFound

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
    from ticketctl.store.db.engine import Tx
    from ticketctl.store.desk.ratings import Rating
    from ticketctl.store.queues.recipients import Dead

EARLIER = 25  # tickets of the customer shown beside this one (F-A32)


class Merged(NamedTuple):
    """A ticket that was merged into the one that is shown, and what was said in it."""

    ticket: "Ticket"
    messages: "list[Message]"
    comments: "list[Comment]"


class Page(NamedTuple):
    """All that `show` knows of a ticket, read in one transaction."""

    ticket: "Ticket"
    messages: "list[Message]"
    comments: "list[Comment]"
    participants: "list[Participant]"
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


@click.command()
@click.argument("ticket", type=param_types.TICKET)
@click.option("--full", is_flag=True, help="Show whole messages, including quoted text.")
@click.option("--raw", is_flag=True, help="Write the mail as received, byte for byte.")
@click.option(
    "--message", "n", type=param_types.NUMBER, metavar="N", help="With --raw: write message N."
)
@click.option("--comments", "only_comments", is_flag=True, help="Show only the comments.")
@click.option(
    "--messages", "last", type=param_types.COUNT, metavar="N", help="Show only the last N messages."
)
@click.option("--response", is_flag=True, help="Show only the customer's survey answers.")
@click.option(
    "--attachments", is_flag=True, help="List only the attachments, as `attachment list` does."
)
@click.option("--urls", is_flag=True, help="Show the web addresses of public messages.")
@pass_app
def command(
    app: App,
    ticket: int,
    full: bool,
    raw: bool,
    n: int | None,
    only_comments: bool,
    last: int | None,
    response: bool,
    attachments: bool,
    urls: bool,
) -> None:
    """Show everything about a ticket on one page."""
    from ticketctl.cli.views import ticket_page

    number = ticket
    if raw:
        app.out.bytes(_raw(app, number, n))
        return
    if response:
        _response(app, number)
        return
    if attachments:
        from gateway.run import attachments as listing

        listing.show(app, ticket, inline=False)
        return
    with app.db.read() as tx:
        page = read(tx, number, app.definition, app.now, last=last, among=access.visible(app))
        access.check(app, tx, page.ticket)
    if rows.is_shape(app):
        _as_json(app, page)
    elif only_comments:
        app.out.page(ticket_page.comments(app, page))
    else:
        if app.out.is_terminal:
            last_seen.at(app, app.actor().name, page.ticket)
        app.out.page(ticket_page.ticket(app, page, full=full, urls=urls))


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
    from ticketctl.store.people import customers, shop_orders
    from ticketctl.store.queues import recipients
    from ticketctl.store.tickets import links, messages, tickets

    found = tickets.get(tx, number)
    customer = customers.seen(tx, customers.get(tx, found.customer.id))
    people = tickets.participants(tx, number)
    emails = [one.partition(":")[2] for one in customer.identities if one.startswith("email:")]
    copies = [one.address for one in people if one.role in ("cc", "answer")]
    merged = tickets.merged(tx, number)
    earlier = customers.tickets_of(tx, customer.id, EARLIER + 1, among or EVERYTHING)
    return Page(
        found,
        messages.of(tx, number, last),
        messages.comments(tx, number),
        people,
        _answers_to(people, emails),
        links.of(tx, number),
        customer,
        [one for one in earlier if one.id != number][:EARLIER],
        shop_orders.of(tx, customer.id),
        recipients.dead(tx, [*emails, *copies]),
        [
            Merged(one, messages.of(tx, one.id, last), messages.comments(tx, one.id))
            for one in merged
        ],
        ratings.latest(tx, number),
        sla_clocks.read(tx, definition, number, now),
        tickets.final(tx, number),
        messages.held(tx, [number, *(one.id for one in merged)]),
    )


def _answers_to(people: "list[Participant]", own: list[str]) -> str:
    wished = next((one.address for one in people if one.role == "answer"), "")
    return "" if wished in own else wished


def _as_json(app: App, page: Page) -> None:
    from ticketctl.cli.views import sla_clocks
    from ticketctl.console import json_shapes
    from ticketctl.domain.calendar.age import alert

    shape: dict[str, Any] = json_shapes.whole(
        page.ticket,
        alert(page.ticket, app.definition, app.now),
        app.now,
        messages=page.messages,
        comments=page.comments,
        participants=page.participants,
        answers_to=page.answers_to,
        links=page.links,
        person=page.customer,
        earlier=[one.id for one in page.earlier],
        orders=page.orders,
        dead=page.dead,
        merged=[(one.ticket, one.messages, one.comments) for one in page.merged],
        clocks=[sla_clocks.shape(seen) for seen in page.clocks],
        csat=page.answer,
    )
    rows.one(app, shape)


def _response(app: App, number: int) -> None:
    """The survey answer that opened the ticket, else the last one about it (F-Q18). NotFound where there is neither."""
    from ticketctl.cli.views import ticket_page
    from ticketctl.console import json_shapes
    from ticketctl.store.desk import ratings
    from ticketctl.store.tickets import tickets

    with app.db.read() as tx:
        found = tickets.get(tx, number)
        access.check(app, tx, found)
        opening = found.response_id
        given = ratings.get(tx, opening) if opening else ratings.latest(tx, number)
    if given is None:
        raise NotFound(f"ticket {number} has no answer to a survey.")
    if rows.is_shape(app):
        rows.one(app, {"ticket": given.ticket} | (json_shapes.answer(given) or {}))
    else:
        app.out.page(ticket_page.response(app, given))


def _raw(app: App, number: int, n: int | None) -> bytes:
    from ticketctl.store.db import blobs
    from ticketctl.store.tickets import messages, tickets

    with app.db.read() as tx:
        access.check(app, tx, tickets.get(tx, number))
        kept = [m for m in messages.of(tx, number) if m.blob and n in (None, m.n)]
        if not kept and n is not None:
            raise NotFound(f"ticket {number} has no message {n} that came by mail.")
        if not kept:
            raise NotFound(f"ticket {number} has no message that came by mail.")
        if n is None and len(kept) > 1:
            numbers = ", ".join(str(m.n) for m in kept)
            raise BadInput(
                f"ticket {number} has several mails; take one with --message: {numbers}."
            )
        return blobs.get(tx, kept[0].blob or "")
