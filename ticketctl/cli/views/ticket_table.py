"""The columns, colours and JSON of a ticket in every list."""

from collections.abc import Callable, Mapping
from operator import attrgetter
from typing import Any

from ticketctl.console import json_shapes, rows
from ticketctl.console.context import App
from ticketctl.console.times import ago
from ticketctl.console.view import Column, View
from ticketctl.domain.base.records import Ticket
from ticketctl.domain.base.status import ENDED
from ticketctl.domain.calendar import sla_word
from ticketctl.domain.calendar.age import NONE, RED, YELLOW, alert

DEFAULT = (
    "id", "important", "age_alert", "sla", "status", "priority", "owner", "customer", "subject", "updated_at",
)  # fmt: skip

# The look of the SLA cell, whatever the colour of its row.
_SIGNS: dict[str | None, dict[str, bool]] = {
    sla_word.BREACH: {"reverse": True},
    sla_word.WARN: {"underline": True},
}

# The names of all columns, in their order.
NAMES = (
    "id", "response_id", "email", "source_segment", "segment", "owner", "priority", "status", "reported",
    "customer_comment", "subject", "important", "age_alert", "sla", "sla_state", "sla_clock", "due_at", "customer",
    "customer_id", "customer_name", "type", "tags", "channel", "kind", "mailbox", "awaiting", "awaiting_since",
    "messages_count", "comments_count", "escalation_level", "created_at", "updated_at", "resolved_at", "closed_at",
    "closed_loop_at", "wait_until", "merged_into", "version",
)  # fmt: skip

TIMES = frozenset(
    ("reported", "due_at", "awaiting_since", "created_at", "updated_at", "resolved_at", "closed_at", "closed_loop_at",
     "wait_until")
)  # fmt: skip

# What columns were called, and are still called in queries.
FORMER = {
    "customer_email": "email", "alert": "age_alert", "due": "due_at", "messages": "messages_count",
    "comments": "comments_count", "level": "escalation_level", "created": "created_at", "updated": "updated_at",
    "resolved": "resolved_at", "closed": "closed_at",
}  # fmt: skip

_UPDATED = attrgetter("updated_at")

WAITS = "←"  # beside the status of a ticket in which the customer waits for us

ROOMY = 100  # columns of a terminal in which words need not be saved


def ticket_view(app: App) -> View[Ticket]:
    """The one renderer of `list`, `my`, `search`, `export` and of a customer's tickets (F-A33)."""
    definition, now = app.definition, app.now
    people = not rows.is_machine(app)
    tight = not app.options.format and app.out.is_terminal and app.out.width < ROOMY
    columns = ticket_columns(
        app, changed=_changed(app), blank=app.options.format == "csv", tight=tight
    )
    looks = {"id": lambda t: style(t, alert(t, definition, now))}
    columns = [one._replace(style=looks.get(one.name, one.style)) for one in columns]
    if people:
        columns = [one._replace(value=_turn) if one.name == "status" else one for one in columns]
    return View(
        columns,
        DEFAULT,
        lambda t: json_shapes.ticket(t, alert(t, definition, now), now),
        lambda t: t.id,
        json_shapes.TICKET,
        FORMER,
    )


def _turn(one: Ticket) -> str:
    """`open ←`: the status, and whether it is our turn: the customer wrote last (`awaiting:agent`)."""
    return f"{one.status} {WAITS}" if one.awaiting == "agent" else one.status


