"""Reads the conversation of tickets, with those merged into them: one query for many tickets."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import select

from ticketctl.domain.base.records import Comment, Message, Ticket
from ticketctl.store.db.engine import Tx
from ticketctl.store.db.schema import comment, message, ticket
from ticketctl.store.tickets import messages, tickets


def all_messages(tx: Tx, ticket_id: int) -> list[Message]:
    """The messages of a ticket and of those merged into it, in the order in which they were written."""
    parts = [ticket_id, *(one.id for one in tickets.merged(tx, ticket_id))]
    found = [one for some in messages_of(tx, parts).values() for one in some]
    return sorted(found, key=lambda one: (one.at, one.ticket, one.n))


def all_comments(tx: Tx, ticket_id: int) -> list[Comment]:
    """The comments, in the same way."""
    parts = [ticket_id, *(one.id for one in tickets.merged(tx, ticket_id))]
    found = [one for some in comments_of(tx, parts).values() for one in some]
    return sorted(found, key=lambda one: (one.at, one.ticket, one.n))


def merged_of(tx: Tx, ticket_ids: Sequence[int]) -> dict[int, list[Ticket]]:
    """What was merged into each of these tickets, also through chains, by number."""
    found: defaultdict[int, list[Ticket]] = defaultdict(list)
    root = {one: one for one in ticket_ids}
    new = list(ticket_ids)
    while new:
        query = select(ticket.c.id, ticket.c.merged_into).where(ticket.c.merged_into.in_(new))
        came = {row.id: root[row.merged_into] for row in tx.execute(query) if row.id not in root}
        root |= came
        new = list(came)
    for one in tickets.some(tx, sorted(root.keys() - set(ticket_ids))):
        found[root[one.id]].append(one)
    return found


def messages_of(tx: Tx, ticket_ids: Sequence[int]) -> dict[int, list[Message]]:
    """The messages of each ticket that has some, oldest first."""
    query = select(message).where(message.c.ticket_id.in_(ticket_ids)).order_by(message.c.n)
    found: defaultdict[int, list[Message]] = defaultdict(list)
    for one in messages.records(tx, query):
        found[one.ticket].append(one)
    return found


def comments_of(tx: Tx, ticket_ids: Sequence[int]) -> dict[int, list[Comment]]:
    """The comments of each ticket that has some, oldest first."""
    query = select(comment).where(comment.c.ticket_id.in_(ticket_ids)).order_by(comment.c.n)
    found: defaultdict[int, list[Comment]] = defaultdict(list)
    for one in messages.comment_records(tx, query):
        found[one.ticket].append(one)
    return found
