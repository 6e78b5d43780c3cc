"""Stores bytes by their SHA-256: raw mail and attachments, each content once (F-D10)."""

from datetime import datetime

from ticketctl.errors import NotFound
from ticketctl.store.db.core import sa, t
from ticketctl.store.db.engine import Tx
from ticketctl.store.db.prepared import sql
from ticketctl.store.db.rows import if_new

_keep = if_new("blob")
_CONTENT = sql(
    lambda: sa.select(t.blob.c.content).where(t.blob.c.sha256 == sa.bindparam("of_sha256"))
)


def put(tx: Tx, content: bytes, at: datetime) -> str:
    """Store `content` byte for byte and return its SHA-256 (hex); storing the same content again does nothing."""
    import hashlib

    sha256 = hashlib.sha256(content).hexdigest()
    _keep(tx, {"sha256": sha256, "size": len(content), "content": content, "at": at})
    return sha256


def get(tx: Tx, sha256: str) -> bytes:
    """The stored bytes; NotFound for an unknown SHA-256."""
    content = tx.execute(_CONTENT, {"of_sha256": sha256}).scalar()
    if content is None:
        raise NotFound(f"no bytes are kept under {sha256}.")
    return bytes(content)
