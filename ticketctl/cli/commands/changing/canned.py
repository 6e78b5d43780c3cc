"""`ticketctl canned`: list, show, test and suggest canned replies (F-C13, F-L10, F-T16)."""

from typing import TYPE_CHECKING

import click

from ticketctl.cli.commands.changing import canned_change, canned_replace
from ticketctl.cli.shared import canned_replies, param_types
from ticketctl.console import access, rows
from ticketctl.console.context import App, pass_app
from ticketctl.console.rows import Column, View

if TYPE_CHECKING:
    from ticketctl.actions.texts.suggest import Suggestion

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
    type=click.Choice(KINDS),
    help="Only this kind; `mail` and `report` are template files.",
)
@pass_app
def list_(app: App, words: tuple[str, ...], type_: str | None, kind: str | None) -> None:
    """List canned replies, or only those with all WORDS in their name, subject or text."""
    from ticketctl.domain.rules import canned
    from ticketctl.store.tickets.search import fold

    with app.db.read() as tx:
        found = canned_replies.answers(app, tx).every(kind)
    wanted = set(fold(" ".join(words)).split())
    fitting = [
        one for one in found if wanted <= set(fold(f"{one.name} {one.subject} {one.text}").split())
    ]
    rows.rows(app, canned_replies.VIEW, canned.by_type(fitting, type_))


@command.command()
@click.argument("name", type=canned_replies.name_type())
@canned_replies.language_option
@pass_app
def show(app: App, name: str, language: str | None) -> None:
    """Show a canned reply as stored, with its placeholders in braces."""
    from ticketctl.safe import terminal

    with app.db.read() as tx:
        found = canned_replies.answers(app, tx)
        one = found.get(name, language)
        others = [str(each) for each in found.every() if each.name == name and each != one]
    if rows.is_shape(app):
        rows.one(app, canned_replies.shape(one))
        return
    app.out.note(canned_replies.head(one) + (f"\nalso: {', '.join(others)}" if others else ""))
    app.out.data(terminal(one.text))


@command.command()
@click.argument("name", type=canned_replies.name_type())
@click.option("--ticket", required=True, metavar="N", help="Fill it in for this ticket.")
@canned_replies.language_option
@pass_app
def test(app: App, name: str, ticket: int, language: str | None) -> None:
    """Show a canned reply as the customer of a ticket would read it; nothing is stored or sent."""
    from ticketctl.actions.base.context import begin
    from ticketctl.actions.tickets import reply
    from ticketctl.safe import terminal
    from ticketctl.store.tickets import tickets
    from ticketctl.templating.canned import fill

    with app.db.read() as tx:
        number = ticket
        access.check(app, tx, tickets.get(tx, number))
        spoken, data = reply.names(begin(tx, app.actor()), number)
        one = canned_replies.answers(app, tx).get(name, language or spoken)
    text = fill(one.text, data, one.kind)
    if rows.is_shape(app):
        rows.one(app, canned_replies.shape(one) | {"text": text, "ticket": number})
    else:
        app.out.data(terminal(text))


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
    from ticketctl.actions.base.context import begin
    from ticketctl.actions.texts import suggest

    with app.db.read() as tx:
        answers = canned_replies.answers(app, tx).every("reply")
        found = suggest.suggest(begin(tx, app.actor()), ticket, answers)
    rows.rows(app, _suggestions(), found[:limit])


def _why(one: "Suggestion") -> str:
    reasons = [f"type {one.answer.type}"] if one.same_type else []
    return "; ".join(reasons + ([f"words {', '.join(one.words)}"] if one.words else []))


def _suggestion(one: "Suggestion") -> dict[str, object]:
    whole = canned_replies.shape(one.answer)
    told = {name: whole[name] for name in ("name", "language", "type", "source", "text")}
    return told | {"same_type": one.same_type, "words": list(one.words)}


def _suggestions() -> "View[Suggestion]":
    columns: list[Column[Suggestion]] = [
        Column("name", lambda one: one.answer.name),
        Column("why", _why, cut=1),
        Column("text", lambda one: one.answer.text, cut=1),
    ]
    fields = ("name", "language", "type", "source", "text", "same_type", "words")
    names = [column.name for column in columns]
    return View(columns, names, _suggestion, lambda one: one.answer.name, fields)
