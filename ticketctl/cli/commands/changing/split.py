"""`ticketctl split ID --message N…`: two requests that share a ticket become two tickets."""

from typing import TYPE_CHECKING

import click

from ticketctl.cli.shared import bulk_action, param_types, text_input
from ticketctl.cli.shared.ticket_numbers import Selection
from ticketctl.console.context import App, pass_app

if TYPE_CHECKING:
    from ticketctl.actions.base.context import Work


@click.command()
@param_types.tickets_argument("ID", nargs=1)
@click.option(
    "--message",
    "numbers",
    type=param_types.NUMBER,
    multiple=True,
    required=True,
    metavar="N",
    help="Move message N; repeat for more.",
)
@click.option("--subject", metavar="TEXT", default="", help="Subject of the new ticket.")
@text_input.short_reason_options
@bulk_action.bulk_options
@pass_app
def command(
    app: App,
    tickets: Selection,
    numbers: tuple[int, ...],
    subject: str,
    typed: text_input.TextOptions,
    bulk: bulk_action.BulkOptions,
) -> None:
    """Move messages of a ticket to a new one, with their attachments; answers to them go there. Comments stay."""
    from ticketctl.actions.tickets import split

    why = text_input.read(app, typed)

    def action(work: "Work", number: int) -> str:
        new = split.split(
            work, number, numbers, subject=subject, comment=why, if_version=bulk.if_version
        )
        count = len(set(numbers))
        return (
            f"split: {'1 message is' if count == 1 else f'{count} messages are'} ticket {new} now"
        )

    bulk_action.run(app, tickets, bulk, action)
