"""The custom fields that people outside may read: those with `public = true` in desk.toml."""

from collections.abc import Iterator, Mapping
from typing import Any

from gateway.page.labels import Labels
from ticketctl.domain.base.records import Ticket
from ticketctl.domain.definition.definition import Definition
from ticketctl.store.db.database import Tx
from ticketctl.store.people import customers


def public(
    tx: Tx, ticket: Ticket, definition: Definition, say: Labels
) -> Iterator[tuple[str, str]]:
    """Yield name and value of each public field that has a value: the ticket's, then its customer's."""
    shown = [field for field in definition.fields if field.public]
    for on in ("ticket", "customer"):
        names = [field.name for field in shown if field.on == on]
        if names:
            yield from _filled(names, _values(tx, ticket, on), say)


def _values(tx: Tx, ticket: Ticket, on: str) -> Mapping[str, Any]:
    return ticket.fields if on == "ticket" else customers.get(tx, ticket.customer.id).profile


def _filled(names: list[str], values: Mapping[str, Any], say: Labels) -> Iterator[tuple[str, str]]:
    for name in names:
        if value := _in_words(values.get(name), say):
            yield name, value


def _in_words(value: object, say: Labels) -> str:
    if isinstance(value, bool):
        return say.yes if value else say.no
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)
