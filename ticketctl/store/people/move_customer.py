"""Moves the rows of one customer to another at a merge, and back at undo (F-A22)."""

from msgspec import Struct
from sqlalchemy import Table, select, update

from ticketctl.store.db.engine import Tx
from ticketctl.store.db.schema import customer_order, identity, rating, ticket

_AT_ONCE = 500  # rows a statement names

_TABLES: dict[str, Table] = {
    "identities": identity,
    "tickets": ticket,
    "orders": customer_order,
    "ratings": rating,
}


class Things(Struct, frozen=True):
    """The numbers of rows that belong to a customer."""

    identities: list[int]
    tickets: list[int]
    orders: list[int]
    ratings: list[int]


def of(tx: Tx, customer_id: int) -> Things:
    """All rows of a customer."""
    return Things(
        **{
            name: list(
                tx.execute(
                    select(table.c.id)
                    .where(table.c.customer_id == customer_id)
                    .order_by(table.c.id)
                ).scalars()
            )
            for name, table in _TABLES.items()
        }
    )


def missing(tx: Tx, things: Things, customer_id: int) -> dict[str, int]:
    """How many of these rows no longer belong to the customer, by kind; only kinds with some."""
    present = of(tx, customer_id)
    counts = {
        name: len(set(getattr(things, name)).difference(getattr(present, name))) for name in _TABLES
    }
    return {name: count for name, count in counts.items() if count}


def move(tx: Tx, things: Things, source: int, target: int) -> None:
    """Move these rows from one customer to another."""
    for name, table in _TABLES.items():
        ids = getattr(things, name)
        for start in range(0, len(ids), _AT_ONCE):
            mine = (table.c.id.in_(ids[start : start + _AT_ONCE]), table.c.customer_id == source)
            tx.execute(update(table).where(*mine).values(customer_id=target))
