"""What every report needs: its period and tickets, durations, and facts by group."""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, time, timedelta
from operator import attrgetter
from typing import Any, Literal, Protocol
from zoneinfo import ZoneInfo

from msgspec import Struct

from ticketctl.domain.base.condition import EVERYTHING, Condition
from ticketctl.domain.base.records import PRIORITIES
from ticketctl.domain.calendar import calendar
from ticketctl.domain.calendar.calendar import Hours
from ticketctl.domain.definition.definition import Definition, Sla
from ticketctl.domain.sla.policy import parts
from ticketctl.errors import BadInput
from ticketctl.reports.model import Cell, ReportGroup, ReportPeriod
from ticketctl.store.db.database import Tx
from ticketctl.store.desk import definitions
from ticketctl.store.reports.moved import insiders, moved
from ticketctl.store.reports.scope import FactKey, Scope

Figures = dict[str, Cell]
Key = tuple[str, ...]

UNASSIGNED, NONE = "unassigned", "none"
_SECOND = timedelta(seconds=1)
BY = (
    "agent", "segment", "source_segment", "priority", "day", "week", "month", "channel", "type", "mailbox",
)  # fmt: skip


class Request(Struct, frozen=True, kw_only=True):
    """What to report. `by` () is the report's own grouping; `query` is the text of `condition`."""

    definition: Definition
    period: ReportPeriod
    now: datetime
    as_of: datetime | None = None  # None: the end of the period, or now
    clock: Literal["business", "real"] = "business"
    condition: Condition = EVERYTHING
    visible: Condition = EVERYTHING  # the tickets that the reader may see
    query: str = ""
    by: Key = ()


class Tally(Protocol):
    """Counts facts into figures. Its names never depend on the facts."""

    def add(self, fact: Any) -> None:
        """Count a fact."""

    def figures(self) -> Figures:
        """The figures so far."""


Part = tuple[Iterable[Any], Callable[[], Tally]]


class Frame:
    """A request in a read transaction."""

    def __init__(self, tx: Tx, request: Request) -> None:
        self.tx = tx
        self.request = request
        self.zone = ZoneInfo(request.period.zone)
        end, now = request.period.end, request.now
        self.as_of = request.as_of or min(end, now)
        self._policies: dict[str | None, tuple[Sla | None, Hours]] = {}
        self._definitions = {request.definition.version: request.definition}
        self.definition = self.definition_at(self.as_of)
        # The view of now knows this second; that of the end of a period what was before it.
        seen = self.as_of + _SECOND if self.as_of == now != end else self.as_of
        since = moved(tx, seen)
        agents = (agent.email.lower() for agent in self.definition.agents)
        self.scope = Scope(
            request.period.start,
            min(end, seen),
            self.as_of,
            seen,
            request.condition,
            request.visible,
            insiders(tx, agents, seen, since),
            since,
        )

    @property
    def is_live(self) -> bool:
        """Does the report show the tickets as they are now, and not as they were at the end of a period?"""
        return self.scope.seen > self.as_of

    def by(self, usual: str) -> Key:
        """The grouping: as requested, or the report's usual one."""
        return self.request.by or (usual,)

    def hours(self, version: int, name: str) -> Hours:
        """The calendar of that name in a version; around the clock for a report in real time."""
        if self.request.clock == "real":
            return calendar.ALWAYS
        return self.business_hours(version, name)

    def business_hours(self, version: int, name: str) -> Hours:
        """The calendar of that name in a version."""
        return calendar.of(self._definition(version), name)

    def policy(self, reference: str | None) -> Sla | None:
        """The policy of a reference such as `gold@3`; None for none."""
        return self._policy(reference)[0]

    def hours_of(self, reference: str | None) -> Hours:
        """The calendar of a policy; around the clock without one."""
        return self._policy(reference)[1]

    def _policy(self, reference: str | None) -> tuple[Sla | None, Hours]:
        if reference not in self._policies:
            self._policies[reference] = self._read_policy(reference)
        return self._policies[reference]

    def _read_policy(self, reference: str | None) -> tuple[Sla | None, Hours]:
        if reference is None:
            return None, calendar.ALWAYS
        name, version = parts(reference)
        slas = self._definition(version).slas
        found = next((one for one in slas if one.name == name), None)
        return found, self.hours(version, found.calendar) if found else calendar.ALWAYS

    def ends(self, by: Key) -> list[datetime]:
        """The instants at which each group by day, week or month ends; the last one is the end of the scope."""
        names = [name for name in TIMES if name in by]
        start, end = self.scope.start.astimezone(self.zone), self.scope.until.astimezone(self.zone)
        days = range(1, (end.date() - start.date()).days + 1) if names else ()
        midnights = (
            datetime.combine(start.date() + timedelta(days=n), time(), self.zone).astimezone(UTC)
            for n in days
        )
        ends = [at for at in midnights if at < self.scope.end and self._ends(names[0], at)]
        return [*ends, self.scope.end]

    def _ends(self, name: str, at: datetime) -> bool:
        """Does a group of that name end at an instant?"""
        label = _TIME[name]
        return label(at, self.zone) != label(at - _SECOND, self.zone)

    def definition_at(self, at: datetime) -> Definition:
        """The definition in force at an instant."""
        return self._definition(definitions.version_at(self.tx, at))

    def _definition(self, version: int) -> Definition:
        if version not in self._definitions:
            self._definitions[version] = definitions.get(self.tx, version)
        return self._definitions[version]


