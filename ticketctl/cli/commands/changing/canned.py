"""`ticketctl canned`: list, show, test and suggest canned replies (F-C13, F-L10, F-T16)."""

import click

from ticketctl.cli.commands.changing import canned_change, canned_replace
from ticketctl.cli.shared import canned_replies, param_types
from ticketctl.console.context import App, pass_app

KINDS = ("reply", "ticket", "mail", "report")


@click.group()
def command() -> None:
    """Manage canned replies: texts for `reply --canned`, and the contents of new tickets for `new --canned`.

    Files in the `templates` folder of config.toml are listed too, unless the team shares a reply of that name.
    """


command.add_command(canned_change.add)
command.add_command(canned_change.edit)
command.add_command(canned_change.remove)
command.add_command(canned_replace.replace)


@command.command("list")
@click.argument("words", nargs=-1)
@click.option(
    "--type",
    "type_",
    type=param_types.TYPE,
    metavar="WORD",
    help="List replies for this ticket type first.",
)
@click.option(
    "--kind",
    type=click.Choice(KINDS, case_sensitive=False),
    help="Only this kind; `mail` and `report` are template files.",
)
@pass_app
def list_(app: App, words: tuple[str, ...], type_: str | None, kind: str | None) -> None:
    """List canned replies, or only those with all WORDS in their name, subject or text."""
    from ticketctl.cli.commands.changing import canned_run

    canned_run.list_(app, words, type_, kind)


@command.command()
@click.argument("name", type=canned_replies.name_type())
@canned_replies.language_option
@pass_app
def show(app: App, name: str, language: str | None) -> None:
    """Show a canned reply as stored, with its placeholders in braces."""
    from ticketctl.cli.commands.changing import canned_run

    canned_run.show(app, name, language)


@command.command()
@click.argument("name", type=canned_replies.name_type())
@click.option("--ticket", required=True, metavar="N", help="Fill it in for this ticket.")
@canned_replies.language_option
@pass_app
def test(app: App, name: str, ticket: int, language: str | None) -> None:
    """Show a canned reply as the customer of a ticket would read it; nothing is stored or sent."""
    from ticketctl.cli.commands.changing import canned_run

    canned_run.test(app, name, ticket, language)


@command.command()
@click.argument("ticket", metavar="N", type=param_types.TICKET)
@click.option(
    "--limit",
    type=param_types.NUMBER,
    default=10,
    show_default=True,
    metavar="N",
    help="Show at most N.",
)
@pass_app
def suggest(app: App, ticket: int, limit: int) -> None:
    """Suggest canned replies for ticket N, best match first: by ticket type, then by words in common."""
    from ticketctl.cli.commands.changing import canned_run

    canned_run.run_suggest(app, ticket, limit)
