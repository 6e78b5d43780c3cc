"""Finds the ticket of the same customer on another channel that a new message belongs to (F-L8)."""

from ticketctl.actions.base.context import Work
from ticketctl.actions.tickets import reopen_window
from ticketctl.domain.base import status
from ticketctl.domain.base.identity import EMAIL, PHONE, Identity
from ticketctl.domain.base.records import Ticket
from ticketctl.domain.base.subject import bare_subject
from ticketctl.domain.formats import transcript
from ticketctl.store.db.database import Tx
from ticketctl.store.people import customer_lists
from ticketctl.store.tickets import mail_ids, tickets
from ticketctl.store.tickets.mail_ids import KnownId

PRIVATE, PUBLIC = "dm", frozenset({"wall", "mention", "social", "review", "forum"})
EARLIER = 25  # tickets of a customer to search


def own_answer(tx: Tx, message_id: str | None) -> KnownId | None:
    """The answer of ours that a bridge has passed on as a message, because it reads what it posted; else None."""
    found = mail_ids.known(tx, [message_id]) if message_id else []
    return next((one for one in found if one.direction == transcript.OUT), None)


def running(
    work: Work, customer_id: int, who: Identity, channel: str, subject: str
) -> tuple[Ticket | None, Ticket | None]:
    """The customer's ticket from another channel that a message joins; else one that is related, to be linked.

    It joins a running ticket about the same subject if the definition joins channels, and else only if one is a public
    post and the other a private message in the network (F-A2). A message without a subject is about the latest ticket.
    """
    joins_all = work.definition.settings.join_across_channels
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
        beside = one.status in status.ACTIVE and _in_one_network(who, channel, one.channel)
        if same and (joins_all or beside) and reopen_window.may_join(work, one):
            return tickets.get(work.tx, one.id, lock=True), None
    near = (one for one in others if joins_all or reopen_window.may_join(work, one))
    return None, next(near, None)


def _in_one_network(who: Identity, one: str, other: str) -> bool:
    """Is one a private message in a network, the other a public post, and their author known by a name there?"""
    pair = {one, other}
    return who.kind not in (EMAIL, PHONE) and PRIVATE in pair and not PUBLIC.isdisjoint(pair)


def join_hints(ticket: Ticket, related: Ticket | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Which command joins a new ticket to a related one, for its notification, and who is to be told besides."""
    if related is None or related.segment != ticket.segment:
        return (), ()
    return (f"merge {ticket.id} --into {related.id}",), (related.owner,) if related.owner else ()
