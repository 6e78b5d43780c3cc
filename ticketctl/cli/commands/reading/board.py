"""`ticketctl board`: tickets in columns side by side (F-A36)."""

import click

from ticketctl.cli.shared import param_types
from ticketctl.cli.shared.filters import (
    Filters,
    QueryCommand,
    filter_options,
)
from ticketctl.console.context import App, pass_app


@click.command(cls=QueryCommand)
@click.argument("query", nargs=-1, type=param_types.QUERY, metavar="[QUERY]...")
@click.option(
    "--by",
    type=click.Choice(
        ["status", "owner", "segment", "priority", "alert", "query"], case_sensitive=False
    ),
    default="status",
    help="Make columns by this field; `query` makes one for each saved query.",
)
@click.option(
    "--limit", type=param_types.COUNT, metavar="N", help="Show at most N per column; 0 for all."
)
@filter_options
@pass_app
def command(app: App, query: tuple[str, ...], by: str, limit: int | None, filters: Filters) -> None:
    """Show tickets in columns side by side, as many as fit on the terminal.

    `←` says that it is our turn: the customer waits for us (awaiting:agent).
    """
    from ticketctl.cli.commands.reading import board_run

    board_run.run(app, query, by, limit, filters)
