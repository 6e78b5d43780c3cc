"""Small helps for writing rows and reading what a statement gave back."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import CursorResult, Table
from sqlalchemy.dialects import postgresql, sqlite

from ticketctl.store.engine import Tx


def new_id(result: CursorResult[Any]) -> int:
    """The number of the row that an INSERT has made."""
    key = result.inserted_primary_key
    assert key is not None
    return int(key[0])


def if_new(table: Table) -> Callable[[Tx, dict[str, Any]], bool]:
    """A function that inserts a row unless its unique key is taken, and says whether it did.

    Of two at once the second waits for the first's end, and then knows.
    """
    key = next(iter(table.primary_key))
    statements = {
        "sqlite": sqlite.insert(table).on_conflict_do_nothing().returning(key),
        "postgresql": postgresql.insert(table).on_conflict_do_nothing().returning(key),
    }

    def insert(tx: Tx, row: dict[str, Any]) -> bool:
        return tx.execute(statements[tx.dialect.name], row).first() is not None

    return insert