def checked_by(names: Sequence[str]) -> Key:
    """The names for --by, each once; BadInput for an unknown one."""
    found = tuple(dict.fromkeys(name.strip().replace("-", "_") for name in names))
    for name in found:
        if name not in BY:
            known = ", ".join(one.replace("_", "-") for one in BY)
            raise BadInput(f"reports cannot be grouped by {name!r}; choose from {known}.")
    return found


def grouped(frame: Frame, by: Key, *parts: Part) -> tuple[tuple[ReportGroup, ...], ReportGroup]:
    """The figures of each group and of all. A fact counts once for its group, and once for all if `in_total`."""
    (groups,), total = grouped_by(frame, (by,), *parts)
    return groups, total


def grouped_by(
    frame: Frame, ways: Sequence[Key], *parts: Part
) -> tuple[list[tuple[ReportGroup, ...]], ReportGroup]:
    """The same for several groupings in one pass through the facts."""
    makers = [make for _, make in parts]
    total = [make() for make in makers]
    groups: list[dict[Key, list[Tally]]] = [{} for _ in ways]
    alike = _alike(ways, frame.zone)
    for n, (facts, _) in enumerate(parts):
        known: dict[
            Any, list[Callable[[Any], None]]
        ] = {}  # how facts count that are in the same groups
        for fact in facts:
            what = alike(fact.place)
            if what not in known:
                counting = [total] if fact.place.in_total else []
                for way, found in zip(ways, groups, strict=True):
                    key = tuple(_VALUES[name](fact.place, frame.zone) for name in way)
                    if key not in found:
                        found[key] = [make() for make in makers]
                    counting.append(found[key])
                known[what] = [tallies[n].add for tallies in counting]
            for add in known[what]:
                add(fact)
    return [
        tuple(
            ReportGroup(dict(zip(way, key, strict=True)), _figures(found[key]))
            for key in sorted(found, key=lambda key, way=way: _order(way, key))  # type: ignore[misc]
        )
        for way, found in zip(ways, groups, strict=True)
    ], ReportGroup({}, _figures(total))


def is_timed(ways: Sequence[Key]) -> bool:
    """Is one of these groupings by day, week or month?"""
    return any(name in TIMES for way in ways for name in way)


def _alike(ways: Sequence[Key], zone: ZoneInfo) -> Callable[[FactKey], Any]:
    """A function whose value is the same for facts in the same groups."""
    names = {name for way in ways for name in way}
    columns = attrgetter("in_total", *sorted(names - set(TIMES)))
    times = [_TIME[name] for name in TIMES if name in names]
    if not times:
        return columns
    return lambda place: (columns(place), *(label(place.at, zone) for label in times))


def _figures(tallies: Iterable[Tally]) -> Figures:
    return {name: value for tally in tallies for name, value in tally.figures().items()}


def _order(way: Key, key: Key) -> tuple[Any, ...]:
    """The sort key of a group: urgent first, names alphabetically, no name last."""
    return tuple(
        -PRIORITIES.index(value)
        if name == "priority"
        else (value in (UNASSIGNED, NONE), value.casefold(), value)
        for name, value in zip(way, key, strict=True)
    )


def _day(at: datetime, zone: ZoneInfo) -> str:
    return at.astimezone(zone).date().isoformat()


def _week(at: datetime, zone: ZoneInfo) -> str:
    """A week is named by its Monday."""
    day = at.astimezone(zone).date()
    return (day - timedelta(days=day.weekday())).isoformat()


def _month(at: datetime, zone: ZoneInfo) -> str:
    return _day(at, zone)[:7]


TIMES = ("day", "week", "month")  # the shortest first
_TIME: dict[str, Callable[[datetime, ZoneInfo], str]] = {
    "day": _day,
    "week": _week,
    "month": _month,
}
_VALUES: dict[str, Callable[[FactKey, ZoneInfo], str]] = {
    "agent": lambda place, zone: place.agent or UNASSIGNED,
    "segment": lambda place, zone: place.segment or NONE,
    "source_segment": lambda place, zone: place.source_segment or NONE,
    "priority": lambda place, zone: PRIORITIES[place.priority],
    "day": lambda place, zone: _day(place.at, zone),
    "week": lambda place, zone: _week(place.at, zone),
    "month": lambda place, zone: _month(place.at, zone),
    "channel": lambda place, zone: place.channel or NONE,
    "type": lambda place, zone: place.type or NONE,
    "mailbox": lambda place, zone: place.mailbox or NONE,
}
