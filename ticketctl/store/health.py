"""Is the database sound?"""

from sqlalchemy import text

from ticketctl.store.engine import Tx


def damage(tx: Tx) -> list[str]:
    """What SQLite's quick_check finds, one a line, at most ten; PostgreSQL checks its pages as it reads them."""
    if tx.dialect.name != "sqlite":
        return []
    found = [str(line) for line in tx.execute(text("PRAGMA quick_check(10)")).scalars()]
    return [] if found == ["ok"] else found
