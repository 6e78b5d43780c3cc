"""Reopens tickets that had ended."""

from ticketctl.actions.base import checks, transitions
from ticketctl.actions.base.context import Work
from ticketctl.actions.base.load import load_for_update
from ticketctl.actions.mail import status_notice
from ticketctl.actions.tickets import consequences


def reopen(work: Work, ticket_id: int, *, comment: str = "", if_version: int | None = None) -> None:
    """Reopen a resolved or closed ticket. Refused without comment, and if it has not ended."""
    checks.require_comment(work, "reopen", comment)
    ticket = load_for_update(work, ticket_id, if_version)
    reopened = transitions.step(work, ticket, "reopen", "reopened", comment)
    status_notice.tell(work, reopened, "reopened")
    consequences.on_updated(work, ticket_id)
