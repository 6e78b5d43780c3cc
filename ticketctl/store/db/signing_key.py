"""The key that signs addresses and Message-IDs; the first migration made it."""

from ticketctl.store.db import meta
from ticketctl.store.db.database import Tx

NAME = "key"  # of its value in `meta`


def read(tx: Tx) -> bytes:
    """The HMAC key (32 bytes) that signs reply addresses, Message-IDs and bounce addresses."""
    return parse(meta.value(tx, NAME))


def parse(stored: str) -> bytes:
    """The key of its stored text."""
    return bytes.fromhex(stored)
