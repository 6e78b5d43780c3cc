"""`ticketctl query`: saved queries, for `list @name`, board columns and the default of `list`."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from ticketctl.cli.shared import filters, param_types, query_types
from ticketctl.console import rows
from ticketctl.console.context import App, pass_app
from ticketctl.console.rows import Column, View
from ticketctl.errors import BadInput, NotFound

if TYPE_CHECKING:
    from ticketctl.actions.base.context import Work
    from ticketctl.store.tickets.saved_queries import Saved


@click.group()
def command() -> None:
    """Save queries and use them by name: `list @NAME`, inside other queries, in `board --by query`.

    One of them can be your default, which `list` shows when no query is given.
    """


@command.command()
@click.argument("name", type=param_types.SAVED_QUERY)
@click.argument("query", nargs=-1, type=query_types.QUERY, required=True, metavar="QUERY...")
@pass_app
def save(app: App, name: str, query: tuple[str, ...]) -> None:
    """Save a query under NAME; it is evaluated each time it is used."""
    from ticketctl.actions.texts import saved_queries
    from ticketctl.domain.base import values
    from ticketctl.domain.base.condition import EVERYTHING
    from ticketctl.domain.query.contradictions import never

    text = " ".join(query)
    asked = filters.parsed(app, f"@{values.name(name)}", {name: text})
    if asked.condition == EVERYTHING and not asked.sort:
        raise BadInput("give the query to save.")
    if never(asked.condition):
        raise BadInput("no ticket can match this query: parts of it exclude each other.")
    _change(app, lambda work: saved_queries.save(work, name, text))
    app.out.note(f"saved; use it as @{name}.")


@command.command("list")
@pass_app
def list_(app: App) -> None:
    """List your saved queries and the shared ones."""
    from ticketctl.store.tickets import saved_queries

    with app.db.read() as tx:
        found = saved_queries.seen(tx, app.me())
    rows.rows(app, _view(), found)


@command.command()
@click.argument("name", type=param_types.SAVED_QUERY)
@pass_app
def show(app: App, name: str) -> None:
    """Print the text of a saved query."""
    from ticketctl.safe import terminal_line
    from ticketctl.store.tickets import saved_queries

    with app.db.read() as tx:
        found = next((one for one in saved_queries.seen(tx, app.me()) if one.name == name), None)
    if found is None:
        raise NotFound(f'no saved query "{name}".')
    if rows.is_shape(app):
        rows.one(app, _shape(found))
    else:
        app.out.data(terminal_line(found.text))


@command.command()
@click.argument("name", type=param_types.SAVED_QUERY)
@pass_app
def default(app: App, name: str) -> None:
    """Make a saved query your default for `list`; `list --no-default` ignores it."""
    from ticketctl.actions.texts import saved_queries as queries

    _change(app, lambda work: queries.make_default(work, name))


@command.command()
@pass_app
def reset(app: App) -> None:
    """Remove your default; `list` shows the last month again."""
    from ticketctl.actions.texts import saved_queries as queries

    _change(app, lambda work: queries.make_default(work, None))


@command.command()
@click.argument("name", type=param_types.SAVED_QUERY)
@pass_app
def share(app: App, name: str) -> None:
    """Share a query of yours with the team."""
    from ticketctl.actions.texts import saved_queries as queries

    _change(app, lambda work: queries.share(work, name))


@command.command()
@click.argument("name", type=param_types.SAVED_QUERY)
@pass_app
def delete(app: App, name: str) -> None:
    """Delete a query of yours; managers and admins may also delete shared ones."""
    from ticketctl.actions.texts import saved_queries as queries

    _change(app, lambda work: queries.delete(work, name))


def _change(app: App, action: "Callable[[Work], None]") -> None:
    from ticketctl.actions.base.context import begin

    actor = app.actor()
    app.db.write(lambda tx: action(begin(tx, actor)))


def _shape(one: "Saved") -> dict[str, object]:
    return {
        "name": one.name,
        "query": one.text,
        "shared": one.shared,
        "default": one.is_default,
    }


def _view() -> "View[Saved]":
    columns: list[Column[Saved]] = [
        Column("name", lambda one: one.name),
        Column("query", lambda one: one.text, cut=1),
        Column("shared", lambda one: one.shared),
        Column("default", lambda one: one.is_default),
    ]
    names = [column.name for column in columns]
    return View(columns, names, _shape, lambda one: one.name, names)
