"""`ticketctl completion bash|zsh|fish`: a script to source."""

import click

from ticketctl.cli.shared.completion_shells import SHELLS, class_of
from ticketctl.console.context import App, pass_app


@click.command()
@click.argument("shell", type=click.Choice(SHELLS, case_sensitive=False))
@pass_app
def command(app: App, shell: str) -> None:
    """Print a completion script for bash, zsh or fish: eval "$(ticketctl completion bash)"."""
    root = click.get_current_context().find_root().command
    app.out.data(class_of(shell)(root, {}, "ticketctl", "_TICKETCTL_COMPLETE").source())
