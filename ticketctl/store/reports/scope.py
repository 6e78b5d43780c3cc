"""What a report is about, and the key of each fact: what its ticket was at the instant of the fact.

A ticket's row says how it is now. What it was is in its history: the old value of the first change after an instant.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cache
from typing import Any

import msgspec
from msgspec import Struct

from ticketctl.domain.base.condition import EVERYTHING, Condition
from ticketctl.domain.base.records import PRIORITIES
from ticketctl.domain.sla.policy import reference
from ticketctl.store.db.core import json_rows, sa, t
from ticketctl.store.db.database import Tx
from ticketctl.store.db.fragments import Part
from ticketctl.store.db.prepared import Statement
from ticketctl.store.db.values import Row
from ticketctl.store.reports.moved import Insiders, Moved

CHUNK = 1000  # rows a server-side cursor brings at once
CHANGING = (
    "owner",
    "segment",
    "priority",
    "type",
)  # columns of a key that history may have changed
ACTED_ON = ("segment", "priority", "type")  # the same for a key with the agent who acted
_WIDTH = 11  # columns that `place_of` needs, before those of the row itself
_ALIKE = 8  # values that `place_alike` needs


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
    def instants(self) -> dict[str, datetime]:
        """Its instants, as the statements of reports name them."""
        return {
            "start": self.start, "end": self.end, "as_of": self.as_of, "until": self.until, "seen": self.seen,
        }  # fmt: skip

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
    at: "sa.ColumnElement[Any]", fields: Sequence[str] = CHANGING
) -> "tuple[sa.ColumnElement[Any], ...]":
    """The columns that `place` needs, with these fields as they were at an instant, after all that happened then.

    Others are as they are now.
    """
    return *_PLACE(), changes_since(at, fields)


def changes_since(at: "sa.ColumnElement[Any]", fields: Sequence[str]) -> "sa.ColumnElement[Any]":
    """The changes of these fields after an instant, for `alike`."""
    line = t.event.alias()
    return _changes(line, fields, line.c.at > at, t.ticket.c.updated_at > at)


def columns_before(fields: Sequence[str] = CHANGING) -> "tuple[sa.ColumnElement[Any], ...]":
    """The same with these fields as they were at the end of the view."""
    line, seen = t.event.alias(), instant("seen")
    return *_PLACE(), _changes(line, fields, line.c.at >= seen, t.ticket.c.updated_at >= seen)


def _changes(
    line: "sa.FromClause",
    fields: Sequence[str],
    later: "sa.ColumnElement[bool]",
    changed: "sa.ColumnElement[bool]",
) -> "sa.ColumnElement[Any]":
    """The `later` changes of these fields in one look-up: number, field and old value as JSON, in no order.

    History is read only for a ticket that has `changed` since.
    """
    if not fields:
        return sa.null().label("changes")
    told = (
        sa.select(json_rows(line.c.n, line.c.field, sa.cast(line.c.old, sa.Text)))
        .where(line.c.ticket_id == t.ticket.c.id, line.c.field.in_(fields), later)
        .correlate_except(line)
        .scalar_subquery()
    )
    return sa.case((changed, told)).label("changes")


def _then(changes: Sequence[Any] | None) -> dict[str, Any]:
    """The fields that changed later, as they were: the old value of the first change."""
    lines = sorted(changes, reverse=True) if changes else ()
    return {field: old and msgspec.json.decode(old) for _, field, old in lines}


def place(row: Row, at: datetime) -> FactKey:
    """The key of a fact from a row with these columns, for the ticket's owner and segment at that instant."""
    return place_of(row, at, _then(row.changes).get("owner", row.of_owner))


def place_of(
    row: Row,
    at: datetime,
    agent: str | None,
    segment: str | None = None,
    priority: int | None = None,
) -> FactKey:
    """The same for an agent; also for a segment and a priority, unless they are None."""
    ticket, _, its_segment, source_segment, rank, channel, its_type, mailbox, _, _, changes = row[
        :_WIDTH
    ]
    was = _then(changes)
    if priority is not None:
        rank = priority
    elif "priority" in was:
        rank = PRIORITIES.index(was["priority"])
    if segment is None:
        segment = was.get("segment", its_segment)
    its_type = was.get("type", its_type)
    return FactKey(ticket, agent, segment, source_segment, rank, channel, its_type, mailbox, at)


