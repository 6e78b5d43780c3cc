"""What `ticketctl desk` does."""

from msgspec import to_builtins
from msgspec.structs import replace

from ticketctl.cli.shared.definition_change import change_to
from ticketctl.clock import rfc3339
from ticketctl.console.context import App
from ticketctl.console.rows import Column, View, one, rows
from ticketctl.domain.loading.load import parse
from ticketctl.safe import terminal
from ticketctl.store.desk import definitions
from ticketctl.store.desk.definitions import Applied


def show(app: App, version: int | None) -> None:
    """Print desk.toml as it was applied; with --json, as it was understood."""
    with app.db.read() as tx:
        wanted = definitions.version(tx) if version is None else version
        source = definitions.source(tx, wanted)
    if app.options.json:
        _show_meaning(app, wanted)
    else:
        text = terminal(source) if app.out.is_terminal else source
        app.out.data(text.removesuffix("\n"))


def history(app: App) -> None:
    """List the versions, newest first, with date and author."""
    with app.db.read() as tx:
        versions = definitions.history(tx)
    rows(app, _view(), versions)


def rollback(app: App, version: int, dry_run: bool) -> None:
    """Apply an earlier VERSION again, with the holidays it had, as a new version."""
    with app.db.read() as tx:
        source = definitions.source(tx, version)
        holidays = definitions.get(tx, version).holidays
    change_to(app, source, replace(parse(source), holidays=holidays), dry_run=dry_run)


def _show_meaning(app: App, version: int) -> None:
    with app.db.read() as tx:
        one(app, to_builtins(definitions.get(tx, version)))


def _view() -> View[Applied]:
    return View(
        columns=(
            Column("version", lambda applied: applied.version),
            Column("at", lambda applied: applied.at),
            Column("actor", lambda applied: applied.actor),
            Column("os_user", lambda applied: applied.os_user),
        ),
        default=("version", "at", "actor", "os_user"),
        shape=lambda applied: {
            "version": applied.version,
            "at": rfc3339(applied.at),
            "actor": applied.actor,
            "os_user": applied.os_user,
        },
        key=lambda applied: applied.version,
    )