def ticket_columns(
    app: App,
    *,
    changed: Callable[[Ticket], object] = _UPDATED,
    blank: bool = True,
    tight: bool = False,
) -> list[Column[Ticket]]:
    """Every column of a ticket, in a table and in an export; what the survey's dashboard shows comes first (F-Q16).

    Their names are those of the JSON. `blank`: a ticket without a service level has nothing there instead of a dash.
    `tight`: there is little room for the time to the service level.
    """
    definition, now = app.definition, app.now

    def age_alert(one: Ticket) -> str:
        word = alert(one, definition, now)
        return "" if word == NONE else word

    def sla(one: Ticket) -> str | None:
        word = sla_word.word(one, now, short=tight)
        return None if blank and word == "-" else word  # a spreadsheet takes it for a formula

    of_now = (
        Column("age_alert", age_alert, rare=True, head="alert"),
        Column("sla", sla, lambda t: _SIGNS.get(sla_word.state(t, now)), rare=True, usual="-"),
        Column[Ticket]("sla_state", lambda t: sla_word.state(t, now)),
        Column("updated_at", changed, yields=1, head="updated"),
    )
    known = {one.name: one for one in (*_PLAIN, *of_now)}
    own = (_own(field.name) for field in definition.fields if field.on == "ticket")
    return [*(known[name] for name in NAMES), *own]


def style(one: Ticket, age: str) -> Mapping[str, object]:
    """The look of a row. Red and yellow: its age; dim: ended; bold: important. Words say the same (F-C14, F-C16)."""
    if one.status in ENDED:
        return {"dim": True}
    found: dict[str, Any] = {"bold": True} if one.important else {}
    return {**found, "fg": age} if age in (YELLOW, RED) else found


def _changed(app: App) -> Callable[[Ticket], object]:
    """How long ago for people who look at a list, the time itself for everybody else."""
    if app.options.format or not app.out.is_terminal:
        return _UPDATED
    now, roomy = app.now, app.out.width >= ROOMY

    def changed(one: Ticket) -> str:
        word = ago(one.updated_at, now)
        return word if roomy else word.removesuffix(" ago")

    return changed


def _own(name: str) -> Column[Ticket]:
    return Column(f"cf.{name}", lambda one: one.fields.get(name), cut=1, head=name)


_PLAIN: tuple[Column[Ticket], ...] = (
    Column("id", lambda t: t.id),
    Column("response_id", lambda t: t.response_id),
    Column("email", lambda t: t.customer.email, cut=1),
    Column("source_segment", lambda t: t.source_segment, cut=1),
    Column("segment", lambda t: t.segment, cut=1),
    Column("owner", lambda t: t.owner, rare=True),
    Column("priority", lambda t: t.priority, rare=True, usual="medium", head="prio"),
    Column("status", lambda t: t.status),
    Column("reported", lambda t: t.created_at),
    Column("customer_comment", lambda t: t.customer_comment, cut=2),
    Column("subject", lambda t: t.subject, cut=5),
    Column("important", lambda t: "*" if t.important else "", rare=True, head="*"),
    Column("customer", lambda t: t.customer.name or t.customer.email, cut=1, yields=2),
    Column("customer_id", lambda t: t.customer.id),
    Column("customer_name", lambda t: t.customer.name, cut=1),
    Column("type", lambda t: t.type),
    Column("tags", lambda t: t.tags, cut=1),
    Column("channel", lambda t: t.channel),
    Column("kind", lambda t: t.kind),
    Column("mailbox", lambda t: t.mailbox, cut=1),
    Column("awaiting", lambda t: t.awaiting),
    Column("awaiting_since", lambda t: t.awaiting_since),
    Column("messages_count", lambda t: t.messages_count, head="messages"),
    Column("comments_count", lambda t: t.comments_count, head="comments"),
    Column("escalation_level", lambda t: t.escalation_level, head="level"),
    Column("created_at", lambda t: t.created_at, head="created"),
    Column("resolved_at", lambda t: t.resolved_at, head="resolved"),
    Column("closed_at", lambda t: t.closed_at, head="closed"),
    Column("closed_loop_at", lambda t: t.closed_loop_at, head="told"),
    Column("wait_until", lambda t: t.wait_until),
    Column("sla_clock", lambda t: t.due_clock, head="clock"),
    Column("due_at", lambda t: t.due_at, head="due"),
    Column("merged_into", lambda t: t.merged_into),
    Column("version", lambda t: t.version),
)
