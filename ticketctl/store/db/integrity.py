"""Checks the integrity of a database: its schema, its file, blobs against their hashes, counters against rows."""

import hashlib
from collections.abc import Iterator

from sqlalchemy import ColumnElement, Table, func, select, text

from ticketctl.store.db.engine import Tx
from ticketctl.store.db.schema import blob, comment, event, message, metadata, outbox, ticket

SAMPLE = 200  # size of the sample of blobs

_COUNTERS: tuple[tuple[str, Table], ...] = (
    ("messages_count", message),
    ("comments_count", comment),
    ("events_count", event),
)


def faults(tx: Tx, *, full: bool = False) -> Iterator[str]:
    """What is wrong, one sentence each; nothing if all is well. `full` reads every blob, not a sample."""
    from ticketctl.store.db import foreign_objects, migrate

    yield from (f"schema: {line}" for line in migrate.differences(tx))
    yield from (
        f"schema: {one} does not belong to ticketctl" for one in foreign_objects.objects(tx)
    )
    if tx.dialect.name == "sqlite":
        yield from _file(tx)
    yield from _blobs(tx, full)
    for column, table in _COUNTERS:
        yield from _counter(tx, column, table)


def sizes(tx: Tx) -> list[tuple[str, int]]:
    """The number of rows of each table, and under `bytes` the size of the whole database."""
    found = [
        (table.name, int(tx.execute(select(func.count()).select_from(table)).scalar_one()))
        for table in metadata.sorted_tables
    ]
    size = (
        "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
        if tx.dialect.name == "sqlite"
        else "SELECT pg_database_size(current_database())"
    )
    return [*found, ("bytes", int(tx.execute(text(size)).scalar_one()))]


def is_empty(tx: Tx) -> bool:
    """Is the database unused: no definition, no mail, no ticket?"""
    used = (metadata.tables[name] for name in ("definition", "inbox", "customer", "ticket"))
    return not (any(tx.execute(select(table).limit(1)).first() for table in (*used, outbox)))


def _file(tx: Tx) -> Iterator[str]:
    for (line,) in tx.execute(text("PRAGMA integrity_check")):
        if line != "ok":
            yield f"file: {line}"
    for table, row, parent, _ in tx.execute(text("PRAGMA foreign_key_check")):
        yield f"table {table}: row {row} refers to a missing row of {parent}"


def _blobs(tx: Tx, full: bool) -> Iterator[str]:
    chosen = select(blob.c.sha256)
    if not full:
        chosen = chosen.order_by(func.random()).limit(SAMPLE)
    for sha256 in tx.execute(chosen).scalars().all():
        row = tx.execute(select(blob).where(blob.c.sha256 == sha256)).one()
        if hashlib.sha256(row.content).hexdigest() != sha256 or len(row.content) != row.size:
            yield f"blob {sha256}: the stored bytes have changed"


def _counter(tx: Tx, column: str, table: Table) -> Iterator[str]:
    rows: ColumnElement[int] = (
        select(func.count()).where(table.c.ticket_id == ticket.c.id).scalar_subquery()
    )
    right = ticket.c[column] == rows
    if table is message:
        right = ticket.c[column].between(rows - _withdrawn(), rows)
    wrong = select(ticket.c.id, ticket.c[column], rows).where(~right)
    for id, said, there in tx.execute(wrong):
        yield f"ticket {id}: {column} is {said}, but there are {there}"


def _withdrawn() -> ColumnElement[int]:
    """The number of withdrawn replies of a ticket; earlier versions went on counting them."""
    undone = (event.c.type == "undone", event.c.field == "message")
    return select(func.count()).where(event.c.ticket_id == ticket.c.id, *undone).scalar_subquery()
