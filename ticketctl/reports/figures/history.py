"""Replays the history of a ticket up to an instant. What was undone is left out."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct

from ticketctl.domain.base.records import AUTOMATIC
from ticketctl.domain.base.status import ACTIVE, ENDED, MERGED, SPAM
from ticketctl.store.reports.stories import TIMELINE, Change, Story

REPLIED, SPLIT, UNDONE, UNMERGED = "replied", "split", "undone", "unmerged"
_BACK = (UNDONE, UNMERGED)
_AWAY = (SPAM, MERGED)  # no clock runs
_IDLE = (*ENDED, *_AWAY)  # nor does anybody work

Span = tuple[datetime, datetime]


class Resolution(Struct, frozen=True):
    """The last resolution of a ticket before an instant, and what had happened until then."""

    at: datetime
    was: dict[str, Any]  # the fields of TIMELINE then
    policy: str | None  # of its resolution clock, or the ticket's
    stands: bool  # was the ticket still ended at that instant?
    worked: list[Span]  # since its creation, while neither paused nor ended, spam or merged
    away: list[Span]  # the spans in which it was spam or merged
    replies: int  # of agents
    reopenings: int
    handovers: int  # changes of the owner after the first


def standing(changes: Sequence[Change]) -> list[Change]:
    """The changes without undone ones; an undo over others' changes is a change of its own.

    What a merge added and an unmerge removed is left out too.
    """
    if not [one for one in changes if one.type in _BACK]:
        return list(changes)
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
    story: Story,
    start: datetime,
    end: datetime,
    pauses: Callable[[str | None], Collection[str]],
) -> Resolution | None:
    """The last resolution before `end`, if it is not before `start`; `pauses` of a policy are statuses."""
    changes = [one for one in standing(story.changes) if one.at < end]
    steps = [one for one in changes if one.field == "status"]
    ends = [n for n, one in enumerate(steps, 1) if is_resolution(one)]
    if not ends or steps[ends[-1] - 1].at < start:
        return None
    *_, last = past = steps[: ends[-1]]
    was = after(story, last.n)
    policy = story.breached_by or was["policy"]
    owners = [one for one in changes if one.field == "owner"]
    reopenings = [one for one in steps if _is_reopening(one)]
    return Resolution(
        at=last.at,
        was=was,
        policy=policy,
        stands=steps[-1].new in ENDED,
        worked=_worked(story.place.at, past, pauses(policy)),
        away=_away(steps, last.at),
        replies=story.replies + _replies(changes),
        reopenings=len(reopenings),
        handovers=max(0, len(owners) - 1),
    )


def is_resolution(step: Change) -> bool:
    """Does this change of status end an active ticket? Unmerging a resolved ticket does not, nor does an undo."""
    return step.new in ENDED and step.old in ACTIVE and step.type != UNDONE


def _is_reopening(step: Change) -> bool:
    return step.old in ENDED and step.new in ACTIVE and step.type != UNDONE


def is_resolved(changes: Sequence[Change]) -> bool:
    """Is there a resolution among these changes that was not undone?"""
    return any(is_resolution(one) for one in standing(changes))


def after(story: Story, n: int) -> dict[str, Any]:
    """The fields of TIMELINE right after event `n`."""
    return _without(story, [one for one in story.changes if one.n > n])


def before(story: Story, end: datetime) -> dict[str, Any]:
    """The same right before an instant."""
    return _without(story, [one for one in story.changes if one.at >= end])


def subject_before(story: Story, end: datetime) -> str:
    """The subject right before an instant."""
    later = [one for one in story.changes if one.field == "subject" and one.at >= end]
    subject: str = later[0].old if later else story.now["subject"]
    return subject


def _without(story: Story, later: Sequence[Change]) -> dict[str, Any]:
    was = dict(story.now)
    for one in reversed(later):
        if one.field in was:
            was[one.field] = one.old
    return was


def away_before(story: Story, end: datetime) -> list[Span]:
    """The spans before an instant in which the ticket was spam or merged."""
    return _away([one for one in standing(story.changes) if one.field == "status"], end)


def _away(steps: Sequence[Change], end: datetime) -> list[Span]:
    if not [one for one in steps if one.new in _AWAY]:
        return []
    known = [one for one in steps if one.at <= end]
    ends = [*(one.at for one in known[1:]), end]
    return [(one.at, until) for one, until in zip(known, ends, strict=False) if one.new in _AWAY]


def split_off(story: Story, end: datetime) -> list[tuple[int, int]]:
    """The messages that left the ticket at an instant or later: the new ticket and the number there."""
    return [
        (one.new, n)
        for one in standing(story.changes)
        if one.type == SPLIT and one.at >= end
        for n in range(1, len(one.old) + 1)
    ]


def _replies(changes: Sequence[Change]) -> int:
    """How often agents replied, without what was split off since."""
    moved = {n: one.n for one in changes if one.type == SPLIT for n in one.old}
    said = [one for one in changes if one.type == REPLIED and one.actor not in AUTOMATIC]
    return len([one for one in said if one.n > moved.get(one.new, 0)])


def _worked(created: datetime, steps: Sequence[Change], pauses: Collection[str]) -> list[Span]:
    since = [created, *(step.at for step in steps)]
    return [
        (begun, step.at)
        for begun, step in zip(since, steps, strict=False)
        if step.old not in pauses and step.old not in _IDLE and begun < step.at
    ]


def _taken_back(back: Change, changes: Sequence[Change], gone: set[int]) -> set[int]:
    """The event of the same command that an undo reverted, and the undo; none if others had changed it since."""
    undone = back.new if back.field == "message" else back.old
    for one in changes:
        same = one.n < back.n and one.group == back.group and one.field == back.field
        if same and one.type != UNDONE and one.new == undone and one.n not in gone:
            return set() if _overrode(one, back, changes, gone) else {one.n, back.n}
    return set()


def _overrode(change: Change, back: Change, changes: Sequence[Change], gone: set[int]) -> bool:
    """Had others changed the field since, and changed it back, before it was undone?"""
    return change.field in TIMELINE and any(
        change.n < one.n < back.n and one.field == change.field and one.group != change.group
        for one in changes
        if one.n not in gone
    )
