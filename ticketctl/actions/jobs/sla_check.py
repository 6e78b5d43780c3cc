"""Records warnings, breaches and escalation levels that are due, runs the levels, and notifies people.

Everything due is computed from the clocks, so a night without a check loses nothing; a unique key keeps two checks at
once from doing anything twice. Each ticket has its own transaction. People are notified last, in one mail each; until
then the clock stays due.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import partial

from msgspec import Struct
from msgspec.structs import replace

from ticketctl import clock as wall
from ticketctl.actions.base.context import Work, begin
from ticketctl.actions.jobs import escalation_levels, sla_digest, sla_history
from ticketctl.actions.tickets import clocks
from ticketctl.actions.tickets.clocks import PolicyVersions
from ticketctl.domain.base.records import Actor, Ticket
from ticketctl.domain.base.status import ACTIVE
from ticketctl.domain.calendar import calendar
from ticketctl.domain.sla import happenings, sla_clock
from ticketctl.domain.sla.outcome import outcomes
from ticketctl.domain.sla.policy import Policy
from ticketctl.domain.sla.sla_clock import Clock, Moment
from ticketctl.store.db.database import Database, Tx
from ticketctl.store.desk import definitions
from ticketctl.store.sla import clock_rows, events, outcome_rows
from ticketctl.store.sla.events import SlaEvent
from ticketctl.store.tickets import tickets

log = logging.getLogger("ticketctl.sla")

LOCK = "sla check"  # lock name: one program at a time
ACTOR = Actor("sla", role="system")
_ROUNDS = 10  # a level may trigger the next one by changing the priority


class Happened(Struct, frozen=True, kw_only=True):
    """An event of a clock, when it was due, the ticket's owner, and what its level did."""

    event: SlaEvent
    due_at: datetime | None
    owner: str | None
    did: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()


def run(
    db: Database, *, keep: Callable[[], None] = lambda: None, dry_run: bool = False
) -> Iterator[Happened]:
    """Record and handle everything due by now, and yield each event; `keep` is called before each ticket.

    `dry_run` only yields what would be recorded. Notifications are queued at the end.
    """
    now = wall.now()
    with db.read() as tx:
        numbers = clock_rows.due(tx, now)
        if dry_run:
            yield from _upcoming(tx, numbers, now)
            return
    for number in numbers:
        keep()
        yield from db.write(partial(_check, number, now))
    if numbers:
        db.write(partial(_notify_people, numbers, now))


def _upcoming(tx: Tx, numbers: Sequence[int], now: datetime) -> Iterator[Happened]:
    book = PolicyVersions(tx, definitions.current(tx))
    for ticket in tickets.some(tx, numbers):
        known = {(one.clock, one.cycle, one.kind, one.level) for one in events.of(tx, ticket.id)}
        for clock, policy in _due(book, clock_rows.of(tx, ticket.id), now, ticket.id):
            for moment in _past_moments(clock, policy, now):
                if (clock.kind, clock.cycle, moment.kind, moment.level) not in known:
                    event = events.event(ticket.id, clock, moment, now)
                    yield Happened(event=event, due_at=clock.due_at, owner=ticket.owner)


def _check(number: int, now: datetime, tx: Tx) -> list[Happened]:
    """Handle one ticket: record what is due and run its levels, until nothing new becomes due."""
    work = begin(tx, ACTOR, now)
    tickets.get(tx, number, lock=True)
    book, found = PolicyVersions(tx, work.definition), []
    for _ in range(_ROUNDS):
        new = list(_record_moments(work, number, book))
        if not new:
            break
        found += [_handle_event(work, number, policy, clock, event) for clock, policy, event in new]
    _update_clocks(work, number, book)
    return found


def _record_moments(
    work: Work, number: int, book: PolicyVersions
) -> Iterator[tuple[Clock, Policy, SlaEvent]]:
    """Record each moment that has passed, in order."""
    moments = [
        (moment.fires, clock, policy, moment)
        for clock, policy in _due(book, clock_rows.of(work.tx, number), work.at, number)
        for moment in _past_moments(clock, policy, work.at)
    ]
    for _, clock, policy, moment in sorted(moments, key=lambda one: one[0]):
        event = events.add(work.tx, events.event(number, clock, moment, work.at))
        if event:
            yield clock, policy, event


