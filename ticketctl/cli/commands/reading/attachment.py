"""`ticketctl attachment`: list or save the attachments of a ticket."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ticketctl.cli.shared import param_types
from ticketctl.console.context import App, pass_app

if TYPE_CHECKING:
    from gateway.run.attachments import TicketAttachment


@click.group("attachment")
def command() -> None:
    """List or save the attachments of a ticket."""


def of(app: App, ticket: int) -> "list[TicketAttachment]":
    """The attachments of a ticket. NotFound for an unknown ticket, NotAllowed for a hidden one."""
    from gateway.run import attachments

    with app.db.read() as tx:
        return attachments.attachments_of(app, tx, ticket)


def copy(app: App, ticket: int, number: int, path: Path) -> None:
    """Write one attachment of a ticket to a new file."""
    from gateway.run import attachments

    attachments.copy(app, ticket, number, path)


@command.command(name="list")
@click.argument("ticket", type=param_types.TICKET)
@click.option("--all-inline", is_flag=True, help="Include inline images and signatures.")
@pass_app
def list_(app: App, ticket: int, all_inline: bool) -> None:
    """List the attachments of every message and comment."""
    from gateway.run import attachments

    attachments.show(app, ticket, inline=all_inline)


@command.command()
@click.argument("ticket", type=param_types.TICKET)
@click.argument("number", type=param_types.NUMBER, required=False)
@click.option(
    "-o", "--output", type=param_types.FILE, metavar="FILE", help="Write to FILE; - is stdout."
)
@click.option("--all", "folder", metavar="DIR", help="Save all of them in folder DIR.")
@pass_app
def get(app: App, ticket: int, number: int | None, output: str | None, folder: str | None) -> None:
    """Save one attachment, by its NUMBER in `attachment list`, or all of them."""
    from gateway.run import attachments

    attachments.save(app, ticket, number, output, folder)
