"""Whose things are: all that is one customer's becomes another's, and his again (A22)."""

from typing import Any

from msgspec import Struct
from sqlalchemy import Table, select, update

from ticketctl.store.engine import Tx
from ticketctl.store.schema import customer_order, identity, rating, ticket

_AT_ONCE = 500  # rows a statement names

_TABLES: dict[str, Table] = {
    "identities": identity,
    "tickets": ticket,
    "orders": customer_order,
    "ratings": rating,
}


class Things(Struct, frozen=True):
    """Numbers of rows that are one customer's."""

    identities: list[int]
    tickets: list[int]
    orders: list[int]
    ratings: list[int]


def of(tx: Tx, customer_id: int) -> Things:
    """Everything that is his."""
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


def move(tx: Tx, things: Things, source: int, target: int) -> dict[str, int]:
    """Give these things of one customer to another; by kind, how many were not the first one's any more."""
    return {
        name: len(ids) - sum(_moved(tx, table, ids, source, target))
        for name, table in _TABLES.items()
        if (ids := getattr(things, name))
    }


def _moved(tx: Tx, table: Table, ids: list[int], source: int, target: int) -> list[int]:
    return [
        _rows(tx, table, ids[start : start + _AT_ONCE], source, target)
        for start in range(0, len(ids), _AT_ONCE)
    ]


def _rows(tx: Tx, table: Table, ids: list[int], source: int, target: int) -> int:
    mine: tuple[Any, ...] = (table.c.id.in_(ids), table.c.customer_id == source)
    return int(tx.execute(update(table).where(*mine).values(customer_id=target)).rowcount)
