"""SLA clocks of a period, for reports: targets met and missed, responses and how long they took, responses due.

They are found by the indexes on due and end times; no message is read.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, Row, Select, or_, select

from ticketctl.clock import parse
from ticketctl.domain.sla.sla_clock import BREACHED, MET, RUNNING, VOID, Run
from ticketctl.store.db.engine import Tx
from ticketctl.store.db.schema import clock, ticket
from ticketctl.store.reports.scope import (
    FactKey,
    Scope,
    columns_at,
    columns_before,
    counted_tickets,
    place_of,
    stream,
    within,
)

RESPONSES = ("first", "next")


class ClockResult(Struct, frozen=True):
    """A clock that was due or ended in the period. A missed target counts for the owner at its due time."""

    place: FactKey
    kind: str  # first | next | resolve | assign
    outcome: str  # met | breached | void
    at_retarget: bool
    runs: bool  # it has not ended yet


class Missed(Struct, frozen=True, kw_only=True):
    """A missed target in full, or one that is still open."""

    place: FactKey
    subject: str
    kind: str
    cycle: int
    policy: str
    policy_version: int
    calendar: str
    target: int
    used: int
    since: datetime | None
    due_at: datetime
    stopped_at: datetime | None
    at_retarget: bool


class MeasuredResponse(Struct, frozen=True):
    """A response that an agent gave in the period: open seconds it took, its target, from when until when."""

    place: FactKey
    kind: str  # first | next
    used: int
    target: int
    started_at: datetime
    stopped_at: datetime


class Owed(Struct, frozen=True):
    """A response that was missing when the period ended: the spans in which its clock ran, and its start."""

    place: FactKey
    target: int
    policy_version: int
    calendar: str
    runs: tuple[Run, ...]
    since: datetime | None


_CLOCK = (
    clock.c.kind, clock.c.state, clock.c.owner, clock.c.segment, clock.c.at_retarget,
    clock.c.due_at, clock.c.stopped_at, clock.c.breached_at,
)  # fmt: skip
_DETAILS = (
    *_CLOCK, ticket.c.subject, clock.c.cycle, clock.c.policy, clock.c.policy_version, clock.c.calendar,
    clock.c.target, clock.c.used, clock.c.since,
)  # fmt: skip


def of_period(scope: Scope) -> Select[object]:
    """The clocks that are due or end in the period."""
    return _of_tickets(scope, *_CLOCK).where(within(scope, clock.c.due_at, clock.c.stopped_at))


def targets(tx: Tx, scope: Scope) -> Iterator[ClockResult]:
    """The results of the clocks that are due or end in the period, without those still in time."""
    for row in stream(tx, of_period(scope)):
        outcome = _outcome(row, scope.as_of)
        if outcome is not None:
            at = row.breached_at or (row.due_at if outcome == BREACHED else row.stopped_at)
            where = place_of(row, at, row.owner, row.segment)
            running = row.stopped_at is None
            yield ClockResult(where, row.kind, outcome, bool(row.at_retarget), running)


def missed_targets(tx: Tx, scope: Scope) -> Iterator[Missed]:
    """The missed targets among these, in no order."""
    late = clock.c.breached_at.is_not(None) | (
        clock.c.stopped_at.is_(None) & (clock.c.due_at < scope.as_of)
    )
    query = _of_tickets(scope, *_DETAILS).where(
        within(scope, clock.c.due_at, clock.c.stopped_at), late, clock.c.state != VOID
    )
    for row in stream(tx, query):
        yield _missed(row)


def overdue(tx: Tx, scope: Scope) -> set[int]:
    """The tickets with a due time past at the end of the period, and a running clock."""
    open_then = or_(clock.c.stopped_at.is_(None), clock.c.stopped_at >= scope.end)
    late = select(clock.c.ticket_id).where(open_then, clock.c.due_at < scope.until)
    by_hand = select(ticket.c.id).where(ticket.c.due_by < scope.until, ticket.c.due_at.is_not(None))
    return set(tx.execute(late).scalars()) | set(tx.execute(by_hand).scalars())


def pressing(tx: Tx, scope: Scope, limit: int) -> list[Missed]:
    """The running clocks that are due next, the first one first."""
    query = _of_tickets(scope, *_DETAILS).where(
        clock.c.stopped_at.is_(None), clock.c.breached_at.is_(None), clock.c.due_at >= scope.as_of
    )
    return [
        _missed(row) for row in tx.execute(query.order_by(clock.c.due_at, clock.c.id).limit(limit))
    ]


def answers(tx: Tx, scope: Scope) -> Iterator[MeasuredResponse]:
    """The responses of the period that a clock measured; they count for whoever answered."""
    query = _select(
        scope, columns_at(clock.c.stopped_at), clock.c.kind, clock.c.used, clock.c.target, clock.c.started_at,
        clock.c.stopped_at, clock.c.answered_by,
    ).where(
        within(scope, clock.c.stopped_at), clock.c.kind.in_(RESPONSES), clock.c.answered_by.is_not(None)
    )  # fmt: skip
    for row in stream(tx, query):
        where = place_of(row, row.stopped_at, row.answered_by)
        yield MeasuredResponse(
            where, row.kind, row.used, row.target, row.started_at, row.stopped_at
        )


def owed_responses(tx: Tx, scope: Scope) -> Iterator[Owed]:
    """The responses that were missing when the period ended, in no order."""
    open_then = or_(clock.c.stopped_at.is_(None), clock.c.stopped_at >= scope.end)
    query = _of_tickets(
        scope, clock.c.target, clock.c.policy_version, clock.c.calendar, clock.c.runs, clock.c.since,
        clock.c.stopped_at, clock.c.owner, clock.c.segment,
    ).where(open_then, clock.c.kind.in_(RESPONSES), clock.c.started_at < scope.end)  # fmt: skip
    for row in stream(tx, query):
        runs = tuple((parse(start), parse(end)) for start, end in row.runs or ())
        where = place_of(row, scope.until, row.owner, row.segment)
        yield Owed(where, row.target, row.policy_version, row.calendar, runs, row.since)


def _of_tickets(scope: Scope, *columns: ColumnElement[Any]) -> Select[Any]:
    return _select(scope, columns_before(scope.seen, ("priority", "type")), *columns)


def _select(
    scope: Scope, key: Sequence[ColumnElement[Any]], *columns: ColumnElement[Any]
) -> Select[Any]:
    return (
        select(*key, *columns)
        .select_from(clock)
        .join(ticket, ticket.c.id == clock.c.ticket_id)
        .where(counted_tickets(scope))
    )


def _outcome(row: Row[object], now: datetime) -> str | None:
    if row.state == VOID:
        return VOID
    if row.breached_at is not None or row.state == BREACHED:
        return BREACHED
    if row.state == RUNNING:
        return BREACHED if row.due_at < now else None
    return MET if row.state == MET else None


def _missed(row: Row[object]) -> Missed:
    at = row.breached_at or row.due_at
    return Missed(
        place=place_of(row, at, row.owner, row.segment),
        subject=row.subject,
        kind=row.kind,
        cycle=row.cycle,
        policy=row.policy,
        policy_version=row.policy_version,
        calendar=row.calendar,
        target=row.target,
        used=row.used,
        since=row.since,
        due_at=row.due_at,
        stopped_at=row.stopped_at,
        at_retarget=bool(row.at_retarget),
    )
