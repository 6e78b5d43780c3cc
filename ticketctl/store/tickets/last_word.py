"""Who wrote last in a ticket. Automatic mail does not count, nor what was undone or cancelled."""

from sqlalchemy import ColumnElement, and_, bindparam, exists, select

from ticketctl.store.db.engine import Tx
from ticketctl.store.db.schema import message, outbox


def stands() -> ColumnElement[bool]:
    """Was `message` written by people, and not withdrawn?"""
    withdrawn = exists().where(
        outbox.c.ticket_id == message.c.ticket_id,
        outbox.c.message_n == message.c.n,
        outbox.c.kind.in_(("reply", "resolution")),
        outbox.c.state == "cancelled",
    )
    return and_(message.c["class"] == "human", ~withdrawn.correlate(message))


_LAST = (
    select(message.c.direction)
    .where(message.c.ticket_id == bindparam("of_ticket"), stands())
    .order_by(message.c.n.desc())
    .limit(1)
)


_ANSWERS = select(message.c.n).where(
    message.c.ticket_id == bindparam("of_ticket"), message.c.direction == "out", stands()
)


def answers(tx: Tx, ticket_id: int) -> set[int]:
    """The numbers of our messages that stand."""
    return set(tx.execute(_ANSWERS, {"of_ticket": ticket_id}).scalars())


def last_word(tx: Tx, ticket_id: int) -> str | None:
    """The direction of the last message that stands; None for none."""
    found: str | None = tx.execute(_LAST, {"of_ticket": ticket_id}).scalar()
    return found
