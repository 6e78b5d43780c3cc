"""Which tickets a report counts, and the key of each fact, as they were at the instant of the report's view.

A ticket's row says how it is now. What it was is in its history: the old value of the first change after an instant.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from operator import eq, ge, gt, le, lt
from typing import Any

import msgspec
from msgspec import Struct

from ticketctl.domain.base.condition import EVERYTHING, Condition, Value, Where
from ticketctl.domain.base.records import PRIORITIES
from ticketctl.domain.base.status import MERGED, SPAM
from ticketctl.domain.sla.policy import reference
from ticketctl.store.db import compiler
from ticketctl.store.db.core import sa, t
from ticketctl.store.db.engine import Tx
from ticketctl.store.db.fragments import Part
from ticketctl.store.db.values import Row
from ticketctl.store.reports.moved import Insiders, Moved
from ticketctl.store.tickets import conditions

_CHUNK = 1000  # rows a server-side cursor brings at once
_ASKED = (
    "status",
    "owner",
    "segment",
    "priority",
    "type",
)  # fields of a query that are read as they were
CHANGING = (
    "owner",
    "segment",
    "priority",
    "type",
)  # columns of a key that history may have changed


class Scope(Struct, frozen=True):
    """The tickets of `condition`, and what happened to them from `start` until before `end`, as known at `as_of`.

    What happened at or after `seen` is not known. Spam, merged tickets, and those with an agent as customer are left
    out. `visible` are the tickets that the reader may see today.
    """

    start: datetime
    end: datetime  # of the period, or `seen` if that is earlier
    as_of: datetime
    seen: datetime
    condition: Condition
    visible: Condition = EVERYTHING
    insiders: Insiders = Insiders()
    moved: Moved = Moved({}, {}, {}, {})

    @property
    def until(self) -> datetime:
        """The last instant that the report covers: its end, or `as_of` if that is earlier."""
        return min(self.end, self.as_of)


# gc=False here and for other rows of reports: thousands are alive at once, and none is part of a cycle.
class FactKey(Struct, frozen=True, gc=False):
    """What a fact is counted under: its ticket, and what that was at the instant of the fact."""

    ticket: int
    agent: str | None
    segment: str
    source_segment: str
    priority: int
    channel: str
    type: str | None
    mailbox: str
    at: datetime
    in_total: bool = True  # False: of a group by day, week or month only


_PLACE = cache(
    lambda: (
        t.ticket.c.id.label("of_ticket"),
        t.ticket.c.owner.label("of_owner"),
        t.ticket.c.segment.label("of_segment"),
        t.ticket.c.source_segment,
        t.ticket.c.priority.label("of_priority"),
        t.ticket.c.channel.label("of_channel"),
        t.ticket.c.type.label("of_type"),
        t.ticket.c.mailbox.label("of_mailbox"),
        t.ticket.c.policy,
        t.ticket.c.policy_version,
    )
)


def columns_at(
    at: "sa.ColumnElement[Any] | datetime", fields: Sequence[str] = CHANGING
) -> "tuple[sa.ColumnElement[Any], ...]":
    """The columns that `place` needs, with these fields as they were at an instant, after all that happened then.

    Others are as they are now.
    """
    line = t.event.alias()
    changed = t.ticket.c.updated_at > at
    return _columns({name: _was(line, name, line.c.at > at, changed) for name in fields})


def columns_before(
    end: datetime, fields: Sequence[str] = CHANGING
) -> "tuple[sa.ColumnElement[Any], ...]":
    """The same with these fields as they were just before an instant."""
    return _columns({name: _was_before(name, end) for name in fields})


def _columns(was: "Mapping[str, sa.ColumnElement[Any]]") -> "tuple[sa.ColumnElement[Any], ...]":
    rest = (sa.null().label(f"was_{name}") for name in CHANGING if name not in was)
    return (*_PLACE(), *was.values(), *rest)


def place(row: Row, at: datetime) -> FactKey:
    """The key of a fact from a row with these columns, for the ticket's owner and segment at that instant."""
    return place_of(row, at, _value(row.of_owner, row.was_owner))


def place_of(
    row: Row,
    at: datetime,
    agent: str | None,
    segment: str | None = None,
    priority: int | None = None,
) -> FactKey:
    """The same for an agent; also for a segment and a priority, unless they are None."""
    rank = row.of_priority if priority is None else priority
    if priority is None and row.was_priority is not None:
        rank = PRIORITIES.index(msgspec.json.decode(row.was_priority))
    return FactKey(
        row.of_ticket,
        agent,
        _value(row.of_segment, row.was_segment) if segment is None else segment,
        row.source_segment,
        rank,
        row.of_channel,
        _value(row.of_type, row.was_type),
        row.of_mailbox,
        at,
    )


def _value(now: Any, was: str | None) -> Any:
    """A field at the instant of a row: what history says it was, else what it is."""
    return now if was is None else msgspec.json.decode(was)


def policy_of(row: Row) -> str | None:
    """The policy at the instant of the row, as `gold@3`."""
    was: str | None = row.was_policy
    if was is not None:
        found: str | None = msgspec.json.decode(was)
        return found
    return reference(row.policy, row.policy_version) if row.policy else None


def seen_columns(scope: Scope, *fields: str) -> "tuple[sa.ColumnElement[Any], ...]":
    """The columns that `seen` needs: these fields as they were at the end of the view."""
    return tuple(
        part
        for name in fields
        for part in (
            t.ticket.c[name].label(f"now_{name}"),
            _was_before(name, scope.seen).label(f"seen_{name}"),
        )
    )


