"""When an agent is available: not marked as away, no day off, within their working hours (F-T13)."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from msgspec import Struct

from ticketctl.domain.calendar import calendar
from ticketctl.domain.definition.definition import Agent, Definition

AWAY = "away"  # not only outside working hours
_MOST = 1000  # causes in a row; after so many, the absence has no end


class Absence(Struct, frozen=True, kw_only=True):
    """`agent away`: from `since` until before `until`; None: until `agent back`."""

    agent: str
    since: datetime
    until: datetime | None = None
    comment: str = ""


class Away(Struct, frozen=True):
    """Why an agent is not available, in a word or two, and until when; None if unknown."""

    why: str
    until: datetime | None


def away(
    definition: Definition, agent: Agent, at: datetime, absences: Sequence[Absence]
) -> Away | None:
    """Why an agent is not available at `at`, and when they are again, through all causes; None if they are."""
    own = [one for one in absences if one.agent == agent.name]
    first = found = _now(definition, agent, at, own)
    if first is None:
        return None
    for _ in range(_MOST):
        if found is None:
            return Away(first.why, at)
        if found.until is None:
            break
        at = found.until
        found = _now(definition, agent, at, own)
    return Away(first.why, None)


def in_words(found: Away, zone: tzinfo) -> str:
    """`is away until 2026-03-10 09:00`, in a zone."""
    until = f" until {found.until.astimezone(zone):%Y-%m-%d %H:%M}" if found.until else ""
    return f"is {found.why}{until}"


def _now(
    definition: Definition, agent: Agent, at: datetime, absences: Iterable[Absence]
) -> Away | None:
    """The cause that applies at `at`, and its end."""
    for one in absences:
        if one.since <= at and (one.until is None or at < one.until):
            return Away(AWAY, one.until)
    zone = ZoneInfo(definition.settings.timezone)
    for start, end in _days_off(agent, zone):
        if start <= at < end:
            return Away(AWAY, end)
    return _off_duty(definition, agent, at)


def _off_duty(definition: Definition, agent: Agent, at: datetime) -> Away | None:
    hours = calendar.of(definition, agent.hours)
    if calendar.is_open(hours, at):
        return None
    try:
        return Away("off duty", calendar.next_open(hours, at))
    except calendar.NeverOpen:
        return Away("off duty", None)


def _days_off(agent: Agent, zone: tzinfo) -> Iterator[tuple[datetime, datetime]]:
    """The absences of desk.toml, from midnight to midnight."""
    for written in agent.absences:
        first, _, last = written.partition("..")
        after = date.fromisoformat(last or first) + timedelta(days=1)
        yield _midnight(date.fromisoformat(first), zone), _midnight(after, zone)


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone)
