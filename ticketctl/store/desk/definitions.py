"""The versions of the definition. Versions are only added; the newest is in force."""

from datetime import datetime
from typing import Any

import msgspec

from ticketctl.domain.definition.definition import DEFAULT, Definition, default_toml
from ticketctl.errors import Conflict, NotFound
from ticketctl.store.db import signing_key
from ticketctl.store.db.core import sa, t
from ticketctl.store.db.database import Tx
from ticketctl.store.db.prepared import sql
from ticketctl.store.db.trouble import is_duplicate
from ticketctl.store.db.values import Row

_NEWEST = sql(
    lambda: (
        sa.select(t.definition.c.version, t.definition.c.at, t.definition.c.actor)
        .order_by(t.definition.c.version.desc())
        .limit(1)
    )
)
_NEWEST_AND_KEY = sql(
    lambda: (
        sa.select(t.meta.c.value, t.definition.c.version, t.definition.c.at, t.definition.c.actor)
        .select_from(t.meta.outerjoin(t.definition, sa.true()))
        .where(t.meta.c.name == signing_key.NAME)
        .order_by(t.definition.c.version.desc())
        .limit(1)
    )
)
_ONE = sql(
    lambda: sa.select(t.definition.c.version, t.definition.c.document).where(
        t.definition.c.version == sa.bindparam("wanted")
    )
)
_VERSION = sql(lambda: sa.select(sa.func.max(t.definition.c.version)))
_VERSION_AT = sql(
    lambda: sa.select(
        sa.func.coalesce(
            _VERSION().where(t.definition.c.at <= sa.bindparam("instant")).scalar_subquery(),
            sa.select(sa.func.min(t.definition.c.version)).scalar_subquery(),
            0,
        )
    )
)
_HISTORY = sql(
    lambda: sa.select(
        t.definition.c.version,
        t.definition.c.at,
        t.definition.c.actor,
        t.definition.c.os_user,
    ).order_by(t.definition.c.version.desc())
)
_SOURCE = sql(
    lambda: sa.select(t.definition.c.source).where(t.definition.c.version == sa.bindparam("wanted"))
)
# With its number, which the database would give otherwise.
_INSERT = sql(
    lambda: sa.insert(t.definition).values(
        {column: sa.bindparam(column.name) for column in t.definition.c}
    )
)


class Applied(msgspec.Struct, frozen=True):
    """A version of the definition: when it was applied, and who applied it."""

    version: int
    at: datetime
    actor: str
    os_user: str


def current(tx: Tx) -> Definition:
    """The definition in force; DEFAULT (version 0) if none was applied. It is read once, as no version changes."""
    newest = tx.execute(_NEWEST).first()
    return DEFAULT if newest is None else _known(tx, *newest)


def current_with_key(tx: Tx) -> tuple[Definition, bytes]:
    """The definition in force, and the key that signs addresses and Message-IDs."""
    key, *newest = tx.execute(_NEWEST_AND_KEY).one()
    return DEFAULT if newest[0] is None else _known(tx, *newest), signing_key.parse(key)


def _known(tx: Tx, *newest: Any) -> Definition:
    """The definition with this version, time and author; read once."""
    if tx.memory.get("definition") != newest:
        tx.memory["definition"], tx.memory["document"] = newest, get(tx, newest[0])
    known: Definition = tx.memory["document"]
    return known


def version_at(tx: Tx, instant: datetime) -> int:
    """The version in force at an instant; before the first one was applied, that one; 0 if none ever was."""
    found: int = tx.execute(_VERSION_AT, {"instant": instant}).scalar_one()
    return found


def get(tx: Tx, version: int) -> Definition:
    """The definition of a version; 0 is the default. NotFound for an unknown version."""
    row = tx.execute(_ONE, {"wanted": version}).first()
    if row is None and version:
        raise _no(version)
    return _definition(row)


def _definition(row: Row | None) -> Definition:
    if row is None:
        return DEFAULT
    definition = msgspec.convert(row.document, Definition)
    return msgspec.structs.replace(definition, version=row.version)


def version(tx: Tx) -> int:
    """The number of the version in force, 0 for the default: a cheap test for changes."""
    return tx.execute(_VERSION).scalar() or 0


def save(
    tx: Tx,
    source: str,
    definition: Definition,
    actor: str,
    os_user: str,
    at: datetime,
    *,
    after: int | None = None,
) -> int:
    """Store a new version of desk.toml (`source`, parsed) and return its number.

    If source and holidays are those in force, nothing is stored, and the current number is returned. Conflict if the
    version in force is no longer `after`, or if somebody else stores a version at the same time.
    """
    before = version(tx)
    if after is not None and before != after:
        raise Conflict(_changed(before))
    if before and _source(tx, before) == source and current(tx).holidays == definition.holidays:
        return before
    number = before + 1
    row = {"version": number, "at": at, "actor": actor, "os_user": os_user, "source": source}
    document = msgspec.to_builtins(msgspec.structs.replace(definition, version=number))
    try:
        tx.execute(_INSERT, {**row, "document": document})
    except Exception as error:
        if not is_duplicate(error):
            raise
        raise Conflict(_changed(number)) from None
    return number


def history(tx: Tx) -> list[Applied]:
    """Every version, newest first."""
    return [Applied(*row) for row in tx.execute(_HISTORY)]


def source(tx: Tx, version: int) -> str:
    """The desk.toml of a version; 0 is the default's. NotFound for an unknown version."""
    found = _source(tx, version) if version else default_toml
    if found is None:
        raise _no(version)
    return found


def _no(version: int) -> NotFound:
    return NotFound(f"the desk has no version {version}; `ticketctl desk history` lists them.")


def _source(tx: Tx, version: int) -> str | None:
    found: str | None = tx.execute(_SOURCE, {"wanted": version}).scalar()
    return found


def _changed(version: int) -> str:
    return f"the desk was changed meanwhile (version {version}); look at it and try again."
