"""The help desk's own secrets and names, created once by the first migration."""

from sqlalchemy import bindparam, select

from ticketctl.store.db import schema
from ticketctl.store.db.engine import Tx

_VALUE = select(schema.meta.c.value).where(schema.meta.c.name == bindparam("of_name"))


def instance(tx: Tx) -> str:
    """The UUID of this help desk, by which we recognise our own mail (C7)."""
    return value(tx, "instance")


def value(tx: Tx, name: str) -> str:
    """A value that the first migration created."""
    return str(tx.execute(_VALUE, {"of_name": name}).scalar_one())
