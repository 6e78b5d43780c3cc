"""Messages (public) and comments (internal).

Both are numbered within the ticket by one UPDATE, so two writers never take the same number. Adding one updates the
ticket: its version, its time of change, and for a message of the customer the time of their last message.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from msgspec import Struct

from ticketctl.domain.base.records import Attachment, Comment, Message
from ticketctl.errors import NotFound
from ticketctl.store.db.core import in_list, most, sa, t
from ticketctl.store.db.database import Tx
from ticketctl.store.db.prepared import Statement, sql
from ticketctl.store.db.rows import new_id
from ticketctl.store.db.tx import Values
from ticketctl.store.db.values import Row
from ticketctl.store.tickets import mail_ids, search
from ticketctl.store.tickets.attachments import (
    OF_COMMENTS,
    OF_MESSAGES,
    add_attachments,
    attachments_of,
)

_newer = cache(
    lambda: (
        sa.update(t.ticket)
        .where(t.ticket.c.id == sa.bindparam("of_ticket"))
        .values(updated_at=sa.bindparam("new_time"))
    )
)
# The first message belongs to the creation of a ticket; later ones make a new version. A ticket that
# has public and private messages is mixed (F-A2).
_COUNT_MESSAGE = sql(
    lambda: (
        _newer()
        .values(
            messages_count=t.ticket.c.messages_count + 1,
            version=t.ticket.c.version
            + sa.case((t.ticket.c.messages_count + t.ticket.c.messages_gone > 0, 1), else_=0),
            kind=sa.case(
                (t.ticket.c.kind == sa.bindparam("new_visibility"), t.ticket.c.kind), else_="mixed"
            ),
        )
        .returning(t.ticket.c.messages_count + t.ticket.c.messages_gone)
    )
)
_COUNT_CUSTOMER_MESSAGE = sql(
    lambda: _COUNT_MESSAGE().values(last_customer_at=sa.bindparam("customer_time"))
)
_COUNT_COMMENT = sql(
    lambda: (
        _newer()
        .values(comments_count=t.ticket.c.comments_count + 1, version=t.ticket.c.version + 1)
        .returning(t.ticket.c.comments_count + t.ticket.c.comments_gone)
    )
)
_ADD_MESSAGE = sql(lambda: sa.insert(t.message).returning(t.message.c.id))
_ADD_COMMENT = sql(lambda: sa.insert(t.comment).returning(t.comment.c.id))
_MESSAGES = cache(
    lambda: sa.select(t.message).where(t.message.c.ticket_id == sa.bindparam("of_ticket"))
)
_OF = sql(lambda: _MESSAGES().order_by(t.message.c.n.desc()).limit(most("last")))
_FIRST = sql(lambda: _MESSAGES().order_by(t.message.c.n).limit(1))
_GET = sql(lambda: _MESSAGES().where(t.message.c.n == sa.bindparam("number")))
_BEFORE = sql(
    lambda: (
        _MESSAGES()
        .where(t.message.c.n < sa.bindparam("number"))
        .order_by(t.message.c.n.desc())
        .limit(sa.bindparam("most"))
    )
)
_AFTER = sql(
    lambda: (
        _MESSAGES()
        .where(t.message.c.n > sa.bindparam("number"))
        .order_by(t.message.c.n)
        .limit(sa.bindparam("most"))
    )
)
_COUNT = sql(lambda: sa.select(sa.func.count()).where(in_list(t.message.c.ticket_id, "ids")))
_VISIBILITIES = sql(
    lambda: (
        sa.select(t.message.c.visibility).where(in_list(t.message.c.ticket_id, "ids")).distinct()
    )
)
_COMMENTS = sql(
    lambda: (
        sa.select(t.comment)
        .where(t.comment.c.ticket_id == sa.bindparam("of_ticket"))
        .order_by(t.comment.c.n.desc())
        .limit(most("last"))
    )
)
_DELIVERIES = sql(
    lambda: (
        sa.select(t.outbox.c.ticket_id, t.outbox.c.message_n, t.delivery.c.state)
        .join(t.delivery, t.delivery.c.outbox_id == t.outbox.c.id)
        .where(in_list(t.outbox.c.ticket_id, "ids"), t.outbox.c.message_n.is_not(None))
        .where(t.outbox.c.kind != "notification")
    )
)
_TEXTS = sql(
    lambda: (
        sa.select(sa.func.coalesce(t.message.c.full_text, t.message.c.text).label("whole"))
        .where(t.message.c.ticket_id == sa.bindparam("of_ticket"))
        .order_by(t.message.c.n.desc())
        .limit(sa.bindparam("most"))
    )
)
_SENT_TEXTS = sql(lambda: _TEXTS().where(t.message.c.direction == "out"))

# A message has the worst state of its deliveries; `uncertain` counts as failed, so that somebody looks.
_WORST = ("bounced", "failed", "queued", "sent", "cancelled")
_DELIVERY = {"sending": "queued", "uncertain": "failed"}


class NewMessage(Struct, frozen=True, kw_only=True):
    """A message to file. `at` is when we got it, `said_at` when it was written, if earlier (a chat, a phone call)."""

    direction: str
    class_: str
    author: str
    author_name: str
    at: datetime
    subject: str
    text: str
    full_text: str
    visibility: str = "private"
    message_id: str | None = None
    in_reply_to: str | None = None
    permalink: str | None = None
    thread: str | None = None
    channel: str = "email"
    blob: str | None = None
    attachments: Sequence[Attachment] = ()
    said_at: datetime | None = None
    proof: str | None = None


def add(tx: Tx, ticket_id: int, new: NewMessage) -> int:
    """File a message and return its number in the ticket: counted, searchable, its Message-ID remembered."""
    from_customer = new.direction == "in" and new.class_ == "human"
    n = _count_message(tx, ticket_id, new.at, new.visibility, from_customer=from_customer)
    _file(tx, ticket_id, n, new)
    return n


def add_first(tx: Tx, ticket_id: int, new: NewMessage) -> int:
    """File the message that a ticket was created with (`NewTicket.first_message`), as `add` does; its number is 1."""
    _file(tx, ticket_id, 1, new)
    return 1


def _file(tx: Tx, ticket_id: int, n: int, new: NewMessage) -> None:
    values = {
        "ticket_id": ticket_id,
        "n": n,
        "direction": new.direction,
        "class": new.class_,
        "visibility": new.visibility,
        "author": new.author,
        "author_name": new.author_name,
        "at": new.said_at or new.at,
        "subject": new.subject,
        "text": new.text,
        "full_text": None if new.full_text == new.text else new.full_text,
        "message_id": new.message_id,
        "in_reply_to": new.in_reply_to,
        "permalink": new.permalink,
        "thread": new.thread,
        "channel": new.channel,
        "blob_sha256": new.blob,
        "proof": new.proof,
    }
    id = new_id(tx.execute(_ADD_MESSAGE, values))
    add_attachments(tx, new.attachments, message_id=id)
    if new.message_id:
        mail_ids.remember(tx, new.message_id, ticket_id, n, new.direction, new.at)
    search.index(tx, ticket_id, "body", n, new.full_text)


def of(tx: Tx, ticket_id: int, last: int | None = None) -> list[Message]:
    """The messages of a ticket, oldest first; only the `last` ones if a number is given."""
    return records(tx, _OF, {"of_ticket": ticket_id, "last": last})


def first(tx: Tx, ticket_id: int) -> Message:
    """The first message of a ticket that has one; its number may be above 1, because a split keeps numbers."""
    return records(tx, _FIRST, {"of_ticket": ticket_id})[0]


def around(tx: Tx, ticket_id: int, n: int, count: int) -> list[Message]:
    """A message with up to `count` before and `count` after it, oldest first (F-A25); NotFound for an unknown one."""
    here = get(tx, ticket_id, n)
    values = {"of_ticket": ticket_id, "number": n, "most": count}
    return [*records(tx, _BEFORE, values), here, *records(tx, _AFTER, values)]


def get(tx: Tx, ticket_id: int, n: int) -> Message:
    """One message; NotFound for an unknown one."""
    found = records(tx, _GET, {"of_ticket": ticket_id, "number": n})
    if not found:
        raise NotFound(f"ticket {ticket_id} has no message {n}.")
    return found[0]


def add_comment(
    tx: Tx,
    ticket_id: int,
    *,
    author: str,
    at: datetime,
    text: str,
    blob: str | None = None,
    attachments: Sequence[Attachment] = (),
) -> int:
    """File an internal comment and return its number in the ticket."""
    n = tx.execute(_COUNT_COMMENT, {"of_ticket": ticket_id, "new_time": at}).scalar()
    if n is None:
        raise NotFound(f"no ticket {ticket_id}.")
    values = {
        "ticket_id": ticket_id,
        "n": n,
        "author": author,
        "at": at,
        "text": text,
        "blob_sha256": blob,
    }
    id = new_id(tx.execute(_ADD_COMMENT, values))
    add_attachments(tx, attachments, comment_id=id)
    search.index(tx, ticket_id, "comments", n, text)
    return int(n)


def comments(tx: Tx, ticket_id: int, last: int | None = None) -> list[Comment]:
    """The comments of a ticket, oldest first; only the `last` ones if a number is given."""
    return comment_records(tx, _COMMENTS, {"of_ticket": ticket_id, "last": last})


def comment_records(tx: Tx, query: Statement, values: Values) -> list[Comment]:
    """The comments of a statement on the table, by number; for the other modules of the store."""
    found = sorted(tx.execute(query, values), key=lambda row: row.n)
    indexes = attachments_of(tx, OF_COMMENTS, [row.id for row in found])
    return [
        Comment(
            id=row.id,
            ticket=row.ticket_id,
            n=row.n,
            author=row.author,
            at=row.at,
            text=row.text,
            attachments=indexes[row.id],
        )
        for row in found
    ]


def count(tx: Tx, ticket_ids: Collection[int]) -> int:
    """How many messages tickets have, including withdrawn replies."""
    return int(tx.execute(_COUNT, {"ids": ticket_ids}).scalar_one())


def visibilities(tx: Tx, ticket_ids: Collection[int]) -> set[str]:
    """Which of public and private the messages of tickets are."""
    return set(tx.execute(_VISIBILITIES, {"ids": ticket_ids}).scalars())


def texts(tx: Tx, ticket_id: int, last: int) -> list[str]:
    """The full texts of a ticket's last messages, which a reply may quote."""
    return list(tx.execute(_TEXTS, {"of_ticket": ticket_id, "most": last}).scalars())


