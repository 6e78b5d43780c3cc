"""A ticket to which things happen, for tests of its clocks and their outcomes."""

from datetime import datetime
from typing import Any

from msgspec.structs import replace

from tests.unit.domain.sla.worked import HOUR, MADRID, at
from ticketctl.domain.definition import definition as d
from ticketctl.domain.sla.advance import AGENT, Facts, Happening, advance
from ticketctl.domain.sla.outcome import Outcome, outcomes
from ticketctl.domain.sla.policy import Policy, of, parts
from ticketctl.domain.sla.sla_clock import Clock

GOLD = d.Sla(
    name="gold",
    calendar="madrid",
    targets={
        "critical": d.Target(first=HOUR, resolve=4 * HOUR),
        "default": d.Target(first=2 * HOUR, next=4 * HOUR, resolve=16 * HOUR),
    },
)
FACTS = Facts(
    status="new", priority="medium", policy="gold@1", segment="support", owner=None, answered=False
)


class Tale:
    """A ticket to which things happen, and its clocks; `gold` and `silver` are its desk's policies."""

    def __init__(self, gold: d.Sla = GOLD, silver: d.Sla | None = None) -> None:
        slas = (gold, silver or replace(GOLD, name="silver", calendar=""))
        self.desk = replace(d.DEFAULT, calendars=(MADRID,), slas=slas, version=1)
        self.facts = FACTS
        self.clocks: tuple[Clock, ...] = ()
        self.counted: dict[object, Outcome] = {}

    def book(self, reference: str) -> Policy:
        return of(self.desk, parts(reference)[0])

    def created(self, when: str, **facts: Any) -> "Tale":
        self.facts = replace(self.facts, **facts)
        return self._put(Happening(at=at(when), was=None, now=self.facts))

    def then(
        self,
        when: str,
        said: str = "",
        by: str | None = None,
        asked: datetime | None = None,
        **facts: Any,
    ) -> "Tale":
        """At that time somebody `said` something, and these facts are others now."""
        was = self.facts.status
        self.facts = replace(self.facts, answered=self.facts.answered or said == AGENT, **facts)
        return self._put(
            Happening(at=at(when), was=was, now=self.facts, said=said, by=by, asked=asked)
        )

    def _put(self, happening: Happening) -> "Tale":
        before, self.clocks = self.clocks, advance(self.clocks, happening, self.book)
        found = outcomes(before, self.clocks, happening.now)
        self.counted |= {one.key: one for one in found}
        return self

    def told(self) -> list[str]:
        """Every outcome so far, in the order in which they came to be known: `first 1 met 2026-03-09T10:00`."""
        return [
            f"{one.kind} {one.cycle} {one.outcome} {one.at:%Y-%m-%dT%H:%M}"
            for one in self.counted.values()
        ]

    def outcome(self, kind: str, outcome: str) -> Outcome:
        """The only outcome of that kind of clock."""
        (found,) = [
            one for one in self.counted.values() if (one.kind, one.outcome) == (kind, outcome)
        ]
        return found

    def clock(self, kind: str, cycle: int = 1) -> Clock:
        """The one clock of that kind and cycle."""
        (found,) = [one for one in self.clocks if (one.kind, one.cycle) == (kind, cycle)]
        return found

    def states(self) -> list[str]:
        """Every clock with its stored state."""
        return [f"{one.kind} {one.cycle} {one.state}" for one in self.clocks]
