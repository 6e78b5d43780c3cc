"""`ticketctl desk`: the definition in force, its versions, rollback."""

import click

from ticketctl.cli.shared import param_types
from ticketctl.console.context import App, pass_app


@click.group("desk")
def command() -> None:
    """Show the definition in force (desk.toml as applied) and its versions; roll back."""


@command.command("show")
@click.option("--version", "version", type=param_types.COUNT, help="Show this version.")
@pass_app
def show(app: App, version: int | None) -> None:
    """Print desk.toml as it was applied; with --json, as it was understood."""
    from ticketctl.cli.commands.administration import desk_run

    desk_run.show(app, version)


@command.command("history")
@pass_app
def history(app: App) -> None:
    """List the versions, newest first, with date and author."""
    from ticketctl.cli.commands.administration import desk_run

    desk_run.history(app)


@command.command("rollback")
@click.argument("version", type=param_types.COUNT)
@click.option("--dry-run", is_flag=True, help="Show the difference; store nothing.")
@pass_app
def rollback(app: App, version: int, dry_run: bool) -> None:
    """Apply an earlier VERSION again, with the holidays it had, as a new version."""
    from ticketctl.cli.commands.administration import desk_run

    desk_run.rollback(app, version, dry_run)