def sent_texts(tx: Tx, ticket_id: int, last: int) -> list[str]:
    """The full texts of the last messages that went to the customer."""
    return list(tx.execute(_SENT_TEXTS, {"of_ticket": ticket_id, "most": last}).scalars())


def _count_message(
    tx: Tx, ticket_id: int, at: datetime, visibility: str, *, from_customer: bool
) -> int:
    values: dict[str, Any] = {
        "of_ticket": ticket_id,
        "new_time": at,
        "new_visibility": visibility,
    }
    if from_customer:
        n = tx.execute(_COUNT_CUSTOMER_MESSAGE, values | {"customer_time": at}).scalar()
    else:
        n = tx.execute(_COUNT_MESSAGE, values).scalar()
    if n is None:
        raise NotFound(f"no ticket {ticket_id}.")
    return int(n)


def records(tx: Tx, query: Statement, values: Values) -> list[Message]:
    """The messages of a statement on the table, by number; for the other modules of the store."""
    found = sorted(tx.execute(query, values), key=lambda row: row.n)
    indexes = attachments_of(tx, OF_MESSAGES, [row.id for row in found])
    going = _deliveries(tx, {row.ticket_id for row in found if row.direction == "out"})
    return [_record(row, indexes[row.id], going.get((row.ticket_id, row.n))) for row in found]


