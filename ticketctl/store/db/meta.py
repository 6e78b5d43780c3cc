"""The help desk's own secrets and names, created once by the first migration."""

from sqlalchemy import bindparam, select

from ticketctl.store.db import schema
from ticketctl.store.db.engine import Tx

_VALUE = select(schema.meta.c.value).where(schema.meta.c.name == bindparam("of_name"))


def key(tx: Tx) -> bytes:
    """The HMAC key (32 bytes) that signs reply addresses, Message-IDs and bounce addresses."""
    return bytes.fromhex(_value(tx, "key"))


def instance(tx: Tx) -> str:
    """The desk's name for itself (a UUID): by it our own mail is known when it comes back (C7)."""
    return _value(tx, "instance")


def _value(tx: Tx, name: str) -> str:
    return str(tx.execute(_VALUE, {"of_name": name}).scalar_one())
