"""What resolve and close share: required fields, the end's times, and telling the customer once (Q1)."""

from typing import Any

from ticketctl.actions import after, checks, custom, letters, states
from ticketctl.actions.work import Work
from ticketctl.desk import status
from ticketctl.desk.records import Ticket

_TYPE = {"resolve": "resolved", "close": "closed"}


def end(
    work: Work,
    ticket: Ticket,
    verb: str,
    comment: str = "",
    reply_text: str = "",
    *,
    told: bool = False,
) -> Ticket:
    """Resolve or close a ticket; `told`: the customer knows it already from the reply that ends it.

    Who was told before is told again only in words, `reply_text`.

    Refused for a step the life cycle does not have and for a required field without a value.
    """
    status.after(verb, ticket.status)
    custom.require(work, ticket, "close")
    columns: dict[str, Any] = {"resolved_at": ticket.resolved_at or work.at}
    if verb == "close":
        columns["closed_at"] = work.at
    tells = reply_text.strip() or ticket.closed_loop_at is None
    if tells and (told or _tell(work, ticket, reply_text)):
        columns["closed_loop_at"] = work.at
    return states.step(work, ticket, verb, _TYPE[verb], comment, **columns)


def ended(
    work: Work,
    ticket_id: int,
    verb: str,
    comment: str,
    reply_text: str,
    fields: dict[str, Any],
    if_version: int | None,
) -> None:
    """The verb from its comment to its event: see resolve.py and close.py."""
    checks.comment(work, verb, comment)
    ticket = checks.opened(work, ticket_id, if_version)
    if fields:
        ticket = custom.change(work, ticket, fields, comment)
    end(work, ticket, verb, comment, reply_text)
    after.updated(work, ticket_id)


def _tell(work: Work, ticket: Ticket, text: str) -> bool:
    if not work.notify or not ticket.customer.email:
        return False
    return letters.resolution(work, ticket, text) is not None
