"""The happenings of a ticket, from its history: all of them, or the one that a transaction has just written.

Lines of history name in `field` what clocks need: status, priority, segment, owner, and policy (`gold@3`), which is
written when another policy comes to apply. What was undone is left out.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import groupby

from msgspec.structs import replace

from ticketctl.clock import parse
from ticketctl.domain.base.records import AUTOMATIC, Event, Ticket
from ticketctl.domain.base.status import ENDED, MERGED
from ticketctl.domain.sla.advance import AGENT, CUSTOMER, Facts, Happening
from ticketctl.domain.sla.policy import reference

UNDONE = "undone"
POLICY = "policy"
# What `sla check` writes for people to read; it moves no clock.
SLA_WARNING, SLA_BREACH, NOTIFIED = NOTICES = ("sla_warning", "sla_breach", "notified")
_FIELDS = frozenset({"status", "priority", "segment", "owner", POLICY})


def facts(ticket: Ticket) -> Facts:
    """What clocks need to know about a ticket as it is."""
    named = ticket.policy is not None and ticket.policy_version is not None
    return Facts(
        status=ticket.status,
        priority=ticket.priority,
        policy=reference(str(ticket.policy), int(ticket.policy_version or 0)) if named else None,
        segment=ticket.segment,
        owner=ticket.owner,
        answered=ticket.first_reply_at is not None,
    )


def happening(ticket: Ticket, lines: Sequence[Event], heard: Collection[int]) -> Happening | None:
    """What the lines of one transaction mean, `ticket` being as they left it; None if nothing to clocks.

    `heard` are the numbers of messages from the customer's side. After an undo, only the whole history is reliable.
    """
    return _happening(ticket, facts(ticket), lines, heard)


def _happening(
    ticket: Ticket, now: Facts, lines: Sequence[Event], heard: Collection[int]
) -> Happening | None:
    said, by = _said(lines, heard)
    if any(line.type == "created" for line in lines):
        at, known = ticket.created_at, lines[-1].at
        return Happening(at=at, known=known, was=None, now=now, said=said, by=by)
    asked = _asked(lines)
    if not (said or asked or any(line.field in _FIELDS for line in lines)):
        return None
    was = before(now, lines).status
    return Happening(at=lines[-1].at, was=was, now=now, said=said, by=by, asked=asked)


def before(now: Facts, lines: Sequence[Event]) -> Facts:
    """The facts before those lines of history, except `answered`, which they do not tell."""
    for line in reversed(lines):
        if line.field in _FIELDS:
            now = replace(now, **{str(line.field): line.old})
    return now


def happenings(ticket: Ticket, history: Iterable[Event], heard: Collection[int]) -> list[Happening]:
    """The whole history of a ticket as happenings, oldest first."""
    lines = standing(history)
    here = {int(line.new): False for line in lines if line.type == "replied"}
    found = told(ticket, lines, len(lines), here | dict.fromkeys(heard, True))
    return [happening for _, happening in found]


def told(
    ticket: Ticket, lines: Sequence[Event], until: int, here: Mapping[int, bool]
) -> list[tuple[int, Happening]]:
    """The happenings of the first `until` lines that were not undone, oldest first, each with its line's number.

    `here` are the messages that are in the ticket, each with whether a human on the customer's side wrote it.
    """
    heard = [n for n, human in here.items() if human]
    kept = (one for one in _unmerged(lines[:until]) if one.type != "replied" or one.new in here)
    groups = [list(group) for _, group in groupby(kept, lambda e: (e.group, e.at))]
    answers = [_said(group, heard)[0] == AGENT for group in groups]
    spoken = {line.at for line in lines if _said((line,), ())[0] == AGENT}
    # A reply without an event was there from the beginning.
    opened = ticket.first_reply_at is not None and ticket.first_reply_at not in spoken
    now = before(facts(ticket), lines[until:])
    found = []
    for n, group in reversed(list(enumerate(groups, 1))):
        now = replace(now, answered=opened or any(answers[:n]))
        found.append((group[0].n, _happening(ticket, now, group, heard)))
        now = before(now, group)
    return [(n, one) for n, one in reversed(found) if one is not None]


def question(ticket: Ticket, history: Iterable[Event], heard: Collection[int]) -> datetime | None:
    """Since when a customer's question is unanswered, by the ticket's history; None for none.

    One that was split off with a ticket waits since it was asked.
    """
    since: datetime | None = None
    for line in standing(history):
        said, _ = _said((line,), heard)
        if said == AGENT or (line.field == "status" and line.new in ENDED):
            since = None
        elif line.type == "created" and 1 in heard:
            since = ticket.created_at
        elif came := line.at if said == CUSTOMER else _asked((line,)):
            since = min(since, came) if since else came
    return since


def standing(history: Iterable[Event]) -> list[Event]:
    """The lines that were not undone. What an undo overrode did happen, and the undo is a change too.

    What a merge added and an unmerge removed is left out.
    """
    return _unmerged(not_undone(history))


def not_undone(history: Iterable[Event]) -> list[Event]:
    """The lines that were not undone, with what merges added and unmerges removed."""
    lines = list(history)
    gone: set[int] = set()
    for back in (line for line in lines if line.type == UNDONE):
        taken = (line for line in lines if line.n < back.n and line.group == back.group)
        ways = [
            one
            for one in taken
            if _is_way_back(back, one) and not _overrode(one, back, lines, gone)
        ]
        gone |= {n for line in ways for n in (line.n, back.n)}
    return [line for line in lines if line.n not in gone]


def _overrode(line: Event, back: Event, lines: Sequence[Event], gone: Collection[int]) -> bool:
    """Had others changed the field since, and changed it back, before it was undone?"""
    return line.field in _FIELDS and any(
        line.n < one.n < back.n and one.field == line.field and one.group != line.group
        for one in lines
        if one.n not in gone
    )


def _unmerged(lines: Sequence[Event]) -> list[Event]:
    gone: set[int] = set()
    for back in (line for line in lines if line.type == "unmerged" and line.old != MERGED):
        for line in reversed(lines):
            if line.n < back.n and line.n not in gone and _is_parting(back, line):
                gone |= {line.n, back.n}
                break
    return [line for line in lines if line.n not in gone]


def _is_parting(back: Event, line: Event) -> bool:
    return line.type == "merged" and line.field == back.field and bool(line.new == back.old)


def _asked(lines: Iterable[Event]) -> datetime | None:
    """Since when the first question waits that merges brought."""
    kept = [line.way_back for line in lines if line.type == "merged" and line.field == "from"]
    return min((parse(one["asked"]) for one in kept if one and "asked" in one), default=None)


def _is_way_back(back: Event, line: Event) -> bool:
    if line.type == UNDONE or line.field != back.field:
        return False
    return bool(line.new == (back.new if line.field == "message" else back.old))


def _said(lines: Iterable[Event], heard: Collection[int]) -> tuple[str, str | None]:
    """Who wrote: an agent, with their name, or the customer, or nobody."""
    said: tuple[str, str | None] = ("", None)
    for line in lines:
        if line.type == "replied" and line.actor not in AUTOMATIC:
            said = (AGENT, line.actor)
        elif line.type == "message" and line.new in heard:
            said = (CUSTOMER, None)
    return said
