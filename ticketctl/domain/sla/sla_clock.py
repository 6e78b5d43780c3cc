"""One SLA clock of a ticket: how long something may take and took, in open seconds of its policy's calendar.

A running clock has `since`; a paused one has not; one that ended has `stopped_at`. `runs` are the spans in which it
ran until then, so that everything can be recomputed, also with another calendar.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from ticketctl.domain.calendar import calendar
from ticketctl.domain.calendar.calendar import Hours, NeverOpen
from ticketctl.domain.sla.policy import Policy, reference, threshold

RUNNING, PAUSED, MET, BREACHED, VOID = "running", "paused", "met", "breached", "void"
OK, WARN = "ok", "warn"  # the states of a running clock

Run = tuple[datetime, datetime]
End = tuple[datetime, datetime | None]
_SECOND = timedelta(seconds=1)


class Clock(Struct, frozen=True, kw_only=True):
    """A clock as stored. A clock that breached stays breached, and keeps the due time that it missed."""

    kind: str  # first | next | resolve | assign
    cycle: int
    policy: str
    policy_version: int
    calendar: str
    target: int
    started_at: datetime
    segment: str  # at the breach or the first stop; before, the ticket's
    owner: str | None  # the same
    priority: str  # the same
    used: int = 0  # open seconds of `runs`
    runs: tuple[Run, ...] = ()
    since: datetime | None = None
    state: str = RUNNING  # running | paused | met | breached | void
    due_at: datetime | None = None  # None while paused, or if the calendar has no such instant
    warn_at: datetime | None = None
    stopped_at: datetime | None = None
    # Each stop, with when it was resumed; not those of a clock that was void in time.
    ends: tuple[End, ...] = ()
    breached_at: datetime | None = None
    at_retarget: bool = False  # the breach came with a new target
    answered_by: str | None = None  # who gave the response
    next_at: datetime | None = None  # when to look at it next

    @property
    def active(self) -> bool:
        """Has it not ended?"""
        return self.stopped_at is None

    @property
    def reference(self) -> str:
        """Its policy, as `gold@3`."""
        return reference(self.policy, self.policy_version)


class Moment(Struct, frozen=True, kw_only=True):
    """Something that a clock triggers once: a warning, the breach, an escalation level."""

    kind: str  # warning | breach | level
    level: str  # `due+4h` of a level
    at: datetime  # the instant it is dated at
    fires: datetime  # the first second in which it holds: at the due second itself, nothing is breached yet


# ---- what moves a clock ---------------------------------------------------------------------------------------------


def start(
    kind: str,
    cycle: int,
    policy: Policy,
    target: int,
    at: datetime,
    *,
    segment: str,
    owner: str | None,
    priority: str,
) -> Clock:
    """A clock that runs from `at` on."""
    clock = Clock(
        kind=kind,
        cycle=cycle,
        policy=policy.sla.name,
        policy_version=policy.version,
        calendar=policy.sla.calendar,
        target=target,
        started_at=at,
        since=at,
        segment=segment,
        owner=owner,
        priority=priority,
    )
    return _timed(clock, policy, at)


def settle(clock: Clock, at: datetime) -> Clock:
    """The clock with its breach recorded, if it breached before or at `at`: dated at the due time."""
    late = clock.due_at is not None and at > clock.due_at
    if clock.since is None or clock.breached_at is not None or not late:
        return clock
    return replace(clock, breached_at=clock.due_at)


def pause(clock: Clock, policy: Policy, at: datetime) -> Clock:
    """Pause the clock: its used time is kept, and it has no due time until it resumes."""
    return _timed(replace(_halted(clock, policy.hours, at), state=PAUSED), policy, at)


def run_on(clock: Clock, policy: Policy, at: datetime) -> Clock:
    """Resume a clock that was paused, or had ended, with the rest of its target."""
    ends = tuple((stopped, resumed or at) for stopped, resumed in clock.ends)
    runs_on = replace(clock, since=at, state=RUNNING, stopped_at=None, ends=ends)
    return _timed(runs_on, policy, at)


def since(clock: Clock, policy: Policy, at: datetime) -> Clock:
    """The clock as if it had run from `at` on, if that is before its start and it has not breached."""
    if at >= clock.started_at or clock.breached_at is not None:
        return clock
    used = clock.used + calendar.measure(policy.hours, at, clock.started_at)
    runs = ((at, clock.started_at), *clock.runs)
    return _timed(replace(clock, started_at=at, used=used, runs=runs), policy, clock.started_at)


def stop(clock: Clock, policy: Policy, at: datetime, by: str | None = None) -> Clock:
    """Stop the clock: met, or breached if it breached before. `by` gave the response."""
    halted = _halted(clock, policy.hours, at)
    ended = replace(halted, stopped_at=at, ends=(*clock.ends, (at, None)), answered_by=by)
    return _timed(replace(ended, state=BREACHED if ended.breached_at else MET), policy, at)


def void(clock: Clock, policy: Policy, at: datetime) -> Clock:
    """Stop the clock without a result, unless it breached before: that stays."""
    ends = (*clock.ends, (at, None)) if clock.breached_at or clock.ends else ()
    halted = _halted(clock, policy.hours, at)
    return _timed(replace(halted, state=VOID, stopped_at=at, ends=ends), policy, at)


def retarget(clock: Clock, policy: Policy, target: int, at: datetime) -> Clock:
    """Apply another policy or target to a clock that has not breached.

    From the start, it counts as if it had always been so, but a breach is dated now; from the change, the clock
    starts anew. If target and calendar are the same, only the policy's name changes.
    """
    was = (clock.target, clock.calendar, clock.used)
    used = sum(calendar.measure(policy.hours, *run) for run in clock.runs)
    changed = replace(
        clock,
        policy=policy.sla.name,
        policy_version=policy.version,
        calendar=policy.sla.calendar,
        target=target,
        used=used,
    )
    same = (target, policy.sla.calendar, used) == was
    if policy.sla.retarget == "from_change" and not same:
        changed = replace(changed, runs=(), used=0, started_at=at, since=clock.since and at)
    changed = _timed(changed, policy, at)
    if changed.due_at is not None and at > changed.due_at:
        return replace(changed, breached_at=at, at_retarget=True)
    return changed


def _halted(clock: Clock, hours: Hours, at: datetime) -> Clock:
    """The clock with its present run added to the runs."""
    if clock.since is None or at <= clock.since:  # clocks of hosts may differ by a second
        return replace(clock, since=None)
    used = clock.used + calendar.measure(hours, clock.since, at)
    return replace(clock, since=None, used=used, runs=(*clock.runs, (clock.since, at)))


def _timed(clock: Clock, policy: Policy, at: datetime) -> Clock:
    """The clock with its due time, its warning and when to look at it next."""
    if clock.active and clock.breached_at is None:
        warn = threshold(policy.sla.warn, clock.target)
        clock = replace(
            clock,
            due_at=reach(clock, policy.hours, clock.target),
            warn_at=reach(clock, policy.hours, warn),
        )
    first = min((moment.fires for moment in moments(clock, policy)), default=None)
    return replace(clock, next_at=None if first is None else max(first, at))


# ---- what a clock says ----------------------------------------------------------------------------------------------


def state(clock: Clock, at: datetime) -> str:
    """met, breached, warn, ok, paused or void, at an instant not before the last change. Just in time is met."""
    if clock.state != RUNNING or clock.breached_at is not None:
        return BREACHED if clock.breached_at else clock.state
    if clock.due_at is not None and at > clock.due_at:
        return BREACHED
    return WARN if clock.warn_at is not None and at >= clock.warn_at else OK


def used(clock: Clock, hours: Hours, at: datetime) -> int:
    """The open seconds that it has run until `at`."""
    return clock.used + (calendar.measure(hours, clock.since, at) if clock.since else 0)


def paused(clock: Clock, hours: Hours, at: datetime) -> int:
    """The open seconds from its start until `at`, or its end, in which it did not run."""
    return calendar.measure(hours, clock.started_at, clock.stopped_at or at) - used(
        clock, hours, at
    )


def moments(clock: Clock, policy: Policy) -> list[Moment]:
    """Everything that the clock triggers unless something moves it, in order; nothing if it is void in time."""
    if clock.state == VOID and clock.breached_at is None:
        return []
    found = sorted(_moments(clock, policy), key=lambda moment: moment.fires)
    return [one for one in found if clock.stopped_at is None or one.fires <= clock.stopped_at]


def _moments(clock: Clock, policy: Policy) -> Iterator[Moment]:
    if clock.warn_at is not None:
        yield Moment(kind="warning", level="", at=clock.warn_at, fires=clock.warn_at)
    breach = clock.breached_at or clock.due_at
    if breach is not None and clock.due_at is not None:
        fires = max(breach, clock.due_at + _SECOND)
        yield Moment(kind="breach", level="", at=breach, fires=fires)
    for level in policy.sla.escalations:
        seconds = threshold(level.at, clock.target)
        at = clock.due_at if seconds == clock.target else reach(clock, policy.hours, seconds)
        if at is not None:
            fires = at + _SECOND if seconds == clock.target else at
            yield Moment(kind="level", level=level.at, at=at, fires=fires)


def next_look(clock: Clock, policy: Policy, after: datetime) -> datetime | None:
    """When the first moment after an instant comes up to which all are recorded; None if none is left."""
    return min((one.fires for one in moments(clock, policy) if one.fires > after), default=None)


def reach(clock: Clock, hours: Hours, seconds: int) -> datetime | None:
    """The instant at which the clock has run, or will have run, that many open seconds; None if never."""
    try:
        return _reach(clock.runs, clock.since, hours, seconds)
    except NeverOpen:
        return None


def _reach(
    runs: Sequence[Run], since: datetime | None, hours: Hours, seconds: int
) -> datetime | None:
    for begin, end in runs:
        length = calendar.measure(hours, begin, end)
        if seconds <= length:
            at = calendar.add(hours, begin, seconds)
            if at < end:
                return at
        seconds -= length
    return None if since is None else calendar.add(hours, since, seconds)
