"""Counts for `stats`: one query, grouped by the database; days, weeks and months in a time zone."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, timedelta, tzinfo
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, case, func, null, select

from ticketctl.domain.base.condition import Condition
from ticketctl.domain.base.records import PRIORITIES
from ticketctl.errors import BadInput
from ticketctl.store.db.engine import Tx
from ticketctl.store.db.schema import customer, ticket, ticket_tag
from ticketctl.store.tickets import conditions, gone_owners

GROUPS: dict[str, ColumnElement[Any]] = {
    "status": ticket.c.status,
    "priority": ticket.c.priority,
    "owner": case((gone_owners.Owner(), null()), else_=ticket.c.owner),
    "segment": ticket.c.segment,
    "source_segment": ticket.c.source_segment,
    "mailbox": ticket.c.mailbox,
    "channel": ticket.c.channel,
    "type": ticket.c.type,
    "kind": ticket.c.kind,
    "language": ticket.c.language,
    "customer": customer.c.email,
    "tag": ticket_tag.c.tag,
    "day": ticket.c.created_at,
    "week": ticket.c.created_at,
    "month": ticket.c.created_at,
}
TIMES = ("day", "week", "month")  # of creation; a week is named by its Monday


class TicketCount(Struct, frozen=True):
    """How many tickets share these values of the fields counted by; None: the field is empty."""

    values: tuple[str | None, ...]
    tickets: int


def counts(
    tx: Tx, condition: Condition, by: Sequence[str], zone: tzinfo = UTC
) -> list[TicketCount]:
    """Count the tickets of a condition by fields, most first; days, weeks and months of `zone` in order of time.

    By `tag`, a ticket counts once for each of its tags. BadInput for a field that cannot be counted by.
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
    query = query.group_by(*dict.fromkeys(groups)).order_by(number.desc(), *groups)
    found: Counter[tuple[str | None, ...]] = Counter()
    for tickets, *values in tx.execute(query):
        found[tuple(_shown(f, v, zone) for f, v in zip(by, values, strict=True))] += tickets
    counted = [TicketCount(*one) for one in found.items()]
    return sorted(counted, key=lambda one: _moment(by, one)) if set(by) & set(TIMES) else counted


def _moment(by: Sequence[str], one: TicketCount) -> tuple[object, ...]:
    """The sort key of a count: its times, then the most first."""
    times = [value for field, value in zip(by, one.values, strict=True) if field in TIMES]
    return *times, -one.tickets, *(value or "" for value in one.values)


def _shown(field: str, value: Any, zone: tzinfo) -> str | None:
    if field == "priority":
        return PRIORITIES[value]
    if field in TIMES:
        return _period(field, value.astimezone(zone).date())
    return value or None


def _period(field: str, day: date) -> str:
    if field == "month":
        return day.isoformat()[:7]
    return (day - timedelta(days=day.weekday() if field == "week" else 0)).isoformat()
