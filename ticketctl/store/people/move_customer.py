"""Moves the rows of one customer to another at a merge, and back at undo (F-A22)."""

from typing import Any

from msgspec import Struct

from ticketctl.store.db.core import in_list, sa, t
from ticketctl.store.db.database import Tx
from ticketctl.store.db.prepared import Statement, sql

_TABLES = {
    "identities": "identity",
    "tickets": "ticket",
    "orders": "customer_order",
    "ratings": "rating",
}


class Things(Struct, frozen=True):
    """The numbers of rows that belong to a customer."""

    identities: list[int]
    tickets: list[int]
    orders: list[int]
    ratings: list[int]


def _numbers(things: str) -> Statement:
    def make() -> Any:
        c = getattr(t, _TABLES[things]).c
        return sa.select(c.id).where(c.customer_id == sa.bindparam("of_customer")).order_by(c.id)

    return sql(make, f"{things} of")


def _moving(things: str) -> Statement:
    def make() -> Any:
        table = getattr(t, _TABLES[things])
        theirs = table.c.customer_id == sa.bindparam("source")
        change = sa.update(table).where(in_list(table.c.id, "ids"), theirs)
        return change.values(customer_id=sa.bindparam("target"))

    return sql(make, f"move {things}")


_OF = {things: _numbers(things) for things in _TABLES}
_MOVE = {things: _moving(things) for things in _TABLES}


def of(tx: Tx, customer_id: int) -> Things:
    """All rows of a customer."""
    this = {"of_customer": customer_id}
    return Things(**{name: tx.execute(query, this).scalars() for name, query in _OF.items()})


def missing(tx: Tx, things: Things, customer_id: int) -> dict[str, int]:
    """How many of these rows no longer belong to the customer, by kind; only kinds with some."""
    present = of(tx, customer_id)
    counts = {
        name: len(set(getattr(things, name)).difference(getattr(present, name))) for name in _TABLES
    }
    return {name: count for name, count in counts.items() if count}


def move(tx: Tx, things: Things, source: int, target: int) -> None:
    """Move these rows from one customer to another."""
    for name, statement in _MOVE.items():
        if ids := getattr(things, name):
            tx.execute(statement, {"ids": ids, "source": source, "target": target})
