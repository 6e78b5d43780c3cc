"""Moves the clocks of a ticket: what a happening does to them. Nothing else moves clocks.

Whoever changes a ticket calls, in the same transaction,

    clocks = advance(clocks, happening, policies)

with the stored clocks, the happening (happenings.py makes it from lines of history), and a function that finds the
named policies in their version. Folding the whole history gives the same clocks; undo moves them that way. A happening
that only names another version of the policy recomputes what runs.

    first     from the creation to the first public message of an agent; void if the ticket ends before
    next      from a customer's message to the next public message of an agent, cycle by cycle; after the first
    resolve   from the creation until resolved or closed; reopening resumes it, restarts it, or leaves it
    assign    until somebody owns the ticket

Spam and merged tickets void what runs; it resumes if that was a mistake. A policy that comes to apply later starts its
clocks then; one that no longer applies voids them.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import reduce

from msgspec import Struct
from msgspec.structs import replace

from ticketctl.domain.base.status import ACTIVE, ENDED
from ticketctl.domain.sla import sla_clock
from ticketctl.domain.sla.policy import Book, Policy, pauses, target
from ticketctl.domain.sla.sla_clock import BREACHED, MET, PAUSED, VOID, Clock

CUSTOMER, AGENT = "customer", "agent"

Clocks = tuple[Clock, ...]


class Facts(Struct, frozen=True, kw_only=True):
    """What clocks need to know about a ticket."""

    status: str
    priority: str
    policy: str | None  # `gold@3`, None: no policy matches
    segment: str
    owner: str | None
    answered: bool  # an agent has replied to the customer


class Happening(Struct, frozen=True, kw_only=True):
    """Everything that one transaction did to a ticket."""

    at: datetime
    known: datetime | None = (
        None  # when it came to be known, if that is later: a question that was split off
    )
    was: str | None  # the status before; None: the ticket was created
    now: Facts
    said: str = ""  # who wrote: `customer`, `agent` (a public message of a human), or nobody
    by: str | None = None  # the agent who wrote
    asked: datetime | None = None  # a merge brought a question that waits since then


def advance(before: Sequence[Clock], happening: Happening, book: Book) -> Clocks:
    """The clocks after a happening that is not before their last change; ordered by cycle within a kind."""
    change = _Change(happening, book)
    return reduce(lambda kept, step: step(change, kept), _STEPS, tuple(before))


def fold(story: Iterable[Happening], book: Book) -> Clocks:
    """The clocks of a ticket after its whole history."""
    return reduce(lambda kept, happening: advance(kept, happening, book), story, ())


def next_cycle(clocks: Sequence[Clock], kind: str) -> int:
    """The number of the next cycle of a kind."""
    return max((clock.cycle for clock in clocks if clock.kind == kind), default=0) + 1


class _Change:
    """A happening with the policy in force after it."""

    __slots__ = ("asked", "at", "book", "by", "known", "now", "policy", "said", "was")

    def __init__(self, happening: Happening, book: Book) -> None:
        self.at, self.was, self.now = happening.at, happening.was, happening.now
        self.known = happening.known or happening.at
        self.said, self.by, self.asked = happening.said, happening.by, happening.asked
        self.book = book
        self.policy: Policy | None = book(self.now.policy) if self.now.policy else None

    @property
    def active(self) -> bool:
        return self.now.status in ACTIVE

    @property
    def reopened(self) -> bool:
        return self.active and self.was is not None and self.was not in ACTIVE

    def of(self, clock: Clock) -> Policy:
        """The policy by which a clock was started or last retargeted."""
        return self.book(clock.reference)

    def target(self, kind: str) -> int | None:
        """The present target of that kind."""
        return target(self.policy.sla, self.now.priority, kind) if self.policy else None

    def started(self, kind: str, cycle: int, at: datetime | None = None) -> Clocks:
        """A new clock of that kind, from now or `at` on, if the policy has such a target."""
        seconds = self.target(kind)
        if self.policy is None or seconds is None:
            return ()
        now = self.now
        clock = sla_clock.start(
            kind, cycle, self.policy, seconds, at or self.at,
            segment=now.segment, owner=now.owner, priority=now.priority,
        )  # fmt: skip
        return (clock,)


def _settle(change: _Change, kept: Clocks) -> Clocks:
    return tuple(sla_clock.settle(clock, change.at) for clock in kept)


def _stop(change: _Change, kept: Clocks) -> Clocks:
    """Stop the clocks whose event has happened."""
    by = {"first": change.by, "next": change.by}
    return tuple(
        sla_clock.stop(clock, change.of(clock), change.at, by.get(clock.kind))
        if clock.active and _has_come(change, clock)
        else clock
        for clock in kept
    )


def _has_come(change: _Change, clock: Clock) -> bool:
    if clock.kind == "resolve":
        return change.now.status in ENDED
    return change.now.owner is not None if clock.kind == "assign" else change.said == AGENT


def _void(change: _Change, kept: Clocks) -> Clocks:
    """Void responses that never came before the end, and all clocks of spam."""
    if change.active:
        return kept
    return tuple(
        sla_clock.void(clock, change.of(clock), change.at) if clock.active else clock
        for clock in kept
    )


def _reopen(change: _Change, kept: Clocks) -> Clocks:
    """Resume the resolution clock of a reopened ticket, as the policy says."""
    if not change.reopened:
        return kept
    newest = {clock.kind: clock for clock in kept}
    found: list[Clock] = []
    for clock in kept:
        found.append(clock)
        if clock is not newest[clock.kind]:
            continue
        if clock.kind == "resolve" and clock.state in (MET, BREACHED):
            found[-1:] = _reopen_resolution(change, clock)
        elif clock.kind == "next" and clock.state == VOID and change.was not in ENDED:
            found[-1] = sla_clock.run_on(clock, change.of(clock), change.at)
    return tuple(found)


def _reopen_resolution(change: _Change, clock: Clock) -> Clocks:
    policy = change.of(clock)
    if policy.sla.reopen == "resume":
        return (sla_clock.run_on(clock, policy, change.at),)
    if policy.sla.reopen == "restart":
        return (clock, *change.started("resolve", clock.cycle + 1))
    return (clock,)


def _begin(change: _Change, kept: Clocks) -> Clocks:
    """Let every clock that an active ticket should have run: start new ones, resume void ones."""
    wanted = {
        "first": not change.now.answered,
        "resolve": True,
        "assign": change.now.owner is None,
    }
    if not change.active:
        return kept
    for kind in (kind for kind, due in wanted.items() if due and change.target(kind) is not None):
        last = next((clock for clock in reversed(kept) if clock.kind == kind), None)
        if last is None:
            kept += change.started(kind, 1)
        elif last.state == VOID:
            again = sla_clock.run_on(last, change.of(last), change.at)
            kept = tuple(again if clock is last else clock for clock in kept)
    return kept


def _retarget(change: _Change, kept: Clocks) -> Clocks:
    """Let clocks that run or are paused follow the ticket's policy and priority, unless they have breached."""
    return tuple(
        _retargeted(change, clock) if clock.active and clock.breached_at is None else clock
        for clock in kept
    )


