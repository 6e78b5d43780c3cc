"""Checks whether a database can be used: intact, writable, and of an encoding that holds every mail."""

from ticketctl.errors import DatabaseTrouble
from ticketctl.store.db.core import sa, t
from ticketctl.store.db.database import Database, Tx
from ticketctl.store.db.prepared import sql

_TOUCH = sql(
    lambda: sa.update(t.meta).where(t.meta.c.name == "instance").values(value=t.meta.c.value)
)


def damage(tx: Tx) -> list[str]:
    """What SQLite's quick_check finds, one a line, at most ten; PostgreSQL checks its pages when it reads them."""
    if not tx.is_sqlite:
        return []
    found = [str(line) for (line,) in tx.run("PRAGMA quick_check(10)")]
    return [] if found == ["ok"] else found


def check_encoding(tx: Tx) -> None:
    """DatabaseTrouble for a PostgreSQL database that is not UTF-8: most mail would not fit into it."""
    if tx.is_sqlite:
        return
    (encoding,) = tx.run("SHOW server_encoding").fetchone()
    (name,) = tx.run("SELECT current_database()").fetchone()
    if encoding != "UTF8":
        raise DatabaseTrouble(
            f"the database {name} stores text as {encoding}, which cannot hold every mail: "
            f"create a new one with `createdb --encoding=UTF8 --template=template0 NAME`."
        )


def check_writable(db: Database) -> None:
    """DatabaseTrouble if nothing can be written: a standby, a read-only file. It changes nothing."""
    db.rehearse(lambda tx: tx.execute(_TOUCH))
