"""The history of a ticket: each event as a row, or as a line below the ticket."""

from collections.abc import Iterable
from typing import Any

from ticketctl.cli.views.sla_clocks import NAMES
from ticketctl.console import json_shapes
from ticketctl.console.context import App
from ticketctl.console.times import local
from ticketctl.console.view import Column, View, plain
from ticketctl.domain.base.records import Event
from ticketctl.domain.sla.happenings import NOTICES
from ticketctl.safe import terminal_line

COUNTED = ("message", "comment")  # fields of an event that say which one was added


def lines(app: App, history: Iterable[Event]) -> str:
    """A line for each event: when, who, what, and why."""
    return "\n".join(_line(app, one) for one in history)


def _line(app: App, one: Event) -> str:
    parts = (local(one.at, app.zone), one.actor, one.type, change(one), one.comment)
    return "  ".join(terminal_line(part) for part in parts if part)


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
        Column("change", change, cut=1, wraps=True),
        Column("comment", lambda e: e.comment, cut=2, wraps=True),
        Column("group", lambda e: e.group),
    ],
    ("n", "at", "actor", "type", "change", "comment"),
    json_shapes.event,
    lambda e: e.n,
)
