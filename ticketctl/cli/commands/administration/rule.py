"""`ticketctl rule`: list, test, switch, log and run rules."""

import click

from ticketctl.cli.shared import param_types
from ticketctl.console.context import App, pass_app


@click.group("rule")
def command() -> None:
    """List, test and switch the rules of desk.toml, show what they did, run those due."""


@command.command("list")
@pass_app
def list_(app: App) -> None:
    """List rules: whether each is enabled, what it does, and how often it fired."""
    from ticketctl.cli.commands.administration import rule_run

    rule_run.list_(app)


@command.command()
@click.argument("rule", type=param_types.RULE, metavar="NAME")
@click.option(
    "--ticket", required=True, type=param_types.TICKET, metavar="ID", help="Test on this ticket."
)
@pass_app
def test(app: App, rule: str, ticket: int) -> None:
    """Test whether the rule NAME matches a ticket, and show what it would do; change nothing."""
    from ticketctl.cli.commands.administration import rule_run

    rule_run.test(app, rule, ticket)


@command.command()
@click.argument("rule", type=param_types.RULE, metavar="NAME")
@pass_app
def on(app: App, rule: str) -> None:
    """Enable the rule NAME: a new version of the desk, as if it were applied (admins only)."""
    from ticketctl.cli.commands.administration import rule_switch_run

    rule_switch_run.switch(app, rule, enabled=True)


@command.command()
@click.argument("rule", type=param_types.RULE, metavar="NAME")
@pass_app
def off(app: App, rule: str) -> None:
    """Disable the rule NAME: a new version of the desk, as if it were applied (admins only)."""
    from ticketctl.cli.commands.administration import rule_switch_run

    rule_switch_run.switch(app, rule, enabled=False)


@command.command()
@click.option("--ticket", type=param_types.TICKET, metavar="ID", help="Only this ticket.")
@click.option("--rule", type=param_types.RULE, metavar="NAME", help="Only this rule.")
@click.option(
    "--limit", type=param_types.COUNT, default=50, metavar="N", help="Show at most N; 0 for all."
)
@pass_app
def log(app: App, ticket: int | None, rule: str | None, limit: int) -> None:
    """Show what rules did, or why they did nothing, newest first."""
    from ticketctl.cli.commands.administration import rule_run

    rule_run.log(app, ticket, rule, limit)


@command.command()
@click.option(
    "--event",
    type=click.Choice(["time"], case_sensitive=False),
    default="time",
    help="Event to run rules for.",
)
@click.option("--dry-run", is_flag=True, help="Show which tickets would change; change nothing.")
@click.option("--wait", is_flag=True, help="Wait for another process that is doing the same.")
@pass_app
def run(app: App, event: str, dry_run: bool, wait: bool) -> None:
    """For cron: run timed rules, close tickets resolved for long enough, reopen waiting tickets that are due.

    `ticketctl gateway serve` does the same every minute.
    If another process is already doing this, exit 0 with nothing done.
    """
    from ticketctl.cli.commands.administration import rule_run

    rule_run.run(app, event, dry_run, wait)
