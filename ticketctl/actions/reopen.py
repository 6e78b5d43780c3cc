"""reopen: an ended ticket is work again."""

from ticketctl.actions import after, checks, states
from ticketctl.actions.work import Work


def reopen(work: Work, ticket_id: int, *, comment: str = "", if_version: int | None = None) -> None:
    """Open a resolved or closed ticket again. Refused without comment, and for one that is not ended."""
    checks.comment(work, "reopen", comment)
    ticket = checks.opened(work, ticket_id, if_version)
    states.step(work, ticket, "reopen", "reopened", comment)
    after.updated(work, ticket_id)
