"""How clocks turned out, for reports: each outcome once, at its instant, and with the clock as it was then.

    met, breached   decided at the stop of a clock or at its due time, whichever comes first
    late            a response that came after its target was missed: counted as breached already, but it took a time
    void            the ticket ended without the response; if it is reopened, the clock may still be met or breached

What happens to a clock later leaves its outcomes as they are, but for when it stopped and resumed. A clock that was met
and is resumed by a reopening is decided anew: a view that knows of the resumption does not count the first outcome.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import partial

from msgspec import Struct
from msgspec.structs import replace

from ticketctl.domain.base.status import MERGED, SPAM
from ticketctl.domain.sla import sla_clock
from ticketctl.domain.sla.advance import Clocks, Facts, advance, fold, next_cycle
from ticketctl.domain.sla.policy import Book
from ticketctl.domain.sla.sla_clock import BREACHED, MET, VOID, Clock, End, Run
from ticketctl.domain.sla.tellings import Telling

LATE = "late"

Key = tuple[str, int, str, datetime]


class Outcome(Struct, frozen=True, kw_only=True):
    """An outcome of a clock. Of a breach, `runs`, `since` and `ends` tell how late it was at any instant."""

    kind: str  # first | next | resolve | assign
    cycle: int
    outcome: str  # met | breached | late | void
    at: datetime
    owner: str | None  # at that instant, as segment and priority
    segment: str
    priority: str
    policy: str
    policy_version: int
    calendar: str
    target: int
    used: int
    elapsed: int  # the seconds that it ran, open or not
    started_at: datetime
    due_at: datetime | None
    at_retarget: bool
    ended_at: datetime | None  # None while the clock runs or is paused
    answered_by: str | None  # who gave the response
    runs: tuple[Run, ...] = ()
    since: datetime | None = None
    ends: tuple[End, ...] = ()

    @property
    def key(self) -> Key:
        """What an outcome is stored under, in its ticket."""
        return self.kind, self.cycle, self.outcome, self.at


class Told(Struct, frozen=True):
    """What a history says: the clocks as they are, and every outcome."""

    clocks: Clocks
    outcomes: tuple[Outcome, ...]


def outcomes(before: Sequence[Clock], now: Sequence[Clock], facts: Facts) -> tuple[Outcome, ...]:
    """The outcomes that a change of clocks brings, and breaches whose clock stopped, paused or ran on.

    `facts` are those after the change.
    """
    was = {(one.kind, one.cycle): one for one in before}
    return tuple(
        found
        for one in now
        if (old := was.get((one.kind, one.cycle))) != one
        for found in _of(old, one, facts)
    )


def _of(old: Clock | None, one: Clock, facts: Facts) -> Iterator[Outcome]:
    decided = _decision(one)
    if decided and decided != (old and _decision(old)):
        yield decided
    yield from _reopened(old, one)
    if one.answered_by and one.stopped_at and not (old and old.answered_by) and one.breached_at:
        yield replace(
            _outcome(one, LATE, one.stopped_at),
            segment=facts.segment, owner=facts.owner, priority=facts.priority,
        )  # fmt: skip
    if _ends_void(old, one) and one.stopped_at and facts.status not in (SPAM, MERGED):
        yield _outcome(one, VOID, one.stopped_at)


def _reopened(old: Clock | None, one: Clock) -> Iterator[Outcome]:
    """The outcome of a clock that was met and is resumed."""
    if old is None or old.state != MET or old.stopped_at is None:
        return
    own = tuple(end for end in one.ends if end[0] == old.stopped_at and end[1])
    if own:
        yield replace(_outcome(old, MET, old.stopped_at), ended_at=None, ends=own)


def _decision(clock: Clock) -> Outcome | None:
    """The clock as met or breached; None while that is open."""
    if clock.breached_at:
        found = _outcome(clock, BREACHED, clock.breached_at)
        return replace(found, answered_by=None, runs=clock.runs, since=clock.since, ends=clock.ends)
    if clock.state == MET and clock.stopped_at:
        return _outcome(clock, MET, clock.stopped_at)
    return None


def _ends_void(old: Clock | None, one: Clock) -> bool:
    began = old is None or old.active or old.state == MET
    return one.state == VOID and not one.breached_at and began


def _outcome(clock: Clock, outcome: str, at: datetime) -> Outcome:
    return Outcome(
        kind=clock.kind,
        cycle=clock.cycle,
        outcome=outcome,
        at=at,
        owner=clock.owner,
        segment=clock.segment,
        priority=clock.priority,
        policy=clock.policy,
        policy_version=clock.policy_version,
        calendar=clock.calendar,
        target=clock.target,
        used=clock.used,
        elapsed=sum(int((end - begin).total_seconds()) for begin, end in clock.runs),
        started_at=clock.started_at,
        due_at=clock.due_at,
        at_retarget=clock.at_retarget,
        ended_at=clock.stopped_at,
        answered_by=clock.answered_by,
    )


# ---- a whole history ------------------------------------------------------------------------------------------------


def tell(story: Iterable[Telling], book: Book) -> Told:
    """The clocks and outcomes of a ticket after its whole history: the same as if they had been stored step by step."""
    found: dict[Key, Outcome] = {}
    clocks: Clocks = ()
    since: datetime | None = None
    for telling in story:
        if since:
            before = {(one.kind, one.cycle): one for one in clocks}
            clocks = _taken_over(clocks, telling, since, book)
            for one in clocks:
                reopened = _reopened(before.get((one.kind, one.cycle)), one)
                found |= {known.key: known for known in reopened}
                if one.stopped_at in (None, since) and (new := _decision(one)):
                    found[new.key] = new
        for happening in telling.happenings[telling.first :]:
            after = advance(clocks, happening, book)
            found |= {one.key: one for one in outcomes(clocks, after, happening.now)}
            clocks = after
        since = telling.until
        if since and telling.happenings:
            after = _settled(clocks, since)
            found |= {one.key: one for one in outcomes(clocks, after, telling.happenings[-1].now)}
            clocks = after
    return Told(clocks, tuple(found.values()))


def _taken_over(before: Clocks, telling: Telling, at: datetime, book: Book) -> Clocks:
    """The clocks where a new telling takes over: what had ended or breached stays, what runs is as told now.

    A breached clock that does not run in the new telling ends. It adds no next response that had ended.
    """
    kept = {
        (one.kind, one.cycle): _ended(one, at, book) if one.active else one
        for one in before
        if one.breached_at or not one.active
    }
    for one in _settled(fold(telling.happenings[: telling.first], book), at):
        if one.active:
            new = _carried_on(before, one, at, telling.happenings[telling.first - 1].now)
            kept[new.kind, new.cycle] = new
        elif one.kind != "next":
            kept.setdefault((one.kind, one.cycle), one)
    return tuple(kept.values())


def _ended(clock: Clock, at: datetime, book: Book) -> Clock:
    """The clock as it ends at a split or an unmerge: what is void may be owed again when the ticket is reopened."""
    end = sla_clock.void if clock.kind in ("first", "assign") else sla_clock.stop
    return end(clock, book(clock.reference), at)


def _carried_on(before: Clocks, told: Clock, at: datetime, now: Facts) -> Clock:
    """A running clock of a new telling, as the one before it that it carries on, or as a new cycle."""
    was = _counterpart(before, told)
    if was and _is_another_question(was, told):
        was = None
    if was is None:
        new = replace(told, cycle=next_cycle(before, told.kind))
    elif was.active and was.breached_at:
        return was
    else:
        ends = tuple((stopped, resumed or at) for stopped, resumed in was.ends)
        new = replace(told, cycle=was.cycle, ends=ends, answered_by=was.answered_by)
    if was and was.breached_at:
        return replace(
            new, breached_at=was.breached_at, due_at=was.due_at, at_retarget=was.at_retarget,
            owner=was.owner, segment=was.segment, priority=was.priority,
        )  # fmt: skip
    if new.breached_at:
        return replace(
            new, breached_at=at, owner=now.owner, segment=now.segment, priority=now.priority
        )
    return new


def _is_another_question(was: Clock, told: Clock) -> bool:
    """Is the question that was late one that left, and the one that remains younger and in time?"""
    left = was.active and was.breached_at is not None and was.started_at < told.started_at
    return told.kind == "next" and left and told.breached_at is None


def _counterpart(before: Clocks, told: Clock) -> Clock | None:
    """The clock that ran before in place of this one; else the one whose stop is no longer told."""
    mine = [one for one in before if one.kind == told.kind]
    stopped = (one for one in mine if one.kind != "next" or one.started_at == told.started_at)
    return next((one for one in mine if one.active), None) or next(stopped, None)


def _settled(clocks: Clocks, at: datetime) -> Clocks:
    return tuple(map(partial(sla_clock.settle, at=at), clocks))
