"""Helpers to insert rows and to read what a statement returned."""

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import CursorResult, Table

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql

from ticketctl.store.db.engine import Tx


def new_id(result: CursorResult[object]) -> int:
    """The number of the row that an INSERT made."""
    key = result.inserted_primary_key
    assert key is not None
    return int(key[0])


def if_new(table: Table) -> Callable[[Tx, dict[str, Any]], bool]:
    """A function that inserts a row unless its unique key is taken, and returns whether it did.

    Of two at once, the second waits until the first ends.
    """
    key = next(iter(table.primary_key))

    @cache
    def statement(dialect: str) -> Any:
        return insertion(table, dialect).on_conflict_do_nothing().returning(key)

    def insert(tx: Tx, row: dict[str, object]) -> bool:
        return tx.execute(statement(tx.dialect.name), row).first() is not None

    return insert


def insertion(table: Table, dialect: str) -> "postgresql.Insert":
    """An INSERT with ON CONFLICT for this database (sqlite, postgresql).

    Each dialect is imported when used: PostgreSQL's alone takes a tenth of a short command's time.
    """
    if dialect == "sqlite":
        from sqlalchemy.dialects import sqlite

        return cast("postgresql.Insert", sqlite.insert(table))  # the same words
    from sqlalchemy.dialects import postgresql

    return postgresql.insert(table)
