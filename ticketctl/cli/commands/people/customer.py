"""`ticketctl customer`: show and change customers and their identities (F-A22, F-C9)."""

from collections.abc import Callable
from copy import copy
from typing import TYPE_CHECKING, Any, TypeVar

import click

from ticketctl.cli.commands.people import customer_data
from ticketctl.cli.shared import param_types, text_input
from ticketctl.cli.shared.field_values import pairs
from ticketctl.cli.views import customer_panel
from ticketctl.cli.views.ticket_table import ticket_view
from ticketctl.console import access, json_shapes
from ticketctl.console import rows as output
from ticketctl.console.context import App, pass_app
from ticketctl.console.view import Column, View
from ticketctl.errors import BadInput
from ticketctl.safe import terminal_line

if TYPE_CHECKING:
    from ticketctl.actions.base.context import Work
    from ticketctl.actions.customers.customer import CustomerChanges
    from ticketctl.actions.customers.suggest import Proposal
    from ticketctl.store.people.customer_lists import Listed

T = TypeVar("T")

LIMIT = 50  # on a terminal; machine forms have none
NEWEST = 25  # tickets (F-A32)

who_argument = click.argument("who", metavar="WHO")
why_option = text_input.note_option("why", metavar="TEXT", help="Reason.")


@click.group()
def command() -> None:
    """Show and change customers. WHO is a number, an address, a phone number, or an identity like twitter:@ana."""


command.add_command(customer_data.export)
command.add_command(customer_data.erase)


@command.command(name="list")
@click.argument("word", default="")
@click.option("--limit", type=param_types.COUNT, metavar="N", help="Show at most N; 0 for all.")
@pass_app
def list_(app: App, word: str, limit: int | None) -> None:
    """List customers, or only those with WORD in their name or an identity."""
    from contextlib import closing
    from itertools import islice

    from ticketctl.store.people import customer_lists

    app.actor()
    most = limit if limit is not None else (0 if output.is_machine(app) else LIMIT)
    with app.db.read() as tx, closing(customer_lists.listing(tx, word)) as found:
        shown = output.rows(app, _listing(app), islice(found, most or None))
        if most and shown == most and next(found, None):
            app.out.note(f"only the first {most} are shown (--limit 0)")


@command.command()
@who_argument
@pass_app
def show(app: App, who: str) -> None:
    """Show a customer: identities, profile, last visit, orders, chats and last tickets."""
    from ticketctl.actions.customers import customer
    from ticketctl.actions.customers import suggest as suggestions
    from ticketctl.store.people import customer_lists, customers, shop_orders

    among = access.visible(app)
    with app.db.read() as tx:
        one = customers.last_seen(tx, customer.find(tx, who))
        bought = shop_orders.of(tx, one.id)
        chats = customer_lists.transcripts(tx, one.id, among)
        newest = customer_lists.tickets_of(tx, one.id, NEWEST, among)
        proposed = [] if output.is_shape(app) else suggestions.proposals(tx, one)
    if output.is_shape(app):
        shape = json_shapes.customer(one, [ticket.id for ticket in newest], bought, app.definition)
        chatted = [
            {"ticket": c.ticket, "at": json_shapes.when(c.at), "messages": c.messages}
            for c in chats
        ]
        output.one(app, shape | {"transcripts": chatted})
        return
    rows = [
        ("number", str(one.id)),
        *customer_panel.known_by(one),
        *customer_panel.profile(app, one),
    ]
    rows += [
        *customer_panel.seen(app, one),
        *customer_panel.bought(app, bought),
        *customer_panel.chats(app, chats),
    ]
    lines = [app.out.style(customer_panel.named(one), bold=True)]
    lines += [f"{name:<10}{value}" for name, value in rows]
    for each in proposed:
        text = f"customer {each.other.id}, {each.why}; {_merging(one.id, each.other.id)}"
        lines.append(f"{'maybe':<10}{terminal_line(text)}")
    if newest:
        width = app.out.width if app.out.is_terminal else None
        lines += ["", output.table(app, ticket_view(app), newest, width=width)]
    app.out.page("\n".join(lines))


