"""Checks whether a database can be used: intact, writable, and of an encoding that holds every mail."""

from contextlib import closing

from ticketctl.errors import DatabaseTrouble
from ticketctl.store.db.connections import connect
from ticketctl.store.db.core import sa, t
from ticketctl.store.db.database import BUSY_SECONDS, Database, Tx
from ticketctl.store.db.database_url import DatabaseUrl
from ticketctl.store.db.prepared import sql
from ticketctl.store.db.trouble import answering, prepared_by_others

_TOUCH = sql(
    lambda: sa.update(t.meta).where(t.meta.c.name == "instance").values(value=t.meta.c.value)
)
_TURNS = 8  # enough for a pooler to give both clients the same server process


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


def keeps_prepared(url: DatabaseUrl) -> bool:
    """Does a prepared statement last longer than its transaction? Not behind a pooler that mixes those of its clients.

    Two clients take turns: each would find the statement of the other, or none. DatabaseTrouble if it is away.
    """
    if url.is_sqlite:
        return True
    with (
        answering(url),
        closing(connect(url, BUSY_SECONDS)) as one,
        closing(connect(url, BUSY_SECONDS)) as other,
    ):
        clients = ((one.driver, "one"), (other.driver, "other"))
        one.driver.prepare_threshold = other.driver.prepare_threshold = 0
        try:
            return all(
                driver.execute(f"SELECT '{name}'").fetchone() == (name,)
                for driver, name in clients * _TURNS
            )
        except Exception as error:
            if not prepared_by_others(error):
                raise
            return False
