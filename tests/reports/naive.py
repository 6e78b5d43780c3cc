"""The figures of reports, counted slowly and plainly from what each ticket says: history, messages, clocks."""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from statistics import fmean
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import select

from ticketctl.domain.base.records import Event, Message, Ticket
from ticketctl.domain.definition.definition import Quality
from ticketctl.domain.sla.sla_clock import Clock
from ticketctl.store.db import schema
from ticketctl.store.db.database import Tx
from ticketctl.store.sla import clock_rows
from ticketctl.store.tickets import events, messages, tickets

MADRID = ZoneInfo("Europe/Madrid")
ENDED = ("resolved", "closed")
OPEN = ("new", "open", "waiting", "escalated")

Figures = dict[str, Any]
Which = Callable[[str | None, str], bool]  # of an agent and a segment


class Told(NamedTuple):
    """All that is known of a ticket."""

    ticket: Ticket
    events: list[Event]
    messages: list[Message]
    clocks: tuple[Clock, ...]


class Naive:
    """The desk's tickets, and the figures of a period of them, as they were at its end or at `now`."""

    def __init__(self, tx: Tx, start: datetime, end: datetime, now: datetime) -> None:
        numbers = tx.execute(select(schema.ticket.c.id).order_by(schema.ticket.c.id)).scalars()
        self.every = [
            Told(tickets.get(tx, n), events.of(tx, n), messages.of(tx, n), clock_rows.of(tx, n))
            for n in numbers
        ]
        self.told = [
            one for one in self.every if _before(one, "status", end) not in ("spam", "merged")
        ]
        self.start, self.end, self.now = start, end, now
        self.until = min(end, now)
        rows = tx.execute(select(schema.rating)).all()
        alive = {one.ticket.id for one in self.told}
        self.ratings = [
            row for row in rows if self._in(row.at) and row.ticket_id in alive and not any(
                one.ticket_id == row.ticket_id and one.id > row.id and one.at < end for one in rows
            )
        ]  # fmt: skip

    def responses(self, which: Which) -> Figures:
        """First answers of the period, and those that ended a later cycle."""
        first, later = [], []
        for one in self.told:
            answers = self._answers(one)
            if answers and self._in(answers[0].at):
                at = answers[0].at
                if which(answers[0].author, _at(one, "segment", at)):
                    first.append(open_seconds(one.ticket.created_at, at))
            later += [
                clock.used
                for clock in one.clocks
                if clock.kind == "next" and clock.answered_by and self._in(clock.stopped_at)
                and which(clock.answered_by, _at(one, "segment", clock.stopped_at))
            ]  # fmt: skip
        return {
            "first_responses": len(first), **_times("frt", first),
            "next_responses": len(later), **_times("next", later),
        }  # fmt: skip

    def resolutions(self, which: Which) -> Figures:
        """The tickets whose last resolution lies in the period."""
        found = [one for one in map(self._resolution, self.told) if one and which(*one[:2])]
        number = len(found)
        return {
            "resolved": number,
            **_times("ttr", [one[2] for one in found if one[4]]),
            **_times("ttr_gross", [one[3] for one in found if one[4]]),
            "one_touch": _rate(sum(one[5] == 1 and not one[6] for one in found), number),
            "reopened": sum(one[6] > 0 for one in found),
            "reopen_rate": _rate(sum(one[6] > 0 for one in found), number),
            "reopenings_per_ticket": _rate(sum(one[6] for one in found), number),
            "touches": _rate(sum(one[5] for one in found), number),
            "handovers": _rate(sum(one[7] for one in found), number),
        }

    def targets(self, which: Which) -> Figures:
        """The clocks that are due or end in the period."""
        found: list[tuple[int, str, str]] = []
        for one in self.told:
            for kind, outcome, owner, segment in self._outcomes(one):
                if which(owner, segment):
                    found.append((one.ticket.id, kind, outcome))
        kinds = [kind for _, kind, outcome in found if outcome == "breached"]
        decided = {number for number, _, outcome in found if outcome != "void"}
        late = {number for number, _, outcome in found if outcome == "breached"}
        met = sum(outcome == "met" for _, _, outcome in found)
        return {
            "met": met, "breached": len(kinds), "void": len(found) - met - len(kinds),
            "first_breached": kinds.count("first"), "resolve_breached": kinds.count("resolve"),
            "breach_rate": _rate(len(kinds), met + len(kinds)),
            "any_breach_rate": _rate(len(late), len(decided)),
        }  # fmt: skip

    def satisfaction(self, which: Which) -> Figures:
        """What customers said."""
        values = [
            row.rating
            for row in self.ratings
            if row.scale == "1-5" and which(row.owner, row.segment)
        ]
        return {"ratings": len(values), "csat": _rate(sum(v >= 4 for v in values), len(values))}

    def quality(self, which: Which, quality: Quality) -> Figures:
        """The index and its parts."""
        values = [
            row.rating
            for row in self.ratings
            if row.scale == "1-5" and which(row.owner, row.segment)
        ]
        speeds = []
        for one in self.told:
            for clock in one.clocks:
                if clock.kind not in ("first", "next"):
                    continue
                if clock.answered_by and self._in(clock.stopped_at):
                    if which(clock.answered_by, _at(one, "segment", clock.stopped_at)):
                        speeds.append(min(1, clock.target / clock.used) if clock.used else 1)
                elif clock.started_at < self.end and not (
                    clock.stopped_at and clock.stopped_at < self.end
                ):
                    waited = self._ran(clock)
                    if waited > clock.target and which(clock.owner, clock.segment):
                        speeds.append(clock.target / waited)
        p, k = quality.satisfaction, quality.prior
        s = (sum((v - 1) / 4 for v in values) + k * p) / (len(values) + k) if values else None
        r = fmean(speeds) if speeds else None
        index = (
            None if s is None or r is None else 100 * s**quality.weight * r ** (1 - quality.weight)
        )
        return {"satisfaction": s, "responsiveness": r, "quality": index, "responses": len(speeds)}

    def volume(self, which: Which) -> Figures:
        """What came in, and whether it was answered: under whose it was then."""
        made = [
            one for one in self.told
            if self._in(one.ticket.created_at) and which(
                _at(one, "owner", one.ticket.created_at), _at(one, "segment", one.ticket.created_at))
        ]  # fmt: skip
        answered = sum(any(m.at < self.end for m in self._answers(one)) for one in made)
        return {"created": len(made), "answered": answered, "coverage": _rate(answered, len(made))}

    def backlog(self, which: Which) -> Figures:
        """What was open at the end of the period: also what became spam or part of another later."""
        ages, load, free = [], 0, 0
        for one in self.every:
            if one.ticket.created_at >= self.end:
                continue
            status, owner, segment = (
                _before(one, name, self.end) for name in ("status", "owner", "segment")
            )
            if status in OPEN and which(owner, segment):
                ages.append((self.until - one.ticket.created_at).total_seconds() / 3600)
                load += status != "waiting"
                free += owner is None
        edges = [0, 8, 24, 72, 168, 720, 10**9]
        names = ("under_8h", "8h_24h", "1d_3d", "3d_7d", "7d_30d", "over_30d")
        return {
            "backlog": len(ages), "load": load, "unassigned": free,
            **{f"age_{name}": sum(low <= age < high for age in ages)
               for name, low, high in zip(names, edges, edges[1:], strict=False)},
            "oldest": max((round(3600 * age) for age in ages), default=None),
        }  # fmt: skip

    # ---- one ticket -------------------------------------------------------------------------------------------------

    def _in(self, at: datetime | None) -> bool:
        return at is not None and self.start <= at < self.end

    def _ran(self, clock: Clock) -> int:
        now = [(clock.since, self.until)] if clock.since else []
        return sum(open_seconds(start, min(end, self.until)) for start, end in [*clock.runs, *now])

    def _answers(self, one: Told) -> list[Message]:
        return [
            m for m in one.messages
            if m.direction == "out" and m.class_ == "human" and m.delivery != "cancelled"
        ]  # fmt: skip

    def _outcomes(self, one: Told) -> Iterator[tuple[str, str, str | None, str]]:
        """What was decided in the period: kind, outcome, owner and segment at that instant."""
        for clock in one.clocks:
            late = clock.breached_at or (clock.due_at if clock.since else None)
            stopped = [
                at
                for at, resumed in clock.ends
                if at < self.end and not (resumed and resumed < self.end)
            ]
            if late and late < self.until:
                at, outcome = late, "breached"
            elif stopped:
                at, outcome = stopped[0], "met"
            elif clock.state == "void" and clock.stopped_at and one.ticket.status in ENDED:
                at, outcome = clock.stopped_at, "void"
            else:
                continue
            if self._in(at):
                yield clock.kind, outcome, clock.owner, clock.segment

    def _resolution(self, one: Told) -> tuple[Any, ...] | None:
        """Owner, segment, net, gross, does it stand, answers, reopenings, handovers."""
        lines = [line for line in _happened(one) if line.at < self.end]
        steps = [line for line in lines if line.field == "status"]
        ends = [line for line in steps if line.new in ENDED and line.old in OPEN]
        if not ends or not self._in(ends[-1].at):
            return None
        last, worked, since, status = ends[-1], 0, one.ticket.created_at, steps[0].old
        for step in steps[: steps.index(last) + 1]:
            if status in ("new", "open", "escalated"):
                worked += open_seconds(since, step.at)
            since, status = step.at, step.new
        return (
            _at(one, "owner", last.at), _at(one, "segment", last.at),
            worked, open_seconds(one.ticket.created_at, last.at), steps[-1].new in ENDED,
            sum(m.at < self.end for part in self._parts(one) for m in self._answers(part)),
            sum(line.old in ENDED and line.new in OPEN for line in steps),
            max(0, sum(line.field == "owner" for line in lines) - 1),
        )  # fmt: skip

    def _parts(self, one: Told) -> list[Told]:
        """The ticket, and what had been merged into it."""
        found = [one]
        for whole in found:
            found += [
                part
                for part in self.every
                if part.ticket.merged_into == whole.ticket.id
                and any(e.field == "status" and e.new == "merged" and e.at < self.end for e in part.events)
            ]  # fmt: skip
        return found


