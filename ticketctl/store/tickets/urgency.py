"""What a list shows first: breached tickets, those due soon, important ones, other active ones, ended ones last.

Where many tickets may be active, each of these is read by an index of its own, up to as many as are wanted: all
active tickets of a large desk would take seconds to sort.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct

from ticketctl.domain.base.condition import (
    TEXTS,
    AllOf,
    AnyOf,
    Condition,
    Sort,
    Where,
    both,
    negation,
)
from ticketctl.domain.base.status import ACTIVE
from ticketctl.domain.query.contradictions import never
from ticketctl.store.db.core import sa, t
from ticketctl.store.db.fragments import Part
from ticketctl.store.db.prepared import Expression, all_of, expression, in_order
from ticketctl.store.tickets import conditions, search, sorting

_ACTIVE = Where("is", "=", ("open",))
_FEW = ("id", "customer", "email", "tag", *TEXTS)  # fields that few tickets share


class Reading(Struct, frozen=True):
    """Some tickets of a list, and their order; readings follow each other."""

    where: Part
    order: Part


def readings(
    condition: Condition, now: datetime, then: Sequence[Sort], *, all_wanted: bool
) -> list[Reading]:
    """The tickets of a condition as a list reads them; important, other and ended ones in the order `then`.

    `all_wanted`: there is no limit, so that sorting them is the shortest way.
    """
    found = conditions.sql(condition)
    if search.narrows(condition):  # words have no index of an order, and are looked for once
        return [Reading(found, _urgent_first(now, then))]
    said: list[Reading] = []
    if not never(both(condition, _ACTIVE)):
        if all_wanted or _is_narrow(condition):
            active = conditions.sql(both(condition, _ACTIVE))
            said.append(Reading(active, _urgent_first(now, then)))
        else:
            said += _by_index(found, now, then)
    ended = both(condition, negation(_ACTIVE))
    if not never(ended):
        said.append(Reading(conditions.sql(ended), sorting.by(then)))
    return said


def _by_index(found: Part, now: datetime, then: Sequence[Sort]) -> list[Reading]:
    """The active tickets by urgency. Breached ones whose due time is not over come after those that are overdue."""
    at = {"now": now}
    by_due, others = sorting.by((Sort("due"), *then)), sorting.by(then)
    order = (by_due, by_due, by_due, others, others)
    return [
        Reading(all_of(found, part.part(at)), by) for part, by in zip(_PARTS, order, strict=True)
    ]


def _is_narrow(condition: Condition) -> bool:
    """Does an index find the few tickets that can fit?"""
    match condition:
        case AllOf(parts):
            return any(map(_is_narrow, parts))
        case AnyOf(parts):
            return all(map(_is_narrow, parts))
        case Where("owner", "=", values):
            return not {"none", "any"}.intersection(values)
        case Where(field, "=", _):
            return field in _FEW
    return False


def _urgent_first(now: datetime, then: Sequence[Sort]) -> Part:
    at = {"now": now}
    return in_order(_URGENCY.part(at), _DUE_FIRST.part(at), sorting.by(then))


def _now() -> Any:
    return sa.bindparam("now", type_=t.ticket.c.due_at.type)


def _runs() -> Any:
    return sa.func.coalesce(t.ticket.c.sla_state, "running") == "running"


def _overdue() -> Any:
    return sa.and_(
        t.ticket.c.due_at < _now(),
        sa.func.coalesce(t.ticket.c.sla_state, "running").in_(("breached", "running")),
    )


def _breached_otherwise() -> Any:
    due = t.ticket.c.due_at
    return sa.and_(t.ticket.c.sla_state == "breached", sa.or_(due.is_(None), due >= _now()))


def _warned() -> Any:
    return sa.and_(_runs(), t.ticket.c.due_at >= _now(), t.ticket.c.warn_at <= _now())


def _one_of(*values: Any) -> Any:
    """One of these for each active ticket that is breached, due soon, important, neither; or for an ended one."""
    breached, warned, important, other, ended = values
    return sa.case(
        (t.ticket.c.status.not_in(sorted(ACTIVE)), ended),
        (sa.or_(_overdue(), _breached_otherwise()), breached),
        (_warned(), warned),
        (t.ticket.c.important == 1, important),
        else_=other,
    )


def _level() -> Any:
    return _one_of(*map(sa.literal_column, "01234"))


def _due_first() -> Any:
    due, no_time = sorting.KEYS["due"].sql(), sa.literal(sorting.NEVER, t.ticket.c.due_at.type)
    return _one_of(due, due, no_time, no_time, no_time)


def _is_active() -> Any:
    """Active, without the index of statuses, which would bring all active tickets."""
    return sa.func.coalesce(t.ticket.c.status, "").in_(sorted(ACTIVE))


_URGENCY = expression(_level)
_DUE_FIRST = expression(_due_first)
_PARTS: tuple[Expression, ...] = (
    expression(lambda: sa.and_(_is_active(), _overdue()), name="overdue"),
    expression(lambda: sa.and_(_is_active(), _breached_otherwise()), name="breached"),
    expression(lambda: sa.and_(_is_active(), _warned()), name="warned"),
    expression(lambda: sa.and_(t.ticket.c.important == 1, _level() == 2), name="important"),
    expression(
        lambda: sa.and_(
            t.ticket.c.status.in_(sorted(ACTIVE)),
            sa.func.coalesce(t.ticket.c.important, 0) != 1,
            _level() == 3,
        ),
        name="other",
    ),
)
