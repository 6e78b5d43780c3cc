"""Reads the conversation of tickets, with those merged into them: one query for many tickets."""

from collections import defaultdict
from collections.abc import Sequence

from ticketctl.domain.base.records import Comment, Message, Ticket
from ticketctl.store.db.core import in_list, sa, t
from ticketctl.store.db.database import Tx
from ticketctl.store.db.prepared import sql
from ticketctl.store.tickets import messages, tickets

_MERGED = sql(
    lambda: sa.select(t.ticket.c.id, t.ticket.c.merged_into).where(
        in_list(t.ticket.c.merged_into, "ids")
    )
)
_MESSAGES = sql(
    lambda: (
        sa.select(t.message).where(in_list(t.message.c.ticket_id, "ids")).order_by(t.message.c.n)
    )
)
_COMMENTS = sql(
    lambda: (
        sa.select(t.comment).where(in_list(t.comment.c.ticket_id, "ids")).order_by(t.comment.c.n)
    )
)


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
        rows = tx.execute(_MERGED, {"ids": new})
        came = {row.id: root[row.merged_into] for row in rows if row.id not in root}
        root |= came
        new = list(came)
    for one in tickets.some(tx, sorted(root.keys() - set(ticket_ids))):
        found[root[one.id]].append(one)
    return found


def messages_of(tx: Tx, ticket_ids: Sequence[int]) -> dict[int, list[Message]]:
    """The messages of each ticket that has some, oldest first."""
    found: defaultdict[int, list[Message]] = defaultdict(list)
    for one in messages.records(tx, _MESSAGES, {"ids": ticket_ids}):
        found[one.ticket].append(one)
    return found


def comments_of(tx: Tx, ticket_ids: Sequence[int]) -> dict[int, list[Comment]]:
    """The comments of each ticket that has some, oldest first."""
    found: defaultdict[int, list[Comment]] = defaultdict(list)
    for one in messages.comment_records(tx, _COMMENTS, {"ids": ticket_ids}):
        found[one.ticket].append(one)
    return found
