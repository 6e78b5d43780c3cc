"""The happenings of a ticket, from its history: all of them, or the one that a transaction has just written.

History names what clocks need in `field`: status, priority, segment, owner, and policy (`gold@3`), which is written
when another policy comes to fit. What was undone never happened.
"""

from collections.abc import Collection, Iterable, Sequence
from itertools import groupby

from msgspec.structs import replace

from ticketctl.desk.records import AUTOMATIC, Event, Ticket
from ticketctl.desk.sla.advance import AGENT, CUSTOMER, Facts, Happening
from ticketctl.desk.sla.policy import reference

UNDONE = "undone"
POLICY = "policy"
_FIELDS = frozenset({"status", "priority", "segment", "owner", POLICY})


def facts(ticket: Ticket) -> Facts:
    """What clocks know of a ticket as it is."""
    named = ticket.policy is not None and ticket.policy_version is not None
    return Facts(
        status=ticket.status,
        priority=ticket.priority,
        policy=reference(str(ticket.policy), int(ticket.policy_version or 0)) if named else None,
        segment=ticket.segment,
        owner=ticket.owner,
        answered=ticket.first_reply_at is not None,
    )


def happening(now: Facts, lines: Sequence[Event], heard: Collection[int]) -> Happening | None:
    """What the lines of one transaction mean, `now` being the ticket after them; None for nothing to clocks.

    `heard` are the numbers of the messages that humans on the customer's side wrote.
    """
    said, by = _said(lines, heard)
    created = any(line.type == "created" for line in lines)
    if not lines or not (created or said or any(line.field in _FIELDS for line in lines)):
        return None
    was = None if created else before(now, lines).status
    return Happening(at=lines[-1].at, was=was, now=now, said=said, by=by)


def before(now: Facts, lines: Sequence[Event]) -> Facts:
    """The facts before those lines of history (but for `answered`, which they do not tell)."""
    for line in reversed(lines):
        if line.field in _FIELDS:
            now = replace(now, **{str(line.field): line.old})
    return now


def happenings(ticket: Ticket, history: Iterable[Event], heard: Collection[int]) -> list[Happening]:
    """The whole story of a ticket that is as its record says, oldest first."""
    groups = [list(lines) for _, lines in groupby(_done(history), lambda e: (e.group, e.at))]
    answers = [_said(lines, heard)[0] == AGENT for lines in groups]
    spoken = {lines[-1].at for lines, said in zip(groups, answers, strict=True) if said}
    # An answer of which history has no line was there from the beginning.
    opened = ticket.first_reply_at is not None and ticket.first_reply_at not in spoken
    now = facts(ticket)
    found = []
    for n, lines in reversed(list(enumerate(groups, 1))):
        now = replace(now, answered=opened or any(answers[:n]))
        found.append(happening(now, lines, heard))
        now = before(now, lines)
    return [one for one in reversed(found) if one is not None]


def _done(history: Iterable[Event]) -> list[Event]:
    """The lines of what was not taken back: an `undone` line takes back its whole group."""
    lines = list(history)
    undone = {line.group for line in lines if line.type == UNDONE}
    return [line for line in lines if line.group not in undone]


def _said(lines: Iterable[Event], heard: Collection[int]) -> tuple[str, str | None]:
    """Who wrote: an agent and his name, or the customer, or nobody."""
    said: tuple[str, str | None] = ("", None)
    for line in lines:
        if line.type == "replied" and line.actor not in AUTOMATIC:
            said = (AGENT, line.actor)
        elif line.type == "message" and line.new in heard:
            said = (CUSTOMER, None)
    return said
