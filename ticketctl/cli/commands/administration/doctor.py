"""`ticketctl doctor`: one line per check; the first failure gives the exit code."""

import click

from ticketctl.console.context import App, pass_app


@click.command("doctor")
@pass_app
def command(app: App) -> int:
    """Check settings, database, desk, mail server and queues; exit with the code of the first failure."""
    from ticketctl.cli.commands.administration import doctor_run

    return doctor_run.run(app)