def seen(row: Row, field: str) -> Any:
    """A field at the end of the view."""
    return _value(getattr(row, f"now_{field}"), getattr(row, f"seen_{field}"))


def counted_tickets(scope: Scope) -> "sa.ColumnElement[bool]":
    """The tickets of the scope, as SQL on `ticket`."""
    return sa.not_(status_in(scope, (SPAM, MERGED))) & all_tickets(scope)


def all_tickets(scope: Scope) -> "sa.ColumnElement[bool]":
    """The tickets of the condition that were there, also spam and merged ones."""
    leaves = {name: _leaf_before(name, scope.seen) for name in _ASKED}
    asked = conditions.core(scope.condition, leaves) & conditions.core(scope.visible)
    return sa.and_(asked, _was_there(scope.seen), sa.not_(_inside(scope)))


def _inside(scope: Scope) -> "sa.ColumnElement[bool]":
    """The tickets with an agent as customer. History has the address of a customer who was replaced since."""
    agents = scope.insiders
    if not agents.addresses:
        return sa.false()
    now: sa.ColumnElement[bool] = t.ticket.c.customer_id.in_(agents.customers)
    if agents.joined or agents.left:
        now = now & t.ticket.c.id.not_in(agents.joined) | t.ticket.c.id.in_(agents.left)
    was = _was_before("customer", scope.seen)
    quoted = [msgspec.json.encode(one).decode() for one in agents.addresses]
    return sa.case((was.is_(None), now), else_=was.in_(quoted))


def _leaf_before(field: str, end: datetime) -> conditions.Leaf:
    """Compares a field as it was just before an instant."""

    def leaf(op: str, values: Sequence[Value]) -> Part:

        was = _was_before(field, end)
        now = conditions.core(Where(field, op, tuple(values)))
        return compiler.Composed(sa.case((was.is_(None), now), else_=_fits(was, field, op, values)))

    return leaf


def _fits(
    was: "sa.ColumnElement[Any]", field: str, op: str, values: Sequence[Value]
) -> "sa.ColumnElement[bool]":
    empty = was.in_(("null", '""'))
    words = {value for value in values if value not in ("none", "any")}
    if field == "priority":
        words = {one for one in PRIORITIES for value in words if _RANKED[op](one, value)}
    found = [was.in_([msgspec.json.encode(word).decode() for word in sorted(words, key=str)])]
    found += [empty] if "none" in values else []
    found += [sa.not_(empty)] if "any" in values else []
    return sa.or_(*found)


def _rank(compare: Callable[[int, int], bool]) -> Callable[[str, Value], bool]:
    return lambda one, value: compare(PRIORITIES.index(one), PRIORITIES.index(str(value)))


_RANKED = {"=": _rank(eq), "<": _rank(lt), "<=": _rank(le), ">": _rank(gt), ">=": _rank(ge)}


def status_in(scope: Scope, words: Sequence[str]) -> "sa.ColumnElement[bool]":
    """The tickets whose status was one of these just before `seen`."""
    was = _was_before("status", scope.seen)
    quoted = [msgspec.json.encode(word).decode() for word in words]
    return sa.case((was.is_(None), t.ticket.c.status.in_(words)), else_=was.in_(quoted))


def _was_there(seen: datetime) -> "sa.ColumnElement[bool]":
    """The tickets made before an instant. One that was split off is older than its own history."""
    line = t.event.alias()
    later = sa.exists().where(line.c.ticket_id == t.ticket.c.id, line.c.n == 1, line.c.at >= seen)
    return (t.ticket.c.created_at < seen) & sa.case(
        (t.ticket.c.updated_at >= seen, ~later), else_=True
    )


def opened_at() -> "sa.ColumnElement[Any]":
    """When a ticket was made: with its first message, or when it was split off."""
    line = t.event.alias()
    first = sa.select(line.c.at).where(line.c.ticket_id == t.ticket.c.id, line.c.n == 1)
    return sa.func.coalesce(first.correlate(t.ticket).scalar_subquery(), t.ticket.c.created_at)


def everybody(scope: Scope) -> bool:
    """Does the scope hold all tickets, so that facts without a ticket belong to it too?"""
    return scope.condition == scope.visible == EVERYTHING


def within(scope: Scope, *times: "sa.ColumnElement[Any]") -> "sa.ColumnElement[bool]":
    """True if one of these times is in the period; each is looked up by its own index."""
    return sa.or_(*((time >= scope.start) & (time < scope.end) for time in times))


def _was_before(field: str, end: datetime) -> "sa.ColumnElement[Any]":
    line = t.event.alias()
    return _was(line, field, line.c.at >= end, t.ticket.c.updated_at >= end)


def _was(
    line: "sa.FromClause",
    field: str,
    later: "sa.ColumnElement[bool]",
    changed: "sa.ColumnElement[bool]",
) -> "sa.ColumnElement[Any]":
    """The old value, as JSON, of a ticket's first change of a field that is `later`; NULL if there is none.

    History is read only for a ticket that has `changed` since.
    """
    old = (
        sa.select(sa.func.coalesce(sa.cast(line.c.old, sa.Text), "null"))
        .where(line.c.ticket_id == t.ticket.c.id, line.c.field == field, later)
        .order_by(line.c.n)
        .limit(1)
        .correlate_except(line)
        .scalar_subquery()
    )
    return sa.case((changed, old)).label(f"was_{field}")


def stream(
    tx: Tx, query: "sa.Select[Any]", values: Mapping[str, object] | None = None
) -> Iterator[Row]:
    """The rows of a statement by a server-side cursor, with constant memory."""
    return tx.stream(query, values or {}, at_once=_CHUNK)
