"""Resolves tickets. The customer is told, and an answer reopens the ticket."""

from ticketctl.actions.base.context import Work
from ticketctl.actions.tickets import ending


def resolve(
    work: Work,
    ticket_id: int,
    *,
    comment: str = "",
    reply_text: str = "",
    fields: dict[str, object] | None = None,
    if_version: int | None = None,
    force: bool = False,
) -> None:
    """Resolve a ticket. `comment` is internal; `reply_text` are closing words to the customer; `fields` as in edit.

    Refused without comment, for a step the life cycle does not have, for a missing required field, and for a ticket
    that another blocks unless `force`. The customer
    gets one resolution mail unless work.notify is False.
    """
    ending.run(work, ticket_id, "resolve", comment, reply_text, fields or {}, if_version, force)
