"""Canned replies as commands find them: the team's first, then the files of the site."""

from typing import TYPE_CHECKING

import click

from ticketctl.cli.shared.option_groups import Decorator
from ticketctl.cli.shared.param_types import Name
from ticketctl.cli.shared.renamed_option import Renamed

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from ticketctl.console.context import App
    from ticketctl.store.db.database import Tx
    from ticketctl.templating.canned import Answers


def option(help: str, kind: str) -> Decorator:
    """The option --canned NAME of a command, for replies of a kind; its former spelling was --template."""
    return click.option(
        "--canned",
        metavar="NAME",
        help=help,
        type=name_type(kind),
        cls=Renamed,
        former="--template",
    )


def name_type(kind: str | None = None) -> Name:
    """The parameter type of a canned reply's name; completes names of a kind with their first words."""

    def offer(ctx: click.Context, incomplete: str) -> "list[CompletionItem[str]]":
        from click.shell_completion import CompletionItem

        from ticketctl.cli.shared import completion
        from ticketctl.safe import terminal_line
        from ticketctl.templating import render  # noqa: F401  loaded before the time runs

        app = completion.app_of(ctx)
        with completion.in_time(), app.db.read() as tx:
            found = answers(app, tx).every(kind)
        about = {one.name: one.subject or one.text for one in found}
        return [
            CompletionItem(name, help=terminal_line(text[:FIRST_WORDS]))
            for name, text in about.items()
        ]

    return Name("name", lambda: offer)


FIRST_WORDS = 60  # characters, of what the shell says about a reply

language_option = click.option(
    "--language", metavar="L", help="Language of the reply, such as es or es-mx."
)


def answers(app: "App", tx: "Tx") -> "Answers":
    """Every canned reply of the desk and of this host's template folder."""
    from ticketctl.store.desk import canned_replies, definitions
    from ticketctl.templating.canned import Answers

    language = definitions.current(tx).settings.language
    return Answers(app.settings.templates, language, canned_replies.every(tx))
