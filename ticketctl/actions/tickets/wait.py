"""Puts tickets on hold until the customer answers or a time comes."""

from datetime import datetime

from ticketctl.actions.base import checks, permission, transitions
from ticketctl.actions.base.context import Work
from ticketctl.actions.base.load import load_for_update
from ticketctl.actions.mail import status_notice
from ticketctl.actions.tickets import consequences
from ticketctl.domain.base import status
from ticketctl.domain.base.records import Ticket
from ticketctl.errors import BadInput, NotAllowed, Refused


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


def tells(work: Work, ticket: Ticket) -> str:
    """The address that would be told that the ticket waits; "" if nobody, or if it would be refused."""
    try:
        status.after("wait", ticket.status)
        permission.require_answering(work, ticket, "wait")
    except (Refused, NotAllowed):
        return ""
    seen = permission.has_access(work, ticket)
    return status_notice.told(work, ticket, "waiting") if seen else ""
