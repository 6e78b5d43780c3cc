"""Runs a level of an escalation chain, and lists who is told of it in the digest."""

import logging
from typing import NamedTuple

from ticketctl.actions.base.context import Work, email_of
from ticketctl.actions.mail import notifications
from ticketctl.actions.tickets import steps
from ticketctl.domain.base.addresses import address_key
from ticketctl.domain.base.records import Ticket
from ticketctl.domain.definition.definition import Sla
from ticketctl.errors import DatabaseTrouble, DeskError
from ticketctl.store.db.database import ends_transaction
from ticketctl.store.sla.events import SlaEvent

log = logging.getLogger("ticketctl.sla")

_NOTIFY = "notify:"


class LevelResult(NamedTuple):
    """What each step did, in a few words, and why others failed."""

    did: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()


def run_level(work: Work, ticket_id: int, sla: Sla, level: str) -> LevelResult:
    """Run the steps of a level separately: one that fails does not stop the others. The digest sends the notices."""
    did, failed = [], []
    why = f"service level {sla.name}, {level}"
    for step in (one for one in _steps(sla, level) if not one.startswith(_NOTIFY)):
        try:
            with work.tx.savepoint():
                did.append(steps.run(work, ticket_id, step, why=why))
        except DatabaseTrouble:
            raise
        except DeskError as refusal:
            failed.append(f"{step}: {refusal.sentence}")
        except Exception as bug:
            if ends_transaction(bug):
                raise
            log.exception("%s of %s failed on ticket %d", step, why, ticket_id)
            failed.append(f"{step}: unexpected error ({type(bug).__name__}); this is a bug.")
    for sentence in failed:
        log.warning("ticket %d, %s: %s", ticket_id, why, sentence)
    return LevelResult(tuple(did), tuple(failed))


def addresses(work: Work, ticket: Ticket, sla: Sla, noted: SlaEvent) -> list[str]:
    """Who is notified of an event: those that a level names; for a warning or breach the owner, else the team."""
    if noted.kind != "level":
        return _addresses(work, notifications.team(work, ticket, managers=False))
    found: list[str] = []
    for step in (one for one in _steps(sla, noted.level) if one.startswith(_NOTIFY)):
        found += _named(work, ticket, step.removeprefix(_NOTIFY).strip())
    return list(dict.fromkeys(found))


def _named(work: Work, ticket: Ticket, recipient: str) -> list[str]:
    segment = work.definition.segment(ticket.segment)
    names = {
        "owner": (ticket.owner,) if ticket.owner else (),
        "managers": segment.managers if segment else (),
        "agents": segment.members if segment else (),
    }.get(recipient)
    if names is None:
        return [address_key(recipient)]
    return _addresses(work, notifications.with_stand_ins(work, ticket, names))


def _addresses(work: Work, names: tuple[str, ...]) -> list[str]:
    return [address for name in names if (address := email_of(work, name))]


def _steps(sla: Sla, level: str) -> tuple[str, ...]:
    return tuple(step for one in sla.escalations if one.at == level for step in one.do)
