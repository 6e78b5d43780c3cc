"""The facts of a period, one record each, with how long they took on the report's clock."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from ticketctl import clock
from ticketctl.domain.base.records import PRIORITIES
from ticketctl.domain.base.status import ACTIVE, WAITING
from ticketctl.domain.calendar import calendar
from ticketctl.domain.calendar.calendar import Hours
from ticketctl.domain.sla.policy import pauses
from ticketctl.domain.sla.sla_clock import Run
from ticketctl.reports.figures import history
from ticketctl.reports.figures.frame import Frame, Key
from ticketctl.reports.figures.history import Resolution
from ticketctl.store.reports import clocks, replies, resolved, stories, tickets
from ticketctl.store.reports.clocks import Missed, Owed
from ticketctl.store.reports.first_replies import FirstReplies, first_replies
from ticketctl.store.reports.overdue import tickets as overdue_tickets
from ticketctl.store.reports.resolved import Ended
from ticketctl.store.reports.scope import FactKey
from ticketctl.store.reports.stories import Story

_SECOND = timedelta(seconds=1)

_USUAL_PAUSES = (WAITING,)  # of a ticket without a service level


class Answer(Struct, frozen=True, gc=False):
    """How long one response took, its ticket, and when it was given, as RFC 3339."""

    seconds: int
    ticket: int
    at: str


class Response(Struct, frozen=True):
    """Responses of agents that are alike: first ones, or the next ones of a cycle."""

    place: FactKey
    kind: str  # first | next
    answers: list[Answer]


class Ending(Struct, frozen=True, gc=False):
    """A resolved ticket, when it was resolved, as RFC 3339, and how long it took without pauses, and in all."""

    ticket: int
    at: str
    net: int
    gross: int


class Resolved(Struct, frozen=True):
    """Resolved tickets that are alike."""

    place: FactKey
    tickets: list[Ending]
    stands: bool
    replies: int  # to each
    reopenings: int
    handovers: int


class Waiting(Struct, frozen=True):
    """A ticket that was open at the end of the period, and its age then, in real seconds."""

    place: FactKey
    subject: str
    status: str
    awaiting: str
    age: int
    overdue: bool  # one of its targets was past due


class Speed(Struct, frozen=True):
    """A response for the quality index, in open seconds: given, or still missing after its target."""

    place: FactKey
    target: int
    taken: int


class Touch(Struct, frozen=True):
    """A ticket and an agent who acted on it."""

    place: FactKey


def responses(frame: Frame, *, timed: bool) -> Iterator[Response]:
    """The first responses of the period, then those of later cycles: by the agent who gave them.

    Those that are alike come together; at different instants they are only alike if not `timed`.
    """
    for some in first_replies(frame.tx, frame.scope, timed=timed):
        yield Response(some.place, "first", _until_reply(frame, some))
    for one in clocks.answers(frame.tx, frame.scope, ("next",)):
        seconds = one.elapsed if _is_real(frame) else one.used
        answer = Answer(seconds, one.place.ticket, clock.rfc3339(one.place.at))
        yield Response(one.place, "next", [answer])


def _is_real(frame: Frame) -> bool:
    return frame.request.clock == "real"


def _until_reply(frame: Frame, some: FirstReplies) -> list[Answer]:
    """What their clocks measured; without one, the time since its first message in which it was not spam or merged."""
    if some.unmeasured is None:
        real = _is_real(frame)
        return [
            Answer(elapsed if real else used, ticket, at) for used, elapsed, ticket, at in some.each
        ]
    begun, hours = some.unmeasured.created_at, frame.hours_of(some.unmeasured.policy)
    found = []
    for _, _, ticket, at in some.each:
        replied_at = clock.parse(at)
        taken = calendar.measure(hours, begun, replied_at)
        if some.unmeasured.was_away:
            story = stories.of_ticket(frame.tx, ticket)
            taken -= _measured(hours, history.away_before(story, replied_at))
        found.append(Answer(taken, ticket, at))
    return found


def _measured(hours: Hours, spans: Iterable[Run]) -> int:
    return sum([calendar.measure(hours, *span) for span in spans])


def resolutions(frame: Frame, *, timed: bool) -> Iterator[Resolved]:
    """The tickets resolved in the period: by owner and segment at the resolution.

    Those that are alike come together; at different instants they are only alike if not `timed`.
    """
    others: list[int] = []
    for some in resolved.ended(frame.tx, frame.scope, timed=timed):
        if not isinstance(some, Ended):
            others += some
        elif set(_pauses(frame, some.policy)).intersection(resolved.WORKED):
            others += [number for number, _, _ in some.each]
        else:
            yield _resolved_plainly(frame, some)
    others.sort()
    merged = replies.of_merged(frame.tx, frame.scope, others)
    for story in stories.resolved(frame.tx, frame.scope, others):
        found = history.resolution(
            story, frame.scope.start, frame.scope.end, partial(_pauses, frame)
        )
        if found is not None:
            yield _resolved(frame, story, found, merged[story.place.ticket])


def _resolved_plainly(frame: Frame, some: Ended) -> Resolved:
    hours, moment = frame.hours_of(some.policy), datetime.fromisoformat
    endings = []
    for ticket, created_at, at in some.each:
        taken = calendar.measure(hours, moment(created_at), moment(at))
        endings.append(Ending(ticket, at, taken, taken))
    return Resolved(
        place=some.place,
        tickets=endings,
        stands=True,
        replies=some.replies,
        reopenings=0,
        handovers=max(0, some.owners - 1),
    )


def _resolved(frame: Frame, story: Story, found: Resolution, merged: int) -> Resolved:
    hours = frame.hours_of(found.policy)
    gross = calendar.measure(hours, story.place.at, found.at)
    ending = Ending(
        story.place.ticket,
        clock.rfc3339(found.at),
        _measured(hours, found.worked),
        gross - _measured(hours, found.away),
    )
    return Resolved(
        place=_place(story, found.was, found.at),
        tickets=[ending],
        stands=found.stands,
        replies=found.replies + merged,
        reopenings=found.reopenings,
        handovers=found.handovers,
    )


def _pauses(frame: Frame, reference: str | None) -> Collection[str]:
    policy = frame.policy(reference)
    return pauses(policy, "resolve") if policy else _USUAL_PAUSES


def backlog(frame: Frame, by: Key) -> Iterator[Waiting]:
    """The tickets open at the end of each group by time, and of the period: by owner and segment then.

    Only those at the end of the period count in the total.
    """
    ends = frame.ends(by)
    known = [_AtEnd(frame, ends[0], end) for end in ends]
    for story in stories.standing(frame.tx, frame.scope, ends[0]):
        for one in known:
            found = one.waiting(story)
            if found is not None:
                yield found


class _AtEnd:
    """What is known of an instant at which open tickets are counted."""

    def __init__(self, frame: Frame, since: datetime, end: datetime) -> None:
        self._frame, self._end = frame, end
        scope = frame.scope
        self._last = end == scope.end
        self._until = scope.until if self._last else end
        here = replace(scope, end=end, as_of=self._until, seen=end)
        self._late = overdue_tickets(frame.tx, here)
        self._words = stories.last_words(frame.tx, scope, since, end)
        self._agents = {agent.name for agent in frame.definition_at(self._until).agents}

    def waiting(self, story: Story) -> Waiting | None:
        """The ticket as it was; None if it was not open."""
        was = history.before(story, self._end)
        if was["status"] not in ACTIVE or story.opened_at >= self._end:
            return None
        if self._agents and was["owner"] not in self._agents:
            was["owner"] = None  # no longer an agent
        place = replace(_place(story, was, self._until - _SECOND), in_total=self._last)
        age = calendar.measure(calendar.ALWAYS, story.place.at, self._until)
        late = place.ticket in self._late
        return Waiting(place, was["subject"], was["status"], self._awaiting(story, was), age, late)

    def _awaiting(self, story: Story, was: dict[str, Any]) -> str:
        """Who had to act: whoever did not write last, and the customer of a ticket that waits."""
        said = self._words.get(story.place.ticket)
        if moved := history.split_off(story, self._end):
            said = replies.last_word_of(self._frame.tx, story.place.ticket, self._end, moved)
        return "customer" if was["status"] == WAITING or said == "out" else "agent"


def _place(story: Story, was: dict[str, Any], at: datetime) -> FactKey:
    return replace(
        story.place,
        at=at,
        agent=was["owner"],
        segment=was["segment"],
        priority=PRIORITIES.index(was["priority"]),
        type=was["type"],
    )


def speeds(frame: Frame) -> Iterator[Speed]:
    """The responses of the period that had a target, and those missing at its end for longer than that."""
    for one in clocks.answers(frame.tx, frame.scope):
        yield Speed(one.place, one.target, one.used)
    for owed in clocks.owed_responses(frame.tx, frame.scope):
        waited = _waited(frame, owed, frame.scope.until)
        if waited > owed.target:
            yield Speed(owed.place, owed.target, waited)


def touches(frame: Frame) -> Iterator[Touch]:
    """Each ticket once for every agent who acted on it in the period."""
    agents = [agent.name for agent in frame.definition.agents]
    return map(Touch, tickets.touched(frame.tx, frame.scope, agents))


def overdue(frame: Frame, missed: Missed) -> int:
    """By how much a target was missed, until its clock stopped or the report's view ends, on the report's clock."""
    end = missed.stopped_at or frame.as_of
    if frame.request.clock == "real":
        due = missed.due_at
        late = [(max(start, due), stop) for start, stop in missed.runs if stop > due]
        return _ran(calendar.ALWAYS, late, missed.since and max(missed.since, due), end)
    if missed.used is not None:
        return missed.used - missed.target
    hours = frame.business_hours(missed.policy_version, missed.calendar)
    return _ran(hours, missed.runs, missed.since, end) - missed.target


def _waited(frame: Frame, owed: Owed, until: datetime) -> int:
    """The open seconds that a clock had run at an instant; targets are always in business time."""
    hours = frame.business_hours(owed.policy_version, owed.calendar)
    return _ran(hours, owed.runs, owed.since, until)


def _ran(hours: Hours, runs: Sequence[Run], since: datetime | None, until: datetime) -> int:
    spans = [*runs, *([(since, until)] if since else [])]
    return sum(calendar.measure(hours, start, min(end, until)) for start, end in spans)