def _happened(one: Told) -> list[Event]:
    """History without the commands that were taken back."""
    undone = {line.group for line in one.events if line.type == "undone"}
    return [line for line in one.events if line.group not in undone]


def _at(one: Told, field: str, at: datetime | None) -> Any:
    """The field as it was after everything that happened at that second."""
    assert at is not None
    return _before(one, field, at + timedelta(seconds=1))


def _before(one: Told, field: str, at: datetime) -> Any:
    now = getattr(one.ticket, field)
    for line in reversed(one.events):
        if line.field == field and line.at >= at:
            now = line.old
    return now


def open_seconds(start: datetime, end: datetime) -> int:
    """From nine to six in Madrid, Monday to Friday."""
    day, total = start.astimezone(MADRID).date() - timedelta(days=1), 0.0
    while day <= end.astimezone(MADRID).date():
        if day.weekday() < 5:
            opens, closes = (
                datetime(day.year, day.month, day.day, hour, tzinfo=MADRID).astimezone(UTC)
                for hour in (9, 18)
            )
            total += max(0.0, (min(closes, end) - max(opens, start)).total_seconds())
        day += timedelta(days=1)
    return round(total)


def _times(name: str, values: Iterable[int]) -> Figures:
    ordered = sorted(values)
    n = len(ordered)
    if not n:
        return dict.fromkeys((f"{name}_average", f"{name}_median", f"{name}_p90"))
    middle = (ordered[(n - 1) // 2] + ordered[n // 2]) / 2
    rank = next(rank for rank in range(1, n + 1) if 10 * rank >= 9 * n)
    return {
        f"{name}_average": int(sum(ordered) / n + 0.5),
        f"{name}_median": int(middle + 0.5),
        f"{name}_p90": ordered[rank - 1],
    }


def _rate(some: int, every: int) -> float | None:
    return int(some / every * 10_000 + 0.5) / 10_000 if every else None
