"""`ticketctl survey`: send surveys, list and record answers."""

import click

from ticketctl.cli.shared import param_types, text_input
from ticketctl.console.context import App, pass_app


@click.group("survey")
def command() -> None:
    """Send satisfaction surveys of desk.toml, and record and list answers."""


@command.command()
@click.option("--dry-run", is_flag=True, help="Show who would be asked; send nothing.")
@click.option("--wait", is_flag=True, help="Wait for another process that is doing the same.")
@pass_app
def send(app: App, dry_run: bool, wait: bool) -> None:
    """For cron: send each survey once to the customers of tickets that were resolved long enough ago.

    `ticketctl gateway serve` does the same every minute.
    If another process is already doing this, exit 0 with nothing done.
    """
    from ticketctl.cli.commands.people import survey_run

    survey_run.send(app, dry_run, wait)


@command.command("list")
@pass_app
def list_(app: App) -> None:
    """List surveys: who is asked, how many were asked and answered, and the mean rating."""
    from ticketctl.cli.commands.people import survey_run

    survey_run.list_(app)


@command.command()
@click.argument("ticket", type=param_types.TICKET)
@click.argument("rating", type=param_types.COUNT)
@text_input.note_option(metavar="COMMENT", help="What the customer said.")
@click.option(
    "--survey", default="", metavar="NAME", help="Answer this survey instead of the default one."
)
@pass_app
def answer(app: App, ticket: int, rating: int, message: str, survey: str) -> None:
    """Record a customer's rating of a ticket. It replaces an earlier one."""
    from ticketctl.cli.commands.people import survey_run

    survey_run.answer(app, ticket, rating, message, survey)


@command.command()
@click.argument("survey")
@click.argument("rating", type=param_types.COUNT)
@click.option("--ticket", type=param_types.TICKET, metavar="ID", help="Ticket the answer is about.")
@click.option("--customer", metavar="WHO", help="Customer who answered, if it is about no ticket.")
@text_input.note_option(metavar="COMMENT", help="What the customer said.")
@click.option(
    "--id", "answer_id", default="", metavar="ID", help="Answer id; a repeated id is stored once."
)
@click.option("--at", metavar="TIME", help="Time of the answer.")
@click.option(
    "--answer",
    "answers",
    multiple=True,
    metavar="QUESTION=ANSWER",
    help="An answer to another question of the survey; repeat for more.",
)
@click.option("--url", metavar="URL", help="Where the whole answer can be read.")
@pass_app
def add(
    app: App,
    survey: str,
    rating: int,
    ticket: int | None,
    customer: str | None,
    message: str,
    answer_id: str,
    at: str | None,
    answers: tuple[str, ...],
    url: str | None,
) -> None:
    """Import an answer that was collected elsewhere, as `gateway ingest` does with JSON lines."""
    from ticketctl.cli.commands.people import survey_run

    survey_run.add(app, survey, rating, ticket, customer, message, answer_id, at, answers, url)
