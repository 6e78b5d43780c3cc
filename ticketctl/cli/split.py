"""`ticketctl split ID --message N…`: two requests that share a ticket become two tickets."""

from typing import TYPE_CHECKING

import click

from ticketctl.cli import bulk as bulks
from ticketctl.cli import whole, words
from ticketctl.cli.desk_context import Desk, pass_desk

if TYPE_CHECKING:
    from ticketctl.actions.base.context import Work


@click.command()
@click.argument("ticket", metavar="ID")
@click.option(
    "--message",
    "numbers",
    type=whole.NUMBER,
    multiple=True,
    required=True,
    metavar="N",
    help="Move message N; repeat for more.",
)
@click.option("--subject", metavar="TEXT", default="", help="Subject of the new ticket.")
@words.reason_options
@bulks.bulk_options
@pass_desk
def command(
    desk: Desk,
    ticket: str,
    numbers: tuple[int, ...],
    subject: str,
    said: words.Said,
    bulk: bulks.Bulk,
) -> None:
    """Move messages of a ticket to a new one, with their attachments; answers to them go there. Comments stay."""
    from ticketctl.actions.tickets import split

    why = words.given(desk, said)

    def deed(work: "Work", number: int) -> str:
        new = split.split(
            work, number, numbers, subject=subject, comment=why, if_version=bulk.if_version
        )
        return f"split: {len(set(numbers))} of its messages are ticket {new} now"

    bulks.run(desk, (ticket,), bulk, deed)
