"""`ticketctl desk`: the definition in force, its versions, what differs between them, rollback."""

import click

from ticketctl.cli.shared import param_types
from ticketctl.console.context import App, pass_app


@click.group("desk")
def command() -> None:
    """Show the definition in force (desk.toml as applied) and its versions, compare them, roll back."""


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


@command.command("diff")
@click.argument("one", metavar="[A]", required=False, type=param_types.FILE)
@click.argument("two", metavar="[B]", required=False, type=param_types.FILE)
@click.option("--exit-status", is_flag=True, help="Exit with 10 if they differ.")
@pass_app
def diff(app: App, one: str | None, two: str | None, exit_status: bool) -> None:
    """Show how B differs from A, key by key. Each is the number of a version, or a file.

    Without B, a version is compared with the one in force, and a file as what would become of it. Without both, the
    last change is shown.
    """
    from ticketctl.cli.commands.administration import desk_run

    desk_run.diff(app, one, two, exit_status)


@command.command("rollback")
@click.argument("version", type=param_types.COUNT)
@click.option("--dry-run", is_flag=True, help="Show the difference; store nothing.")
@pass_app
def rollback(app: App, version: int, dry_run: bool) -> None:
    """Apply an earlier VERSION again, with the holidays it had, as a new version."""
    from ticketctl.cli.commands.administration import desk_run

    desk_run.rollback(app, version, dry_run)
