"""`ticketctl apply desk.toml`: check it, show the difference, store it as a new version."""

import click

from ticketctl.cli.shared import param_types
from ticketctl.console.context import App, pass_app


@click.command("apply")
@click.argument("file", type=param_types.FILE, metavar="FILE")
@click.option("--dry-run", is_flag=True, help="Check and show the difference; store nothing.")
@pass_app
def command(app: App, file: str, dry_run: bool) -> None:
    """Check FILE (desk.toml; `-` is stdin), show the difference, and store it as a new version.

    Every gateway and command line uses it from then on. A file with a mistake changes nothing (exit 6).
    Public holidays, and the calendar files it names (relative to FILE), are read again each time.
    """
    from pathlib import Path

    from ticketctl.cli.shared.definition_change import change_desk, file_text

    change_desk(app, file_text(file), folder=Path(file).parent, dry_run=dry_run)
