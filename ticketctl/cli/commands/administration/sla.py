"""`ticketctl sla`: check, show, test and recompute service levels."""

import click

from ticketctl.cli.shared import param_types
from ticketctl.console.context import App, pass_app


@click.group("sla")
def command() -> None:
    """Check service levels: what is due, what is late, and why."""


@command.command()
@click.option("--dry-run", is_flag=True, help="Show what would be recorded; change nothing.")
@click.option(
    "--fail-on",
    type=click.Choice(["breach", "warn"], case_sensitive=False),
    help="Exit 10 if a ticket is late (breach), or late or due soon (warn).",
)
@click.option("--wait", is_flag=True, help="Wait for another process that is doing the same.")
@pass_app
def check(app: App, dry_run: bool, fail_on: str | None, wait: bool) -> int:
    """For cron: record warnings and breaches once, run escalation levels, and notify those concerned.

    `ticketctl gateway serve` does the same every minute. With -q only problems are printed.
    """
    from ticketctl.cli.commands.administration import sla_check_run

    return sla_check_run.check(app, dry_run, fail_on, wait)


@command.command()
@click.argument("ticket", metavar="ID", type=param_types.TICKET)
@click.option(
    "--explain", is_flag=True, help="Show the calculation, interval by interval and day by day."
)
@pass_app
def show(app: App, ticket: int, explain: bool) -> None:
    """Show the clocks of a ticket: policy, target, used, paused, due, state."""
    from ticketctl.cli.commands.administration import sla_run

    sla_run.show(app, ticket, explain)


@command.command("test")
@click.argument("name")
@click.option("--created", metavar="TIME", help="When the ticket is created; default: now.")
@click.option(
    "--priority", default="medium", metavar="WORD", help="Priority of the ticket; default: medium."
)
@pass_app
def test(app: App, name: str, created: str | None, priority: str) -> None:
    """Test policy NAME without a ticket: when each clock warns, is due, and escalates.

    TIME without an offset is in the zone of the policy's calendar.
    """
    from ticketctl.cli.commands.administration import sla_run

    sla_run.test(app, name, created, priority)


@command.command()
@click.option("--dry-run", is_flag=True, help="Show what would change; change nothing.")
@click.option("--wait", is_flag=True, help="Wait for another process that is doing the same.")
@pass_app
def recompute(app: App, dry_run: bool, wait: bool) -> None:
    """Recompute running clocks with the policies and calendars in force; stopped and late clocks are not changed."""
    from ticketctl.cli.commands.administration import sla_run

    sla_run.run_recompute(app, dry_run, wait)
