"""Marks agents as away and back (F-T13)."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from ticketctl.actions.base.context import Work
from ticketctl.domain.calendar.availability import Absence
from ticketctl.errors import BadInput, Conflict, NotAllowed, NotFound
from ticketctl.store.desk import journal
from ticketctl.store.desk.journal import JournalEntry
from ticketctl.store.people import absences

AGENT = "agent"  # kind of journal lines
AWAY, BACK = "away", "back"


def away(work: Work, name: str, until: datetime | None, comment: str = "") -> None:
    """Mark an agent as away from now on, `until` a future time (else BadInput) or until `back`.

    An earlier absence ends now. Agents may mark themselves; managers and admins anybody (else NotAllowed).
    """
    _may(work, name)
    if until is not None and until <= work.at:
        raise BadInput("that time is in the past; give a time in the future.")
    one = Absence(agent=name, since=work.at, until=until, comment=comment.strip())
    _note(work, name, AWAY, _put(work, name, [one]), [one], comment)


def back(work: Work, name: str, comment: str = "") -> bool:
    """Mark an agent as back. False if they were not away by `away`."""
    _may(work, name)
    before = _put(work, name, [])
    if before:
        _note(work, name, BACK, before, [], comment)
    return bool(before)


def take_back(work: Work, line: JournalEntry) -> None:
    """Revert an entry of an agent's journal. Conflict if their absence was changed since."""
    name = line.subject
    _may(work, name)
    made = [one for one in _read(line.new) if one.until is None or one.until > work.at]
    if absences.of(work.tx, [name], work.at) != made:
        raise Conflict(f"agent {name}: the absence was changed since.")
    _put(work, name, _read(line.old))


def _put(work: Work, name: str, new: Sequence[Absence]) -> list[Absence]:
    """End an agent's stored absence, store `new` instead, and return what was stored."""
    before = absences.of(work.tx, [name], work.at)
    absences.end(work.tx, name, work.at)
    for one in new:
        absences.begin(work.tx, one)
    return before


def _may(work: Work, name: str) -> None:
    if work.definition.agent(name) is None:
        raise NotFound(f'no agent "{name}".')
    if name != work.actor.name and work.actor.role not in ("manager", "admin"):
        raise NotAllowed(f"only managers and admins may set {name} away or back.")


def _note(
    work: Work, name: str, type: str, old: list[Absence], new: list[Absence], comment: str
) -> None:
    journal.append(
        work.tx,
        at=work.at,
        actor=work.actor,
        kind=AGENT,
        subject=name,
        type=type,
        group=work.group,
        old=msgspec.to_builtins(old),
        new=msgspec.to_builtins(new),
        comment=comment.strip() or None,
    )


def _read(written: object) -> list[Absence]:
    return msgspec.convert(written, list[Absence])
