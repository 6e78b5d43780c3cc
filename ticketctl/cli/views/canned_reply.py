"""How a canned reply looks: its columns, its JSON, its head."""

from ticketctl.console import json_shapes
from ticketctl.console.view import Column, View
from ticketctl.domain.rules.canned import Canned
from ticketctl.safe import terminal_line


def shape(one: Canned) -> dict[str, object]:
    """A canned reply as JSON."""
    return {
        "name": one.name,
        "language": one.language or None,
        "kind": one.kind,
        "type": one.type or None,
        "subject": one.subject or None,
        "text": one.text,
        "fields": one.fields,
        "source": one.source,
        "at": json_shapes.when(one.at),
        "actor": one.actor or None,
    }


def head(one: Canned) -> str:
    """One line for each property except the text."""
    told = shape(one)
    rows = [(name, told[name]) for name in ("kind", "type", "language", "subject", "source")]
    rows += one.fields.items()
    return "\n".join(f"{name}: {terminal_line(_words(value))}" for name, value in rows if value)


def _words(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _view() -> View[Canned]:
    columns: list[Column[Canned]] = [
        Column("name", lambda one: one.name),
        Column("language", lambda one: one.language, rare=True),
        Column("kind", lambda one: one.kind, rare=True, usual="reply"),
        Column("type", lambda one: one.type, rare=True),
        Column("subject", lambda one: one.subject, cut=1, rare=True),
        Column("text", lambda one: one.text, cut=2),
        Column("source", lambda one: one.source, cut=1, rare=True, usual="desk"),
        Column("at", lambda one: one.at),
        Column("actor", lambda one: one.actor),
    ]
    default = ("name", "language", "kind", "type", "subject", "text", "source")
    fields = ("name", "language", "kind", "type", "subject", "text", "fields", "source", "at", "actor")  # fmt: skip
    return View(columns, default, shape, lambda one: one.name, fields)


VIEW = _view()
