"""The help desk's own secrets and names, created once by the first migration, and when some things happened last."""

from datetime import datetime
from typing import Any

from ticketctl.clock import parse, rfc3339
from ticketctl.store.db.core import insertion, sa, t
from ticketctl.store.db.database import Tx
from ticketctl.store.db.prepared import sql

GATEWAY_STOPPED, BACKUP = "gateway_stopped_at", "backup_at"


def _putting() -> Any:
    row = insertion(t.meta)
    return row.on_conflict_do_update(index_elements=["name"], set_={"value": row.excluded.value})


_VALUE = sql(lambda: sa.select(t.meta.c.value).where(t.meta.c.name == sa.bindparam("of_name")))
_PUT = sql(_putting)


def instance(tx: Tx) -> str:
    """The UUID of this help desk, by which we recognise our own mail (C7)."""
    return value(tx, "instance")


def value(tx: Tx, name: str) -> str:
    """A value that the first migration created."""
    return str(tx.execute(_VALUE, {"of_name": name}).scalar_one())


def last(tx: Tx, name: str) -> datetime | None:
    """When something happened last; None if it never did."""
    found = text(tx, name)
    return parse(found) if found else None


def text(tx: Tx, name: str) -> str | None:
    """A value; None if there is none."""
    found: str | None = tx.execute(_VALUE, {"of_name": name}).scalar()
    return found


def put(tx: Tx, name: str, value: str) -> None:
    """Store a value instead of the former one."""
    tx.execute(_PUT, {"name": name, "value": value})


def record(tx: Tx, name: str, at: datetime) -> None:
    """Record that something happened."""
    put(tx, name, rfc3339(at))
