"""`ticketctl ban`: blocked senders. Their mail is kept as spam and never answered."""

from typing import TYPE_CHECKING

import click

from ticketctl.cli.shared import text_input
from ticketctl.console import rows
from ticketctl.console.context import App, pass_app
from ticketctl.console.view import Column, View

if TYPE_CHECKING:
    from ticketctl.store.queues.bans import Ban


@click.group()
def command() -> None:
    """Block senders: their mail is kept as spam and never answered."""


@command.command(name="list")
@pass_app
def list_(app: App) -> None:
    """List blocked senders."""
    from ticketctl.store.queues import bans

    with app.db.read() as tx:
        found = bans.listing(tx)
    columns: list[Column[Ban]] = [
        Column("pattern", lambda one: one.pattern, cut=1),
        Column("since", lambda one: one.at),
        Column("by", lambda one: one.actor),
        Column("comment", lambda one: one.comment, cut=1),
    ]
    names = [column.name for column in columns]
    rows.rows(app, View(columns, names, _shape, lambda one: one.pattern), found)


@command.command()
@click.argument("pattern")
@text_input.note_option(metavar="TEXT", help="Reason.")
@pass_app
def add(app: App, pattern: str, message: str) -> None:
    """Block an address, @domain, or a pattern like *@spam.example."""
    from ticketctl.actions.base.context import begin
    from ticketctl.actions.mail import ban

    actor = app.actor()
    app.db.write(lambda tx: ban.add(begin(tx, actor), pattern, message))
    app.out.data(f"{pattern} is blocked")


@command.command()
@click.argument("pattern")
@pass_app
def remove(app: App, pattern: str) -> None:
    """Unblock a sender."""
    from ticketctl.actions.base.context import begin
    from ticketctl.actions.mail import ban

    actor = app.actor()
    app.db.write(lambda tx: ban.remove(begin(tx, actor), pattern))
    app.out.data(f"{pattern} is no longer blocked")


def _shape(one: "Ban") -> dict[str, object]:
    from ticketctl.console.json_shapes import when

    return {"pattern": one.pattern, "since": when(one.at), "by": one.actor, "comment": one.comment}
