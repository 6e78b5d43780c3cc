"""A ticket's history as it was told at each time.

A split takes messages out of a history, an unmerge what the merge brought, as if they had never been there. Clocks
that run are those of the last telling; what had ended or breached by then stays, and stays counted.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import groupby

from msgspec import Struct

from ticketctl.domain.base.records import Event, Ticket
from ticketctl.domain.base.status import MERGED
from ticketctl.domain.sla import happenings
from ticketctl.domain.sla.advance import Happening

SPLIT, UNMERGED = "split", "unmerged"  # types of the events that change the earlier history


class Telling(Struct, frozen=True):
    """A ticket's happenings as they were told until an instant, None for today.

    The happenings before the one at `first` were counted as the telling before told them.
    """

    happenings: Sequence[Happening]
    first: int = 0
    until: datetime | None = None


def tellings(
    ticket: Ticket, history: Sequence[Event], here: Mapping[int, bool], gone: Mapping[int, bool]
) -> list[Telling]:
    """The tellings of a history, the last one as it is now.

    Messages by number, each with whether a human on the customer's side wrote it: those `here` and those that splits
    took away.
    """
    lines = happenings.not_undone(history)
    found, begins = [], 0
    for cut in [*_cuts(lines), None]:
        before = [line for line in lines if cut is None or line.n < cut[0].n]
        away = {n for n in _moved(before) if n not in here}
        present = {n: heard for n, heard in {**gone, **here}.items() if n not in away}
        told = happenings.told(ticket, lines, len(before), present)
        first = sum(n < begins for n, _ in told)
        until = cut[-1].at if cut else None
        found.append(Telling([happening for _, happening in told], first, until))
        begins = cut[0].n if cut else 0
    return found


def _cuts(lines: Sequence[Event]) -> list[list[Event]]:
    """The lines of each transaction with a split or an unmerge of another ticket."""
    groups = [list(group) for _, group in groupby(lines, lambda line: (line.group, line.at))]
    return [group for group in groups if any(map(changes_the_past, group))]


def changes_the_past(line: Event) -> bool:
    """Does this line of history change what earlier ones say?"""
    return line.type == SPLIT or (line.type == UNMERGED and line.old != MERGED)


def _moved(lines: Sequence[Event]) -> set[int]:
    return {n for line in lines if line.type == SPLIT for n in line.old}
