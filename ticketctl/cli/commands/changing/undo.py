"""`ticketctl undo [N]`: take my last commands back."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import click

from ticketctl.cli.shared import param_types
from ticketctl.cli.views import ticket_history
from ticketctl.console import json_shapes, rows
from ticketctl.console.context import App, pass_app
from ticketctl.console.view import Column, View
from ticketctl.errors import NotFound
from ticketctl.safe import terminal_line

if TYPE_CHECKING:
    from datetime import datetime

    from ticketctl.domain.base.records import Event
    from ticketctl.store.desk.journal import JournalEntry

LISTED = 20  # commands


class Command(NamedTuple):
    """One invocation of mine, by what it left in the histories."""

    back: int  # how many commands ago, among those that are not undone; 0 for one that is
    group: str
    lines: "Sequence[Event]"
    entries: "Sequence[JournalEntry]"

    @property
    def at(self) -> "datetime":
        """When it was."""
        return self.lines[0].at if self.lines else self.entries[0].at

    @property
    def tickets(self) -> list[int]:
        """The tickets it changed."""
        return sorted({line.ticket for line in self.lines})

    @property
    def did(self) -> str:
        """What it did to them, and to what is no ticket."""
        done = [
            _words(one.type, ticket_history.change(one))
            for one in self.lines
            if one.type != "undone"
        ]
        done += [_named(one) for one in self.entries if one.type != "undone"]
        return "; ".join(dict.fromkeys(done))


def _words(type: str, change: str) -> str:
    return change if change.startswith(type) else f"{type} {change}".strip()


def _named(one: "JournalEntry") -> str:
    kind = "canned reply" if one.kind == "template" else one.kind
    return f"{kind} {one.subject}: {one.type}"


@click.command()
@click.argument("count", metavar="[N]", type=param_types.NUMBER, default=1)
@click.option("--list", "listed", is_flag=True, help="List your last commands; undo nothing.")
@click.option(
    "--force", is_flag=True, help="Undo what can be undone, even if others changed it since."
)
@pass_app
def command(app: App, count: int, listed: bool, force: bool) -> None:
    """Undo your last command, or your last N: all changes, and mail that has not yet gone to anyone."""
    me = app.actor().name
    if listed:
        rows.rows(app, VIEW, _last(app, me, LISTED))
        return
    mine = [one for one in _last(app, me, count) if one.back]
    if not mine:
        raise NotFound("you have no command to undo.")
    question = f"Undo your last {len(mine)} commands?"  # `undo 12` may be meant for ticket 12
    if mine[1:] and app.out.may_ask:
        app.out.agree(question)
    for one in mine:
        _undo(app, one, force)


def _undo(app: App, one: Command, force: bool) -> None:
    """Each command by itself, the last one first."""
    from ticketctl.actions.base import context
    from ticketctl.actions.undo import undo

    actor = app.actor()
    done = app.db.write(
        lambda tx: undo.undo(context.begin(tx, actor, group=one.group), force=force)
    )
    for number in sorted({line.ticket for line in done.lines}):
        lines = [line for line in done.lines if line.ticket == number]
        app.out.data(terminal_line(f"{number} undone: {Command(0, one.group, lines, ()).did}"))
    for entry in done.entries:
        app.out.data(terminal_line(f"undone: {_named(entry)}"))
    for sentence in done.left:
        app.out.note(f"left unchanged: {sentence}")


def _last(app: App, me: str, wanted: int) -> list[Command]:
    """My last commands, newest first, until `wanted` that are not undone are among them."""
    from ticketctl.actions.undo import undo as undoing
    from ticketctl.store.desk import journal
    from ticketctl.store.tickets import events

    found: list[Command] = []
    back = 0
    with app.db.read() as tx:
        for group in events.last_groups(tx, me):
            lines, entries = events.of_group(tx, group), journal.of_group(tx, group)
            undone = undoing.is_undone(lines, entries)
            back += not undone
            found.append(Command(0 if undone else back, group, lines, entries))
            if back == wanted:
                break
    return found


def _shape(one: Command) -> dict[str, object]:
    return {
        "n": one.back or None,
        "at": json_shapes.when(one.at),
        "tickets": one.tickets,
        "did": one.did,
        "undone": not one.back,
    }


VIEW: View[Command] = View(
    [
        Column("n", lambda one: one.back or "undone"),
        Column("at", lambda one: one.at),
        Column("tickets", lambda one: one.tickets),
        Column("did", lambda one: one.did, cut=1, wraps=True),
    ],
    ("n", "at", "tickets", "did"),
    _shape,
    lambda one: one.back,
)