def _retargeted(change: _Change, clock: Clock) -> Clock:
    seconds = change.target(clock.kind)
    if change.policy is None or seconds is None:
        return sla_clock.void(clock, change.of(clock), change.at)
    if (clock.reference, clock.target) == (change.policy.reference, seconds):
        return clock
    return sla_clock.retarget(clock, change.policy, seconds, change.at)


def _hear(change: _Change, kept: Clocks) -> Clocks:
    """Start a cycle for a customer's message if none is open, once the first response was given."""
    waiting = any(clock.active for clock in kept if clock.kind == "next")
    if change.said != CUSTOMER or waiting or not (change.active and change.now.answered):
        return kept
    return kept + change.started("next", next_cycle(kept, "next"))


def _ask(change: _Change, kept: Clocks) -> Clocks:
    """Count a question that a merge brought from the time it was asked."""
    asked, kind = change.asked, "next" if change.now.answered else "first"
    if asked is None or not change.active:
        return kept
    running = next((clock for clock in kept if clock.kind == kind and clock.active), None)
    if running is None and kind == "next":
        return kept + change.started(kind, next_cycle(kept, kind), asked)
    return tuple(
        sla_clock.since(clock, change.of(clock), asked) if clock is running else clock
        for clock in kept
    )


def _pause(change: _Change, kept: Clocks) -> Clocks:
    """Pause or resume each clock as the status says."""
    return tuple(_paused(change, clock) if clock.active else clock for clock in kept)


def _paused(change: _Change, clock: Clock) -> Clock:
    policy = change.of(clock)
    still = change.now.status in pauses(policy.sla, clock.kind)
    if still == (clock.state == PAUSED):
        return clock
    return (sla_clock.pause if still else sla_clock.run_on)(clock, policy, change.at)


def _date(change: _Change, kept: Clocks) -> Clocks:
    """Date the breach of a clock that came with its due time past: when that came to be known, no earlier."""
    return tuple(
        replace(clock, breached_at=change.known) if _is_late(clock, change.known) else clock
        for clock in kept
    )


def _is_late(clock: Clock, at: datetime) -> bool:
    if not clock.active or clock.breached_at is not None:
        return False
    return clock.due_at is not None and at > clock.due_at


def _attribute(change: _Change, kept: Clocks) -> Clocks:
    """Set whose clock it is: owner, segment and priority at the breach, else at the stop."""
    now = change.now
    return tuple(
        replace(clock, segment=now.segment, owner=now.owner, priority=now.priority)
        if clock.breached_at in (None, change.known) and clock.stopped_at in (None, change.at)
        else clock
        for clock in kept
    )


_STEPS = (
    _settle, _stop, _void, _reopen, _begin, _retarget, _hear, _ask, _pause, _date, _attribute,
)  # fmt: skip
