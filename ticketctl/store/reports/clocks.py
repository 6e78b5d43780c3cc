"""SLA clocks of a period, for reports: targets met and missed, responses and how long they took, responses due.

Outcomes are stored with their instant, so what happens to a clock later changes nothing. A clock that is past its due
time, which nobody has recorded yet, counts as breached then. All are found by the indexes on times.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct

from ticketctl.domain.sla.outcome import LATE
from ticketctl.domain.sla.sla_clock import BREACHED, MET, Run
from ticketctl.store.db.core import hole, in_list, json_row, json_rows, most, sa, t
from ticketctl.store.db.database import Tx
from ticketctl.store.db.prepared import sql
from ticketctl.store.db.values import Row
from ticketctl.store.reports.counted import counted_tickets
from ticketctl.store.reports.overdue import late
from ticketctl.store.reports.scope import (
    CHUNK,
    FactKey,
    Scope,
    columns_before,
    instant,
    place_of,
    seen,
    seen_columns,
    stream,
    value_then,
    was_before,
    within,
)
from ticketctl.store.sla.stored import ends, runs

RESPONSES = ("first", "next")
_SECOND = timedelta(seconds=1)


class ClockResult(Struct, frozen=True, gc=False):
    """Targets that were met or missed in the period, for the owner at that instant; or clocks that became void.

    The `place` of several has no ticket; its instant is that of all, or the start of the period.
    """

    place: FactKey
    kind: str  # first | next | resolve | assign
    outcome: str  # met | breached | void
    at_retarget: bool
    runs: bool  # they have not ended yet
    tickets: list[int]  # the ticket of each clock


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


_ANSWER = ("kind", "used", "elapsed", "target", "at", "answered_by", "segment", "priority")
_SHARED = (
    "kind", "cycle", "owner", "segment", "priority", "at_retarget", "due_at", "calendar", "target",
    "used", "runs", "since", "ends",
)  # fmt: skip


def targets(tx: Tx, scope: Scope, *, timed: bool) -> Iterator[ClockResult]:
    """The targets that were met and missed in the period, and the clocks that became void.

    Those that are alike come together; at different instants they are only alike if not `timed`. A target that was met
    and is open again, as its ticket was reopened, is not decided.
    """
    counted = counted_tickets(scope)
    known = {**scope.instants, "timed": int(timed)}
    for row in tx.stream(_DECIDED, known, at_once=CHUNK, counted=counted):
        (
            kind, outcome, at_retarget, is_over, owner, segment, source_segment, priority, channel, its_type, was_type,
            mailbox,
        ) = row.alike  # fmt: skip
        runs_on = not is_over and _stopped(row.ends, scope.seen) is None
        if runs_on and outcome == MET:
            continue
        its_type = value_then(its_type, was_type)
        where = FactKey(
            0, owner, segment, source_segment, priority, channel, its_type, mailbox, row.at or scope.start
        )  # fmt: skip
        tickets = [id for (id,) in row.tickets]
        yield ClockResult(where, kind, outcome, bool(at_retarget), runs_on, tickets)
    for row in stream(tx, _OVERRAN, scope, counted=counted):
        where = place_of(row, row.due_at, row.owner, row.segment, row.priority)
        yield ClockResult(where, row.kind, BREACHED, False, True, [where.ticket])


def missed_targets(tx: Tx, scope: Scope) -> Iterator[Missed]:
    """The missed targets among these, in no order."""
    counted = counted_tickets(scope)
    for row in stream(tx, _MISSED, scope, counted=counted):
        yield _missed(row, row.at, _ended(row, scope.seen))
    for row in stream(tx, _OVERRAN_IN_FULL, scope, counted=counted):
        yield _missed(row, row.due_at)


def pressing(tx: Tx, scope: Scope, limit: int) -> list[Missed]:
    """The running clocks that are due next, the first one first."""
    known = {**scope.instants, "limit": limit}
    rows = tx.execute(_PRESSING, known, counted=counted_tickets(scope))
    return [_missed(row, row.due_at) for row in rows]


def answers(tx: Tx, scope: Scope, kinds: Sequence[str] = RESPONSES) -> Iterator[MeasuredResponse]:
    """The responses of the period that clocks of these kinds measured; they count for whoever answered."""
    known = {**scope.instants, "kinds": kinds}
    for row in tx.stream(_ANSWERS, known, at_once=CHUNK, counted=counted_tickets(scope)):
        where = place_of(row, row.at, row.answered_by, row.segment, row.priority)
        yield MeasuredResponse(where, row.kind, row.used, row.elapsed, row.target)


def owed_responses(tx: Tx, scope: Scope) -> Iterator[Owed]:
    """The responses that were late and missing when the period ended, in no order: for the owner when they were due."""
    counted = counted_tickets(scope)
    for row in stream(tx, _OWED, scope, counted=counted):
        if _ended(row, scope.end) is None:
            yield _owed(row, scope)
    for row in stream(tx, _OWED_YET, scope, counted=counted):
        yield _owed(row, scope)


def _owed(row: Row, scope: Scope) -> Owed:
    where = place_of(row, scope.until - _SECOND, row.owner)
    return Owed(where, row.target, row.by_version, row.calendar, runs(row.runs), row.since)


def _ended(row: Row, seen: datetime) -> datetime | None:
    """When the clock of an outcome had stopped, as known before `seen`; None if it ran or was paused then."""
    if row.ended_at is not None and row.ended_at < seen:
        known: datetime = row.ended_at
        return known
    return _stopped(row.ends, seen)


def _stopped(stored: Sequence[Sequence[str | None]] | None, seen: datetime) -> datetime | None:
    """When a clock with these ends had stopped, as known before `seen`, unless it went on before."""
    for stopped, resumed in ends(stored):
        if stopped < seen and (resumed is None or resumed >= seen):
            return stopped
    return None


def _undecided() -> "sa.ColumnElement[bool]":
    """Nobody has recorded yet whether these were met or breached."""
    return t.clock.c.stopped_at.is_(None) & t.clock.c.breached_at.is_(None)


def _overran(*columns: "sa.ColumnElement[Any]") -> Any:
    """The running clocks whose due time in the period is past, of which nobody has recorded that yet."""
    due, start, until = t.clock.c.due_at, instant("start"), instant("until")
    return _of(t.clock, *columns).where(_undecided(), (due >= start) & (due < until))


def _columns(table: "sa.Table", *names: str) -> "list[sa.ColumnElement[Any]]":
    return [table.c[name] for name in names]


def _shared(table: "sa.Table") -> "list[sa.ColumnElement[Any]]":
    """The columns that both an outcome and its clock have."""
    own = (table.c.policy.label("by_policy"), table.c.policy_version.label("by_version"))
    return [*_columns(table, *_SHARED), *own]


def _of(table: "sa.Table", *columns: "sa.ColumnElement[Any]") -> Any:
    """Rows of tickets that count, with what `place_of` needs besides owner, segment and priority."""
    return _select(table, columns_before(("type",)), *columns)


def _select(
    table: "sa.Table",
    key: "Sequence[sa.ColumnElement[Any]]",
    *columns: "sa.ColumnElement[Any]",
) -> Any:
    return (
        sa.select(*key, *columns)
        .select_from(table)
        .join(t.ticket, t.ticket.c.id == table.c.ticket_id)
        .where(hole("counted"))
    )


def _decided() -> Any:
    """The outcomes of the period, those that are alike in one row."""
    one, ticket = t.clock_outcome.c, t.ticket.c
    is_over = one.ended_at < instant("seen")
    timed = sa.bindparam("timed", type_=sa.Integer) == 1
    alike = json_row(
        one.kind, one.outcome, one.at_retarget, sa.case((is_over, 1), else_=0), one.owner, one.segment,
        ticket.source_segment, one.priority, ticket.channel, ticket.type, was_before("type"), ticket.mailbox,
    )  # fmt: skip
    rows = (
        sa.select(
            alike.label("alike"),
            sa.case((timed, one.at)).label("at"),
            sa.case((sa.not_(sa.func.coalesce(is_over, sa.false())), one.ends)).label("ends"),
            one.ticket_id,
        )
        .select_from(t.clock_outcome)
        .join(t.ticket, ticket.id == one.ticket_id)
        .where(within(one.at), one.outcome != LATE, hole("counted"))
        .subquery()
    )
    key = (rows.c.alike, rows.c.at, rows.c.ends)
    return sa.select(*key, json_rows(rows.c.ticket_id).label("tickets")).group_by(*key)


def _recorded_misses() -> Any:
    outcome = t.clock_outcome.c
    columns = (*_shared(t.clock_outcome), outcome.at, outcome.ended_at)
    return _of(t.clock_outcome, *seen_columns("subject"), *columns).where(
        within(outcome.at), outcome.outcome == BREACHED
    )


def _pressing() -> Any:
    query = _of(t.clock, *seen_columns("subject"), *_shared(t.clock))
    known = query.where(_undecided(), t.clock.c.due_at >= instant("as_of"))
    return known.order_by(t.clock.c.due_at, t.clock.c.id).limit(most("limit"))


def _given() -> Any:
    outcome = t.clock_outcome.c
    return _of(t.clock_outcome, *_columns(t.clock_outcome, *_ANSWER)).where(
        within(outcome.at), in_list(outcome.kind, "kinds"), outcome.outcome.in_((MET, LATE))
    )


def _owing(table: "sa.Table", *columns: "sa.ColumnElement[Any]") -> Any:
    """Clocks of responses, with everything as it was at the end of the view but the owner."""
    key = columns_before(("segment", "priority", "type"))
    return _select(table, key, *_shared(table), *columns).where(table.c.kind.in_(RESPONSES))


_DECIDED = sql(_decided)
_OVERRAN = sql(
    lambda: _overran(*_columns(t.clock, "kind", "owner", "segment", "priority", "due_at"))
)
_MISSED = sql(_recorded_misses)
_OVERRAN_IN_FULL = sql(lambda: _overran(*seen_columns("subject"), *_shared(t.clock)))
_PRESSING = sql(_pressing)
_ANSWERS = sql(_given)
_OWED = sql(lambda: _owing(t.clock_outcome, t.clock_outcome.c.ended_at).where(late()))
_OWED_YET = sql(lambda: _owing(t.clock).where(_undecided(), t.clock.c.due_at < instant("until")))


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
