"""Saved queries: an agent's own, and those shared by all. A query of one's own takes precedence over a shared one.

An agent's default query is a row of theirs with the empty name; its text is `@name`.
"""

from datetime import datetime
from functools import cache

from msgspec import Struct

from ticketctl.store.db.core import in_list, sa, t
from ticketctl.store.db.database import Tx
from ticketctl.store.db.prepared import sql

SHARED = ""  # the owner of shared queries
_DEFAULT = ""  # the name of the row for the default query

_IS_THIS = cache(
    lambda: sa.and_(
        t.saved_query.c.owner == sa.bindparam("of_owner"),
        t.saved_query.c.name == sa.bindparam("of_name"),
    )
)
_OF = sql(lambda: sa.select(t.saved_query.c.text).where(_IS_THIS()))
_USABLE = sql(
    lambda: (
        sa.select(t.saved_query)
        .where(in_list(t.saved_query.c.owner, "owners"))
        .order_by(t.saved_query.c.name, t.saved_query.c.owner)
    )
)
_INSERT = sql(lambda: sa.insert(t.saved_query))
_DELETE = sql(lambda: sa.delete(t.saved_query).where(_IS_THIS()))


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
    found: str | None = tx.execute(_OF, {"of_owner": owner, "of_name": name}).scalar()
    return found


def usable(tx: Tx, me: str | None) -> list[Saved]:
    """All queries an agent can use, by name; their own instead of a shared one of the same name."""
    rows = tx.execute(_USABLE, {"owners": [me or SHARED, SHARED]}).all()
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
    tx.execute(_INSERT, row | {"is_default": int(name == _DEFAULT)})


def drop(tx: Tx, owner: str, name: str) -> None:
    """Delete a query."""
    tx.execute(_DELETE, {"of_owner": owner, "of_name": name})


def set_default(tx: Tx, me: str, name: str | None, at: datetime) -> None:
    """Set an agent's default query for `list`; None: none."""
    if name is None:
        drop(tx, me, _DEFAULT)
    else:
        store(tx, me, _DEFAULT, f"@{name}", at)
