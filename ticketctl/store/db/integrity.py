"""Checks the integrity of a database: its schema, its file, blobs against their hashes, counters against rows."""

import hashlib
from collections.abc import Iterator
from functools import cache

from ticketctl.store.db.core import sa, t
from ticketctl.store.db.database import Tx

SAMPLE = 200  # size of the sample of blobs

_COUNTERS = cache(
    lambda: (
        ("messages_count", t.message),
        ("comments_count", t.comment),
        ("events_count", t.event),
    )
)


def faults(tx: Tx, *, full: bool = False) -> Iterator[str]:
    """What is wrong, one sentence each; nothing if all is well. `full` reads every blob, not a sample."""
    from ticketctl.store.db import foreign_objects, migrate

    yield from (f"schema: {line}" for line in migrate.differences(tx))
    yield from (
        f"schema: {one} does not belong to ticketctl" for one in foreign_objects.objects(tx)
    )
    if tx.is_sqlite:
        yield from _file(tx)
    yield from _blobs(tx, full)
    for column, table in _COUNTERS():
        yield from _counter(tx, column, table)


def sizes(tx: Tx) -> list[tuple[str, int]]:
    """The number of rows of each table, and under `bytes` the size of the whole database."""
    found = [
        (table.name, int(tx.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()))
        for table in t.metadata.sorted_tables
    ]
    size = (
        "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
        if tx.is_sqlite
        else "SELECT pg_database_size(current_database())"
    )
    return [*found, ("bytes", int(tx.execute(sa.text(size)).scalar_one()))]


def is_empty(tx: Tx) -> bool:
    """Is the database unused: no definition, no mail, no ticket?"""
    used = (t.metadata.tables[name] for name in ("definition", "inbox", "customer", "ticket"))
    return not (any(tx.execute(sa.select(table).limit(1)).first() for table in (*used, t.outbox)))


def _file(tx: Tx) -> Iterator[str]:
    for (line,) in tx.execute(sa.text("PRAGMA integrity_check")):
        if line != "ok":
            yield f"file: {line}"
    for table, row, parent, _ in tx.execute(sa.text("PRAGMA foreign_key_check")):
        yield f"table {table}: row {row} refers to a missing row of {parent}"


def _blobs(tx: Tx, full: bool) -> Iterator[str]:
    chosen = sa.select(t.blob.c.sha256)
    if not full:
        chosen = chosen.order_by(sa.func.random()).limit(SAMPLE)
    for sha256 in tx.execute(chosen).scalars():
        row = tx.execute(sa.select(t.blob).where(t.blob.c.sha256 == sha256)).one()
        if hashlib.sha256(row.content).hexdigest() != sha256 or len(row.content) != row.size:
            yield f"blob {sha256}: the stored bytes have changed"


def _counter(tx: Tx, column: str, table: "sa.Table") -> Iterator[str]:
    rows: sa.ColumnElement[int] = (
        sa.select(sa.func.count()).where(table.c.ticket_id == t.ticket.c.id).scalar_subquery()
    )
    right = t.ticket.c[column] == rows
    if table is t.message:
        right = t.ticket.c[column].between(rows - _withdrawn(), rows)
    wrong = sa.select(t.ticket.c.id, t.ticket.c[column], rows).where(~right)
    for id, said, there in tx.execute(wrong):
        yield f"ticket {id}: {column} is {said}, but there are {there}"


def _withdrawn() -> "sa.ColumnElement[int]":
    """The number of withdrawn replies of a ticket; earlier versions went on counting them."""
    undone = (t.event.c.type == "undone", t.event.c.field == "message")
    return (
        sa.select(sa.func.count())
        .where(t.event.c.ticket_id == t.ticket.c.id, *undone)
        .scalar_subquery()
    )
