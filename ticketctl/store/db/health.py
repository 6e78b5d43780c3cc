"""Checks whether a database can be used: intact, writable, and of an encoding that holds every mail."""

from sqlalchemy import text, update

from ticketctl.errors import DatabaseTrouble
from ticketctl.store.db.engine import Database, Tx
from ticketctl.store.db.schema import meta


def damage(tx: Tx) -> list[str]:
    """What SQLite's quick_check finds, one a line, at most ten; PostgreSQL checks its pages when it reads them."""
    if tx.dialect.name != "sqlite":
        return []
    found = [str(line) for line in tx.execute(text("PRAGMA quick_check(10)")).scalars()]
    return [] if found == ["ok"] else found


def check_encoding(tx: Tx) -> None:
    """DatabaseTrouble for a PostgreSQL database that is not UTF-8: most mail would not fit into it."""
    if tx.dialect.name == "sqlite":
        return
    encoding = tx.execute(text("SHOW server_encoding")).scalar_one()
    name = tx.execute(text("SELECT current_database()")).scalar_one()
    if encoding != "UTF8":
        raise DatabaseTrouble(
            f"the database {name} stores text as {encoding}, which cannot hold every mail: "
            f"create a new one with `createdb --encoding=UTF8 --template=template0 NAME`."
        )


def check_writable(db: Database) -> None:
    """DatabaseTrouble if nothing can be written: a standby, a read-only file. It changes nothing."""
    touch = update(meta).where(meta.c.name == "instance").values(value=meta.c.value)
    db.rehearse(lambda tx: tx.execute(touch))
