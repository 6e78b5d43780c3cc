"""Customers in lists, and what a customer has: tickets, chats."""

from collections.abc import Generator, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct

from ticketctl.domain.base import addresses
from ticketctl.domain.base.addresses import address_key
from ticketctl.domain.base.condition import EVERYTHING, Condition
from ticketctl.domain.base.identity import EMAIL
from ticketctl.domain.base.records import Customer, Ticket
from ticketctl.store.db.core import hole, in_list, most, sa, t
from ticketctl.store.db.database import Tx
from ticketctl.store.db.fragments import Part
from ticketctl.store.db.prepared import all_of, any_of, expression, sql
from ticketctl.store.db.values import escape_like
from ticketctl.store.people import customers
from ticketctl.store.tickets import conditions, tickets

_CHUNK = 500  # rows a server-side cursor brings at once


def _of_their_tickets(figure: Any, name: str) -> Any:
    theirs = t.ticket.c.customer_id == t.customer.c.id
    return sa.select(figure).where(theirs).scalar_subquery().label(name)


_LISTING = sql(
    lambda: (
        customers.SELECT()
        .add_columns(
            _of_their_tickets(sa.func.count(), "tickets_count"),
            _of_their_tickets(sa.func.max(t.ticket.c.last_customer_at), "word_at"),
        )
        .where(t.customer.c.merged_into.is_(None), hole("condition"))
        .order_by(t.customer.c.id)
    )
)
_NAMED = expression(
    lambda: t.customer.c.name.icontains(sa.bindparam("word"), escape="/"), "customer"
)
_WITH_IDENTITY = expression(
    lambda: t.customer.c.id.in_(sa.select(t.identity.c.customer_id).where(hole("identity"))),
    "customer",
)
_IDENTITY = expression(
    lambda: t.identity.c.value.icontains(sa.bindparam("word"), escape="/"), "identity"
)


def _taking_part() -> Any:
    """The numbers of the tickets that a customer takes part in, from one index each."""
    mine = t.identity.c.customer_id == sa.bindparam("of_customer")
    addresses = sa.union(
        sa.select(t.identity.c.value).where(mine, t.identity.c.kind == EMAIL),
        sa.select(t.identity.c.kind + ":" + t.identity.c.value).where(
            mine, t.identity.c.kind != EMAIL
        ),
    )
    numbers = sa.union(
        sa.select(t.ticket.c.id).where(t.ticket.c.customer_id == sa.bindparam("of_customer")),
        sa.select(t.participant.c.ticket_id).where(t.participant.c.address.in_(addresses)),
    ).subquery()
    return sa.select(numbers.c.id)


_TICKETS_OF = sql(
    lambda: (
        tickets.SELECT()
        .where(t.ticket.c.id.in_(_taking_part()), hole("condition"))
        .order_by(t.ticket.c.updated_at.desc(), t.ticket.c.id.desc())
        .limit(most("limit"))
    )
)
_TICKET_OF = sql(
    lambda: (
        tickets.SELECT()
        .where(in_list(t.ticket.c.customer_id, "ids"), hole("condition"))
        .order_by(t.ticket.c.id)
        .limit(1)
    )
)
_TRANSCRIPTS = sql(
    lambda: (
        sa.select(t.message.c.ticket_id, sa.func.min(t.message.c.at), sa.func.count())
        .join(t.ticket, t.ticket.c.id == t.message.c.ticket_id)
        .where(
            t.ticket.c.customer_id == sa.bindparam("of_customer"),
            t.message.c.channel == "chat",
            hole("condition"),
        )
        .group_by(t.message.c.ticket_id)
        .order_by(t.message.c.ticket_id.desc())
    )
)


_NAMESAKES = sql(
    lambda: (
        customers.SELECT()
        .where(
            in_list(sa.func.lower(t.customer.c.name, type_=sa.Text), "lowered"),
            t.customer.c.merged_into.is_(None),
            t.customer.c.id != sa.bindparam("besides"),
        )
        .order_by(t.customer.c.id)
        .limit(sa.bindparam("most"))
    )
)
_WORDS_OF = sql(
    lambda: (
        sa.select(sa.func.coalesce(t.message.c.full_text, t.message.c.text).label("whole"))
        .join(t.ticket, t.ticket.c.id == t.message.c.ticket_id)
        .where(t.ticket.c.customer_id == sa.bindparam("of_customer"), t.message.c.direction == "in")
        .order_by(t.message.c.id.desc())
        .limit(sa.bindparam("most"))
    )
)


class Listed(Struct, frozen=True):
    """A row of the list of customers."""

    customer: Customer
    created_at: datetime
    tickets: int  # of their own tickets


class Transcript(Struct, frozen=True):
    """A chat with a customer: its ticket, when it began, how many messages it has."""

    ticket: int
    at: datetime
    messages: int


def listing(tx: Tx, word: str = "") -> Generator[Listed, None, None]:
    """All customers except merged ones, by number; with a `word`, those with it in name or identity."""
    for row in tx.stream(_LISTING, at_once=_CHUNK, condition=_with(word)):
        one = customers.latest(customers.record(row), row.word_at)
        yield Listed(one, row.created_at, row.tickets_count)


def tickets_of(
    tx: Tx, customer_id: int, limit: int | None = 25, among: Condition = EVERYTHING
) -> list[Ticket]:
    """Tickets that a customer requested or takes part in by any identity, the newest activity first (F-A32)."""
    of = {"of_customer": customer_id, "limit": limit}
    return tickets.rows(tx, _TICKETS_OF, of, condition=conditions.sql(among))


def ticket_of(tx: Tx, ids: Sequence[int], among: Condition) -> Ticket | None:
    """One of the tickets that these customers requested and that match; None for none."""
    asked = tickets.rows(tx, _TICKET_OF, {"ids": ids}, condition=conditions.sql(among))
    return next(iter(asked), None)


def transcripts(tx: Tx, customer_id: int, among: Condition = EVERYTHING) -> list[Transcript]:
    """A customer's chats, the newest first."""
    of = {"of_customer": customer_id}
    rows = tx.execute(_TRANSCRIPTS, of, condition=conditions.sql(among))
    return [Transcript(*row) for row in rows]


def namesakes(tx: Tx, names: Sequence[str], besides: int, limit: int) -> list[Customer]:
    """Customers with one of these names, ignoring case, but for `besides` and merged ones; by number."""
    wanted = {"lowered": [name.lower() for name in names], "besides": besides, "most": limit}
    return [customers.record(row) for row in tx.execute(_NAMESAKES, wanted)]


def words_of(tx: Tx, customer_id: int, limit: int) -> list[str]:
    """The full texts of the last messages in a customer's own tickets that came in, the newest first."""
    of = {"of_customer": customer_id, "most": limit}
    return list(tx.execute(_WORDS_OF, of).scalars())


def _with(word: str) -> Part:
    """The customers with this word in name or identity; without a word, all."""
    if not word:
        return all_of()
    international = address_key(word) if "@" in word else addresses.domain(word)
    held = (_IDENTITY.part({"word": escape_like(one)}) for one in {word, international})
    return any_of(
        _NAMED.part({"word": escape_like(word)}), _WITH_IDENTITY.part(identity=any_of(*held))
    )
