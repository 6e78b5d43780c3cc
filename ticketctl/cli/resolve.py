"""`ticketctl resolve IDS`: the problem is solved."""

from typing import TYPE_CHECKING

import click

from ticketctl.cli import bulk as bulks
from ticketctl.cli import words
from ticketctl.cli.desk_context import Desk, pass_desk
from ticketctl.cli.pairs import pairs

if TYPE_CHECKING:
    from ticketctl.actions.work import Work


@click.command()
@click.argument("tickets", nargs=-1, metavar="IDS...")
@words.text_options
@click.option(
    "--reply", "reply_text", metavar="TEXT", default="", help="Last words to the customer."
)
@click.option(
    "--set", "fields", multiple=True, metavar="NAME=VALUE", help="Set a field of the desk."
)
@bulks.bulk_options
@pass_desk
def command(
    desk: Desk,
    tickets: tuple[str, ...],
    message: tuple[str, ...],
    file: str | None,
    edit: bool,
    reply_text: str,
    fields: tuple[str, ...],
    bulk: bulks.Bulk,
) -> None:
    """The problem is solved; -m says how, and is internal. The customer is told."""
    from ticketctl.actions import resolve as ending

    why = words.wanted(desk, message, file, edit, what="Why?")
    values = pairs(fields)

    def deed(work: "Work", number: int) -> str:
        ending.resolve(
            work,
            number,
            comment=why,
            reply_text=reply_text,
            fields=values,
            if_version=bulk.if_version,
        )
        return "resolved"

    bulks.run(desk, tickets, bulk, deed)
