"""`ticketctl history ID`: what happened to a ticket, oldest first."""

from typing import Any

import click

from ticketctl.cli import access, ids, output, shapes
from ticketctl.cli.desk_context import Desk, pass_desk
from ticketctl.cli.output import Column, View, plain
from ticketctl.desk.records import Event

# --only takes the words people use; each stands for the event types and fields it covers.
GROUPS = {"assignment": ("assigned",), "status": ("status", "resolved", "closed", "reopened")}

_RELATIONS = ("linked", "unlinked", "merged", "unmerged")
COUNTED = ("message", "comment")  # fields of an event that say which one was added


@click.command()
@click.argument("ticket")
@click.option("--only", metavar="TYPES", help="These kinds of event: assignment, status, replied …")
@pass_desk
def command(desk: Desk, ticket: str, only: str | None) -> None:
    """What happened to a ticket, and who did it."""
    from ticketctl.store import events, tickets

    number = ids.number(ticket)
    with desk.db.read() as tx:
        access.check(desk, tx, tickets.get(tx, number))
        found = events.of(tx, number, _types(only))
    output.rows(desk, VIEW, found)


def _types(only: str | None) -> tuple[str, ...] | None:
    if only is None:
        return None
    return tuple(t for word in only.split(",") for t in GROUPS.get(word.strip(), (word.strip(),)))


def change(event: Event) -> str:
    """What an event changed, in words: `owner: ana → ben`, `tags: - → outage`, `message 2`."""
    new = _word(event.new)
    if event.field is None:
        return "" if event.new is None else new
    if event.field in COUNTED:
        return f"{event.field} {new}"
    if event.type in _RELATIONS and event.field != "status":
        return f"{event.field} #{new if event.old is None else _word(event.old)}"
    if event.type == "split":
        return f"messages {_word(event.old)} → #{new}"
    return f"{event.field}: {_word(event.old)} → {new}"


def _word(value: Any) -> str:
    """A value in words; a dash for nothing."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return plain(value) or "-"


VIEW: View[Event] = View(
    [
        Column("n", lambda e: e.n),
        Column("at", lambda e: e.at),
        Column("actor", lambda e: e.actor),
        Column("os_user", lambda e: e.os_user),
        Column("type", lambda e: e.type),
        Column("change", change, cut=1),
        Column("comment", lambda e: e.comment, cut=1),
        Column("group", lambda e: e.group),
    ],
    ("n", "at", "actor", "type", "change", "comment"),
    shapes.event,
    lambda e: e.n,
)
