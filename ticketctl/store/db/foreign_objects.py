"""Finds objects in a database that are not ours: triggers, views, columns. They would act with our rights."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from functools import cache

from ticketctl.store.db import migrate
from ticketctl.store.db.tx import Tx

_STATISTICS = ("sqlite_stat1", "sqlite_stat4")  # of ANALYZE

# Not those of extensions, which the server's owner installed.
_POSTGRES = """
    SELECT kind, name FROM (
      SELECT CASE relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' ELSE 'foreign table' END AS kind,
             relname AS name, c.oid AS oid
        FROM pg_class c WHERE relkind IN ('v', 'm', 'f') AND relnamespace = current_schema()::regnamespace
      UNION ALL
      SELECT 'trigger', tgname, t.oid FROM pg_trigger t JOIN pg_class c ON c.oid = tgrelid
        WHERE NOT tgisinternal AND relnamespace = current_schema()::regnamespace
      UNION ALL
      SELECT 'rule', rulename, r.oid FROM pg_rewrite r JOIN pg_class c ON c.oid = ev_class
        WHERE rulename <> '_RETURN' AND relnamespace = current_schema()::regnamespace
    ) found
    WHERE NOT EXISTS (SELECT 1 FROM pg_depend WHERE objid = found.oid AND deptype = 'e')
    ORDER BY kind, name
"""


def programs(tx: Tx) -> list[str]:
    """Objects that act by themselves: `trigger "x"`, `view "y"`. Our schema has none."""
    statement = (
        "SELECT type, name FROM sqlite_schema WHERE type IN ('trigger', 'view') ORDER BY type, name"
        if tx.is_sqlite
        else _POSTGRES
    )
    return [f'{kind} "{name}"' for kind, name in tx.run(statement)]


def objects(tx: Tx) -> list[str]:
    """All objects that a fresh database of this schema lacks. SQLite: also tables, indexes and hidden columns."""
    if not tx.is_sqlite:
        return programs(tx)
    return sorted(set(_parts(tx)) - _of_a_fresh_file())


@cache
def _of_a_fresh_file() -> frozenset[str]:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as empty:
        fresh = Tx(empty, "sqlite")
        fresh.run("BEGIN")
        migrate.upgrade_in(fresh)
        return frozenset(_parts(fresh))


def _parts(tx: Tx) -> Iterator[str]:
    """Every object of a SQLite file, and every column of its tables and indexes, in words."""
    schema = tx.run("SELECT type, name, tbl_name, sql FROM sqlite_schema").fetchall()
    for kind, name, table, sql in schema:
        if name in _STATISTICS:
            continue
        on = f' on "{table}"' if kind == "index" else ""
        is_virtual = sql is not None and sql.upper().startswith("CREATE VIRTUAL")
        yield f'{kind} "{name}"{on}{f": {sql}" if is_virtual else ""}'
        pragma = "index_xinfo" if kind == "index" else "table_xinfo"
        columns = "name, 0, NULL" if kind == "index" else "name, hidden, dflt_value"
        found = f"SELECT {columns} FROM pragma_{pragma}(?)"  # noqa: S608
        for column, hidden, default in tx.run(found, [name]).fetchall():
            more = " that is computed" if hidden else ""
            more += f" with the default {default}" if default and "(" in default else ""
            yield f'column "{column}" of the {kind} "{name}"{more}'
