"""SLA clocks of a period, for reports: targets met and missed, responses and how long they took, responses due.

Outcomes are stored with their instant, so what happens to a clock later changes nothing. A clock that is past its due
time, which nobody has recorded yet, counts as breached then. All are found by the indexes on times.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from msgspec import Struct

from ticketctl.clock import parse
from ticketctl.domain.sla.outcome import LATE
from ticketctl.domain.sla.sla_clock import BREACHED, MET, Run
from ticketctl.store.db.core import sa, t
from ticketctl.store.db.engine import Tx
from ticketctl.store.db.values import Row
from ticketctl.store.reports.scope import (
    FactKey,
    Scope,
    columns_before,
    counted_tickets,
    place_of,
    seen,
    seen_columns,
    stream,
    within,
)
from ticketctl.store.sla.stored import ends, runs

RESPONSES = ("first", "next")
_SECOND = timedelta(seconds=1)


class ClockResult(Struct, frozen=True, gc=False):
    """A target that was met or missed in the period, for the owner at that instant; or a clock that became void."""

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
    used: int | None  # open seconds until it stopped; None: to be measured from `runs` and `since`
    runs: tuple[Run, ...]
    since: datetime | None
    due_at: datetime
    stopped_at: datetime | None
    at_retarget: bool


class MeasuredResponse(Struct, frozen=True, gc=False):
    """A response that an agent gave in the period: open seconds it took, real seconds, its target."""

    place: FactKey
    kind: str  # first | next
    used: int
    elapsed: int
    target: int


class Owed(Struct, frozen=True):
    """A response that was late and missing when the period ended: the spans in which its clock ran, and its start."""

    place: FactKey
    target: int
    policy_version: int
    calendar: str
    runs: tuple[Run, ...]
    since: datetime | None


_RESULT = (
    "kind",
    "outcome",
    "owner",
    "segment",
    "priority",
    "at_retarget",
    "at",
    "ended_at",
    "ends",
)
_ANSWER = ("kind", "used", "elapsed", "target", "at", "answered_by", "segment", "priority")
_SHARED = (
    "kind", "cycle", "owner", "segment", "priority", "at_retarget", "due_at", "calendar", "target",
    "used", "runs", "since", "ends",
)  # fmt: skip
# Nobody has recorded yet whether these were met or breached.
_UNDECIDED = cache(lambda: t.clock.c.stopped_at.is_(None) & t.clock.c.breached_at.is_(None))


def of_period(scope: Scope) -> "sa.Select[Any]":
    """The outcomes of the period."""
    return _of(t.clock_outcome, scope, *_columns(_RESULT)).where(
        within(scope, t.clock_outcome.c.at), t.clock_outcome.c.outcome != LATE
    )


def targets(tx: Tx, scope: Scope) -> Iterator[ClockResult]:
    """The targets that were met and missed in the period, and the clocks that became void.

    A target that was met and is open again, as its ticket was reopened, is not decided.
    """
    for row in stream(tx, of_period(scope)):
        runs_on = _ended(row, scope.seen) is None
        if runs_on and row.outcome == MET:
            continue
        where = place_of(row, row.at, row.owner, row.segment, row.priority)
        yield ClockResult(where, row.kind, row.outcome, bool(row.at_retarget), runs_on)
    columns = (
        t.clock.c.kind,
        t.clock.c.owner,
        t.clock.c.segment,
        t.clock.c.priority,
        t.clock.c.due_at,
    )
    for row in stream(tx, _overran(scope, *columns)):
        where = place_of(row, row.due_at, row.owner, row.segment, row.priority)
        yield ClockResult(where, row.kind, BREACHED, at_retarget=False, runs=True)


def missed_targets(tx: Tx, scope: Scope) -> Iterator[Missed]:
    """The missed targets among these, in no order."""
    subject = seen_columns(scope, "subject")
    recorded = _of(
        t.clock_outcome,
        scope,
        *subject,
        *_shared(t.clock_outcome),
        t.clock_outcome.c.at,
        t.clock_outcome.c.ended_at,
    )
    recorded = recorded.where(
        within(scope, t.clock_outcome.c.at), t.clock_outcome.c.outcome == BREACHED
    )
    for row in stream(tx, recorded):
        yield _missed(row, row.at, _ended(row, scope.seen))
    for row in stream(tx, _overran(scope, *subject, *_shared(t.clock))):
        yield _missed(row, row.due_at)


def overdue(tx: Tx, scope: Scope) -> set[int]:
    """The tickets with a due time past at the end of the period, and a clock that had not ended."""
    late = sa.select(t.clock_outcome.c.ticket_id).where(
        _open_at(t.clock_outcome.c.ended_at, scope.end),
        t.clock_outcome.c.outcome == BREACHED,
        t.clock_outcome.c.at < scope.end,
    )
    breach = sa.func.coalesce(t.clock.c.breached_at, t.clock.c.due_at)
    open_then = _open_at(t.clock.c.stopped_at, scope.end)
    running = sa.select(t.clock.c.ticket_id).where(open_then, breach < scope.until)
    found = set(tx.execute(late).scalars()) | set(tx.execute(running).scalars())
    return found | _due_by_hand(tx, scope)


def _due_by_hand(tx: Tx, scope: Scope) -> set[int]:
    """The tickets whose manual due time was past, by what it was when the period ended."""
    now = sa.select(t.ticket.c.id, t.ticket.c.due_by).where(t.ticket.c.due_by < scope.until)
    found: dict[int, datetime | None] = {row.id: row.due_by for row in tx.execute(now)}
    later = sa.select(t.event.c.ticket_id, t.event.c.old).where(
        t.event.c.at >= scope.end, t.event.c.field == "due_by"
    )
    for row in tx.execute(later.order_by(t.event.c.at.desc(), t.event.c.id.desc())):
        found[row.ticket_id] = row.old and parse(row.old)
    return {number for number, due in found.items() if due and due < scope.until}


def pressing(tx: Tx, scope: Scope, limit: int) -> list[Missed]:
    """The running clocks that are due next, the first one first."""
    query = _of(t.clock, scope, *seen_columns(scope, "subject"), *_shared(t.clock)).where(
        _UNDECIDED(), t.clock.c.due_at >= scope.as_of
    )
    rows = tx.execute(query.order_by(t.clock.c.due_at, t.clock.c.id).limit(limit))
    return [_missed(row, row.due_at) for row in rows]


def answers(tx: Tx, scope: Scope) -> Iterator[MeasuredResponse]:
    """The responses of the period that a clock measured; they count for whoever answered."""
    outcome = t.clock_outcome.c
    query = _of(t.clock_outcome, scope, *_columns(_ANSWER)).where(
        within(scope, outcome.at), outcome.kind.in_(RESPONSES), outcome.outcome.in_((MET, LATE))
    )
    for row in stream(tx, query):
        where = place_of(row, row.at, row.answered_by, row.segment, row.priority)
        yield MeasuredResponse(where, row.kind, row.used, row.elapsed, row.target)


def owed_responses(tx: Tx, scope: Scope) -> Iterator[Owed]:
    """The responses that were late and missing when the period ended, in no order: for the owner when they were due."""
    responses = t.clock_outcome.c.kind.in_(RESPONSES)
    then = columns_before(scope.seen, ("segment", "priority", "type"))
    recorded = _select(
        t.clock_outcome, scope, then, *_shared(t.clock_outcome), t.clock_outcome.c.ended_at
    ).where(
        _open_at(t.clock_outcome.c.ended_at, scope.end),
        t.clock_outcome.c.outcome == BREACHED,
        t.clock_outcome.c.at < scope.end,
        responses,
    )
    running = _select(t.clock, scope, then, *_shared(t.clock)).where(
        _UNDECIDED(), t.clock.c.due_at < scope.until, t.clock.c.kind.in_(RESPONSES)
    )
    for query in (recorded, running):
        for row in stream(tx, query):
            if query is running or _ended(row, scope.end) is None:
                where = place_of(row, scope.until - _SECOND, row.owner)
                yield Owed(
                    where, row.target, row.by_version, row.calendar, runs(row.runs), row.since
                )


def _columns(names: Sequence[str]) -> "Sequence[sa.ColumnElement[Any]]":
    return [t.clock_outcome.c[name] for name in names]


def _ended(row: Row, seen: datetime) -> datetime | None:
    """When the clock of an outcome had stopped, as known before `seen`; None if it ran or was paused then."""
    if row.ended_at is not None and row.ended_at < seen:
        known: datetime = row.ended_at
        return known
    for stopped, resumed in ends(row.ends):
        if stopped < seen and (resumed is None or resumed >= seen):
            return stopped
    return None


def _open_at(ended: "sa.ColumnElement[Any]", at: datetime) -> "sa.ColumnElement[bool]":
    return sa.or_(ended.is_(None), ended >= at)


def _overran(scope: Scope, *columns: "sa.ColumnElement[Any]") -> "sa.Select[Any]":
    """The running clocks whose due time in the period is past, of which nobody has recorded that yet."""
    late = (t.clock.c.due_at >= scope.start) & (t.clock.c.due_at < scope.until)
    return _of(t.clock, scope, *columns).where(_UNDECIDED(), late)


def _shared(table: "sa.Table") -> "Sequence[sa.ColumnElement[Any]]":
    """The columns that both an outcome and its clock have."""
    own = (table.c.policy.label("by_policy"), table.c.policy_version.label("by_version"))
    return [*(table.c[name] for name in _SHARED), *own]


def _of(table: "sa.Table", scope: Scope, *columns: "sa.ColumnElement[Any]") -> "sa.Select[Any]":
    """Rows of tickets that count, with what `place_of` needs besides owner, segment and priority."""
    return _select(table, scope, columns_before(scope.seen, ("type",)), *columns)


def _select(
    table: "sa.Table",
    scope: Scope,
    key: "Sequence[sa.ColumnElement[Any]]",
    *columns: "sa.ColumnElement[Any]",
) -> "sa.Select[Any]":
    return (
        sa.select(*key, *columns)
        .select_from(table)
        .join(t.ticket, t.ticket.c.id == table.c.ticket_id)
        .where(counted_tickets(scope))
    )


def _missed(row: Row, at: datetime, stopped: datetime | None = None) -> Missed:
    return Missed(
        place=place_of(row, at, row.owner, row.segment, row.priority),
        subject=seen(row, "subject"),
        kind=row.kind,
        cycle=row.cycle,
        policy=row.by_policy,
        policy_version=row.by_version,
        calendar=row.calendar,
        target=row.target,
        used=row.used if stopped and stopped == row.ended_at else None,
        runs=runs(row.runs),
        since=row.since,
        due_at=row.due_at,
        stopped_at=stopped,
        at_retarget=bool(row.at_retarget),
    )
