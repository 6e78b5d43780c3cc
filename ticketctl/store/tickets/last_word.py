"""Who wrote last in a ticket. Automatic mail does not count, nor what was undone or cancelled."""

from typing import Any

from ticketctl.store.db.core import sa, t
from ticketctl.store.db.database import Tx
from ticketctl.store.db.prepared import sql


def stands() -> "sa.ColumnElement[bool]":
    """Was `message` written by people, and not withdrawn?"""
    withdrawn = sa.exists().where(
        t.outbox.c.ticket_id == t.message.c.ticket_id,
        t.outbox.c.message_n == t.message.c.n,
        t.outbox.c.kind.in_(("reply", "resolution")),
        t.outbox.c.state == "cancelled",
    )
    return sa.and_(t.message.c["class"] == "human", ~withdrawn.correlate(t.message))


def waiting_since() -> "sa.ColumnElement[Any]":
    """Since when a customer waits for us: their first message that nobody has answered; NULL if we are not awaited.

    Our last message is looked for from the end: a list sorts tens of thousands of tickets by it.
    """
    asked = t.message.alias("asked")
    answered = (
        sa.select(t.message.c.n)
        .where(t.message.c.ticket_id == t.ticket.c.id, t.message.c.direction == "out", stands())
        .order_by(t.message.c.n.desc())
        .limit(1)
        .correlate(t.ticket)
        .scalar_subquery()
    )
    first = (
        sa.select(sa.func.min(asked.c.at))
        .where(
            asked.c.ticket_id == t.ticket.c.id,
            asked.c.direction == "in",
            asked.c["class"] == "human",
            asked.c.n > sa.func.coalesce(answered, 0),
        )
        .correlate(t.ticket)
        .scalar_subquery()
    )
    created = t.ticket.c.created_at
    waits = t.ticket.c.awaiting == "agent"
    return sa.case(
        (sa.and_(waits, t.ticket.c.first_reply_at.is_(None)), created),
        (waits, sa.func.coalesce(first, created)),
    )


_LAST = sql(
    lambda: (
        sa.select(t.message.c.direction)
        .where(t.message.c.ticket_id == sa.bindparam("of_ticket"), stands())
        .order_by(t.message.c.n.desc())
        .limit(1)
    )
)


_ANSWERS = sql(
    lambda: sa.select(t.message.c.n).where(
        t.message.c.ticket_id == sa.bindparam("of_ticket"), t.message.c.direction == "out", stands()
    )
)


def answers(tx: Tx, ticket_id: int) -> set[int]:
    """The numbers of our messages that stand."""
    return set(tx.execute(_ANSWERS, {"of_ticket": ticket_id}).scalars())


def last_word(tx: Tx, ticket_id: int) -> str | None:
    """The direction of the last message that stands; None for none."""
    found: str | None = tx.execute(_LAST, {"of_ticket": ticket_id}).scalar()
    return found
