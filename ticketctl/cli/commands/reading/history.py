"""`ticketctl history ID`: what happened to a ticket, oldest first."""

from typing import Any

import click

from ticketctl.cli.shared import param_types
from ticketctl.cli.views.sla_clocks import NAMES
from ticketctl.console import access, json_shapes, rows
from ticketctl.console.context import App, pass_app
from ticketctl.console.rows import Column, View, plain
from ticketctl.domain.base.records import Event
from ticketctl.domain.sla.happenings import NOTICES
from ticketctl.errors import BadInput

# What can happen to a ticket …
TYPES = (
    "created", "ack", "message", "replied", "commented", "participant", "assigned", "unassigned",
    "status", "resolved", "closed", "reopened", "escalated", "subject", "priority", "type",
    "important", "segment", "tags", "field", "customer", "due", "merged", "unmerged", "split",
    "linked", "unlinked", "delivered", "delayed", "bounced", "mail-failed", "reported",
    "erased", "undone", "survey", "rated", "policy", "sla_warning", "sla_breach", "notified",
)  # fmt: skip
# … and the words that stand for several types.
GROUPS = {
    "assignment": ("assigned", "unassigned", "segment"),
    "status": ("status", "resolved", "closed", "reopened"),
    "messages": ("message", "replied"),
    "classification": ("type", "tags", "priority", "important", "field"),
    "sla": NOTICES,
    "relations": ("merged", "unmerged", "split", "linked", "unlinked"),
}

COUNTED = ("message", "comment")  # fields of an event that say which one was added


@click.command()
@click.argument("ticket", type=param_types.TICKET)
@click.option(
    "--only", metavar="TYPES", help="Show only these types of event: assignment, status, replied …"
)
@pass_app
def command(app: App, ticket: int, only: str | None) -> None:
    """Show what happened to a ticket, and who did it."""
    from ticketctl.store.tickets import events, tickets

    with app.db.read() as tx:
        access.check(app, tx, tickets.get(tx, ticket))
        found = events.of(tx, ticket, _types(only))
    rows.rows(app, VIEW, found)


def _types(only: str | None) -> tuple[str, ...] | None:
    if only is None:
        return None
    words = [word.strip() for word in only.split(",")]
    for word in words:
        if word not in (*GROUPS, *TYPES):
            raise BadInput(
                f'"{word}" is not a type of event; --only accepts {", ".join(GROUPS)}, '
                f"or single types: {', '.join(one for one in TYPES if one not in GROUPS)}."
            )
    return tuple(type for word in words for type in GROUPS.get(word, (word,)))


def change(event: Event) -> str:
    """What an event changed, in words: `owner: ana → ben`, `tags: - → outage`, `message 2`."""
    if event.type in NOTICES:
        return _of_clock(event.new) if event.new else ""
    new = _word(event.new)
    if event.field is None:
        return "" if event.new is None else new
    if event.field in COUNTED:
        return f"{event.field} {new}"
    if event.type in ("linked", "unlinked") or event.field in ("from", "into"):
        return f"{event.field} #{new if event.old is None else _word(event.old)}"
    if event.type == "split":
        return f"messages {_word(event.old)} → #{new}"
    return f"{event.field}: {_word(event.old)} → {new}"


def _of_clock(facts: dict[str, Any]) -> str:
    """A warning or breach in words: `first response due 2026-03-09T10:10:00Z, told ana`."""
    cycle = f" {facts['cycle']}" if facts["cycle"] > 1 else ""
    due = f" due {facts['due_at']}" if facts["due_at"] else ""
    level = f", level {facts['level']}" if facts["level"] else ""
    waits = "nobody told yet" if facts["told"] is None else "nobody told"
    told = f"told {', '.join(facts['told'])}" if facts["told"] else waits
    return f"{NAMES[facts['clock']]}{cycle}{due}{level}, {told}"


def _word(value: object) -> str:
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
    json_shapes.event,
    lambda e: e.n,
)