def _handle_event(
    work: Work, number: int, policy: Policy, clock: Clock, event: SlaEvent
) -> Happened:
    """Run the level of an event, unless its clock or ticket has ended."""
    if _is_held(policy, work.at):
        sla_history.record(work, event, clock, told=None)
    ticket = tickets.get(work.tx, number)
    came = escalation_levels.LevelResult()
    if event.kind == "level" and clock.active and ticket.status in ACTIVE:
        came = escalation_levels.run_level(work, number, policy.sla, event.level)
    return Happened(
        event=event, due_at=clock.due_at, owner=ticket.owner, did=came.did, failed=came.failed
    )


def _update_clocks(work: Work, number: int, book: PolicyVersions) -> None:
    """Store breaches in clocks and ticket, and when to look at each clock next."""
    before = clock_rows.of(work.tx, number)
    waiting = {(one.clock, one.cycle) for one in events.untold(work.tx, number)}
    now = [_with_next_look(book, one, work.at, (one.kind, one.cycle) in waiting) for one in before]
    ticket = tickets.get(work.tx, number)
    clock_rows.save(work.tx, number, before, now)
    outcome_rows.save(work.tx, number, (), outcomes(before, now, happenings.facts(ticket)))
    clocks.update_ticket(work, ticket, now)


def _with_next_look(book: PolicyVersions, one: Clock, now: datetime, untold: bool) -> Clock:
    if one.next_at is None or one.next_at > now:
        return one
    try:
        policy = book(one.reference)
    except clocks.UNCOMPUTABLE:
        return replace(one, next_at=None)
    next_at = sla_clock.next_look(one, policy, now)
    if untold:
        opens = _notify_at(policy, now)
        next_at = min((at for at in (next_at, opens) if at), default=None)
    return replace(sla_clock.settle(one, now), next_at=next_at)


def _notify_at(policy: Policy, now: datetime) -> datetime | None:
    """When people may be notified: now, or when the calendar opens; None if it never opens."""
    if policy.sla.notify == "always":
        return now
    try:
        return calendar.next_open(policy.hours, now)
    except calendar.NeverOpen:
        return None


def _is_held(policy: Policy, at: datetime) -> bool:
    """Did notices of that time wait for opening hours?"""
    return _notify_at(policy, at) != at


def _due(
    book: PolicyVersions, found: Sequence[Clock], now: datetime, number: int
) -> Iterator[tuple[Clock, Policy]]:
    for one in found:
        if one.next_at is not None and one.next_at <= now:
            try:
                yield one, book(one.reference)
            except clocks.UNCOMPUTABLE as trouble:
                log.warning("the %s clock of ticket %d: %s", one.kind, number, trouble)


def _past_moments(clock: Clock, policy: Policy, now: datetime) -> list[Moment]:
    return [one for one in sla_clock.moments(clock, policy) if one.fires <= now]


def _notify_people(numbers: Sequence[int], now: datetime, tx: Tx) -> None:
    """Send each person one mail with everything they should know."""
    work = begin(tx, ACTOR, now)
    book, digest = PolicyVersions(tx, work.definition), sla_digest.Digest(work)
    for number in sorted(numbers):
        ticket = tickets.get(tx, number, lock=True)
        if _add_to_digest(work, ticket, book, digest):
            _update_clocks(work, number, book)
    digest.send()


def _add_to_digest(
    work: Work, ticket: Ticket, book: PolicyVersions, digest: "sla_digest.Digest"
) -> bool:
    """Add the events of a ticket that may be notified now; were there any?

    Events of clocks that were met in the meantime need no mail.
    """
    known = {(one.kind, one.cycle): one for one in clock_rows.of(work.tx, ticket.id)}
    found = False
    for event in events.untold(work.tx, ticket.id):
        clock = known[event.clock, event.cycle]
        policy = book(clock.reference)
        if not _is_held(policy, work.at) and events.mark_told(work.tx, event, work.at):
            found = True
            ended = clock.state in (sla_clock.MET, sla_clock.VOID)
            told = [] if ended else digest.add(ticket, clock, policy, event)
            held = _is_held(policy, event.noted_at)
            write = sla_history.record_notice if held else sla_history.record
            write(work, event, clock, told)
    return found
