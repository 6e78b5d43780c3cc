"""Migrates a database to the schema of this version. The only module that imports alembic (slow: 250 ms)."""

import warnings
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError, SAWarning

from ticketctl.store.db import engine, health
from ticketctl.store.db.schema import metadata

# Objects of only one kind of database: made by a migration, unknown to schema.py.
_OWN = {"text_vector", "ix_search_entry_text_vector", "alembic_version"}


def upgrade(url: str) -> None:
    """Run the missing migrations in one transaction; create a SQLite file (and its folder) if missing.

    Two at once are safe: the second waits and finds nothing to do. DatabaseTrouble if it fails.
    """
    target = engine.parse_url(url)
    database = engine.make_engine(target, create=True)
    try:
        with engine.answering(target):
            engine.retry(lambda: _upgrade(database), _lost_race)
    finally:
        database.dispose()


def head() -> str:
    """The newest revision of the migrations."""
    newest = ScriptDirectory.from_config(_config()).get_current_head()
    assert newest is not None
    return newest


def current(url: str) -> str | None:
    """The database's revision; None for one without our tables. Creates nothing."""
    target = engine.parse_url(url)
    database = engine.make_engine(target)
    try:
        with engine.answering(target), database.connect() as tx, tx.begin():
            return engine.schema_of(tx)
    finally:
        database.dispose()


def differences(tx: Connection) -> list[str]:
    """How the database's tables differ from schema.py, one a line; empty if they agree."""
    options: dict[str, Any] = {"compare_type": True, "include_object": _is_ours}
    context = MigrationContext.configure(tx, opts=options)
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore", SAWarning
        )  # warnings about foreign indexes; `foreign_objects` names them
        return [str(difference) for difference in compare_metadata(context, metadata)]


def upgrade_in(tx: Connection) -> None:
    """As `upgrade`, in the caller's transaction; fails if two start at once on an empty PostgreSQL."""
    health.check_encoding(tx)
    if tx.dialect.name == "postgresql":
        _take_turns(tx)
    found = engine.schema_of(tx)
    if found is not None and found > engine.SCHEMA:
        engine.check_schema(tx)
    config = _config()
    config.attributes["connection"] = tx
    command.upgrade(config, "head")


def _upgrade(database: Engine) -> None:
    with database.begin() as tx:
        upgrade_in(tx)


def _take_turns(tx: Connection) -> None:
    """Wait until no other upgrade runs (on SQLite, BEGIN IMMEDIATE does it)."""
    tx.execute(
        text("CREATE TABLE IF NOT EXISTS alembic_version (version_num VARCHAR(32) PRIMARY KEY)")
    )
    tx.execute(text("LOCK TABLE alembic_version IN ACCESS EXCLUSIVE MODE"))


def _lost_race(trouble: DBAPIError) -> bool:
    """Also true if two created the same first table (PostgreSQL's IF NOT EXISTS is no lock), or the same file."""
    made_twice = getattr(trouble.orig, "sqlstate", None) in {"23505", "42P07"}
    return made_twice or engine.lost_race(trouble) or "database is locked" in str(trouble.orig)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", "ticketctl.store.db:migrations")
    config.set_main_option("path_separator", "os")
    return config


def _is_ours(
    thing: object, name: str | None, _kind: str, _reflected: bool, _compared_to: object
) -> bool:
    return str(name) not in _OWN and not str(name).startswith("search_text")
