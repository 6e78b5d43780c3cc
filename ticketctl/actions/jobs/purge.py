"""Deletes tickets that were closed long ago, with everything that belongs to them (F-R40). It cannot be undone."""

from datetime import datetime

import msgspec

from ticketctl.actions.base.context import Work
from ticketctl.errors import BadInput, NotAllowed
from ticketctl.store.desk import journal
from ticketctl.store.privacy import purge
from ticketctl.store.privacy.purge import Purged

AT_ONCE = 200  # tickets of one transaction


def some(work: Work, before: datetime) -> Purged | None:
    """Delete some of the tickets closed before a time, with a journal entry; None if none are left.

    NotAllowed unless the actor is an admin; BadInput for a future time.
    """
    require_allowed(work, before)
    ids = purge.due(work.tx, before, AT_ONCE)
    if not ids:
        return None
    purged = purge.purge(work.tx, ids)
    journal.append(
        work.tx,
        at=work.at,
        actor=work.actor,
        kind=purge.JOURNAL,
        subject=purge.subject(before),
        type="purged",
        group=work.group,
        new=msgspec.to_builtins(purged),
    )
    return purged


def require_allowed(work: Work, before: datetime) -> None:
    """NotAllowed unless the actor is an admin, since it covers all segments. BadInput for a future time."""
    if work.actor.role != "admin" and not work.agentless:
        raise NotAllowed(f"only admins may purge tickets; {work.actor.name} is {work.actor.role}.")
    if before >= work.at:
        raise BadInput(
            "purge needs a time in the past; otherwise it would delete every closed ticket."
        )
