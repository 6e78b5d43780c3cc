"""reopen: an ended ticket is work again."""

from ticketctl.actions.base import load, transitions
from ticketctl.actions.base.context import Work
from ticketctl.actions.tickets import consequences


def reopen(work: Work, ticket_id: int, *, comment: str = "", if_version: int | None = None) -> None:
    """Open a resolved or closed ticket again. Refused without comment, and for one that is not ended."""
    load.comment(work, "reopen", comment)
    ticket = load.opened(work, ticket_id, if_version)
    transitions.step(work, ticket, "reopen", "reopened", comment)
    consequences.updated(work, ticket_id)
