"""Small helps for reading what a statement gave back."""

from typing import Any

from sqlalchemy import CursorResult


def new_id(result: CursorResult[Any]) -> int:
    """The number of the row that an INSERT has made."""
    key = result.inserted_primary_key
    assert key is not None
    return int(key[0])
