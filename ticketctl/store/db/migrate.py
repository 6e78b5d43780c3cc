"""Migrates a database to the schema of this version. The only module that imports alembic (slow: 250 ms)."""

import warnings
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.exc import SAWarning

from ticketctl.store.db import alchemy, health, trouble
from ticketctl.store.db.database import SCHEMA, check_schema, retry, schema_of, unchecked
from ticketctl.store.db.database_url import DatabaseUrl, parse_url
from ticketctl.store.db.schema import metadata
from ticketctl.store.db.tx import Tx

# Objects of only one kind of database: made by a migration, unknown to schema.py.
_OWN = {"text_vector", "ix_search_entry_text_vector", "alembic_version"}


def upgrade(url: str) -> None:
    """Run the missing migrations in one transaction; create a SQLite file (and its folder) if missing.

    Two at once are safe: the second waits and finds nothing to do. DatabaseTrouble if it fails.
    """
    target = parse_url(url)
    retry(lambda: _upgrade(target), _lost_race)


def head() -> str:
    """The newest revision of the migrations."""
    newest = ScriptDirectory.from_config(_config()).get_current_head()
    assert newest is not None
    return newest


def current(url: str) -> str | None:
    """The database's revision; None for one without our tables. Creates nothing."""
    with unchecked(parse_url(url)) as tx:
        return schema_of(tx)


def differences(tx: Tx) -> list[str]:
    """How the database's tables differ from schema.py, one a line; empty if they agree."""
    options: dict[str, Any] = {"compare_type": True, "include_object": _is_ours}
    with warnings.catch_warnings(), alchemy.connected(tx) as connection:
        warnings.simplefilter(
            "ignore", SAWarning
        )  # warnings about foreign indexes; `foreign_objects` names them
        context = MigrationContext.configure(connection, opts=options)
        return [str(difference) for difference in compare_metadata(context, metadata)]


def upgrade_in(tx: Tx) -> None:
    """As `upgrade`, in the caller's transaction; fails if two start at once on an empty PostgreSQL."""
    health.check_encoding(tx)
    if not tx.is_sqlite:
        _take_turns(tx)
    found = schema_of(tx)
    if found is not None and found > SCHEMA:
        check_schema(tx)
    config = _config()
    with alchemy.connected(tx) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _upgrade(target: DatabaseUrl) -> None:
    with unchecked(target, create=True) as tx:
        upgrade_in(tx)


def _take_turns(tx: Tx) -> None:
    """Wait until no other upgrade runs (on SQLite, BEGIN IMMEDIATE does it)."""
    tx.run("CREATE TABLE IF NOT EXISTS alembic_version (version_num VARCHAR(32) PRIMARY KEY)")
    tx.run("LOCK TABLE alembic_version IN ACCESS EXCLUSIVE MODE")


def _lost_race(error: Exception) -> bool:
    """Also true if two created the same first table (PostgreSQL's IF NOT EXISTS is no lock), or the same file."""
    cause = error.__cause__ or error
    made_twice = getattr(cause, "sqlstate", None) in {"23505", "42P07"}
    return made_twice or trouble.lost_race(cause) or "database is locked" in str(cause)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", "ticketctl.store.db:migrations")
    config.set_main_option("path_separator", "os")
    return config


def _is_ours(
    thing: object, name: str | None, _kind: str, _reflected: bool, _compared_to: object
) -> bool:
    return str(name) not in _OWN and not str(name).startswith("search_text")
