"""The help desk's own secrets and names, created once by the first migration."""

from sqlalchemy import bindparam, select

from ticketctl.store.db import schema
from ticketctl.store.db.engine import Tx

_VALUE = select(schema.meta.c.value).where(schema.meta.c.name == bindparam("of_name"))


def instance(tx: Tx) -> str:
    """The desk's name for itself (a UUID): by it our own mail is known when it comes back (C7)."""
    return value(tx, "instance")


def value(tx: Tx, name: str) -> str:
    """A value that the first migration made."""
    return str(tx.execute(_VALUE, {"of_name": name}).scalar_one())
