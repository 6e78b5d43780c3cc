"""Counts for `stats`: one query, grouped by the database."""

from collections.abc import Sequence
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, func, select

from ticketctl.desk.condition import Condition
from ticketctl.desk.records import PRIORITIES
from ticketctl.errors import BadInput
from ticketctl.store import conditions
from ticketctl.store.engine import Tx
from ticketctl.store.schema import customer, ticket, ticket_tag

GROUPS: dict[str, ColumnElement[Any]] = {
    "status": ticket.c.status,
    "priority": ticket.c.priority,
    "owner": ticket.c.owner,
    "segment": ticket.c.segment,
    "source_segment": ticket.c.source_segment,
    "mailbox": ticket.c.mailbox,
    "channel": ticket.c.channel,
    "type": ticket.c.type,
    "kind": ticket.c.kind,
    "language": ticket.c.language,
    "customer": customer.c.email,
    "tag": ticket_tag.c.tag,
}


class Count(Struct, frozen=True):
    """How many tickets share these values, one a field asked for; None: the field is empty."""

    values: tuple[str | None, ...]
    tickets: int


def counts(tx: Tx, condition: Condition, by: Sequence[str]) -> list[Count]:
    """The tickets of a condition counted by fields, most first; BadInput for a field that cannot be counted by.

    By `tag` a ticket counts once for each of its tags.
    """
    for field in by:
        if field not in GROUPS:
            raise BadInput(
                f"tickets cannot be counted by {field!r}; count by one of {', '.join(GROUPS)}."
            )
    groups = [GROUPS[field] for field in by]
    number = func.count(ticket.c.id)
    query = select(number, *groups).select_from(ticket).where(conditions.sql(condition))
    if "customer" in by:
        query = query.join(customer, customer.c.id == ticket.c.customer_id)
    if "tag" in by:
        query = query.outerjoin(ticket_tag, ticket_tag.c.ticket_id == ticket.c.id)
    query = query.group_by(*groups).order_by(number.desc(), *groups)
    return [
        Count(tuple(map(_shown, by, values)), tickets) for tickets, *values in tx.execute(query)
    ]


def _shown(field: str, value: Any) -> str | None:
    if field == "priority":
        return PRIORITIES[value]
    return value or None
