"""Moves a ticket's SLA clocks in the transaction that changes the ticket (consequences.py calls `follow`).

The clocks move once for everything a transaction does to a ticket, computed from what they were before it. That is no
change of the ticket: its version and its time of change stay. If clocks cannot be computed, the ticket is marked so,
and nothing else stops.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from ticketctl.actions.base.context import Work
from ticketctl.domain.base import condition
from ticketctl.domain.base.condition import Condition
from ticketctl.domain.base.records import Event, Ticket
from ticketctl.domain.base.status import ACTIVE
from ticketctl.domain.definition.definition import Definition, Sla
from ticketctl.domain.query import own_fields
from ticketctl.domain.sla import happenings, policy, tellings
from ticketctl.domain.sla.advance import Happening, advance
from ticketctl.domain.sla.outcome import Outcome, Told, outcomes, tell
from ticketctl.domain.sla.policy import Policy
from ticketctl.domain.sla.pressing import Pressing, pressing
from ticketctl.domain.sla.sla_clock import Clock
from ticketctl.domain.sla.tellings import Telling
from ticketctl.errors import BadInput, DeskError
from ticketctl.store.db.database import Tx
from ticketctl.store.desk import definitions
from ticketctl.store.sla import clock_rows, outcome_rows
from ticketctl.store.tickets import events, match

# The fields that a policy's match can depend on, besides `cf.` fields.
_CHOOSING = frozenset(
    {"priority", "segment", "customer", "type", "tags", "important", happenings.POLICY}
)
_DUE_BY = "due_by"
# Errors of a clock whose policy or calendar is missing or invalid, such as one from another version.
UNCOMPUTABLE = (DeskError, LookupError, ValueError, OverflowError)


class PolicyVersions:
    """Finds policies by reference, in any version of the definition; each version is read once."""

    def __init__(self, tx: Tx, definition: Definition) -> None:
        self._tx = tx
        self._definitions = {definition.version: definition}
        self._found: dict[str, Policy] = {}

    def __call__(self, reference: str) -> Policy:
        """The policy of a reference such as `gold@3`; NotFound or KeyError if version or policy is unknown."""
        found = self._found.get(reference)
        if found is None:
            name, version = policy.parts(reference)
            if version not in self._definitions:
                self._definitions[version] = definitions.get(self._tx, version)
            found = self._found[reference] = policy.of(self._definitions[version], name)
        return found


class _Followed(Struct):
    """A ticket's clocks before the transaction, the customer's messages in it, and the outcomes it has brought."""

    before: tuple[Clock, ...] | None
    heard: set[int]
    outcomes: tuple[Outcome, ...] = ()


def follow(work: Work, ticket: Ticket, heard: int | None = None) -> Ticket:
    """Move the clocks by what this transaction has done so far, and return the ticket.

    `heard` is the number of a new message from the customer's side. While rules run on a ticket, nothing happens; the
    last call does it all.
    """
    if any(at_work == ticket.id for _, at_work in work.chain):
        return ticket
    seen = work.followed.setdefault(ticket.id, _Followed(None, set()))
    seen.heard |= {heard} if heard is not None else set()
    fitted, lines = _choose_policy(work, ticket, _lines(work, ticket))
    if ticket.sla_state == clock_rows.FAILED or any(map(tellings.changes_the_past, lines)):
        return recompute(work, ticket)
    happening = happenings.happening(fitted, lines, seen.heard)
    if happening is None and all(line.field != _DUE_BY for line in lines):
        return ticket
    kept: tuple[Clock, ...] | None = None
    if seen.before is None:
        kept = seen.before = () if _created(lines) else clock_rows.of(work.tx, ticket.id)
    move = _Move(
        ticket, fitted, clock_rows.of(work.tx, ticket.id) if kept is None else kept, seen.outcomes
    )
    return move.to(work, lambda book: _followed(seen, happening, book))


def _followed(seen: _Followed, happening: Happening | None, book: PolicyVersions) -> Told:
    """The clocks after a happening, and the outcomes that it brings."""
    before = seen.before or ()
    if happening is None:
        return Told(before, ())
    clocks = advance(before, happening, book)
    seen.outcomes = outcomes(before, clocks, happening.now)
    return Told(clocks, seen.outcomes)


def recompute(work: Work, ticket: Ticket) -> Ticket:
    """Recompute the clocks from the whole history, after an undo or after messages left the ticket."""
    work.followed.pop(ticket.id, None)
    fitted, _ = _choose_policy(work, ticket, _lines(work, ticket))
    story = _tellings(work.tx, fitted)
    kept, counted = clock_rows.of(work.tx, ticket.id), outcome_rows.of(work.tx, ticket.id)
    return _Move(ticket, fitted, kept, counted).to(work, lambda book: tell(story, book))


def _tellings(tx: Tx, ticket: Ticket) -> list[Telling]:
    """Everything that happened to a ticket, as it was told before each split and unmerge, and as it is now."""
    history = events.of(tx, ticket.id)
    gone: dict[int, bool] = {}
    for line in history:
        if line.type == tellings.SPLIT:
            there = clock_rows.words(tx, int(line.new))
            gone |= {n: there.get(new, True) for new, n in enumerate(line.old, 1)}
    return tellings.tellings(ticket, history, clock_rows.words(tx, ticket.id), gone)


def update_ticket(work: Work, ticket: Ticket, clocks: Sequence[Clock]) -> Ticket:
    """Store the SLA columns of a ticket if they changed, and return the ticket."""
    return _Move(ticket, ticket, (), ()).update_ticket(work, clocks)


def why_not(tx: Tx, definition: Definition, ticket: Ticket) -> str:
    """Why the clocks of a ticket cannot be computed; "" if they can."""
    try:
        tell(_tellings(tx, ticket), PolicyVersions(tx, definition))
    except UNCOMPUTABLE as trouble:
        return sentence(trouble)
    return ""


def matching_policy(work: Work, ticket: Ticket) -> Sla | None:
    """The policy in force that matches a ticket, or None; one SELECT at most."""
    slas = work.definition.slas
    asked = [sla for sla in slas if sla.match]
    if not asked or not slas[0].match:
        return policy.choose(slas, lambda _: False)
    zone, kinds = (
        work.definition.settings.timezone,
        tuple(own_fields.kinds(work.definition.fields).items()),
    )
    found = match.of(
        work.tx, ticket.id, [_condition(sla.match, work.at, zone, kinds) for sla in asked]
    )
    holds = dict(zip((sla.name for sla in asked), found, strict=True))
    return policy.choose(slas, lambda sla: holds[sla.name])


@lru_cache(maxsize=64)
def _condition(
    match: str, now: datetime, zone: str, kinds: tuple[tuple[str, str], ...]
) -> Condition:
    """The condition of a match; one that this version of the program cannot read matches nothing."""
    from ticketctl.domain.query import parser

    try:
        asked = parser.parse(
            match, now=now, zone=ZoneInfo(zone), me=None, types=dict(kinds), use=parser.Use.LATER
        )
        return asked.condition
    except BadInput:
        _warn("the match of a service level is not understood: %s", match)
        return condition.AnyOf(())


def _choose_policy(
    work: Work, ticket: Ticket, lines: Sequence[Event]
) -> tuple[Ticket, Sequence[Event]]:
    """The ticket with the policy that matches now, and an event if that changed.

    A policy that still matches stays in its version until `sla recompute`.
    """
    if not any(_may_choose(line) for line in lines):
        return ticket, lines
    found = matching_policy(work, ticket)
    name = found.name if found else None
    if name == ticket.policy:
        return ticket, lines
    chosen = replace(ticket, policy=name, policy_version=work.definition.version if name else None)
    if _created(lines):
        return chosen, lines
    record_policy(work, ticket, chosen)
    return chosen, _lines(work, ticket)


def record_policy(work: Work, before: Ticket, now: Ticket) -> None:
    """Write an event that the policy or its version changed."""
    old, new = (happenings.facts(one).policy for one in (before, now))
    work.event(now.id, happenings.POLICY, field=happenings.POLICY, old=old, new=new)


def _lines(work: Work, ticket: Ticket) -> list[Event]:
    """The events of this transaction on the ticket so far."""
    return events.of_ticket_in_group(work.tx, ticket.id, work.group, work.at)


def _may_choose(line: Event) -> bool:
    field = line.field or ""
    return line.type == "created" or field in _CHOOSING or field.startswith("cf.")


def _created(lines: Sequence[Event]) -> bool:
    return any(line.type == "created" for line in lines)


class _Move(Struct, frozen=True):
    """A ticket as stored, with the policy that matches now, its clocks as stored, and the outcomes to replace."""

    was: Ticket
    now: Ticket
    kept: tuple[Clock, ...]
    counted: tuple[Outcome, ...]

    def to(self, work: Work, reckon: Callable[[PolicyVersions], Told]) -> Ticket:
        """Store what `reckon` computes and the SLA columns of the ticket, and return the ticket."""
        try:
            told = reckon(PolicyVersions(work.tx, work.definition))
        except UNCOMPUTABLE as trouble:
            _warn("the clocks of ticket %d: %s", self.now.id, sentence(trouble))
            return self._store(work, Pressing(sla_state=clock_rows.FAILED))
        clock_rows.save(work.tx, self.now.id, self.kept, told.clocks)
        outcome_rows.save(work.tx, self.now.id, self.counted, told.outcomes)
        return self.update_ticket(work, told.clocks)

    def update_ticket(self, work: Work, clocks: Sequence[Clock]) -> Ticket:
        """Store the SLA columns of the ticket for these clocks, and return the ticket."""
        due_by = self.now.due_by if self.now.status in ACTIVE else None
        return self._store(work, pressing(clocks, due_by))

    def _store(self, work: Work, found: Pressing) -> Ticket:
        new = replace(
            self.now,
            due_at=found.due_at,
            due_clock=found.due_clock,
            warn_at=found.warn_at,
            sla_state=found.sla_state,
        )
        if new != self.was:
            clock_rows.save_pressing(work.tx, new)
        return new


def _warn(what: str, *about: object) -> None:
    import logging

    logging.getLogger("ticketctl.sla").warning(what, *about)


def sentence(trouble: Exception) -> str:
    """Why something is UNCOMPUTABLE, as a sentence."""
    if isinstance(trouble, DeskError):
        return trouble.sentence
    return f"a policy, calendar or time zone that the clocks need is missing ({trouble})."
