"""Removes the content of deleted rows from the database file."""

import sqlite3

from ticketctl.errors import DatabaseTrouble
from ticketctl.store.db.connections import sqlite_connection
from ticketctl.store.db.database import Database


def scrub(db: Database) -> None:
    """Rewrite a SQLite file without the content of deleted rows; PostgreSQL reuses that space by itself.

    It takes as long as copying the file. DatabaseTrouble if another program has the database open for writing.
    """
    if not db.is_sqlite:
        return
    try:
        connection = sqlite_connection(db.url)
        try:
            # The index keeps deleted words until its segments are merged; the file, until it is rewritten.
            connection.execute("INSERT INTO search_text (search_text) VALUES ('optimize')")
            connection.execute("VACUUM")
            (busy, *_) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        finally:
            connection.close()
    except sqlite3.Error as trouble:
        raise DatabaseTrouble(_later(str(trouble))) from None
    if busy:
        raise DatabaseTrouble(_later("another program is reading"))


def _later(why: str) -> str:
    return (
        f"the rows are erased, but their text is still in the file ({why}): run the command again."
    )
