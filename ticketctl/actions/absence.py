"""agent away, agent back: who is there, as it changes by the hour (T13)."""

from datetime import datetime

from ticketctl.actions.work import Work
from ticketctl.clock import rfc3339
from ticketctl.desk import definition as desks
from ticketctl.desk.availability import Absence
from ticketctl.errors import BadInput, NotAllowed, NotFound
from ticketctl.store import absences, journal

AWAY, BACK = "away", "back"


def away(work: Work, name: str, until: datetime | None, comment: str = "") -> None:
    """Note that an agent is away from now on, `until` a time still to come (BadInput) or until he is back.

    What was noted before ends now. Agents say it of themselves, managers and admins of everybody (NotAllowed).
    """
    _may(work, name)
    if until is not None and until <= work.at:
        raise BadInput("that time is over: give one that is still to come.")
    absences.end(work.tx, name, work.at)
    one = Absence(agent=name, since=work.at, until=until, comment=comment.strip())
    absences.begin(work.tx, one)
    _note(work, name, AWAY, until, comment)


def back(work: Work, name: str, comment: str = "") -> bool:
    """Note that an agent is back; False where he was not away by `away`."""
    _may(work, name)
    if not absences.end(work.tx, name, work.at):
        return False
    _note(work, name, BACK, None, comment)
    return True


def _may(work: Work, name: str) -> None:
    if desks.agent(work.desk, name) is None:
        raise NotFound(f'no agent "{name}".')
    if name != work.actor.name and work.actor.role not in ("manager", "admin"):
        raise NotAllowed(f"only managers and admins may say that {name} is away or back.")


def _note(work: Work, name: str, type: str, until: datetime | None, comment: str) -> None:
    journal.append(
        work.tx,
        at=work.at,
        actor=work.actor,
        kind="agent",
        subject=name,
        type=type,
        group=work.group,
        new=rfc3339(until) if until else None,
        comment=comment.strip() or None,
    )
