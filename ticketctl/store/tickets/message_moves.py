"""Moves messages to another ticket and back, and withdraws comments and replies.

Their numbers are never reused.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import cache

from ticketctl.errors import NotFound
from ticketctl.store.db.core import in_list, sa, t
from ticketctl.store.db.database import Tx
from ticketctl.store.db.prepared import sql
from ticketctl.store.tickets import search

_COUNT = sql(
    lambda: (
        sa.update(t.ticket)
        .where(t.ticket.c.id == sa.bindparam("of_ticket"))
        .values(
            messages_count=t.ticket.c.messages_count + sa.bindparam("more"),
            messages_gone=t.ticket.c.messages_gone + sa.bindparam("gone"),
        )
    )
)
_WHOLE = cache(lambda: sa.func.coalesce(t.message.c.full_text, t.message.c.text).label("whole"))
_TEXT = sql(
    lambda: sa.select(_WHOLE()).where(
        t.message.c.ticket_id == sa.bindparam("of_ticket"), t.message.c.n == sa.bindparam("number")
    )
)
_TEXTS = sql(
    lambda: sa.select(t.message.c.n, _WHOLE()).where(
        t.message.c.ticket_id == sa.bindparam("of_ticket"), in_list(t.message.c.n, "numbers")
    )
)
_COMMENT = sql(
    lambda: sa.select(t.comment.c.id, t.comment.c.text).where(
        t.comment.c.ticket_id == sa.bindparam("of_ticket"), t.comment.c.n == sa.bindparam("number")
    )
)
_DELETE_ATTACHMENTS = sql(
    lambda: sa.delete(t.attachment).where(t.attachment.c.comment_id == sa.bindparam("of_comment"))
)
_DELETE_COMMENT = sql(
    lambda: sa.delete(t.comment).where(t.comment.c.id == sa.bindparam("of_comment"))
)
_COUNT_WITHDRAWN = sql(
    lambda: (
        sa.update(t.ticket)
        .where(t.ticket.c.id == sa.bindparam("of_ticket"))
        .values(
            updated_at=sa.bindparam("new_time"),
            version=t.ticket.c.version + 1,
            comments_count=t.ticket.c.comments_count - 1,
            comments_gone=t.ticket.c.comments_gone + 1,
        )
    )
)


def _moving(table: "sa.Table", number: "sa.Column[int]") -> "sa.Update":
    return (
        sa.update(table)
        .where(table.c.ticket_id == sa.bindparam("here"), number == sa.bindparam("old_n"))
        .values({table.c.ticket_id: sa.bindparam("there"), number: sa.bindparam("new_n")})
    )


_MOVE_MESSAGE = sql(lambda: _moving(t.message, t.message.c.n))
_MOVE_IDS = sql(lambda: _moving(t.mail_id, t.mail_id.c.message_n))
_MOVE_SENT = sql(lambda: _moving(t.outbox, t.outbox.c.message_n))
_MOVE_RECEIVED = sql(lambda: _moving(t.inbox, t.inbox.c.message_n))
# A message, and the tables that refer to it by ticket and number.
_MOVE = (_MOVE_MESSAGE, _MOVE_IDS, _MOVE_SENT, _MOVE_RECEIVED)


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
    row = tx.execute(_COMMENT, {"of_ticket": ticket_id, "number": n}).first()
    if row is None:
        raise NotFound(f"ticket {ticket_id} has no comment {n}.")
    tx.execute(_DELETE_ATTACHMENTS, {"of_comment": row.id})
    tx.execute(_DELETE_COMMENT, {"of_comment": row.id})
    search.forget(tx, ticket_id, "comments", n, row.text)
    tx.execute(_COUNT_WITHDRAWN, {"of_ticket": ticket_id, "new_time": at})


def withdraw_answer(tx: Tx, ticket_id: int, n: int) -> None:
    """Withdraw a reply that nobody got: no longer counted or found. Its row stays, marked by its delivery.

    NotFound for an unknown one.
    """
    text = tx.execute(_TEXT, {"of_ticket": ticket_id, "number": n}).scalar()
    if text is None:
        raise NotFound(f"ticket {ticket_id} has no message {n}.")
    search.forget(tx, ticket_id, "body", n, text)
    _count(tx, ticket_id, -1, gone=1)


def _move(tx: Tx, here: int, there: int, numbers: Mapping[int, int]) -> None:
    tx.seen.clear()
    for old, text in tx.execute(_TEXTS, {"of_ticket": here, "numbers": list(numbers)}).all():
        new = numbers[old]
        if search.forget(tx, here, "body", old, text):
            search.index(tx, there, "body", new, text)
        for move in _MOVE:
            tx.execute(move, {"here": here, "old_n": old, "there": there, "new_n": new})


def _count(tx: Tx, ticket_id: int, more: int, *, gone: int = 0) -> None:
    tx.execute(_COUNT, {"of_ticket": ticket_id, "more": more, "gone": gone})
