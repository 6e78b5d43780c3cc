"""Helpers to insert rows."""

from collections.abc import Callable
from typing import Any

from ticketctl.store.db.core import insertion, t
from ticketctl.store.db.prepared import Statement, sql
from ticketctl.store.db.tx import Result, Tx


def new_id(result: Result) -> int:
    """The number of the row that an INSERT … RETURNING id made."""
    return int(result.scalar_one())


def insert_if_new(table: str) -> Statement:
    """An INSERT that does nothing if the row's unique key is taken; it returns a column of the row it made.

    Of two at once, the second waits until the first ends.
    """

    def make() -> Any:
        target = getattr(t, table)
        key = next(iter(target.primary_key))
        return insertion(target).on_conflict_do_nothing().returning(key)

    return sql(make, f"insert {table} if new")


def if_new(table: str) -> Callable[[Tx, dict[str, Any]], bool]:
    """A function that inserts a row unless its unique key is taken, and returns whether it did."""
    statement = insert_if_new(table)

    def insert(tx: Tx, row: dict[str, object]) -> bool:
        return tx.execute(statement, row).first() is not None

    return insert
