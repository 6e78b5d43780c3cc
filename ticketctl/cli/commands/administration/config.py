"""`ticketctl config`: settings in force and where each comes from."""

from typing import TYPE_CHECKING

import click

from ticketctl.console.context import App, pass_app
from ticketctl.errors import BadInput

if TYPE_CHECKING:
    from ticketctl.settings.load import Origin


@click.group("config")
def command() -> None:
    """Show the settings of this host, and where each comes from."""


@command.command("list")
@click.option("--origin", is_flag=True, help="Show where each value comes from.")
@pass_app
def list_(app: App, origin: bool) -> None:
    """List every setting with its value; passwords are never shown."""
    from ticketctl.console.rows import rows
    from ticketctl.console.view import Column, View

    view: View[Origin] = View(
        columns=(
            Column("name", lambda one: one.name),
            Column("value", lambda one: one.value),
            Column("origin", lambda one: one.origin),
        ),
        default=("name", "value", "origin") if origin else ("name", "value"),
        shape=lambda one: {"name": one.name, "value": one.value, "origin": one.origin},
        key=lambda one: one.name,
    )
    rows(app, view, _origins(app))


@command.command("get")
@click.argument("name")
@pass_app
def get(app: App, name: str) -> None:
    """Print the value of one setting, NAME as in `config list`."""
    from msgspec import json

    from ticketctl.safe import terminal

    known = {one.name: one.value for one in _origins(app)}
    if name not in known:
        raise BadInput(f'there is no setting "{name}"; `ticketctl config list` names them.')
    value = known[name]
    app.out.data(terminal(json.decode(value) if value.startswith('"') else value))


@command.command("path")
@pass_app
def path(app: App) -> None:
    """Print the settings files that are read; later ones override earlier ones."""
    from ticketctl.settings import load

    for file in load.paths(app.config_file):
        app.out.data(str(file))
        if not file.exists():
            app.out.note(f"({file} is not there.)")


def _origins(app: App) -> "list[Origin]":
    from ticketctl.settings import load

    url = app.options.db
    overrides = {"db.url": str(url)} if url else {}
    return load.origins(app.config_file, app.options.profile, overrides)
