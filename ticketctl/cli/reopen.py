"""`ticketctl reopen IDS`: an ended ticket is open again."""

from typing import TYPE_CHECKING

import click

from ticketctl.cli import bulk as bulks
from ticketctl.cli import words
from ticketctl.cli.desk_context import Desk, pass_desk

if TYPE_CHECKING:
    from ticketctl.actions.work import Work


@click.command()
@click.argument("tickets", nargs=-1, metavar="IDS...")
@words.text_options
@bulks.bulk_options
@pass_desk
def command(
    desk: Desk,
    tickets: tuple[str, ...],
    message: tuple[str, ...],
    file: str | None,
    edit: bool,
    bulk: bulks.Bulk,
) -> None:
    """Open ended tickets again; -m says why."""
    from ticketctl.actions import reopen as reopening

    why = words.wanted(desk, message, file, edit, what="Why?")

    def deed(work: "Work", number: int) -> str:
        reopening.reopen(work, number, comment=why, if_version=bulk.if_version)
        return "reopened"

    bulks.run(desk, tickets, bulk, deed)