@command.command()
@who_argument
@pass_app
def suggest(app: App, who: str) -> None:
    """List customers who seem to be the same person: same name, and an address or telephone number that agrees.

    Addresses and numbers count that one of them has, or wrote in their profile or last messages. Nothing is joined:
    `customer merge` does that.
    """
    from ticketctl.actions.customers import customer
    from ticketctl.actions.customers import suggest as suggestions

    app.actor()
    with app.db.read() as tx:
        one = customer.find(tx, who)
        found = suggestions.proposals(tx, one)
    output.rows(app, _proposed(one.id), found)
    for each in found[:1]:
        app.out.note(_merging(one.id, each.other.id))


def _merging(one: int, other: int) -> str:
    """How to merge the newer of two customers into the older."""
    return f"to join them: `ticketctl customer merge {max(one, other)} --into {min(one, other)}`"


def _proposed(one: int) -> "View[Proposal]":
    """How proposals are listed."""
    return View(
        [
            Column("id", lambda it: it.other.id),
            Column("name", lambda it: it.other.name, cut=2),
            Column("identities", lambda it: it.other.identities, cut=3),
            Column("why", lambda it: it.why),
        ],
        ("id", "name", "identities", "why"),
        lambda it: {
            "id": it.other.id,
            "name": it.other.name,
            "identities": list(it.other.identities),
            "why": it.why,
            "of": one,
        },
        lambda it: it.other.id,
        ("id", "name", "identities", "why", "of"),
    )


_view = copy(show)
_view.hidden = True
command.add_command(_view, "view")


@command.command()
@who_argument
@click.option("--all", "everything", is_flag=True, help=f"Show all, not only the newest {NEWEST}.")
@pass_app
def tickets(app: App, who: str, everything: bool) -> None:
    """List the tickets a customer opened or takes part in, by any identity, last changed first."""
    from ticketctl.actions.customers import customer
    from ticketctl.store.people import customer_lists

    among = access.visible(app)
    with app.db.read() as tx:
        one = customer.find(tx, who)
        most = None if everything else NEWEST
        found = customer_lists.tickets_of(tx, one.id, most, among)
    output.rows(app, ticket_view(app), found)


@command.command()
@who_argument
@click.option("--name", metavar="TEXT", help="Name of the customer.")
@click.option(
    "--language", metavar="TAG", help="Language of mail to the customer: en, pt-BR …, or none."
)
@click.option(
    "--set",
    "fields",
    multiple=True,
    type=param_types.CUSTOMER_FIELD,
    metavar="NAME=VALUE",
    help="Set a profile field.",
)
@click.option("--unset", multiple=True, metavar="NAME", help="Empty a profile field.")
@click.option("--new", is_flag=True, help="Create the customer if unknown.")
@why_option
@pass_app
def edit(app: App, who: str, new: bool, why: str, **given: object) -> None:
    """Change the name, language and custom fields of a customer."""
    from ticketctl.actions.customers import customer

    changes = _changes(given)
    if changes == customer.CustomerChanges() and not new:
        raise BadInput("say what to change: --name, --language, --set, --unset.")

    def action(work: "Work") -> tuple[int, bool]:
        one = customer.meet(work, who) if new else customer.find(work.tx, who)
        return one.id, customer.edit(work, one, changes, why)

    number, changed = _write(app, action)
    app.out.data(f"{number} {'changed' if changed else 'unchanged'}")


@command.command()
@who_argument
@click.argument("identities", nargs=-1, required=True, metavar="IDENTITY...")
@why_option
@pass_app
def link(app: App, who: str, identities: tuple[str, ...], why: str) -> None:
    """Add identities to a customer, such as ana@y.example, +34600112233 or twitter:@ana."""
    from ticketctl.actions.customers import customer

    def action(work: "Work") -> tuple[int, list[str]]:
        one = customer.find(work.tx, who)
        return one.id, [str(each) for each in customer.link(work, one, identities, why)]

    number, new = _write(app, action)
    app.out.data(
        terminal_line(f"{number} linked {', '.join(new)}" if new else f"{number} unchanged")
    )


