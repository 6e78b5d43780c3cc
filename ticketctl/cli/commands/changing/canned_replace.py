"""`ticketctl canned replace OLD NEW`: words replaced in canned replies and custom fields of tickets (F-T17)."""

from typing import TYPE_CHECKING

import click

from ticketctl.cli.shared import param_types
from ticketctl.console import access, rows
from ticketctl.console.context import App, pass_app
from ticketctl.console.view import Column, View, plain

if TYPE_CHECKING:
    from ticketctl.actions.texts.replace import TextChange


@click.command()
@click.argument("old")
@click.argument("new")
@click.option(
    "--type",
    "type_",
    type=param_types.TYPE,
    metavar="WORD",
    help="Only replies and tickets of this type.",
)
@click.option("--dry-run", is_flag=True, help="Show the matches; change nothing.")
@pass_app
def replace(app: App, old: str, new: str, type_: str | None, dry_run: bool) -> None:
    """Replace OLD with NEW, exactly as typed, in canned replies and in custom fields of tickets.

    Messages and comments are not changed. `ticketctl undo` reverts the whole replacement.
    """
    from ticketctl.actions.base.context import begin
    from ticketctl.actions.texts import replace

    among, actor = access.visible(app), app.actor()

    def action(rehearsal: bool) -> "list[TextChange]":
        run = app.db.rehearse if rehearsal else app.db.write
        return run(lambda tx: replace.replace(begin(tx, actor), old, new, among, type_))

    if not dry_run and not app.yes:
        _agreed(app, action(rehearsal=True))
    found = action(rehearsal=dry_run)
    rows.rows(app, _view(), found)
    _sum_up(app, found, old, dry_run)


def _agreed(app: App, found: "list[TextChange]") -> None:
    """Ask before changing many tickets."""
    tickets = _tickets(found)
    if tickets > app.settings.bulk_confirm:
        app.out.agree(f"Change {tickets} tickets?")


def _sum_up(app: App, found: "list[TextChange]", old: str, dry_run: bool) -> None:
    if not found:
        app.out.note(f'"{old}" was not found.')
        return
    texts = len({(one.template, one.language) for one in found if one.template})
    did = "to change" if dry_run else "changed; `ticketctl undo` takes it back"
    app.out.note(f"canned replies: {texts}, tickets: {_tickets(found)} {did}.")


def _tickets(found: "list[TextChange]") -> int:
    return len({one.ticket for one in found if one.ticket is not None})


def _shape(one: "TextChange") -> dict[str, object]:
    return {name: getattr(one, name) for name in one.__struct_fields__}


def _view() -> "View[TextChange]":
    columns: list[Column[TextChange]] = [
        Column("where", _where),
        Column("field", lambda one: one.field),
        Column("old", lambda one: _line(one)[0], cut=1),
        Column("new", lambda one: _line(one)[1], cut=1),
    ]
    fields = ("template", "language", "ticket", "field", "old", "new")
    return View(columns, [one.name for one in columns], _shape, _where, fields)


def _where(one: "TextChange") -> str:
    if one.ticket is not None:
        return f"ticket {one.ticket}"
    return f"canned reply {one.template}" + (f" ({one.language})" if one.language else "")


def _line(one: "TextChange") -> tuple[str, str]:
    """The first line that changes, before and after."""
    old, new = plain(one.old).splitlines(), plain(one.new).splitlines()
    changed = (pair for pair in zip(old, new, strict=False) if pair[0] != pair[1])
    return next(changed, (" ".join(old), " ".join(new)))
