"""Stores bytes by their SHA-256: raw mail and attachments, each content once (F-D10)."""

from datetime import datetime
from typing import Any

from ticketctl.errors import NotFound
from ticketctl.store.db.core import sa, t
from ticketctl.store.db.database import Tx
from ticketctl.store.db.prepared import sql
from ticketctl.store.db.rows import insert_if_new

KEEP = insert_if_new("blob")
_CONTENT = sql(
    lambda: sa.select(t.blob.c.content).where(t.blob.c.sha256 == sa.bindparam("of_sha256"))
)


def put(tx: Tx, content: bytes, at: datetime) -> str:
    """Store `content` byte for byte and return its SHA-256 (hex); storing the same content again does nothing."""
    kept = row(content, at)
    tx.execute(KEEP, kept)
    sha256: str = kept["sha256"]
    return sha256


def row(content: bytes, at: datetime) -> dict[str, Any]:
    """What `KEEP` stores."""
    import hashlib

    sha256 = hashlib.sha256(content).hexdigest()
    return {"sha256": sha256, "size": len(content), "content": content, "at": at}


def get(tx: Tx, sha256: str) -> bytes:
    """The stored bytes; NotFound for an unknown SHA-256."""
    content = tx.execute(_CONTENT, {"of_sha256": sha256}).scalar()
    if content is None:
        raise NotFound(f"no bytes are kept under {sha256}.")
    return bytes(content)
