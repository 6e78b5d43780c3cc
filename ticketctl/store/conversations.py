"""Messages and comments of many tickets at once, for exports: one query a page of tickets, not one a ticket."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import select

from ticketctl.desk.records import Comment, Message
from ticketctl.store import messages
from ticketctl.store.engine import Tx
from ticketctl.store.schema import comment, message


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
