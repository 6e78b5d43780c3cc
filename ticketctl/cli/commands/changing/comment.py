"""`ticketctl comment IDS`: add an internal comment; it never reaches a customer."""

from typing import TYPE_CHECKING

import click

from ticketctl.cli.shared import (
    attached_files,
    bulk_action,
    collision_guard,
    param_types,
    text_input,
)
from ticketctl.cli.shared.param_types import tickets_argument
from ticketctl.cli.shared.ticket_numbers import Selection
from ticketctl.console.context import App, pass_app

if TYPE_CHECKING:
    from ticketctl.actions.base.context import Work


@click.command()
@tickets_argument()
@click.option(
    "--attach",
    type=param_types.FILE,
    multiple=True,
    metavar="FILE",
    help="Attach FILE; repeat for more.",
)
@text_input.text_options
@bulk_action.bulk_options
@pass_app
def command(
    app: App,
    tickets: Selection,
    attach: tuple[str, ...],
    typed: text_input.TextOptions,
    bulk: bulk_action.BulkOptions,
) -> None:
    """Add an internal comment, never sent to a customer; @name notifies that agent."""
    from ticketctl.actions.tickets import comment

    if tickets.only is not None and text_input.opens_editor(app, typed):
        announced = collision_guard.announced(app, tickets.only, "comment")
        click.get_current_context().with_resource(announced)
    text = text_input.read_or_ask(app, typed, what="Comment", long=True, tickets=tickets)
    attached = attached_files.read(attach)

    strangers: dict[str, None] = {}

    def action(work: "Work", number: int) -> str:
        strangers.update(dict.fromkeys(comment.strangers(work, text)))
        n = comment.comment(work, number, text, attachments=attached, if_version=bulk.if_version)
        return f"comment {n}"

    try:
        bulk_action.run(app, tickets, bulk, action)
    finally:
        for name in strangers:
            app.out.note(f"@{name} notified nobody: there is no such agent.")
