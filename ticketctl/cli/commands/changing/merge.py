"""`ticketctl merge IDS --into ID`: merge tickets into one; later mail follows."""

from typing import TYPE_CHECKING

import click

from ticketctl.cli.shared import bulk_action, param_types, text_input
from ticketctl.cli.shared.param_types import tickets_argument
from ticketctl.cli.shared.ticket_numbers import Selection
from ticketctl.console.context import App, pass_app
from ticketctl.safe import terminal_line

if TYPE_CHECKING:
    from ticketctl.actions.base.context import Work


@click.command()
@tickets_argument()
@click.option(
    "--into", type=param_types.TICKET, required=True, metavar="ID", help="Merge into this ticket."
)
@text_input.reason_options
@bulk_action.bulk_options
@pass_app
def command(
    app: App,
    tickets: Selection,
    into: int,
    typed: text_input.TextOptions,
    bulk: bulk_action.BulkOptions,
) -> None:
    """Merge tickets into one: each of the others becomes a pointer to it."""
    from ticketctl.actions.tickets import merge

    why = text_input.read(app, typed)
    left_out: dict[str, None] = {}

    def action(work: "Work", number: int) -> str:
        final = merge.merge(work, number, into, comment=why, if_version=bulk.if_version)
        if customer := merge.left_out(work, number, final):
            left_out[f"{customer}, the customer of {number}, gets no answers to {final}."] = None
        return f"merged into {final}"

    try:
        bulk_action.run(app, tickets, bulk, action)
    finally:
        for line in left_out:
            app.out.note(terminal_line(line))