@command.command()
@who_argument
@click.argument("identities", nargs=-1, required=True, metavar="IDENTITY...")
@why_option
@pass_app
def unlink(app: App, who: str, identities: tuple[str, ...], why: str) -> None:
    """Remove identities from a customer; the tickets stay with the customer."""
    from ticketctl.actions.customers import customer

    def action(work: "Work") -> tuple[int, list[str]]:
        one = customer.find(work.tx, who)
        return one.id, [str(each) for each in customer.unlink(work, one, identities, why)]

    number, gone = _write(app, action)
    app.out.data(terminal_line(f"{number} unlinked {', '.join(gone)}"))


@command.command()
@who_argument
@click.option("--into", required=True, metavar="WHO", help="Customer that is kept.")
@why_option
@pass_app
def merge(app: App, who: str, into: str, why: str) -> None:
    """Merge two customers: identities, tickets and orders of WHO move to the other."""
    from ticketctl.actions.customers import customer, merge

    def action(work: "Work") -> tuple[int, int, int]:
        one, other = customer.find(work.tx, who), customer.find(work.tx, into)
        return one.id, other.id, merge.merge(work, one.id, other.id, why)

    source, target, count = _write(app, action)
    tickets = f"{count} ticket{'' if count == 1 else 's'}"
    app.out.data(f"{source} merged into {target}, {tickets}")


@command.command()
@who_argument
@click.option("--page", metavar="URL", help="Page the customer is on.")
@pass_app
def touch(app: App, who: str, page: str | None) -> None:
    """Record that a customer was seen just now."""
    from ticketctl.actions.customers import customer

    def action(work: "Work") -> int:
        one = customer.find(work.tx, who)
        customer.touch(work, one, page)
        return one.id

    app.out.data(f"{_write(app, action)} seen")


def _changes(given: dict[str, Any]) -> "CustomerChanges":
    from ticketctl.actions.customers.customer import CustomerChanges

    chosen = {name: given[name] for name in ("name", "language") if given[name] is not None}
    if chosen.get("language") == "none":
        chosen["language"] = None
    return CustomerChanges(fields=pairs(given["fields"]) | dict.fromkeys(given["unset"]), **chosen)


def _write(app: App, action: "Callable[[Work], T]") -> T:
    from ticketctl.actions.base.context import begin, new_group

    actor, group = app.actor(), new_group()
    return app.db.write(lambda tx: action(begin(tx, actor, group=group)))


def _listing(app: App) -> "View[Listed]":
    """How customers are listed."""

    def shape(one: "Listed") -> dict[str, object]:
        who = one.customer
        return {
            "id": who.id,
            "name": who.name,
            "email": who.email,
            "identities": list(who.identities),
            "language": who.language,
            "profile": json_shapes.profile(who, app.definition),
            "tickets_count": one.tickets,
            "last_seen_at": json_shapes.when(who.last_seen_at),
            "last_page": who.last_page,
            "created_at": json_shapes.when(one.created_at),
        }

    return View(COLUMNS, SHOWN, shape, lambda one: one.customer.id)


COLUMNS: "list[Column[Listed]]" = [
    Column("id", lambda one: one.customer.id),
    Column("name", lambda one: one.customer.name, cut=2),
    Column("email", lambda one: one.customer.email, cut=2),
    Column("identities", lambda one: one.customer.identities, cut=3),
    Column("language", lambda one: one.customer.language, rare=True),
    Column("tickets", lambda one: one.tickets),
    Column("created", lambda one: one.created_at),
]
SHOWN = ("id", "name", "email", "identities", "tickets", "created")
