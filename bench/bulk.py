"""Takes many rows of a desk at a time: by sqlite3, or by COPY to PostgreSQL; indexes are made at the end."""

import sqlite3
from collections import defaultdict
from typing import Any

import psycopg
from sqlalchemy import func, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from ticketctl.store.db.schema import metadata

Row = dict[str, Any]
Rows = defaultdict[str, list[Row]]
"""By table; JSON and times as text."""

_NUMBERED = ("customer", "ticket", "inbox", "outbox", "search_entry")
_SEARCH_SQLITE = (
    "INSERT INTO search_entry (id, ticket_id, part, n) VALUES (:id, :ticket_id, :part, :n)",
    "INSERT INTO search_text (rowid, text) VALUES (:id, :words)",
)
_SEARCH_POSTGRES = """INSERT INTO search_entry (id, ticket_id, part, n, text_vector)
    SELECT id, ticket_id, part, n, to_tsvector('simple', words) FROM words"""
_INDEXES_POSTGRES = """SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
    JOIN pg_class ON pg_class.oid = indrelid
    WHERE relnamespace = current_schema()::regnamespace
    AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)"""


class Sqlite:
    """An SQLite file that nobody else uses; a crash spoils it."""

    def __init__(self, url: str) -> None:
        self._db = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-1000000"):
            self._db.execute(f"PRAGMA {pragma}")
        found = "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL"
        self._indexes = dict(self._db.execute(found).fetchall())
        for name in self._indexes:
            self._db.execute(f"DROP INDEX {name}")

    def add(self, rows: Rows, words: list[Row]) -> None:
        """Add rows, and the words of search entries."""
        self._db.execute("BEGIN")
        for table, some in rows.items():
            columns = list(some[0])
            statement = insert(metadata.tables[table])
            text = str(statement.compile(dialect=sqlite.dialect(), column_keys=columns))
            self._db.executemany(text, (tuple(row.values()) for row in some))
        for statement in _SEARCH_SQLITE:
            self._db.executemany(statement, words)
        self._db.execute("COMMIT")

    def close(self) -> None:
        """Make the indexes."""
        for statement in self._indexes.values():
            self._db.execute(statement)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.close()


class Postgres:
    """A PostgreSQL database whose superuser we are."""

    def __init__(self, url: str) -> None:
        self._db = psycopg.connect(url, autocommit=True)
        self._db.execute("SET session_replication_role = replica")  # no look for foreign keys
        self._db.execute(
            "CREATE TEMP TABLE words (id bigint, ticket_id bigint, part text, n int, words text)"
        )
        self._indexes = dict(self._db.execute(_INDEXES_POSTGRES).fetchall())
        for name in self._indexes:
            self._db.execute(f"DROP INDEX {name}".encode())

    def add(self, rows: Rows, words: list[Row]) -> None:
        """Add rows, and the words of search entries."""
        quoted = postgresql.dialect().identifier_preparer.quote
        with self._db.transaction(), self._db.cursor() as cursor:
            for table, some in (*rows.items(), ("words", words)):
                columns = ", ".join(map(quoted, some[0]))
                with cursor.copy(f"COPY {quoted(table)} ({columns}) FROM STDIN".encode()) as copy:
                    for row in some:
                        copy.write_row(tuple(row.values()))
            cursor.execute(_SEARCH_POSTGRES)
            cursor.execute("TRUNCATE words")

    def close(self) -> None:
        """Make the indexes, count on from the numbers that were given, and gather statistics."""
        for statement in self._indexes.values():
            self._db.execute(statement.encode())
        for name in _NUMBERED:
            newest = select(func.max(metadata.tables[name].c.id)).scalar_subquery()
            setting = select(func.setval(func.pg_get_serial_sequence(name, "id"), newest))
            compiled = setting.compile(
                dialect=postgresql.dialect(), compile_kwargs={"literal_binds": True}
            )
            self._db.execute(str(compiled).encode())
        self._db.execute("ANALYZE")
        self._db.close()


def loader(url: str) -> "Sqlite | Postgres":
    """Open a migrated database; close it to have its indexes."""
    return Sqlite(url) if url.startswith("sqlite") else Postgres(url)
