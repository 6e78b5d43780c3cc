"""`ticketctl calendar`: show opening hours, calculate with them, read calendars from the web."""

import click

from ticketctl.console.context import App, pass_app


@click.group("calendar")
def command() -> None:
    """Show opening hours, calculate with them, and read calendars from web addresses again."""


@command.command("list")
@pass_app
def list_(app: App) -> None:
    """List the calendars of desk.toml, with hours, holidays, and whether they are open now."""
    from ticketctl.cli.commands.administration import calendar_run

    calendar_run.list_(app)


@command.command("test")
@click.argument("name")
@click.option("--from", "start", metavar="TIME", help="Start; default: now.")
@click.option(
    "--add", "length", metavar="DURATION", help="Print when this much open time has passed."
)
@click.option("--to", "end", metavar="TIME", help="Print how much open time passes until TIME.")
@click.option("--explain", is_flag=True, help="Show the calculation day by day.")
@pass_app
def test(
    app: App, name: str, start: str | None, length: str | None, end: str | None, explain: bool
) -> None:
    """Calculate with calendar NAME ("" is around the clock). TIME without an offset is in the calendar's zone."""
    from ticketctl.cli.commands.administration import calendar_run

    calendar_run.test(app, name, start, length, end, explain)


@command.command("fetch")
@pass_app
def fetch(app: App) -> None:
    """For cron: read the calendars at web addresses (`ics`) again; changed holidays become a version of the desk.

    `ticketctl gateway serve` does the same once a day. A calendar that cannot be read keeps its holidays (exit 9).
    If another process is already doing this, exit 0 with nothing done.
    """
    from ticketctl.cli.commands.administration import calendar_run

    calendar_run.fetch(app)
