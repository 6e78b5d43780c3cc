"""Finds the ticket of the same customer on another channel that a new message belongs to (F-L8)."""

from ticketctl.actions.base.context import Work
from ticketctl.actions.tickets import reopen_window
from ticketctl.domain.base import status
from ticketctl.domain.base.records import Ticket
from ticketctl.domain.base.subject import bare_subject
from ticketctl.domain.formats import transcript
from ticketctl.store.db.database import Tx
from ticketctl.store.people import customer_lists
from ticketctl.store.tickets import mail_ids, tickets
from ticketctl.store.tickets.mail_ids import KnownId

EARLIER = 25  # tickets of a customer to search


def own_answer(tx: Tx, message_id: str | None) -> KnownId | None:
    """The answer of ours that a bridge has passed on as a message, because it reads what it posted; else None."""
    found = mail_ids.known(tx, [message_id]) if message_id else []
    return next((one for one in found if one.direction == transcript.OUT and one.n), None)


def running(
    work: Work, customer_id: int, channel: str, subject: str
) -> tuple[Ticket | None, Ticket | None]:
    """The customer's running ticket from another channel about the same subject; else one that is related.

    Both None unless the definition joins channels. A message without a subject is about the latest ticket.
    """
    if not work.definition.settings.join_across_channels:
        return None, None
    name = work.definition.settings.name
    wanted = bare_subject(name, subject).casefold()
    others = [
        one
        for one in customer_lists.tickets_of(work.tx, customer_id, EARLIER)
        if one.customer.id == customer_id
        and one.channel != channel
        and one.status not in (status.SPAM, status.MERGED)
    ]
    for one in others:
        same = not wanted or bare_subject(name, one.subject).casefold() == wanted
        if same and reopen_window.may_join(work, one):
            return tickets.get(work.tx, one.id, lock=True), None
    return None, next(iter(others), None)
