"""The help desk's own secrets and names, created once by the first migration."""

from ticketctl.store.db.core import sa, t
from ticketctl.store.db.database import Tx
from ticketctl.store.db.prepared import sql

_VALUE = sql(lambda: sa.select(t.meta.c.value).where(t.meta.c.name == sa.bindparam("of_name")))


def instance(tx: Tx) -> str:
    """The UUID of this help desk, by which we recognise our own mail (C7)."""
    return value(tx, "instance")


def value(tx: Tx, name: str) -> str:
    """A value that the first migration created."""
    return str(tx.execute(_VALUE, {"of_name": name}).scalar_one())
