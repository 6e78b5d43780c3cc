"""`ticketctl wait IDS`: it is the customer's turn."""

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
@click.option("--until", metavar="TIME", help="Reopen at the latest then: 2d, monday, 2026-03-09.")
@text_input.reason_options
@bulk_action.bulk_options
@pass_app
def command(
    app: App,
    tickets: Selection,
    until: str | None,
    typed: text_input.TextOptions,
    bulk: bulk_action.BulkOptions,
) -> None:
    """Set tickets to waiting until the customer answers. The customer is told, unless desk.toml says otherwise."""
    from ticketctl.actions.tickets import wait
    from ticketctl.domain.base import when

    end = when.ahead(until, now=app.now, zone=app.zone) if until else None
    why = text_input.read(app, typed)

    def action(work: "Work", number: int) -> str:
        wait.wait(work, number, until=end, comment=why, if_version=bulk.if_version)
        return "waiting"

    ask = send_preview.telling(app, "Set {} to waiting", action)
    bulk_action.run(app, tickets, bulk, action, ask=ask)
