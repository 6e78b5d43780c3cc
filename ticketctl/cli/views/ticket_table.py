"""The columns, colours and JSON of a ticket in every list."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ticketctl.console import json_shapes
from ticketctl.console.context import App
from ticketctl.console.rows import Column, View
from ticketctl.console.times import ago
from ticketctl.domain.base.records import Ticket
from ticketctl.domain.base.status import ENDED
from ticketctl.domain.calendar import sla_word
from ticketctl.domain.calendar.age import NONE, RED, YELLOW, alert

DEFAULT = (
    "id", "important", "alert", "sla", "status", "priority", "owner", "customer", "subject", "updated",
)  # fmt: skip

# The look of the SLA cell, whatever the colour of its row.
_SIGNS: dict[str | None, dict[str, bool]] = {
    sla_word.BREACH: {"reverse": True},
    sla_word.WARN: {"underline": True},
}

ROOMY = 100  # columns of a terminal in which words need not be saved


def ticket_view(app: App) -> View[Ticket]:
    """The one renderer of `list`, `my`, `search`, `export` and of a customer's tickets (F-A33)."""
    definition, now = app.definition, app.now
    is_csv = app.options.format == "csv"

    def age_alert(one: Ticket) -> str:
        return alert(one, definition, now)

    def alert_word(one: Ticket) -> str:
        word = age_alert(one)
        return "" if word == NONE else word

    def sla(one: Ticket) -> str | None:
        word = sla_word.word(one, now)
        return None if is_csv and word == "-" else word  # a spreadsheet takes it for a formula

    columns: list[Column[Ticket]] = [
        Column("id", lambda t: t.id, lambda t: style(t, age_alert(t))),
        Column("important", lambda t: "*" if t.important else "", rare=True, head="*"),
        Column("alert", alert_word, rare=True),
        Column("sla", sla, lambda t: _SIGNS.get(sla_word.state(t, now)), rare=True, usual="-"),
        *_PLAIN,
        Column("updated", _changed(app), yields=1),
        *(_own(field.name) for field in definition.fields if field.on == "ticket"),
    ]
    return View(
        columns,
        DEFAULT,
        lambda t: json_shapes.ticket(t, age_alert(t), now),
        lambda t: t.id,
        json_shapes.TICKET,
    )


def style(one: Ticket, age: str) -> Mapping[str, object]:
    """The look of a row. Red and yellow: its age; dim: ended; bold: important. Words say the same (F-C14, F-C16)."""
    if one.status in ENDED:
        return {"dim": True}
    found: dict[str, Any] = {"bold": True} if one.important else {}
    return {**found, "fg": age} if age in (YELLOW, RED) else found


def _changed(app: App) -> Callable[[Ticket], object]:
    """How long ago for people who look at a list, the time itself for everybody else."""
    if app.options.format or not app.out.is_terminal:
        return lambda one: one.updated_at
    now, roomy = app.now, app.out.width >= ROOMY

    def changed(one: Ticket) -> str:
        word = ago(one.updated_at, now)
        return word if roomy else word.removesuffix(" ago")

    return changed


def _own(name: str) -> Column[Ticket]:
    return Column(f"cf.{name}", lambda one: one.fields.get(name), cut=1, head=name)


def _plain() -> Iterator[Column[Ticket]]:
    """A field of the ticket's record, unchanged."""
    yield Column("status", lambda t: t.status)
    yield Column("priority", lambda t: t.priority, rare=True, usual="medium", head="prio")
    yield Column("owner", lambda t: t.owner, rare=True)
    yield Column("segment", lambda t: t.segment, cut=1)
    yield Column("source_segment", lambda t: t.source_segment, cut=1)
    yield Column("customer", lambda t: t.customer.name or t.customer.email, cut=1, yields=2)
    yield Column("email", lambda t: t.customer.email, cut=1)
    yield Column("subject", lambda t: t.subject, cut=5)
    yield Column("customer_comment", lambda t: t.customer_comment, cut=2)
    yield Column("response_id", lambda t: t.response_id)
    yield Column("type", lambda t: t.type)
    yield Column("tags", lambda t: t.tags, cut=1)
    yield Column("channel", lambda t: t.channel)
    yield Column("kind", lambda t: t.kind)
    yield Column("mailbox", lambda t: t.mailbox, cut=1)
    yield Column("awaiting", lambda t: t.awaiting)
    yield Column("awaiting_since", lambda t: t.awaiting_since)
    yield Column("messages", lambda t: t.messages_count)
    yield Column("comments", lambda t: t.comments_count)
    yield Column("level", lambda t: t.escalation_level)
    yield Column("created", lambda t: t.created_at)
    yield Column("reported", lambda t: t.created_at)
    yield Column("due", lambda t: t.due_at)
    yield Column("resolved", lambda t: t.resolved_at)
    yield Column("closed", lambda t: t.closed_at)
    yield Column("merged_into", lambda t: t.merged_into)


_PLAIN = tuple(_plain())
