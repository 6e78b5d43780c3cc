"""`ticketctl config`: settings in force and where each comes from."""

from typing import TYPE_CHECKING

import click

from ticketctl.console.context import Desk, pass_desk
from ticketctl.errors import BadInput

if TYPE_CHECKING:
    from ticketctl.settings.load import Origin


@click.group("config")
def command() -> None:
    """Show the settings of this host, and where each comes from."""


@command.command("list")
@click.option("--origin", is_flag=True, help="Show where each value comes from.")
@pass_desk
def list_(desk: Desk, origin: bool) -> None:
    """List every setting with its value; passwords are never shown."""
    from ticketctl.console.rows import Column, View, rows

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
    rows(desk, view, _origins(desk))


@command.command("get")
@click.argument("name")
@pass_desk
def get(desk: Desk, name: str) -> None:
    """Print the value of one setting, NAME as in `config list`."""
    from msgspec import json

    from ticketctl.safe import terminal

    known = {one.name: one.value for one in _origins(desk)}
    if name not in known:
        raise BadInput(f'there is no setting "{name}"; `ticketctl config list` names them.')
    value = known[name]
    desk.out.data(terminal(json.decode(value) if value.startswith('"') else value))


@command.command("path")
@pass_desk
def path(desk: Desk) -> None:
    """Print the settings files that are read; later ones override earlier ones."""
    from ticketctl.settings import load

    for file in load.paths(desk.config_file):
        desk.out.data(str(file))
        if not file.exists():
            desk.out.note(f"({file} is not there.)")


def _origins(desk: Desk) -> "list[Origin]":
    from ticketctl.settings import load

    url = desk.options.get("db")
    overrides = {"db.url": str(url)} if url else {}
    return load.origins(desk.config_file, desk.options.get("profile"), overrides)