def _deliveries(tx: Tx, ticket_ids: Collection[int]) -> dict[tuple[int, int], str]:
    """The delivery state of the outgoing messages of tickets, by ticket and `n`: a word of `_WORST`."""
    if not ticket_ids:
        return {}
    states: defaultdict[tuple[int, int], set[str]] = defaultdict(set)
    for ticket_id, n, state in tx.execute(_DELIVERIES, {"ids": ticket_ids}):
        states[ticket_id, n].add(_DELIVERY.get(state, state))
    worst = {at: [state for state in _WORST if state in known] for at, known in states.items()}
    return {at: ranked[0] for at, ranked in worst.items() if ranked}


def _record(row: Row, attachments: tuple[Attachment, ...], going: str | None) -> Message:
    return Message(
        id=row.id,
        ticket=row.ticket_id,
        n=row.n,
        direction=row.direction,
        class_=getattr(row, "class"),
        visibility=row.visibility,
        author=row.author,
        author_name=row.author_name,
        at=row.at,
        subject=row.subject,
        text=row.text,
        full_text=row.text if row.full_text is None else row.full_text,
        message_id=row.message_id,
        in_reply_to=row.in_reply_to,
        permalink=row.permalink,
        thread=row.thread,
        channel=row.channel,
        proof=row.proof,
        delivery=going,
        blob=row.blob_sha256,
        attachments=attachments,
    )
