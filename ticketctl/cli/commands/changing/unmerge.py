"""`ticketctl unmerge IDS`: a merged ticket stands for itself again."""

from typing import TYPE_CHECKING

import click

from ticketctl.cli.shared import bulk_action, text_input
from ticketctl.cli.shared.param_types import tickets_argument
from ticketctl.cli.shared.ticket_numbers import Selection
from ticketctl.console.context import App, pass_app

if TYPE_CHECKING:
    from ticketctl.actions.base.context import Work


@click.command()
@tickets_argument()
@text_input.reason_options
@bulk_action.bulk_options
@pass_app
def command(
    app: App,
    tickets: Selection,
    typed: text_input.TextOptions,
    bulk: bulk_action.BulkOptions,
) -> None:
    """Undo merges: make merged tickets separate again."""
    from ticketctl.actions.tickets import merge

    why = text_input.read(app, typed)

    def action(work: "Work", number: int) -> str:
        merge.unmerge(work, number, comment=why, if_version=bulk.if_version)
        return "on its own again"

    bulk_action.run(app, tickets, bulk, action)
