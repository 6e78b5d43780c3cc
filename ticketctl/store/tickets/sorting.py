"""The sort orders of a list, and paging by the key of the last ticket of the page before."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from operator import ge, gt, le, lt
from typing import Any

from sqlalchemy import ColumnElement, and_, func, literal, or_

from ticketctl.domain.base.condition import NEWEST_FIRST, Sort
from ticketctl.domain.base.records import PRIORITIES, Ticket
from ticketctl.errors import BadInput
from ticketctl.store.db.schema import customer, ticket

_NEVER = datetime(9999, 12, 31, tzinfo=UTC)  # sorts missing times last

_Key = tuple[ColumnElement[Any], Callable[[Ticket], Any]]


def _text(column: str, value: Callable[[Ticket], str | None]) -> _Key:
    return func.coalesce(ticket.c[column], ""), lambda one: value(one) or ""


def _time(column: str, value: Callable[[Ticket], datetime | None]) -> _Key:
    never = literal(_NEVER, ticket.c[column].type)
    return func.coalesce(ticket.c[column], never), lambda one: value(one) or _NEVER


# field: (the SQL sort key, the same of a ticket); never null
KEYS: dict[str, _Key] = {
    "id": (ticket.c.id, lambda one: one.id),
    "created": (ticket.c.created_at, lambda one: one.created_at),
    "updated": (ticket.c.updated_at, lambda one: one.updated_at),
    "resolved": _time("resolved_at", lambda one: one.resolved_at),
    "closed": _time("closed_at", lambda one: one.closed_at),
    "due": _time("due_at", lambda one: one.due_at),
    "priority": (ticket.c.priority, lambda one: PRIORITIES.index(one.priority)),
    "important": (ticket.c.important, lambda one: int(one.important)),
    "status": (ticket.c.status, lambda one: one.status),
    "segment": (ticket.c.segment, lambda one: one.segment),
    "mailbox": (ticket.c.mailbox, lambda one: one.mailbox),
    "channel": (ticket.c.channel, lambda one: one.channel),
    "subject": (ticket.c.subject, lambda one: one.subject),
    "owner": _text("owner", lambda one: one.owner),
    "type": _text("type", lambda one: one.type),
    "customer": (customer.c.name, lambda one: one.customer.name),
}


TIMES = ("created", "updated", "resolved", "closed", "due")


def by(sort: Sequence[Sort]) -> list[ColumnElement[object]]:
    """The ORDER BY of a list; no keys: newest first.

    The ticket's number comes last, in the direction of the last key; before it the time of creation, if the last key
    is a word that many tickets share, as in the indexes.
    """
    return [
        KEYS[key.field][0].desc() if key.descending else KEYS[key.field][0]
        for key in _complete(sort)
    ]


def past(sort: Sequence[Sort], last: Ticket) -> ColumnElement[bool]:
    """The tickets that come after `last` in an order.

    Each key has a bound of its own (`a <= x AND (a < x OR …)`), so that the index of the order finds the place.
    """
    *outer, inner = _complete(sort)
    condition = _beyond(inner, last, strictly=True)
    for key in reversed(outer):
        condition = and_(
            _beyond(key, last, strictly=False), or_(_beyond(key, last, strictly=True), condition)
        )
    return condition


def _beyond(key: Sort, last: Ticket, *, strictly: bool) -> ColumnElement[bool]:
    column, value_of = KEYS[key.field]
    beyond = (lt if strictly else le) if key.descending else (gt if strictly else ge)
    compared: ColumnElement[bool] = beyond(column, value_of(last))
    return compared


def _complete(sort: Sequence[Sort]) -> list[Sort]:
    keys: list[Sort] = []
    for key in sort or NEWEST_FIRST:
        if key.field not in KEYS:
            raise BadInput(
                f"{key.field!r} is not a sort field; sort by one of {', '.join(sorted(KEYS))}."
            )
        keys.append(key)
        if key.field == "id":
            return keys
    descending = keys[-1].descending
    if keys[-1].field not in TIMES:
        keys.append(Sort("created", descending))
    return [*keys, Sort("id", descending)]
