"""What `ticketctl query` does."""

from collections.abc import Callable

from ticketctl.actions.base.context import Work, begin
from ticketctl.actions.texts import saved_queries
from ticketctl.cli.shared import filters
from ticketctl.cli.views.ticket_table import ticket_view
from ticketctl.console import rows
from ticketctl.console.context import App
from ticketctl.console.view import Column, View
from ticketctl.domain.base import values
from ticketctl.domain.base.condition import EVERYTHING
from ticketctl.domain.query.contradictions import never
from ticketctl.errors import BadInput, NotFound
from ticketctl.safe import terminal_line
from ticketctl.store.tickets import saved_queries as query_store
from ticketctl.store.tickets.saved_queries import Saved


def save(app: App, name: str, query: tuple[str, ...], columns: str | None) -> None:
    """Save a query, perhaps with columns, under NAME; it is evaluated each time it is used."""
    query = filters.as_typed(query)
    text = " ".join([*query, *([f"columns:{columns.replace(' ', '')}"] if columns else [])])
    asked = filters.parsed(app, f"@{values.name(name)}", {name: text})
    if asked.condition == EVERYTHING and not asked.sort:
        raise BadInput("give the query to save.")
    rows.chosen(app, ticket_view(app), ",".join(asked.columns) or None)  # they exist
    if never(asked.condition):
        raise BadInput("no ticket can match this query: parts of it exclude each other.")
    _change(app, lambda work: saved_queries.save(work, name, text))
    app.out.note(f"saved; use it as @{name}.")


def list_(app: App) -> None:
    """List your saved queries and the shared ones."""
    with app.db.read() as tx:
        found = query_store.usable(tx, app.me())
    rows.rows(app, _view(), found)


def show(app: App, name: str) -> None:
    """Print the text of a saved query."""
    with app.db.read() as tx:
        found = next((one for one in query_store.usable(tx, app.me()) if one.name == name), None)
    if found is None:
        raise NotFound(f'no saved query "{name}".')
    if rows.is_shape(app):
        rows.one(app, _shape(found))
    else:
        app.out.data(terminal_line(found.text))


def default(app: App, name: str) -> None:
    """Make a saved query your default for `list`; `list --no-default` ignores it."""
    _change(app, lambda work: saved_queries.make_default(work, name))


def reset(app: App) -> None:
    """Remove your default; `list` shows the last month again."""
    _change(app, lambda work: saved_queries.make_default(work, None))


def share(app: App, name: str) -> None:
    """Share a query of yours with the team."""
    _change(app, lambda work: saved_queries.share(work, name))


def delete(app: App, name: str) -> None:
    """Delete a query of yours; managers and admins may also delete shared ones."""
    _change(app, lambda work: saved_queries.delete(work, name))


def _change(app: App, action: Callable[[Work], None]) -> None:
    actor = app.actor()
    app.db.write(lambda tx: action(begin(tx, actor)))


def _shape(one: Saved) -> dict[str, object]:
    return {
        "name": one.name,
        "query": one.text,
        "shared": one.shared,
        "default": one.is_default,
    }


def _view() -> View[Saved]:
    columns: list[Column[Saved]] = [
        Column("name", lambda one: one.name),
        Column("query", lambda one: one.text, cut=1),
        Column("shared", lambda one: one.shared),
        Column("default", lambda one: one.is_default),
    ]
    names = [column.name for column in columns]
    return View(columns, names, _shape, lambda one: one.name, names)
