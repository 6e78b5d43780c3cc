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


def happening(ticket: Ticket, lines: Sequence[Event], heard: Collection[int]) -> Happening | None:
    """What the lines of one transaction mean, `ticket` being as they left it; None for nothing to clocks.

    `heard` are the numbers of the messages that humans on the customer's side wrote. After an undo only the whole
    story tells how it is.
    """
    return _happening(ticket, facts(ticket), lines, heard)


def _happening(
    ticket: Ticket, now: Facts, lines: Sequence[Event], heard: Collection[int]
) -> Happening | None:
    said, by = _said(lines, heard)
    if any(line.type == "created" for line in lines):
        return Happening(at=ticket.created_at, was=None, now=now, said=said, by=by)
    if not (said or any(line.field in _FIELDS for line in lines)):
        return None
    return Happening(at=lines[-1].at, was=before(now, lines).status, now=now, said=said, by=by)


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
        found.append(_happening(ticket, now, lines, heard))
        now = before(now, lines)
    return [one for one in reversed(found) if one is not None]


def _done(history: Iterable[Event]) -> list[Event]:
    """The lines of what was not taken back; what an undo went over by force happened, and the undo is a change, too."""
    lines = list(history)
    gone: set[int] = set()
    for back in (line for line in lines if line.type == UNDONE):
        taken = (line for line in lines if line.n < back.n and line.group == back.group)
        gone |= {n for line in taken if _is_way_back(back, line) for n in (line.n, back.n)}
    return [line for line in lines if line.n not in gone]


def _is_way_back(back: Event, line: Event) -> bool:
    if line.type == UNDONE or line.field != back.field:
        return False
    return bool(line.new == (back.new if line.field == "message" else back.old))


def _said(lines: Iterable[Event], heard: Collection[int]) -> tuple[str, str | None]:
    """Who wrote: an agent and his name, or the customer, or nobody."""
    said: tuple[str, str | None] = ("", None)
    for line in lines:
        if line.type == "replied" and line.actor not in AUTOMATIC:
            said = (AGENT, line.actor)
        elif line.type == "message" and line.new in heard:
            said = (CUSTOMER, None)
    return said
