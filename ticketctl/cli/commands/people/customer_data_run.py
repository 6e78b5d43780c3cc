"""What `ticketctl customer export` and `customer erase` do."""

from typing import Any

from ticketctl.actions.base.context import begin
from ticketctl.actions.customers import customer
from ticketctl.actions.customers.erase import erase as erasing
from ticketctl.cli.views import customer_panel
from ticketctl.console import json_shapes, rows
from ticketctl.console.context import App
from ticketctl.console.output_file import form_of, opened
from ticketctl.domain.base.records import Ticket
from ticketctl.domain.calendar.age import alert
from ticketctl.domain.rules import access
from ticketctl.errors import NotAllowed
from ticketctl.store.db.database import Tx
from ticketctl.store.desk import journal
from ticketctl.store.people import customers, shop_orders
from ticketctl.store.privacy import find
from ticketctl.store.privacy.erase import Erased
from ticketctl.store.privacy.vacuum import scrub
from ticketctl.store.queues import unsubscribed
from ticketctl.store.tickets import messages, tickets


def export(app: App, who: str, target: str, comments: bool) -> None:
    """Export the data we hold on a person as JSON: identities, tickets, and messages in other people's tickets."""
    form_of(target, "json", ("json",), "json")
    with app.db.read() as tx:
        found = held(app, tx, who, comments=comments)
    with opened(target) as out:
        out.write(rows.pretty(found).encode() + b"\n")
    app.out.note(f"tickets written: {len(found['tickets'])}.")


def held(app: App, tx: Tx, who: str, *, comments: bool) -> dict[str, Any]:
    """The object of `customer export`; without `comments` nothing internal (F-A23).

    NotAllowed where some of it is in segments that the actor is not in.
    """

    one = customers.last_seen(tx, customer.find(tx, who))
    found = find.of(tx, one.id)
    every = tickets.some(tx, [*found.own, *found.others])
    _all_visible(app, every)
    own = [ticket for ticket in every if ticket.customer.id == one.id]
    written = [
        message
        for number in found.others
        for message in messages.of(tx, number)
        if message.author in found.addresses
    ]
    return {
        "customer": json_shapes.customer(
            one, [ticket.id for ticket in own], shop_orders.of(tx, one.id), app.definition
        ),
        "addresses": sorted(found.addresses),
        "unsubscribed": [
            json_shapes.unsubscribed(each) for each in unsubscribed.of(tx, found.addresses)
        ],
        "tickets": [_ticket(app, tx, ticket, comments) for ticket in own],
        "other_tickets": list(found.others),
        "messages": [
            json_shapes.message(message) | {"ticket": message.ticket} for message in written
        ],
        "history": [
            {"at": json_shapes.when(line.at), "actor": line.actor, "type": line.type}
            | {"old": line.old, "new": line.new}
            | ({"comment": line.comment} if comments else {})
            for line in journal.of(tx, customer.KIND, str(one.id))
        ],
    }


def erase(app: App, who: str, dry_run: bool) -> None:
    """Erase a person: names, addresses, texts, raw mail, attachments."""
    actor = app.actor()
    with app.db.read() as tx:
        one = customer.find(tx, who)
    if not dry_run:
        app.out.agree(
            f"Erase {customer_panel.named(one)}, customer {one.id}, permanently?",
            "nothing was erased.",
        )

    def action(tx: Tx) -> Erased:
        return erasing(begin(tx, actor), one.id)

    if dry_run:
        app.out.data(_told(one.id, "would be erased", app.db.rehearse(action)))
        return
    app.out.data(_told(one.id, "erased", app.db.write(action)))
    scrub(app.db)


def _told(number: int, done: str, erased: Erased) -> str:
    counts = {
        "tickets": erased.tickets,
        "tickets of others": erased.other_tickets,
        "messages": erased.messages,
        "identities": erased.identities,
        "orders": erased.orders,
        "raw mails and files": erased.mails,
        "texts elsewhere": erased.elsewhere,
    }
    return f"{number} {done}: " + ", ".join(f"{name} {count}" for name, count in counts.items())


def _all_visible(app: App, every: list[Ticket]) -> None:
    actor = app.actor()
    for ticket in every:
        if not access.sees(app.definition, actor, ticket):
            raise NotAllowed(
                f"the customer is in tickets of segment {ticket.segment}, which {actor.name} is not in: ask an admin."
            )


def _ticket(app: App, tx: Tx, one: Ticket, comments: bool) -> dict[str, object]:
    shape = json_shapes.ticket(one, alert(one, app.definition, app.now), app.now)
    said = [json_shapes.message(each) for each in messages.of(tx, one.id)]
    inside = (
        [json_shapes.comment(each) for each in messages.comments(tx, one.id)] if comments else []
    )
    return shape | {"messages": said} | ({"comments": inside} if comments else {})
