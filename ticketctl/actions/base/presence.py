"""Which agents are at work now (F-T13)."""

from collections.abc import Sequence

from ticketctl.actions.base.context import Work
from ticketctl.domain.calendar import availability
from ticketctl.domain.calendar.availability import Away
from ticketctl.store.people import absences


def away(work: Work, names: Sequence[str]) -> dict[str, Away]:
    """Which of these agents are not at work now, why, and until when (F-T13)."""
    lasting = absences.of(work.tx, names, work.at)
    agents = (agent for name in names if (agent := work.definition.agent(name)))
    found = {one.name: availability.away(work.definition, one, work.at, lasting) for one in agents}
    return {name: one for name, one in found.items() if one}


def absent(work: Work, names: Sequence[str]) -> dict[str, Away]:
    """Which of these agents are absent beyond their working hours, by `agent away` or desk.toml."""
    return {name: one for name, one in away(work, names).items() if one.why == availability.AWAY}


def unreachable(work: Work, names: Sequence[str]) -> bool:
    """Is each of these absent or no longer an agent? False if there are none."""
    here = [name for name in names if work.definition.agent(name)]
    return bool(names) and len(absent(work, here)) == len(here)
