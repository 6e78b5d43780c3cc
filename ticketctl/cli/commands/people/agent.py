"""`ticketctl agent`: who is available, who is away, and how many tickets each has (F-T10, F-T13)."""

import click

from ticketctl.cli.shared import text_input
from ticketctl.console.context import App, pass_app


@click.group()
def command() -> None:
    """Show who is present, away, and how loaded; set agents away or back."""


@command.command(name="list")
@pass_app
def list_(app: App) -> None:
    """List agents with their segments, skills, and whether they are present."""
    from ticketctl.cli.commands.people import agent_run

    agent_run.list_(app)


@command.command()
@pass_app
def load(app: App) -> None:
    """Show how many tickets each agent has; waiting tickets do not count as load."""
    from ticketctl.cli.commands.people import agent_run

    agent_run.load(app)


@command.command()
@click.argument("agent", required=False, metavar="[NAME]")
@click.option(
    "--until",
    metavar="TIME",
    help="Away until then: 2h, 2026-03-09T12:00, or a day and all of it: friday, 2026-03-09.",
)
@text_input.note_option(metavar="TEXT", help="Reason.")
@pass_app
def away(app: App, agent: str | None, until: str | None, message: str) -> None:
    """Mark yourself, or agent NAME, as away. Routing assigns nothing until then, or until `agent back`."""
    from ticketctl.cli.commands.people import agent_run

    agent_run.away(app, agent, until, message)


@command.command()
@click.argument("agent", required=False, metavar="[NAME]")
@text_input.note_option(metavar="TEXT", help="Remark for the history.")
@pass_app
def back(app: App, agent: str | None, message: str) -> None:
    """Mark yourself, or agent NAME, as present again."""
    from ticketctl.cli.commands.people import agent_run

    agent_run.back(app, agent, message)
