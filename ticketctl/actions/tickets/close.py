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
) -> None:
    """Close a ticket. `comment` is internal; `reply_text` are closing words to the customer; `fields` as in edit.

    Refused: no comment, no such step, a required field missing. One resolution mail; of
    who was told already only for words.
    """
    ending.ended(work, ticket_id, "close", comment, reply_text, fields or {}, if_version)
