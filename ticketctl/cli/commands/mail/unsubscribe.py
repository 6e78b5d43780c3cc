"""`ticketctl unsubscribe`: addresses that get no more reports or surveys by mail."""

from typing import TYPE_CHECKING, Literal

import click

from ticketctl.console import rows
from ticketctl.console.context import App, pass_app
from ticketctl.console.view import Column, View
from ticketctl.domain.base.addresses import address_key
from ticketctl.domain.base.optional_mail import OPTIONAL
from ticketctl.errors import BadInput

if TYPE_CHECKING:
    from ticketctl.store.queues.unsubscribed import Unsubscribed


@click.command()
@click.argument("address", required=False)
@click.option(
    "--from",
    "mail",
    type=click.Choice((*OPTIONAL, "all"), case_sensitive=False),
    default="all",
    help="Which mail; default: all.",
)
@click.option("--undo", is_flag=True, help="Subscribe the address again.")
@click.option("--list", "listing", is_flag=True, help="List who has unsubscribed.")
@pass_app
def command(
    app: App,
    address: str | None,
    mail: Literal["reports", "surveys", "all"],
    undo: bool,
    listing: bool,
) -> None:
    """Send no more reports or surveys by mail to ADDRESS.

    People unsubscribe themselves with the button that their mail program shows above such a mail. Replies,
    acknowledgements and notifications are not affected.
    """
    mails = OPTIONAL if mail == "all" else (mail,)
    if listing:
        if undo:
            raise BadInput("--list and --undo do not go together.")
        _list(app, address, mails)
    elif address is None:
        raise BadInput("give an ADDRESS to unsubscribe, or --list.")
    elif undo:
        _subscribe(app, address, mails)
    else:
        _unsubscribe(app, address, mails)


def _unsubscribe(app: App, address: str, mails: tuple[str, ...]) -> None:
    from ticketctl.actions.base.context import begin
    from ticketctl.actions.mail import unsubscribe

    actor = app.actor()
    new = app.db.write(lambda tx: unsubscribe.add(begin(tx, actor), address, mails))
    done = "is" if new else "was already"
    app.out.data(f"{address_key(address)} {done} unsubscribed from {' and '.join(new or mails)}")


def _subscribe(app: App, address: str, mails: tuple[str, ...]) -> None:
    from ticketctl.actions.base.context import begin
    from ticketctl.actions.mail import unsubscribe

    actor = app.actor()
    again = app.db.write(lambda tx: unsubscribe.remove(begin(tx, actor), address, mails))
    app.out.data(f"{address_key(address)} is subscribed to {' and '.join(again)} again")


def _list(app: App, address: str | None, mails: tuple[str, ...]) -> None:
    from ticketctl.store.queues import unsubscribed

    with app.db.read() as tx:
        found = unsubscribed.listing(tx) if address is None else unsubscribed.of(tx, [address])
    columns: list[Column[Unsubscribed]] = [
        Column("address", lambda one: one.address, cut=1),
        Column("from", lambda one: one.mail),
        Column("since", lambda one: one.at),
        Column("by", lambda one: one.actor),
    ]
    names = [column.name for column in columns]
    view = View(columns, names, _shape, lambda one: one.address)
    rows.rows(app, view, [one for one in found if one.mail in mails])


def _shape(one: "Unsubscribed") -> dict[str, object]:
    from ticketctl.console.json_shapes import unsubscribed

    return unsubscribed(one)
