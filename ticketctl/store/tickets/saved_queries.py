"""Saved queries: an agent's own, and those shared by all. A query of one's own takes precedence over a shared one.

An agent's default query is a row of theirs with the empty name; its text is `@name`.
"""

from datetime import datetime

from msgspec import Struct
from sqlalchemy import delete, insert, select

from ticketctl.store.db.engine import Tx
from ticketctl.store.db.schema import saved_query as table

SHARED = ""  # the owner of shared queries
_DEFAULT = ""  # the name of the row for the default query


class Saved(Struct, frozen=True):
    """A saved query as an agent sees it."""

    name: str
    text: str
    shared: bool
    is_default: bool


def get(tx: Tx, name: str, me: str | None) -> str | None:
    """The text of an agent's query of that name, else of the shared one; None for neither."""
    for owner in (me, SHARED):
        if owner is not None and name and (text := of(tx, owner, name)) is not None:
            return text
    return None


def of(tx: Tx, owner: str, name: str) -> str | None:
    """The text of an owner's query, None for none."""
    query = select(table.c.text).where(table.c.owner == owner, table.c.name == name)
    return tx.execute(query).scalar()


def usable(tx: Tx, me: str | None) -> list[Saved]:
    """All queries an agent can use, by name; their own instead of a shared one of the same name."""
    query = (
        select(table).where(table.c.owner.in_([me, SHARED])).order_by(table.c.name, table.c.owner)
    )
    rows = tx.execute(query).all()
    chosen = default(tx, me)
    found = {
        row.name: Saved(row.name, row.text, row.owner == SHARED, row.name == chosen)
        for row in rows  # SHARED sorts first, so that one's own replaces it
        if row.name != _DEFAULT
    }
    return list(found.values())


def default(tx: Tx, me: str | None) -> str | None:
    """The name of an agent's default query for `list`."""
    said = of(tx, me, _DEFAULT) if me else None
    return said.removeprefix("@") if said else None


def store(tx: Tx, owner: str, name: str, text: str, at: datetime) -> None:
    """Store a query under a name of an owner, replacing the former."""
    drop(tx, owner, name)
    row = {"owner": owner, "name": name, "text": text, "at": at}
    tx.execute(insert(table), row | {"is_default": int(name == _DEFAULT)})


def drop(tx: Tx, owner: str, name: str) -> None:
    """Delete a query."""
    tx.execute(delete(table).where(table.c.owner == owner, table.c.name == name))


def set_default(tx: Tx, me: str, name: str | None, at: datetime) -> None:
    """Set an agent's default query for `list`; None: none."""
    if name is None:
        drop(tx, me, _DEFAULT)
    else:
        store(tx, me, _DEFAULT, f"@{name}", at)
