"""`ticketctl attachment`: list or save the attachments of a ticket."""

import click

from ticketctl.cli.shared import param_types
from ticketctl.console.context import App, pass_app


@click.group("attachment")
def command() -> None:
    """List or save the attachments of a ticket."""


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
