"""Closes tickets. The customer is told unless the ticket was resolved before."""

from ticketctl.actions.base.context import Work
from ticketctl.actions.tickets import ending


def close(
    work: Work,
    ticket_id: int,
    *,
    comment: str = "",
    reply_text: str = "",
    fields: dict[str, object] | None = None,
    if_version: int | None = None,
    force: bool = False,
) -> None:
    """Close a ticket. `comment` is internal; `reply_text` are closing words to the customer; `fields` as in edit.

    Refused without comment, for a step the life cycle does not have, for a missing required field, and for a ticket
    that another blocks unless `force`. The customer
    gets one resolution mail; if they had one already, another only for `reply_text`.
    """
    ending.run(work, ticket_id, "close", comment, reply_text, fields or {}, if_version, force)
