"""Counts for `stats`: one query, grouped by the database; days, weeks and months in a time zone."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any

from msgspec import Struct

from ticketctl.clock import parse
from ticketctl.domain.base.condition import Condition, both
from ticketctl.domain.base.records import ALERTS, PRIORITIES
from ticketctl.errors import BadInput
from ticketctl.store.db.core import hole, sa, t
from ticketctl.store.db.database import Tx
from ticketctl.store.db.prepared import Expression, Statement, expression, in_order, sql
from ticketctl.store.tickets import conditions, ticket_lists

FIELDS = (
    "status", "priority", "owner", "segment", "source_segment", "mailbox", "channel", "type", "kind", "language",
    "customer", "tag", "day", "week", "month",
)  # fmt: skip
BY = (*FIELDS, "alert")  # what `stats` counts by
TIMES = ("day", "week", "month")  # of creation; a week is named by its Monday


def _column(field: str) -> Any:
    if field == "owner":
        return sa.case((conditions.gone_owner(), sa.null()), else_=t.ticket.c.owner)
    if field == "customer":
        return t.customer.c.email
    if field == "tag":
        return t.ticket_tag.c.tag
    return t.ticket.c["created_at" if field in TIMES else field]


def _key(field: str) -> Expression:
    return expression(lambda: _column(field), name=f"by {field}")


def _counting(*, customer: bool, tag: bool) -> Statement:
    def make() -> Any:
        query = sa.select(sa.func.count(t.ticket.c.id).label("tickets"), hole("keys"))
        query = query.select_from(t.ticket).where(hole("condition"))
        if customer:
            query = query.join(t.customer, t.customer.c.id == t.ticket.c.customer_id)
        if tag:
            query = query.outerjoin(t.ticket_tag, t.ticket_tag.c.ticket_id == t.ticket.c.id)
        return query.group_by(hole("groups")).order_by(sa.desc("tickets"), hole("groups"))

    return sql(make, f"count customer={customer} tag={tag}")


_KEYS = {field: _key(field) for field in FIELDS}
_COUNTS = {
    (customer, tag): _counting(customer=customer, tag=tag)
    for customer in (False, True)
    for tag in (False, True)
}


class TicketCount(Struct, frozen=True):
    """How many tickets share these values of the fields counted by; None: the field is empty."""

    values: tuple[str | None, ...]
    tickets: int


def counts(
    tx: Tx,
    condition: Condition,
    by: Sequence[str],
    zone: tzinfo = UTC,
    alert: Callable[[str], Condition] | None = None,
) -> list[TicketCount]:
    """Count the tickets of a condition by fields, most first; days, weeks and months of `zone` in order of time.

    By `tag`, a ticket counts once for each of its tags. `alert` is the condition of an age colour.
    BadInput for a field that cannot be counted by.
    """
    for field in by:
        if field not in BY:
            raise BadInput(
                f"tickets cannot be counted by {field!r}; count by one of {', '.join(BY)}."
            )
    if "alert" in by and alert:
        return _by_colour(tx, condition, by, zone, alert)
    groups = in_order(*(_KEYS[field].part() for field in dict.fromkeys(by)))
    rows = tx.execute(
        _COUNTS["customer" in by, "tag" in by],
        keys=in_order(*(_KEYS[field].part() for field in by)),
        condition=conditions.sql(condition),
        groups=groups,
    )
    found: Counter[tuple[str | None, ...]] = Counter()
    for tickets, *values in rows:
        found[tuple(_shown(f, v, zone) for f, v in zip(by, values, strict=True))] += tickets
    return _in_order(by, [TicketCount(*one) for one in found.items()])


def _by_colour(
    tx: Tx,
    condition: Condition,
    by: Sequence[str],
    zone: tzinfo,
    alert: Callable[[str], Condition],
) -> list[TicketCount]:
    """Count each age colour on its own, as no column of the ticket holds it."""
    others, place = [field for field in by if field != "alert"], by.index("alert")
    found = []
    for word in ALERTS:
        those = both(condition, alert(word))
        if not others:
            found.append(TicketCount((word,), ticket_lists.count(tx, those)))
        for one in counts(tx, those, others, zone) if others else ():
            values = (*one.values[:place], word, *one.values[place:])
            found.append(TicketCount(values, one.tickets))
    found = [one for one in found if one.tickets]
    return _in_order(by, sorted(found, key=lambda one: -one.tickets))


def _in_order(by: Sequence[str], counted: list[TicketCount]) -> list[TicketCount]:
    return sorted(counted, key=lambda one: _moment(by, one)) if set(by) & set(TIMES) else counted


def _moment(by: Sequence[str], one: TicketCount) -> tuple[object, ...]:
    """The sort key of a count: its times, then the most first."""
    times = [value for field, value in zip(by, one.values, strict=True) if field in TIMES]
    return *times, -one.tickets, *(value or "" for value in one.values)


def _shown(field: str, value: Any, zone: tzinfo) -> str | None:
    if field == "priority":
        return PRIORITIES[value]
    if field in TIMES:
        at = value if isinstance(value, datetime) else parse(value)
        return _period(field, at.astimezone(zone).date())
    return value or None


def _period(field: str, day: date) -> str:
    if field == "month":
        return day.isoformat()[:7]
    return (day - timedelta(days=day.weekday() if field == "week" else 0)).isoformat()
