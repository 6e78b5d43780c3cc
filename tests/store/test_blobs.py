"""Bytes: kept exactly, once."""

import hashlib
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from ticketctl.errors import NotFound
from ticketctl.store.db import blobs, schema
from ticketctl.store.db.database import Database

AT = datetime(2026, 3, 9, 8, 10, tzinfo=UTC)
EVERY_BYTE = bytes(range(256)) * 9


@pytest.mark.parametrize("content", [b"", EVERY_BYTE, b"\r\n.\r\n\0" * 100_000])
def test_bytes_come_back_as_they_were(db: Database, content: bytes) -> None:
    sha256 = db.write(lambda tx: blobs.put(tx, content, AT))
    assert sha256 == hashlib.sha256(content).hexdigest()
    with db.read() as tx:
        assert blobs.get(tx, sha256) == content


def test_the_same_content_is_kept_once(db: Database) -> None:
    first, second = (db.write(lambda tx: blobs.put(tx, EVERY_BYTE, AT)) for _ in range(2))
    assert first == second
    with db.read() as tx:
        assert tx.execute(select(func.count()).select_from(schema.blob)).scalar() == 1


def test_unknown_bytes_are_not_found(db: Database) -> None:
    with db.read() as tx, pytest.raises(NotFound, match="no bytes are kept under abc"):
        blobs.get(tx, "abc")
