"""The facts of a period, one record each, with how long they took on the report's clock."""

from collections.abc import Iterator
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from ticketctl.domain.base.status import ACTIVE, WAITING
from ticketctl.domain.calendar import calendar
from ticketctl.domain.sla.policy import pauses
from ticketctl.reports.figures import history
from ticketctl.reports.figures.frame import Frame
from ticketctl.store.reports import clocks, tickets
from ticketctl.store.reports.clocks import Missed, Owed
from ticketctl.store.reports.scope import FactKey
from ticketctl.store.reports.tickets import Story

_USUAL_PAUSES = (WAITING,)  # of a ticket without a service level


class Response(Struct, frozen=True):
    """An agent's response: the first, or the next of a cycle."""

    place: FactKey
    kind: str  # first | next
    seconds: int
    subject: str = ""


class Resolved(Struct, frozen=True):
    """A resolved ticket: how long it took without pauses, and in all."""

    place: FactKey
    subject: str
    net: int
    gross: int
    stands: bool
    replies: int
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


def responses(frame: Frame) -> Iterator[Response]:
    """The first responses of the period, then those of later cycles: by the agent who gave them."""
    for one in tickets.first_replies(frame.tx, frame.scope):
        hours = frame.hours_of(one.policy_version, one.policy)
        seconds = calendar.measure(hours, one.created_at, one.place.at)
        yield Response(one.place, "first", seconds, one.subject)
    real = frame.request.clock == "real"
    for answer in clocks.answers(frame.tx, frame.scope):
        if answer.kind == "next":
            passed = calendar.measure(calendar.ALWAYS, answer.started_at, answer.stopped_at)
            yield Response(answer.place, "next", passed if real else answer.used)


def resolutions(frame: Frame) -> Iterator[Resolved]:
    """The tickets resolved in the period, by number: by owner and segment at the resolution."""
    for story in tickets.resolved(frame.tx, frame.scope):
        policy = frame.policy(story.policy_version, story.policy)
        still = pauses(policy, "resolve") if policy else _USUAL_PAUSES
        found = history.resolution(story, frame.scope.start, frame.scope.end, still)
        if found is None:
            continue
        hours = frame.hours_of(story.policy_version, story.policy)
        yield Resolved(
            place=replace(story.place, at=found.at, agent=found.owner, segment=found.segment),
            subject=story.subject,
            net=sum(calendar.measure(hours, *span) for span in found.worked),
            gross=calendar.measure(hours, story.created_at, found.at),
            stands=found.stands,
            replies=story.replies,
            reopenings=found.reopenings,
            handovers=found.handovers,
        )


def backlog(frame: Frame) -> Iterator[Waiting]:
    """The tickets open at the end of the period, by number: by owner and segment then."""
    end, until = frame.scope.end, frame.scope.until
    past = end <= frame.request.now
    late = clocks.overdue(frame.tx, frame.scope)
    spoken = tickets.last_word(frame.tx, frame.scope) if past else {}
    known = {agent.name for agent in frame.request.definition.agents}
    for story in tickets.standing(frame.tx, frame.scope):
        status = history.value_at(story, "status", end)
        if status not in ACTIVE:
            continue
        owner, segment = (history.value_at(story, name, end) for name in ("owner", "segment"))
        if not past and known and owner not in known:
            owner = None  # no longer an agent
        awaiting = (
            _awaiting(story, status, spoken) if past and story.updated_at >= end else story.awaiting
        )
        place = replace(story.place, at=until, agent=owner, segment=segment)
        age = calendar.measure(calendar.ALWAYS, story.created_at, until)
        yield Waiting(place, story.subject, status, awaiting, age, place.ticket in late)


def _awaiting(story: Story, status: str, spoken: dict[int, str]) -> str:
    """Who was awaited, for a ticket that has changed since."""
    if status == WAITING or spoken.get(story.place.ticket) == "out":
        return "customer"
    return "agent"


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
    agents = [agent.name for agent in frame.request.definition.agents]
    return map(Touch, tickets.touched(frame.tx, frame.scope, agents))


def overdue(frame: Frame, missed: Missed) -> int:
    """By how much a target was missed, until now or the end of its clock, on the report's clock."""
    if frame.request.clock == "real":
        end = missed.stopped_at or frame.request.now
        return calendar.measure(calendar.ALWAYS, missed.due_at, end)
    hours = frame.hours(missed.policy_version, missed.calendar)
    running = calendar.measure(hours, missed.since, frame.request.now) if missed.since else 0
    return missed.used + running - missed.target


def _waited(frame: Frame, owed: Owed, until: datetime) -> int:
    """The open seconds that a clock had run at an instant; targets are always in business time."""
    hours = frame.business_hours(owed.policy_version, owed.calendar)
    spans = [*owed.runs, *([(owed.since, until)] if owed.since else [])]
    return sum(calendar.measure(hours, start, min(end, until)) for start, end in spans)
