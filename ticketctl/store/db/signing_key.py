"""The key that signs addresses and Message-IDs; the first migration made it."""

from ticketctl.store.db import meta
from ticketctl.store.db.engine import Tx


def read(tx: Tx) -> bytes:
    """The HMAC key (32 bytes) that signs reply addresses, Message-IDs and bounce addresses."""
    return bytes.fromhex(meta.value(tx, "key"))
