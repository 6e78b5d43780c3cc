"""`ticketctl spam IDS`: no customer after all."""

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
    """Mark tickets as spam: no mail goes there any more."""
    from ticketctl.actions import spam as spamming

    why = words.wanted(desk, message, file, edit, what="Why? (may be empty)")

    def deed(work: "Work", number: int) -> str:
        spamming.spam(work, number, comment=why, if_version=bulk.if_version)
        return "spam"

    bulks.run(desk, tickets, bulk, deed)
