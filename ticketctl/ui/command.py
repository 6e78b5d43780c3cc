"""`ticketctl ui`: the desk on one screen."""

import sys
from contextlib import redirect_stderr, redirect_stdout
from importlib.util import find_spec
from typing import TYPE_CHECKING

import click

from ticketctl.cli.shared import param_types
from ticketctl.cli.shared.filters import QueryCommand, as_typed
from ticketctl.console.context import App, pass_app
from ticketctl.errors import BadInput

if TYPE_CHECKING:
    from ticketctl.ui.desk_app import DeskApp
    from ticketctl.ui.queues import Found, Queue


@click.command(cls=QueryCommand)
@click.argument("query", nargs=-1, type=param_types.QUERY, metavar="[QUERY]...")
@click.option(
    "--theme",
    type=click.Choice(["dark", "light", "terminal"]),
    help="Colours; `terminal` takes those of your terminal. The default is the setting ui.theme.",
)
@pass_app
def command(app: App, query: tuple[str, ...], theme: str | None) -> None:
    """Work at the desk on one screen: queues, tickets, conversations. `?` shows the keys.

    It begins with your tickets, or with those of QUERY. What others change appears by itself. It needs the extra
    `ui`: `pip install 'ticketctl[ui]'`.
    """
    if find_spec("textual") is None:
        raise BadInput("`ui` needs the extra ui; run pip install 'ticketctl[ui]'.")
    if not (app.out.is_terminal and app.out.may_ask):
        raise BadInput("`ui` needs a terminal; `ticketctl list` prints the tickets.")
    app.actor()
    from ticketctl.ui import first_screen, queues

    queue = queues.first(" ".join(as_typed(query)))
    found = first_screen.paint(app, queue)
    screen = _screen(app, queue, theme or app.settings.ui.theme, found)
    with redirect_stdout(sys.stdout), redirect_stderr(sys.stderr):  # a command may end last
        screen.run()
    if ran := screen.commands.unseen:
        app.out.note(f"`{ran.line}` ended as you left:\n{ran.output}{ran.sentence}".rstrip())
    if screen.crash:
        raise screen.crash


def _screen(app: App, queue: "Queue", theme: str, found: "Found") -> "DeskApp":
    try:
        from ticketctl.ui.desk_app import DeskApp

        return DeskApp(app, queue, theme, found)
    except BaseException:
        from ticketctl.ui import first_screen

        first_screen.leave()
        raise
