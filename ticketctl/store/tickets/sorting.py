"""The sort orders of a list, and paging by the key of the last ticket of the page before."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from operator import ge, gt, le, lt
from typing import Any

from msgspec import Struct

from ticketctl.domain.base.condition import NEWEST_FIRST, Sort
from ticketctl.domain.base.records import PRIORITIES, Ticket
from ticketctl.errors import BadInput
from ticketctl.store.db.core import sa, t
from ticketctl.store.db.fragments import Part
from ticketctl.store.db.prepared import Expression, all_of, any_of, descending, expression, in_order
from ticketctl.store.tickets.last_word import waiting_since

NEVER = datetime(9999, 12, 31, tzinfo=UTC)  # sorts missing times last
_COMPARE: dict[str, Callable[[Any, Any], Any]] = {"<": lt, "<=": le, ">": gt, ">=": ge}


class _Key(Struct, frozen=True):
    """A key of an order: its SQL, which is never NULL, how it compares, and its value for a ticket."""

    sql: Expression
    compared: dict[str, Expression]
    of: Callable[[Ticket], Any]


def _key(field: str, key: Callable[[], Any], of: Callable[[Ticket], Any]) -> _Key:
    def compared(op: str) -> Expression:
        return expression(
            lambda: _COMPARE[op](key(), sa.bindparam("value", type_=key().type)),
            name=f"{field} {op}",
        )

    return _Key(expression(key, name=field), {op: compared(op) for op in _COMPARE}, of)


def _column(field: str, name: str, of: Callable[[Ticket], Any]) -> _Key:
    return _key(field, lambda: t.ticket.c[name], of)


def _text(field: str, of: Callable[[Ticket], str | None]) -> _Key:
    return _key(field, lambda: sa.func.coalesce(t.ticket.c[field], ""), lambda one: of(one) or "")


def _time(field: str, name: str, of: Callable[[Ticket], datetime | None]) -> _Key:
    return _key(
        field,
        lambda: sa.func.coalesce(t.ticket.c[name], sa.literal(NEVER, t.ticket.c[name].type)),
        lambda one: of(one) or NEVER,
    )


KEYS: dict[str, _Key] = {
    "id": _column("id", "id", lambda one: one.id),
    "created": _column("created", "created_at", lambda one: one.created_at),
    "updated": _column("updated", "updated_at", lambda one: one.updated_at),
    "resolved": _time("resolved", "resolved_at", lambda one: one.resolved_at),
    "closed": _time("closed", "closed_at", lambda one: one.closed_at),
    "due": _time("due", "due_at", lambda one: one.due_at),
    "waiting": _key(
        "waiting",
        lambda: sa.func.coalesce(waiting_since(), sa.literal(NEVER, t.ticket.c.created_at.type)),
        lambda one: one.awaiting_since or NEVER,
    ),
    "priority": _column("priority", "priority", lambda one: PRIORITIES.index(one.priority)),
    "important": _column("important", "important", lambda one: int(one.important)),
    "status": _column("status", "status", lambda one: one.status),
    "segment": _column("segment", "segment", lambda one: one.segment),
    "mailbox": _column("mailbox", "mailbox", lambda one: one.mailbox),
    "channel": _column("channel", "channel", lambda one: one.channel),
    "subject": _column("subject", "subject", lambda one: one.subject),
    "owner": _text("owner", lambda one: one.owner),
    "type": _text("type", lambda one: one.type),
    "customer": _key("customer", lambda: t.customer.c.name, lambda one: one.customer.name),
}

TIMES = ("created", "updated", "resolved", "closed", "due", "waiting")


def by(sort: Sequence[Sort]) -> Part:
    """The ORDER BY of a list; no keys: newest first.

    The ticket's number comes last, in the direction of the last key; before it the time of creation, if the last key
    is a word that many tickets share, as in the indexes.
    """
    keys = ((KEYS[key.field].sql.part(), key.descending) for key in _complete(sort))
    return in_order(*(descending(part) if down else part for part, down in keys))


def past(sort: Sequence[Sort], last: Ticket) -> Part:
    """The tickets that come after `last` in an order.

    Each key has a bound of its own (`a <= x AND (a < x OR …)`), so that the index of the order finds the place.
    """
    *outer, inner = _complete(sort)
    condition = _beyond(inner, last, strictly=True)
    for key in reversed(outer):
        condition = all_of(
            _beyond(key, last, strictly=False), any_of(_beyond(key, last, strictly=True), condition)
        )
    return condition


def _beyond(key: Sort, last: Ticket, *, strictly: bool) -> Part:
    found = KEYS[key.field]
    op = ("<" if key.descending else ">") + ("" if strictly else "=")
    return found.compared[op].part({"value": found.of(last)})


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
    down = keys[-1].descending
    if keys[-1].field not in TIMES:
        keys.append(Sort("created", down))
    return [*keys, Sort("id", down)]
