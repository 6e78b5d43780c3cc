"""Replays the history of a ticket up to an instant. What was undone is left out."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct

from ticketctl.domain.base.status import ACTIVE, ENDED, MERGED
from ticketctl.store.reports.tickets import Change, Story

UNDONE, UNMERGED = "undone", "unmerged"

Span = tuple[datetime, datetime]


class Resolution(Struct, frozen=True):
    """The last resolution of a ticket before an instant, and what had happened until then."""

    at: datetime
    owner: str | None  # then
    segment: str
    stands: bool  # was the ticket still ended at that instant?
    worked: tuple[
        Span, ...
    ]  # since its creation, without pauses and without times when it was ended
    reopenings: int
    handovers: int  # changes of the owner after the first


def standing(changes: Sequence[Change]) -> list[Change]:
    """The changes without undone ones; an undo over others' changes is a change of its own.

    What a merge added and an unmerge removed is left out too.
    """
    gone: set[int] = set()
    for back in changes:
        if back.type == UNDONE:
            gone |= _taken_back(back, changes, gone)
    for back in changes:
        if back.type == UNMERGED and back.old != MERGED and back.n not in gone:
            gone |= _parted(back, changes, gone)
    return [one for one in changes if one.n not in gone]


def _parted(back: Change, changes: Sequence[Change], gone: set[int]) -> set[int]:
    """The event by which a merge added what this one removed, and this one."""
    for one in reversed(changes):
        came = one.type == MERGED and one.field == back.field and one.new == back.old
        if came and one.n < back.n and one.n not in gone:
            return {one.n, back.n}
    return set()


def resolution(
    story: Story, start: datetime, end: datetime, pauses: Collection[str]
) -> Resolution | None:
    """The last resolution before `end`, if it is not before `start`."""
    changes = [one for one in standing(story.changes) if one.at < end]
    steps = [one for one in changes if one.field == "status"]
    ends = [one for one in steps if is_resolution(one)]
    if not ends or ends[-1].at < start:
        return None
    last = ends[-1]
    owners = sum(one.field == "owner" for one in changes)
    return Resolution(
        at=last.at,
        owner=value(story, "owner", last.n),
        segment=value(story, "segment", last.n),
        stands=steps[-1].new in ENDED,
        worked=tuple(_worked(story.created_at, steps, last, pauses)),
        reopenings=sum(one.old in ENDED and one.new in ACTIVE for one in steps),
        handovers=max(0, owners - 1),
    )


def is_resolution(step: Change) -> bool:
    """Does this change of status end an active ticket?"""
    return step.new in ENDED and step.old not in ENDED


def is_resolved(changes: Sequence[Change]) -> bool:
    """Is there a resolution among these changes that was not undone?"""
    return any(is_resolution(one) for one in standing(changes))


def value(story: Story, field: str, n: int) -> Any:
    """Status, owner or segment right after event `n`."""
    return _value(story, field, (one for one in story.changes if one.n > n))


def value_at(story: Story, field: str, end: datetime) -> Any:
    """The same right before an instant."""
    return _value(story, field, (one for one in story.changes if one.at >= end))


def _value(story: Story, field: str, later: Iterable[Change]) -> object:
    now = {
        "status": story.status,
        "owner": story.place.agent,
        "segment": story.place.segment,
    }
    return next((one.old for one in later if one.field == field), now[field])


def _worked(
    created: datetime, steps: Sequence[Change], last: Change, pauses: Collection[str]
) -> Iterable[Span]:
    since = created
    for step in steps[: steps.index(last) + 1]:
        if step.old not in pauses and step.old not in ENDED and since < step.at:
            yield since, step.at
        since = step.at


def _taken_back(back: Change, changes: Sequence[Change], gone: set[int]) -> set[int]:
    """The event of the same command that an undo reverted, and the undo; none if others had changed it since."""
    for one in changes:
        same = one.n < back.n and one.group == back.group and one.field == back.field
        if same and one.type != UNDONE and one.new == back.old and one.n not in gone:
            return {one.n, back.n}
    return set()
