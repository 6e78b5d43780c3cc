"""The clocks of a ticket, told again from its history and the versions of the desk (sla.md §2 and §4)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from tests.figures.past import ACTIVE, ASIDE, ENDED, Line, Past
from tests.figures.policies import Policies

Asked = Callable[[int, int], int | None]  # since when a ticket's question waited at an instant
KINDS = ("first", "resolve", "assign")


@dataclass
class Clock:
    """One clock. `runs` are the spans in which it ran; `since` says that it runs now."""

    kind: str
    cycle: int
    policy: str
    target: int
    started: int
    since: int | None
    runs: list[tuple[int, int]] = field(default_factory=list)
    ended: int | None = None
    void: bool = False
    paused: bool = False
    late: int | None = None  # when it breached
    retargeted: bool = False
    result: str | None = None  # met or breached, once
    decided: int | None = None  # when
    first_stop: int | None = None
    stops: dict[int, str] = field(default_factory=dict)  # when it stopped, and by which policy
    voids: list[int] = field(default_factory=list)  # when it ended without a result
    answer: tuple[int, str, int, int, int] | None = (
        None  # when, who, seconds of opening hours and of real time, target
    )

    def spans(self, at: int) -> list[tuple[int, int]]:
        """All it has run until an instant."""
        return self.runs if self.since is None else [*self.runs, (self.since, max(at, self.since))]

    def decide(self, result: str, at: int) -> None:
        """A target is decided once."""
        if self.result is None:
            self.result, self.decided = result, at


class Clockwork:
    """The clocks of one ticket as they were at an instant."""

    def __init__(self, past: Past, policies: Policies, asked: Asked, until: int) -> None:
        self.past, self.policies, self.asked = past, policies, asked
        self.clocks: list[Clock] = []
        self.questions: dict[
            int, int
        ] = {}  # since when something is unanswered, by who asked: 0, or what was merged
        self.answered = past.ours or bool(past.brought)
        before: str | None = None
        for at, lines in past.groups:
            if at > until:
                break
            now = past_status(lines, before)
            self._happen(at, lines, before, now)
            before = now
        self._settle(until)

    def _happen(self, at: int, lines: list[Line], before: str | None, now: str | None) -> None:
        made = any(one["type"] == "created" for one in lines)
        now = now or self.past.stood("status", at)
        before = before or (None if made else self.past.stood("status", at - 1))
        began = self.past.created if made else at
        self._settle(at)
        by = next((one["actor"] for one in reversed(lines) if self.past.answered(one)), None)
        heard = any(self.past.heard(one) for one in lines)
        if by is not None:
            self.answered = True
            self.questions.clear()
        self._stop(at, now, by)
        if now in ENDED:
            self._void(at)
            self.questions.clear()
        if now in ACTIVE and before is not None and before not in ACTIVE:
            self._reopen(at, before)
        if now in ACTIVE:
            self._begin(at, began)
        self._retarget(at)
        if (
            made
            and self.past.messages.get(1, {}).get("direction") == "in"
            and not self.past.brought
        ):
            self.questions[0] = began
        if heard and by is None and now in ACTIVE:
            self.questions.setdefault(0, at)
        new = self._merges(at, lines)
        self._ask(at, now, [*new, at] if heard and by is None else new)
        self._stand(at, now)
        self._settle(at, known=at if made or new else None)

    def _stop(self, at: int, status: str, by: str | None) -> None:
        owned = self.past.stood("owner", at) is not None
        for one in self._live():
            done = {"resolve": status in ENDED, "assign": owned}.get(one.kind, by is not None)
            if done:
                self._halt(one, at)
                one.ended, one.stops[at] = at, one.policy
                one.decide("met", at)
                if one.first_stop is None:
                    one.first_stop = at
                    if by is not None:
                        one.answer = (
                            at,
                            by,
                            self.used(one, at),
                            sum(e - b for b, e in one.runs),
                            one.target,
                        )

    def _void(self, at: int) -> None:
        for one in self._live():
            self._drop(one, at)

    def _drop(self, one: Clock, at: int) -> None:
        self._halt(one, at)
        one.ended, one.void = at, True
        if one.result is None:
            one.voids.append(at)

    def _reopen(self, at: int, before: str) -> None:
        """Let the resolution go on, begin anew, or leave it, as its policy says."""
        last = next((one for one in reversed(self.clocks) if one.kind == "resolve"), None)
        if last is None or last.ended is None or last.void:
            return
        how = self.policies.of(last.policy)["reopen"]
        if how == "resume":
            last.ended, last.since = None, at
            if last.result == "met":  # it goes on, so it is decided anew
                last.result, last.decided = None, None
        elif how == "restart":
            self._start("resolve", at, last.cycle + 1)

    def _begin(self, at: int, began: int) -> None:
        wanted = {
            "first": not self.answered,
            "resolve": True,
            "assign": self.past.stood("owner", at) is None,
        }
        for kind in KINDS:
            if not wanted[kind] or self._target(kind, at) is None:
                continue
            last = next((one for one in reversed(self.clocks) if one.kind == kind), None)
            if last is None:
                self._start(kind, at, 1, began)
            elif last.void:
                last.ended, last.void, last.since = None, False, at

    def _start(self, kind: str, at: int, cycle: int, since: int | None = None) -> None:
        target, policy = self._target(kind, at), self._policy(at)
        if target is not None and policy is not None:
            begun = at if since is None else since
            self.clocks.append(Clock(kind, cycle, policy, target, begun, begun))

    def _retarget(self, at: int) -> None:
        for one in self._live():
            if one.late is not None:
                continue
            target, policy = self._target(one.kind, at), self._policy(at)
            if target is None or policy is None:
                self._drop(one, at)
            elif (policy, target) != (one.policy, one.target):
                one.policy, one.target = policy, target
                due = self.due(one)
                if due is not None and due < at:
                    one.late, one.retargeted = at, True
                    one.decide("breached", at)

    def _merges(self, at: int, lines: list[Line]) -> list[int]:
        """A merge brings a question that waits, since when; a split and an unmerge take questions along."""
        brought = []
        for line in lines:
            if line["type"] == "merged" and line["field"] == "from":
                asked = self.asked(line["new"], at - 1)
                if asked is not None:
                    self.questions[line["new"]] = asked
                    brought.append(asked)
            elif line["type"] == "unmerged" and line["field"] == "from":
                self.questions.pop(line["old"], None)
            elif line["type"] == "split":
                self._part(line)
        return brought

    def _part(self, line: Line) -> None:
        """What was split off is asked elsewhere; the questions that stay wait on."""
        gone = {
            n
            for one in self.past.lines
            if one["type"] == "split" and one["n"] <= line["n"]
            for n in one["old"]
        }
        since = self.questions.pop(0, None)
        if since is None:
            return
        stay = [
            one["at_"] for one in self.past.lines
            if one["n"] < line["n"] and one["at_"] >= since and self.past.heard(one) and one["new"] not in gone
        ]  # fmt: skip
        if since == self.past.created and 1 not in gone:
            stay.append(since)
        if stay:
            self.questions[0] = min(stay)

    def _ask(self, at: int, status: str, new: list[int]) -> None:
        """A response runs from the oldest question that is not answered; a `new` one begins a cycle."""
        if status not in ACTIVE:
            return
        asked = min(self.questions.values(), default=None)
        cycles = [one for one in self.clocks if one.kind == "next"]
        live = next((one for one in cycles if one.ended is None), None)
        if not self.answered:
            first = next((one for one in self._live() if one.kind == "first"), None)
            if first is not None and new and first.late is None and min(new) < self.past.created:
                self._since(first, min(new))
        elif live is None:
            if new:
                self._start("next", at, len(cycles) + 1, min(new))
        elif asked is None:
            self.clocks.remove(live) if live.result is None else self._end(live, at)
        elif live.late is None or asked > live.started:
            self._since(live, asked)

    def _end(self, one: Clock, at: int) -> None:
        self._halt(one, at)
        one.ended = at

    def _since(self, one: Clock, asked: int) -> None:
        """Let it have begun when the question came."""
        if one.started == asked:
            return
        spans = [(asked, e) if b == one.started else (b, e) for b, e in one.runs]
        one.runs = spans
        if one.since == one.started:
            one.since = asked
        elif not any(b == asked for b, _ in spans):
            one.runs = [(asked, one.started), *spans] if asked < one.started else spans
        one.started = asked

    def _stand(self, at: int, status: str) -> None:
        """Stand still while it waits, and while the ticket is spam or merged."""
        for one in self._live():
            still = status in ASIDE or status in self.policies.pauses(one.policy, one.kind)
            if still and one.since is not None:
                self._halt(one, at)
            elif not still and one.since is None:
                one.since = at
            one.paused = still

    def used(self, one: Clock, at: int) -> int:
        """The open seconds that it has run until an instant."""
        hours = self.policies.hours(one.policy)
        return sum(hours.measure(b, e) for b, e in one.spans(at))

    def due(self, one: Clock) -> int | None:
        """When its target is used up, if it runs on."""
        hours, left = self.policies.hours(one.policy), one.target
        for b, e in one.runs:
            spent = hours.measure(b, e)
            if spent >= left:
                found = hours.add(b, left)
                if found is not None and found < e:
                    return found
            left -= spent
        return None if one.since is None else hours.add(one.since, max(0, left))

    def question(self, at: int) -> int | None:
        """Since when a customer waits for an answer; None if the ticket is not active."""
        active = self.past.stood("status", at) in ACTIVE
        return min(self.questions.values(), default=None) if active else None

    def _settle(self, at: int, known: int | None = None) -> None:
        """Let what is overdue breach: when it was due, or when a split or a merge made it `known`."""
        for one in self._live():
            if one.since is not None and one.late is None:
                due = self.due(one)
                if due is not None and due < at:
                    one.late = due
                    one.decide("breached", known or due)

    def _halt(self, one: Clock, at: int) -> None:
        if one.since is not None and at > one.since:
            one.runs = [*one.runs, (one.since, at)]
        one.since = None

    def _live(self) -> Iterator[Clock]:
        return (one for one in list(self.clocks) if one.ended is None)

    def _policy(self, at: int) -> str | None:
        found: str | None = self.past.stood("policy", at)
        return found

    def _target(self, kind: str, at: int) -> int | None:
        return self.policies.target(self._policy(at), self.past.stood("priority", at), kind)


def past_status(lines: list[Line], before: str | None) -> str | None:
    """The status after some lines."""
    told = [one["new"] for one in lines if one["field"] == "status"]
    return told[-1] if told else before
