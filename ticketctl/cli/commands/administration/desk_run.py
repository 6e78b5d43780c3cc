"""What `ticketctl desk` does."""

from typing import NamedTuple

from msgspec import to_builtins
from msgspec.structs import replace

from ticketctl.cli.shared.definition_change import change_to, file_text
from ticketctl.clock import rfc3339
from ticketctl.console.context import App
from ticketctl.console.rows import one, rows
from ticketctl.console.times import local
from ticketctl.console.view import Column, View
from ticketctl.domain.definition.definition import Definition
from ticketctl.domain.definition.difference import difference
from ticketctl.domain.loading.load import parse
from ticketctl.errors import ConditionHolds
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


class Side(NamedTuple):
    """One side of a comparison: what it is called, and what it means."""

    title: str
    definition: Definition


def diff(app: App, a: str | None, b: str | None, exit_status: bool) -> None:
    """Show how B differs from A, as the lines of `apply`; ConditionHolds with `exit_status` if it does."""
    current = app.definition.version
    if a is None:
        a, b = str(max(current - 1, 0)), str(current)
    elif b is None:
        a, b = (a, str(current)) if _is_version(a) else (str(current), a)
    old, new = _side(app, a), _side(app, b)
    lines = difference(old.definition, new.definition)
    if app.options.json:
        one(app, {"old": old.title, "new": new.title, "lines": lines})
    elif lines:
        for line in (f"--- {old.title}", f"+++ {new.title}", *lines):
            colour = {"-": "red", "+": "green"}.get(line[0])
            app.out.data(app.out.style(terminal(line), fg=colour))
    else:
        app.out.note(f"{old.title} and {new.title} mean the same.")
    if lines and exit_status:
        raise ConditionHolds(f"{new.title} differs from {old.title}.")


def _is_version(word: str) -> bool:
    return word.isascii() and word.isdecimal()


def _side(app: App, word: str) -> Side:
    """A version, or a file with the holidays that are known for its calendars."""
    if not _is_version(word):
        found = parse(file_text(word))
        known = app.definition.holidays
        own = {one.name: known[one.name] for one in found.calendars if one.name in known}
        return Side(word, replace(found, holidays=own))
    with app.db.read() as tx:
        definition = definitions.get(tx, int(word))
        made = {each.version: each for each in definitions.history(tx)}.get(int(word))
    when = f", {local(made.at, app.zone)}, {made.actor}" if made else ", before any desk.toml"
    return Side(f"version {int(word)}{when}", definition)


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
