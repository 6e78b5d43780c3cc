"""Every figure of every report, counted again from what `export`, `history` and `desk show` print (sla.md §4 and §6).

Slow and plain. Neither this file nor hours.py, past.py, policies.py, clockwork.py and tally.py know the product.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import cached_property
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from tests.figures.clockwork import Clock, Clockwork
from tests.figures.hours import Hours, instant, local, stamp
from tests.figures.past import ACTIVE, ENDED, Past
from tests.figures.policies import Policies
from tests.figures.tally import Fact

UNASSIGNED = "unassigned"
CLOCKED = ("met", "breached", "void", "owed")  # told from what stands, as the clocks are
Facts = list[Fact]


class World:
    """All that the desk says about itself."""

    def __init__(
        self,
        exported: list[dict[str, Any]],
        histories: dict[int, list[dict[str, Any]]],
        versions: list[dict[str, Any]],
        answers: list[dict[str, Any]],
    ) -> None:
        self.pasts = {one["id"]: Past(one, histories[one["id"]]) for one in exported}
        for id in sorted(self.pasts, reverse=True):
            self.pasts[id].remember(self.pasts)
        self.versions, self.answers = versions, answers
        self.policies = Policies({one["version"]: one for one in versions})
        self._works: dict[tuple[int, int], Clockwork] = {}

    def clocks(self, ticket: int, at: int) -> Clockwork:
        """The clocks of a ticket as they were at an instant."""
        if (ticket, at) not in self._works:
            past = self.pasts[ticket]
            self._works[ticket, at] = Clockwork(past, self.policies, self._asked, at)
        return self._works[ticket, at]

    def late(self, past: Past, at: int) -> bool:
        """Is one of its clocks overdue at an instant?"""
        last = max((when for when, _ in past.groups if when <= at), default=at)
        clocks = self.clocks(past.id, last)
        running = [one for one in clocks.clocks if one.ended is None]
        dues = [clocks.due(one) for one in running if one.late is None and one.since is not None]
        return any(one.late is not None for one in running) or any(
            due is not None and due < at for due in dues
        )

    def _asked(self, ticket: int, at: int) -> int | None:
        return self.clocks(ticket, at).question(at) if ticket in self.pasts else None

    def agents(self, at: int, what: str = "email") -> set[str]:
        """The addresses of the agents at an instant, or their names."""
        then = [one for one in self.versions if stamp(one["at"]) <= at]
        return {one[what] for one in then[-1]["agents"]}

    def replies(self, past: Past, at: int) -> list[int]:
        """When we answered, in the ticket and in what is merged into it at an instant."""
        inside = [one for one in self.pasts.values() if one.target(at) == past.id]
        return [*past.replies(at), *(when for one in inside for when in self.replies(one, at))]

    def quality(self, at: int) -> dict[str, Any]:
        """How the index was weighed at an instant."""
        found: dict[str, Any] = [one for one in self.versions if stamp(one["at"]) <= at][-1][
            "quality"
        ]
        return found


class Recount:
    """The facts of a period [begin, end), as they were at `seen`: the last second that counts."""

    def __init__(
        self, world: World, begin: int, end: int, now: int, zone: str, *, real: bool = False
    ) -> None:
        self.world, self.begin, self.end, self.real = world, begin, end, real
        self.as_of = min(end, now)
        self.seen = now if now < end else end - 1
        self.zone = ZoneInfo(zone)

    @cached_property
    def inside(self) -> list[Past]:
        """The tickets that count: neither spam nor merged nor an agent's own."""
        agents = self.world.agents(self.seen)
        return [
            one
            for one in self.world.pasts.values()
            if one.made <= self.seen
            and not one.aside(self.seen)
            and self._customer(one) not in agents
        ]

    def _customer(self, past: Past) -> str:
        found: str = past.was("customer", self.seen) or ""
        return found

    def facts(self) -> Facts:
        """Everything that is counted at an instant within the period."""
        return [*(fact for past in self.inside for fact in self._of(past)), *self._ratings()]

    def groups(self, way: str | None) -> dict[str, Facts]:
        """The facts by group; with the backlog at each group's end."""
        if way is None:
            return {"": [*self.facts(), *self.standing(self.seen)]}
        days = way in ("day", "week", "month")
        found: dict[str, Facts] = {}
        for fact in [*self.facts(), *([] if days else self.standing(self.seen))]:
            found.setdefault(self._key(way, fact), []).append(fact)
        for name, last in self._ends(way) if days else ():
            found.setdefault(name, []).extend(self.standing(last))
        return found

    def _key(self, way: str, fact: Fact) -> str:
        if way in ("day", "week", "month"):
            return self._label(way, fact.at)
        told = {
            "agent": fact.agent or UNASSIGNED,
            "segment": fact.segment,
            "priority": fact.priority,
        }
        return (told | {"source-segment": fact.source})[way]

    def _label(self, way: str, at: int) -> str:
        day = local(at, self.zone).date()
        if way == "week":
            day -= timedelta(days=day.weekday())
        return day.isoformat()[: 7 if way == "month" else 10]

    def _ends(self, way: str) -> Iterator[tuple[str, int]]:
        """Each group of days with its last second."""
        last: dict[str, int] = {}
        day = local(self.begin, self.zone).date()
        while (start := instant(day, 0, self.zone)) <= self.seen:
            day += timedelta(days=1)
            last[self._label(way, start)] = min(instant(day, 0, self.zone) - 1, self.seen)
        yield from last.items()

    def _of(self, past: Past) -> Iterator[Fact]:
        fact = self._maker(past)
        clocks = self.world.clocks(past.id, self.seen)
        yield fact("created", past.made, answered=bool(past.replies(self.seen)))
        yield from self._responses(past, fact, clocks)
        yield from self._resolved(past, fact, clocks)
        for one in clocks.clocks:
            for name, at, more in self._targets(one, clocks):
                yield fact(name, at, clock=one.kind, **more)
        for line in past.lines:
            if line["type"] == "survey" and line["at_"] <= self.seen:
                at = max(past.resolutions(line["at_"]), default=line["at_"])
                yield fact("asked", line["at_"], then=at)

    def _maker(self, past: Past) -> Callable[..., Fact]:
        def fact(
            kind: str, at: int, agent: str | None = None, *, then: int | None = None, **more: Any
        ) -> Fact:
            """`then`: the instant whose owner, segment and priority count, if another one."""
            when = at if then is None else then
            was = past.stood if kind in CLOCKED else past.was
            return Fact(
                kind, at, past.id, was("owner", when) if agent is None else agent,
                was("segment", when), past.told["source_segment"], was("priority", when),
                self.begin <= at <= self.seen, more,
            )  # fmt: skip

        return fact

    def _responses(
        self, past: Past, fact: Callable[..., Fact], clocks: Clockwork
    ) -> Iterator[Fact]:
        firsts = [one for one in clocks.clocks if one.kind == "first"]
        replies = [(one["at_"], one["actor"]) for one in past.lines if past.answered(one)]
        replies = [one for one in replies if one[0] <= self.seen]
        if replies and not past.ours and not past.brought:
            at, who = min(replies)
            spent = (
                self._used(clocks, firsts[0], at) if firsts else self._open(past, past.created, at)
            )
            yield fact("first", at, who, seconds=spent)
        for one in clocks.clocks:
            if one.kind not in ("first", "next"):
                continue
            if one.answer is not None:
                at, who, used, elapsed, target = one.answer
                if one.kind == "next":
                    yield fact("next", at, who, seconds=elapsed if self.real else used)
                yield fact("response", at, who, target=target, seconds=used)
            elif one.ended is None and (spent := clocks.used(one, self.as_of)) > one.target:
                owner = past.stood("owner", one.decided or self.seen) or ""
                yield fact("owed", self.seen, owner, target=one.target, seconds=spent)

    def _used(self, clocks: Clockwork, one: Clock, at: int) -> int:
        spans = [(b, min(e, at)) for b, e in one.spans(at) if b < at]
        return (
            sum(e - b for b, e in spans)
            if self.real
            else sum(clocks.policies.hours(one.policy).measure(b, e) for b, e in spans)
        )

    def _open(self, past: Past, begin: int, end: int, policy: str | None = None) -> int:
        """The seconds of opening hours between two instants, but for those in which it was spam or merged."""
        policy = policy or past.stood("policy", end)
        hours = Hours(None) if self.real else self.world.policies.hours(policy)
        return sum(
            hours.measure(b, e)
            for b, e in spells(past, begin, end, lambda word: word not in ("spam", "merged"))
        )

    def _resolved(self, past: Past, fact: Callable[..., Fact], clocks: Clockwork) -> Iterator[Fact]:
        ends = past.resolutions(self.seen)
        if not ends:
            return
        at = ends[-1]
        resolving = [one for one in clocks.clocks if one.kind == "resolve"]
        stops = {when: by for one in resolving for when, by in one.stops.items() if when <= at}
        policy = stops[max(stops)] if stops else past.stood("policy", at)
        hours = Hours(None) if self.real else self.world.policies.hours(policy)
        pauses = self.world.policies.pauses(policy, "resolve") if policy else ["waiting"]
        runs = spells(past, past.created, at, lambda word: word in ACTIVE and word not in pauses)
        stands = past.was("status", self.seen) in ENDED
        changes = [one for one in past.changes("owner") if one <= self.seen]
        yield fact(
            "resolved", at,
            net=sum(hours.measure(b, e) for b, e in runs) if stands else None,
            gross=self._open(past, past.created, at, policy) if stands else None,
            replies=len(self.world.replies(past, self.seen)), reopened=len(past.reopenings(self.seen)),
            handovers=max(0, len(changes) - 1),
        )  # fmt: skip

    def _targets(self, one: Clock, clocks: Clockwork) -> Iterator[tuple[str, int, dict[str, Any]]]:
        if one.result is not None and one.decided is not None:
            over, running = self._over(clocks, one), one.ended is None
            more = {"retargeted": one.retargeted, "over": over, "running": running}
            yield one.result, one.decided, more if one.result == "breached" else {}
        for at in one.voids:
            yield "void", at, {}

    def _over(self, clocks: Clockwork, one: Clock) -> int:
        """How long it ran past its target."""
        until = one.ended or self.as_of
        if not self.real:
            return clocks.used(one, until) - one.target
        due = clocks.due(one) or until
        return sum(max(0, e - max(b, due)) for b, e in one.spans(until))

    def _ratings(self) -> Facts:
        """The answers to surveys, each as given; the last of a ticket's to a survey counts."""
        inside = {past.id: past for past in self.inside}
        told = [one for one in self.world.answers if stamp(one["at"]) <= self.seen]
        told.sort(key=lambda one: (stamp(one["at"]), one["id"]))
        last = {(one["ticket"], one["survey"]): one["id"] for one in told if one["ticket"]}
        found = []
        for n, one in enumerate(told):
            past, at = inside.get(one["ticket"]), stamp(one["at"])
            if past is None:
                continue
            then = next((two for two in told[n + 1 :] if two["customer"] == one["customer"]), None)
            more = {
                "scale": one["scale"],
                "rating": one["rating"],
                "next": then and (then["scale"], then["rating"]),
            }
            ended = max(past.resolutions(at), default=at)
            make = self._maker(past)
            if last[one["ticket"], one["survey"]] == one["id"]:
                found.append(make("rated", at, then=ended, **more))
            found.append(make("answer", at, then=ended, **more))
        return found

    def standing(self, at: int) -> Facts:
        """The tickets that wait at an instant."""
        found, here = [], self.world.agents(at, "name")
        shown = at + 1 if at < self.as_of else self.as_of
        for past in self.world.pasts.values():
            if past.made > at or self._customer(past) in self.world.agents(self.seen):
                continue
            word = past.was("status", at)
            if word not in ACTIVE:
                continue
            owner = past.was("owner", at)
            late = self.world.late(past, at)
            found.append(
                self._maker(past)(
                    "waits", at, owner if owner in here else "", age=shown - past.created, late=late,
                    load=word != "waiting", free=owner not in here, awaiting=past.awaits(at),
                )
            )  # fmt: skip
        return found


def spells(
    past: Past, begin: int, end: int, counts: Callable[[str], bool]
) -> list[tuple[int, int]]:
    """The spans between two instants in which the ticket's status counts."""
    turns = [begin, *(at for at in past.changes("status") if begin < at < end), end]
    return [(b, e) for b, e in pairwise(turns) if counts(past.stood("status", b))]