def alike(
    agent: "sa.ColumnElement[Any]", changes: "sa.ColumnElement[Any] | None" = None
) -> "tuple[sa.ColumnElement[Any], ...]":
    """The columns that `place_alike` needs, for facts that come together."""
    now = t.ticket.c
    was = sa.null() if changes is None else changes
    return (
        agent, now.segment, now.source_segment, now.priority, now.channel, now.type, now.mailbox, was,
    )  # fmt: skip


def place_alike(values: Sequence[Any], at: datetime, ticket: int = 0) -> FactKey:
    """The key of facts that have these values in common, which begin with those of `alike`."""
    agent, segment, source_segment, rank, channel, its_type, mailbox, changes = values[:_ALIKE]
    was = _then(changes)
    if "priority" in was:
        rank = PRIORITIES.index(was["priority"])
    segment = was.get("segment", segment)
    its_type = was.get("type", its_type)
    return FactKey(ticket, agent, segment, source_segment, rank, channel, its_type, mailbox, at)


def value_then(now: Any, was: str | None) -> Any:
    """A field at the instant of a row: what history says it `was`, as JSON, else what it is `now`."""
    return now if was is None else msgspec.json.decode(was)


def policy_then(policy: str | None, version: int | None, was: str | None) -> str | None:
    """The policy at the instant of a row, as `gold@3`; `was` as in `value_then`."""
    now = None if policy is None or version is None else reference(policy, version)
    found: str | None = value_then(now, was)
    return found


def seen_columns(*fields: str) -> "tuple[sa.ColumnElement[Any], ...]":
    """The columns that `seen` needs: these fields as they were at the end of the view."""
    return tuple(
        part
        for name in fields
        for part in (
            t.ticket.c[name].label(f"now_{name}"),
            was_before(name).label(f"seen_{name}"),
        )
    )


def seen(row: Row, field: str) -> Any:
    """A field at the end of the view."""
    return value_then(getattr(row, f"now_{field}"), getattr(row, f"seen_{field}"))


def opened_at() -> "sa.ColumnElement[Any]":
    """When a ticket was made: with its first message, or when it was split off."""
    line = t.event.alias()
    first = sa.select(line.c.at).where(line.c.ticket_id == t.ticket.c.id, line.c.n == 1)
    return sa.func.coalesce(first.correlate(t.ticket).scalar_subquery(), t.ticket.c.created_at)


def everybody(scope: Scope) -> bool:
    """Does the scope hold all tickets, so that facts without a ticket belong to it too?"""
    return scope.condition == scope.visible == EVERYTHING


def instant(name: str) -> "sa.BindParameter[Any]":
    """The parameter for an instant of a scope."""
    parameter: sa.BindParameter[Any] = sa.bindparam(name)
    return parameter


def within(*times: "sa.ColumnElement[Any]") -> "sa.ColumnElement[bool]":
    """True if one of these times is in the period; each is looked up by its own index."""
    start, end = instant("start"), instant("end")
    return sa.or_(*((time >= start) & (time < end) for time in times))


def was_at(field: str, at: "sa.ColumnElement[Any]") -> "sa.ColumnElement[Any]":
    """The old value of a ticket's first change of a field after an instant."""
    line = t.event.alias()
    return _was(line, field, line.c.at > at, t.ticket.c.updated_at > at)


def was_before(field: str) -> "sa.ColumnElement[Any]":
    """The old value of a ticket's first change of a field since the end of the view."""
    line, seen = t.event.alias(), instant("seen")
    return _was(line, field, line.c.at >= seen, t.ticket.c.updated_at >= seen)


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
    return sa.case((changed, old))


def stream(tx: Tx, statement: Statement, scope: Scope, **parts: Part) -> Iterator[Row]:
    """The rows of a statement about a scope by a server-side cursor, with constant memory."""
    return tx.stream(statement, scope.instants, at_once=CHUNK, **parts)
