"""Puts tickets on hold until the customer answers or a time comes."""

from datetime import datetime

from ticketctl.actions.base import checks, transitions
from ticketctl.actions.base.context import Work
from ticketctl.actions.base.load import load_for_update
from ticketctl.actions.mail import status_notice
from ticketctl.actions.tickets import consequences
from ticketctl.errors import BadInput


def wait(
    work: Work,
    ticket_id: int,
    *,
    until: datetime | None = None,
    comment: str = "",
    if_version: int | None = None,
) -> None:
    """Put a ticket on hold, `until` a future time (else BadInput) or without limit."""
    checks.require_comment(work, "wait", comment)
    ticket = load_for_update(work, ticket_id, if_version)
    if until is not None and until <= work.at:
        raise BadInput("the time is in the past; give a time in the future.")
    waiting = transitions.step(work, ticket, "wait", "status", comment, wait_until=until)
    status_notice.tell(work, waiting, "waiting", until=until)
    consequences.on_updated(work, ticket_id)
