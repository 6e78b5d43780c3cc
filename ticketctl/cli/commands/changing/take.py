"""`ticketctl take IDS`: assign tickets to myself."""

from typing import TYPE_CHECKING

import click

from ticketctl.cli.shared import bulk_action, send_preview, text_input
from ticketctl.cli.shared.param_types import tickets_argument
from ticketctl.cli.shared.ticket_numbers import Selection
from ticketctl.console.context import App, pass_app

if TYPE_CHECKING:
    from ticketctl.actions.base.context import Work


@click.command()
@tickets_argument()
@click.option("--steal", is_flag=True, help="Take the ticket even if someone owns it.")
@text_input.reason_options
@bulk_action.bulk_options
@pass_app
def command(
    app: App,
    tickets: Selection,
    steal: bool,
    typed: text_input.TextOptions,
    bulk: bulk_action.BulkOptions,
) -> None:
    """Assign tickets to yourself. No comment is required."""
    from ticketctl.actions.tickets import assign

    why = text_input.read(app, typed)

    def action(work: "Work", number: int) -> str | None:
        done = assign.take(work, number, comment=why, steal=steal, if_version=bulk.if_version)
        return "yours" if done else None

    ask = send_preview.telling(app, "Take {}", action)
    bulk_action.run(app, tickets, bulk, action, ask=ask)
