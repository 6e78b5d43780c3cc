"""Checks calendars and service levels of desk.toml: never open, overlapping, never reached, out of order."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import pairwise
from typing import TYPE_CHECKING

from ticketctl import clock
from ticketctl.domain.base import duration, values
from ticketctl.domain.query import own_fields
from ticketctl.errors import BadInput, NotFound

if TYPE_CHECKING:
    from ticketctl.domain.base.condition import Condition
    from ticketctl.domain.definition.definition import Calendar, Definition, Sla

CLOCKS = ("first", "next", "resolve", "assign")
_EXAMPLE = 'write like default = { first = "4h", resolve = "3d" }'


def problems(definition: "Definition") -> Iterator[str]:
    """All problems, such as `$.calendar[0].hours.mon: the spans overlap`."""
    for n, calendar in enumerate(definition.calendars):
        yield from _calendar(f"$.calendar[{n}]", calendar)
    yield from _reached(definition)
    for n, sla in enumerate(definition.slas):
        yield from _targets(f"$.sla[{n}].targets", sla)
        yield from _moments(f"$.sla[{n}]", sla)


def _calendar(path: str, calendar: "Calendar") -> Iterator[str]:
    if not any(calendar.hours.values()):
        yield f'{path}.hours: never open; write at least one span like mon = ["09:00-18:00"]'
    for day, spans in calendar.hours.items():
        if _overlap(spans):
            yield f"{path}.hours.{day}: the spans overlap"
    days: dict[str, list[str]] = {}
    for opening in calendar.open:
        day, _, span = opening.partition(" ")
        days.setdefault(day, []).append(span)
    for day in (day for day, spans in days.items() if _overlap(spans)):
        yield f"{path}.open: the openings of {day} overlap"
    if calendar.region and not calendar.country:
        yield f"{path}.region: needs a country"


def _overlap(spans: Iterable[str]) -> bool:
    ends = sorted(values.minutes(span) for span in spans if values.is_span(span))
    return any(later[0] < earlier[1] for earlier, later in pairwise(ends))


def _reached(definition: "Definition") -> Iterator[str]:
    """The first policy that matches applies, so one may hide those after it."""
    first: dict[str, str] = {}
    for n, sla in enumerate(definition.slas):
        match = sla.match.strip()
        if "" in first:
            yield f'$.sla[{n}]: never used, because {first[""]} matches every ticket; put "{sla.name}" before it'
        elif match in first:
            yield f"$.sla[{n}].match: never used, because {first[match]} has the same"
        first.setdefault(match, f"$.sla[{n}]")
        yield from _match(f"$.sla[{n}].match", match, own_fields.kinds(definition.fields))


def _condition(match: str, now: datetime, kinds: dict[str, str]) -> "Condition":
    from ticketctl.domain.query import parser

    return parser.parse(
        match, now=now, zone=UTC, me=None, types=kinds, use=parser.Use.LATER
    ).condition


def _match(path: str, match: str, kinds: dict[str, str]) -> Iterator[str]:
    from ticketctl.domain.query.contradictions import never_from

    try:
        if never_from(lambda now: _condition(match, now, kinds), clock.now()):
            yield f'{path}: no ticket can match "{match}": parts of it exclude each other'
    except (BadInput, NotFound) as wrong:
        yield "\n".join((f"{path}: {wrong.sentence}", *wrong.problems))


def _targets(path: str, sla: "Sla") -> Iterator[str]:
    given = {
        f"{path}.{priority}.{clock}": getattr(target, clock)
        for priority, target in sla.targets.items()
        for clock in CLOCKS
    }
    if not any(seconds is not None for seconds in given.values()):
        yield f"{path}: none; {_EXAMPLE}"
    yield from (f"{at}: must be more than zero" for at, s in given.items() if s == 0)


def _moments(path: str, sla: "Sla") -> Iterator[str]:
    """Warnings come before the due time; each level has a moment of its own."""
    if _after_due(sla.warn):
        yield f'{path}.warn: "{sla.warn}" is no warning, it must come before the due time'
    seen: dict[str, str] = {}
    for n, level in enumerate(sla.escalations):
        here = f"{path}.escalations[{n}].at"
        first = seen.setdefault(level.at, here)
        if first != here:
            yield f'{here}: "{level.at}" is already at {first}'
    yield from _too_early(path, sla)


def _after_due(moment: str) -> bool:
    percent = moment.removesuffix("%")
    return (percent != moment and percent.isdigit() and int(percent) >= 100) or (
        moment == "due" or moment.startswith("due+")
    )


def _too_early(path: str, sla: "Sla") -> Iterator[str]:
    """A moment earlier than the longest target would come at once."""
    lengths = [
        seconds
        for target in sla.targets.values()
        for clock in CLOCKS
        if (seconds := getattr(target, clock))
    ]
    longest = max(lengths, default=0)
    levels = ((f"{path}.escalations[{n}].at", one.at) for n, one in enumerate(sla.escalations))
    for here, moment in ((f"{path}.warn", sla.warn), *levels):
        if moment.startswith("due-") and longest and _length(moment) >= longest:
            yield f'{here}: "{moment}" is before the start of the longest target, {duration.show(longest)}'


def _length(moment: str) -> int:
    try:
        return duration.parse(moment[4:])
    except BadInput:  # reported already at its place
        return 0
