"""Moves messages to another ticket and back, and withdraws comments and replies.

Their numbers are never reused.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Table, bindparam, delete, func, select, update

from ticketctl.errors import NotFound
from ticketctl.store.db.engine import Tx
from ticketctl.store.db.schema import attachment, comment, inbox, mail_id, message, outbox, ticket
from ticketctl.store.tickets import search

# Tables that refer to a message by ticket and number.
_NAMING = (mail_id, outbox, inbox)
_COUNT = (
    update(ticket)
    .where(ticket.c.id == bindparam("of_ticket"))
    .values(
        messages_count=ticket.c.messages_count + bindparam("more"),
        messages_gone=ticket.c.messages_gone + bindparam("gone"),
    )
)


def split_off(tx: Tx, source: int, target: int, numbers: Mapping[int, int]) -> None:
    """Move messages of `source` to `target`, by old and new number, with everything that leads to them.

    That is attachments, search, Message-IDs, deliveries and the inbox's verdict; the caller updates the versions.
    """
    _move(tx, source, target, numbers)
    _count(tx, source, -len(numbers), gone=len(numbers))
    _count(tx, target, len(numbers))


def put_back(tx: Tx, source: int, target: int, numbers: Mapping[int, int]) -> None:
    """Move them back to the numbers they had in `source`."""
    _move(tx, target, source, {new: old for old, new in numbers.items()})
    _count(tx, source, len(numbers), gone=-len(numbers))
    _count(tx, target, -len(numbers), gone=len(numbers))


def withdraw_comment(tx: Tx, ticket_id: int, n: int, at: datetime) -> None:
    """Delete a comment with its attachments and its search entry; NotFound for an unknown one."""
    this = (comment.c.ticket_id == ticket_id, comment.c.n == n)
    row = tx.execute(select(comment.c.id, comment.c.text).where(*this)).first()
    if row is None:
        raise NotFound(f"ticket {ticket_id} has no comment {n}.")
    tx.execute(delete(attachment).where(attachment.c.comment_id == row.id))
    tx.execute(delete(comment).where(comment.c.id == row.id))
    search.forget(tx, ticket_id, "comments", n, row.text)
    tx.execute(
        update(ticket)
        .where(ticket.c.id == ticket_id)
        .values(
            updated_at=at,
            version=ticket.c.version + 1,
            comments_count=ticket.c.comments_count - 1,
            comments_gone=ticket.c.comments_gone + 1,
        )
    )


def withdraw_answer(tx: Tx, ticket_id: int, n: int) -> None:
    """Withdraw a reply that nobody got: no longer counted or found. Its row stays, marked by its delivery.

    NotFound for an unknown one.
    """
    whole = func.coalesce(message.c.full_text, message.c.text)
    text = tx.execute(
        select(whole).where(message.c.ticket_id == ticket_id, message.c.n == n)
    ).scalar()
    if text is None:
        raise NotFound(f"ticket {ticket_id} has no message {n}.")
    search.forget(tx, ticket_id, "body", n, text)
    _count(tx, ticket_id, -1, gone=1)


def _move(tx: Tx, here: int, there: int, numbers: Mapping[int, int]) -> None:
    whole = func.coalesce(message.c.full_text, message.c.text).label("whole")
    query = select(message.c.n, whole).where(
        message.c.ticket_id == here, message.c.n.in_(list(numbers))
    )
    for old, text in tx.execute(query).all():
        new = numbers[old]
        if search.forget(tx, here, "body", old, text):
            search.index(tx, there, "body", new, text)
        _rename(tx, message, "n", here, old, there, new)
        for table in _NAMING:
            _rename(tx, table, "message_n", here, old, there, new)


def _rename(tx: Tx, table: Table, column: str, here: int, old: int, there: int, new: int) -> None:
    this = (table.c.ticket_id == here, table.c[column] == old)
    tx.execute(update(table).where(*this).values({"ticket_id": there, column: new}))


def _count(tx: Tx, ticket_id: int, more: int, *, gone: int = 0) -> None:
    tx.execute(_COUNT, {"of_ticket": ticket_id, "more": more, "gone": gone})
