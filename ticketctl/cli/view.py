"""How a ticket looks in every list: its columns, its colours, its JSON."""

from collections.abc import Mapping
from typing import Any

from ticketctl.cli import shapes
from ticketctl.cli.desk_context import Desk
from ticketctl.cli.output import Column, View
from ticketctl.cli.times import ago
from ticketctl.desk.age import NONE, RED, YELLOW, alert
from ticketctl.desk.records import Ticket
from ticketctl.desk.status import ENDED

DEFAULT = ("id", "alert", "status", "priority", "owner", "customer", "subject", "updated")

ROOMY = 100  # columns of a terminal in which words need not be saved

_COLOURS: Mapping[str, Mapping[str, Any]] = {RED: {"fg": "red"}, YELLOW: {"fg": "yellow"}}


def ticket_view(desk: Desk) -> View[Ticket]:
    """The one renderer of `list`, `my`, `search`, `export` and of a customer's tickets (A33)."""
    definition, now, person = desk.definition, desk.now, not desk.options.get("format")

    def age_alert(one: Ticket) -> str:
        return alert(one, definition, now)

    def style(one: Ticket) -> Mapping[str, Any] | None:
        if one.status in ENDED:
            return {"dim": True}
        colour = _COLOURS.get(age_alert(one), {})
        return {**colour, "bold": True} if one.important else colour

    def alert_word(one: Ticket) -> str:
        word = age_alert(one)
        return "" if word == NONE else word

    def changed(one: Ticket) -> Any:
        if not (person and desk.out.is_terminal):
            return one.updated_at
        word = ago(one.updated_at, now)
        return word if desk.out.width >= ROOMY else word.removesuffix(" ago")

    columns: list[Column[Ticket]] = [
        Column("id", lambda t: t.id, style),
        Column("important", lambda t: "*" if t.important else ""),
        Column("alert", alert_word, rare=True),
        Column("status", lambda t: t.status),
        Column("priority", lambda t: t.priority, rare=True, usual="medium", head="prio"),
        Column("owner", lambda t: t.owner, rare=True),
        Column("segment", lambda t: t.segment, cut=1),
        Column("source_segment", lambda t: t.source_segment, cut=1),
        Column("customer", lambda t: t.customer.name or t.customer.email, cut=1),
        Column("email", lambda t: t.customer.email, cut=1),
        Column("subject", lambda t: t.subject, cut=5),
        Column("type", lambda t: t.type),
        Column("tags", lambda t: t.tags, cut=1),
        Column("channel", lambda t: t.channel),
        Column("kind", lambda t: t.kind),
        Column("mailbox", lambda t: t.mailbox, cut=1),
        Column("awaiting", lambda t: t.awaiting),
        Column("messages", lambda t: t.messages_count),
        Column("comments", lambda t: t.comments_count),
        Column("level", lambda t: t.escalation_level),
        Column("created", lambda t: t.created_at),
        Column("reported_on", lambda t: t.created_at),
        Column("updated", changed),
        Column("resolved", lambda t: t.resolved_at),
        Column("closed", lambda t: t.closed_at),
        Column("merged_into", lambda t: t.merged_into),
    ]
    return View(columns, DEFAULT, lambda t: shapes.ticket(t, age_alert(t)), lambda t: t.id)
