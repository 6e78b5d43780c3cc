"""Tickets with their history, for reports: to compute how each was at an instant.

Each function runs a few statements, however many tickets there are; events come in the order of the tickets and are
joined while reading.
"""

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from typing import Any

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import ColumnElement, Row, Select, Text, case, cast, select

from ticketctl.domain.base.records import PRIORITIES
from ticketctl.domain.base.status import ACTIVE
from ticketctl.domain.sla.policy import reference
from ticketctl.domain.sla.sla_clock import BREACHED, MET
from ticketctl.store.db.engine import Tx
from ticketctl.store.db.schema import clock_outcome as outcome
from ticketctl.store.db.schema import event, ticket
from ticketctl.store.reports import replies
from ticketctl.store.reports.scope import (
    FactKey,
    Scope,
    all_tickets,
    columns_at,
    counted_tickets,
    opened_at,
    place,
    stream,
    within,
)

# What changes in a ticket, as history names it.
TIMELINE = ("status", "owner", "segment", "priority", "type", "subject", "policy")


class Change(Struct, frozen=True, gc=False):
    """An event: the old and new value of a field."""

    n: int
    at: datetime
    actor: str
    type: str
    field: str
    old: Any
    new: Any
    group: str


class Story(Struct, frozen=True, gc=False):
    """A ticket as it is, with its changes, to compute how it was."""

    place: FactKey  # as it is now; at: when its first message came
    opened_at: datetime  # when it was made: after its first message if it was split off (only from `standing`)
    now: dict[str, Any]  # the fields of TIMELINE
    changes: tuple[Change, ...]
    breached_by: str | None = None  # the policy by which its resolution clock breached, as `gold@3`
    replies: int = 0  # of agents that the changes do not tell of: in merged tickets, and before it was split off


def resolved(tx: Tx, scope: Scope) -> Iterator[Story]:
    """The tickets whose status changed in the period, by number, with all their changes."""
    step = event.alias()
    there = select(step.c.ticket_id).where(within(scope, step.c.at), step.c.field == "status")
    which = counted_tickets(scope) & ticket.c.id.in_(there)
    merged = replies.of_merged(tx, scope)
    lines = _lines(event.c.ticket_id.in_(there))
    more = (replies.without_event().label("untold"), _breached_by(scope).label("breached_by"))
    for one, row in _stories(tx, which, lines, *more):
        number = (row.untold or 0) + merged[row.of_ticket]
        if number or row.breached_by:
            one = replace(one, replies=number, breached_by=row.breached_by)
        yield one


def _breached_by(scope: Scope) -> ColumnElement[str | None]:
    """The policy of the last resolution clock of `ticket`, if it breached: a later one does not apply to it."""
    name = outcome.c.policy + "@" + cast(outcome.c.policy_version, Text)
    last = (
        select(case((outcome.c.outcome == BREACHED, name)))
        .where(
            outcome.c.ticket_id == ticket.c.id,
            outcome.c.kind == "resolve",
            outcome.c.outcome.in_((MET, BREACHED)),
            outcome.c.at < scope.end,
        )
        .order_by(outcome.c.cycle.desc(), outcome.c.at.desc())
        .limit(1)
    )
    return last.correlate(ticket).scalar_subquery()


def of_ticket(tx: Tx, number: int) -> Story:
    """One ticket with all its changes."""
    lines = _lines(event.c.ticket_id == number)
    return next(one for one, _ in _stories(tx, ticket.c.id == number, lines))


def ended(tx: Tx, scope: Scope) -> Iterator[tuple[int, tuple[Change, ...]]]:
    """The changes of status in the period, by ticket."""
    query = _lines(event.c.field == "status", within(scope, event.c.at)).join(
        ticket, ticket.c.id == event.c.ticket_id
    )
    for number, rows in groupby(
        stream(tx, query.where(counted_tickets(scope))), lambda row: row.ticket_id
    ):
        yield number, tuple(_change(row) for row in rows)


def standing(tx: Tx, scope: Scope, since: datetime) -> Iterator[Story]:
    """The tickets that may have been open at some time from `since` to the end of the scope, with their changes since.

    Also those that became spam or were merged later: they were open then.
    """
    which = _may_stand(scope, since)
    lines = _lines(event.c.ticket_id.in_(select(ticket.c.id).where(which)), event.c.at >= since)
    for one, row in _stories(tx, which, lines, opened_at().label("opened_at")):
        yield replace(one, opened_at=row.opened_at)


def last_words(tx: Tx, scope: Scope, since: datetime, end: datetime) -> dict[int, str | None]:
    """Who wrote last before an instant, `in` or `out`, in each of these tickets."""
    query = select(ticket.c.id, replies.last_word(end).label("last_word")).where(
        _may_stand(scope, since)
    )
    return {row.id: row.last_word for row in stream(tx, query)}


def _may_stand(scope: Scope, since: datetime) -> ColumnElement[bool]:
    step = event.alias()
    later = select(step.c.ticket_id).where(step.c.at >= since, step.c.field == "status")
    which = ticket.c.status.in_(sorted(ACTIVE)) | ticket.c.id.in_(later)
    return which & all_tickets(scope) & (ticket.c.created_at < scope.end)


def _lines(*which: ColumnElement[bool]) -> Select[Any]:
    columns = ("ticket_id", "n", "at", "actor", "type", "field", "old", "new", "undo_group")
    told = event.c.field.in_(TIMELINE) | event.c.type.in_((replies.REPLIED, "split"))
    told |= (event.c.type == replies.UNDONE) & event.c.field.in_(("message", "messages"))
    query = select(*(event.c[name] for name in columns)).where(*which, told)
    return query.order_by(event.c.ticket_id, event.c.n)


def _stories(
    tx: Tx, which: ColumnElement[bool], lines: Select[Any], *more: ColumnElement[Any]
) -> Iterator[tuple[Story, Row[Any]]]:
    rows = select(
        *columns_at(ticket.c.created_at, ()), ticket.c.created_at, ticket.c.subject, ticket.c.status,
        ticket.c.policy, ticket.c.policy_version, *more,
    ).where(which)  # fmt: skip
    histories = groupby(stream(tx, lines), lambda row: row.ticket_id)
    number, changes = next(histories, (None, iter(())))
    for row in stream(tx, rows.order_by(ticket.c.id)):
        while number is not None and number < row.of_ticket:
            number, changes = next(histories, (None, iter(())))
        mine = tuple(map(_change, changes)) if number == row.of_ticket else ()
        yield _story(row, mine), row


def _story(row: Row[Any], changes: tuple[Change, ...]) -> Story:
    named = row.policy is not None and row.policy_version is not None
    now = {
        "status": row.status,
        "owner": row.of_owner,
        "segment": row.of_segment,
        "priority": PRIORITIES[row.of_priority],
        "type": row.of_type,
        "subject": row.subject,
        "policy": reference(row.policy, row.policy_version) if named else None,
    }
    return Story(place(row, row.created_at), row.created_at, now, changes)


def _change(row: Row[Any]) -> Change:
    return Change(row.n, row.at, row.actor, row.type, row.field, row.old, row.new, row.undo_group)
