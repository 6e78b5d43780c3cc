"""`ticketctl completion bash|zsh|fish`: a script to source."""

import click
from click.shell_completion import get_completion_class

from ticketctl.cli.shared import bash_completion
from ticketctl.console.context import App, pass_app
from ticketctl.errors import BadInput

SHELLS = ("bash", "zsh", "fish")


@click.command()
@click.argument("shell", type=click.Choice(SHELLS, case_sensitive=False))
@pass_app
def command(app: App, shell: str) -> None:
    """Print a completion script for bash, zsh or fish: eval "$(ticketctl completion bash)"."""
    found = bash_completion.WholeWords if shell == "bash" else get_completion_class(shell)
    if found is None:
        raise BadInput(f"there is no completion for {shell}.")
    root = click.get_current_context().find_root().command
    app.out.data(found(root, {}, "ticketctl", "_TICKETCTL_COMPLETE").source())
