"""`ticketctl query`: saved queries, for `list @name`, board columns and the default of `list`."""

import click

from ticketctl.cli.shared import param_types
from ticketctl.cli.shared.filters import QueryCommand
from ticketctl.console.context import App, pass_app


@click.group()
def command() -> None:
    """Save queries and use them by name: `list @NAME`, inside other queries, in `board --by query`.

    One of them can be your default, which `list` shows when no query is given.
    """


@command.command(cls=QueryCommand)
@click.argument("name", type=param_types.SAVED_QUERY)
@click.argument("query", nargs=-1, type=param_types.QUERY, required=True, metavar="QUERY...")
@click.option(
    "--columns",
    type=param_types.COLUMNS,
    metavar="NAMES",
    help="Show these columns wherever the query is listed or exported, such as id,owner,subject.",
)
@pass_app
def save(app: App, name: str, query: tuple[str, ...], columns: str | None) -> None:
    """Save a query under NAME; it is evaluated each time it is used."""
    from ticketctl.cli.commands.reading import query_run

    query_run.save(app, name, query, columns)


@command.command("list")
@pass_app
def list_(app: App) -> None:
    """List your saved queries and the shared ones."""
    from ticketctl.cli.commands.reading import query_run

    query_run.list_(app)


@command.command()
@click.argument("name", type=param_types.SAVED_QUERY)
@pass_app
def show(app: App, name: str) -> None:
    """Print the text of a saved query."""
    from ticketctl.cli.commands.reading import query_run

    query_run.show(app, name)


@command.command()
@click.argument("name", type=param_types.SAVED_QUERY)
@pass_app
def default(app: App, name: str) -> None:
    """Make a saved query your default for `list`; `list --no-default` ignores it."""
    from ticketctl.cli.commands.reading import query_run

    query_run.default(app, name)


@command.command()
@pass_app
def reset(app: App) -> None:
    """Remove your default; `list` shows the last month again."""
    from ticketctl.cli.commands.reading import query_run

    query_run.reset(app)


@command.command()
@click.argument("name", type=param_types.SAVED_QUERY)
@pass_app
def share(app: App, name: str) -> None:
    """Share a query of yours with the team."""
    from ticketctl.cli.commands.reading import query_run

    query_run.share(app, name)


@command.command()
@click.argument("name", type=param_types.SAVED_QUERY)
@pass_app
def delete(app: App, name: str) -> None:
    """Delete a query of yours; managers and admins may also delete shared ones."""
    from ticketctl.cli.commands.reading import query_run

    query_run.delete(app, name)
