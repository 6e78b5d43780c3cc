"""Errors of the two drivers: which of them are a state of the database, which a lost race, and their sentences."""

import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ticketctl.errors import DatabaseAway, DatabaseTrouble, NotAllowed
from ticketctl.store.db.database_url import DatabaseUrl

_LOST_RACE = {"40001", "40P01"}
_READ_ONLY = "25006"
_OTHERS_PREPARED = {
    "26000",
    "42P05",
}  # a prepared statement is unknown, or has been made by somebody else
_NO_PRIVILEGE = "42501"
_NO_TABLE = "42P01"
_TAKEN = {"23505", "SQLITE_CONSTRAINT_PRIMARYKEY", "SQLITE_CONSTRAINT_UNIQUE"}
_MISTAKES = {"SQLITE_ERROR", "SQLITE_MISUSE", "SQLITE_RANGE", "SQLITE_MISMATCH", None}


def driver_errors() -> tuple[type[Exception], ...]:
    """The base classes of what the drivers raise."""
    psycopg: Any = sys.modules.get("psycopg")  # not imported: then it has raised nothing
    return (sqlite3.Error, psycopg.Error) if psycopg else (sqlite3.Error,)


@contextmanager
def answering(url: DatabaseUrl) -> Iterator[None]:
    """Turn driver errors into one sentence, without secrets or SQL: DatabaseTrouble, or NotAllowed for a role."""
    try:
        yield
    except Exception as error:
        if getattr(error, "sqlstate", None) == _NO_PRIVILEGE:
            words = str(error).splitlines()[0].rstrip(".")
            raise NotAllowed(
                f"your role in the database may not do that ({words}); an admin of the desk can."
            ) from error
        if not is_trouble(error):
            raise
        is_missing = url.is_sqlite and not os.path.exists(str(url.database))
        kind = DatabaseTrouble if is_missing else DatabaseAway
        raise kind(_sentence(url, error)) from error


def is_trouble(error: BaseException) -> bool:
    """Is it a state of the database (away, locked, full), not a mistake in our statement?"""
    if isinstance(error, sqlite3.Error):
        name = getattr(error, "sqlite_errorname", None)
        return name not in _MISTAKES and not isinstance(error, sqlite3.IntegrityError)
    kinds = ("OperationalError", "InterfaceError", "InternalError")
    return isinstance(error, driver_errors()) and (
        prepared_by_others(error) or any(base.__name__ in kinds for base in type(error).__mro__)
    )


def lost_race(error: BaseException) -> bool:
    """Would the same transaction succeed if it ran again?

    SQLite's writers wait for each other in BEGIN IMMEDIATE; one that timed out is not tried again.
    """
    return getattr(error, "sqlstate", None) in _LOST_RACE


def is_read_only(error: BaseException) -> bool:
    """Did a server refuse a change because it takes none now?"""
    return getattr(error, "sqlstate", None) == _READ_ONLY


def prepared_by_others(error: BaseException) -> bool:
    """Does a pooler mix the prepared statements of its clients?"""
    return getattr(error, "sqlstate", None) in _OTHERS_PREPARED


def no_table(error: BaseException) -> bool:
    """Did a statement name a table that is not there?"""
    return getattr(error, "sqlstate", None) == _NO_TABLE or "no such table" in str(error)


def is_duplicate(error: BaseException) -> bool:
    """Did an INSERT name a key that another row has?"""
    state = getattr(error, "sqlstate", None) or getattr(error, "sqlite_errorname", None)
    return state in _TAKEN


def ends_transaction(error: BaseException) -> bool:
    """Does this error in a savepoint end the whole transaction (lost race, database away)?"""
    return lost_race(error) or is_trouble(error)


def _sentence(url: DatabaseUrl, error: BaseException) -> str:
    lines = str(error).strip().splitlines() or ["no answer"]
    words = lines[0].strip().rstrip(".")
    if url.is_sqlite:
        return _sqlite_sentence(
            str(url.database), str(getattr(error, "sqlite_errorname", "")), words
        )
    where = url.veiled()
    if prepared_by_others(error):
        return (
            f"the pooler at {where} does not keep prepared statements: "
            "set prepare_threshold=off in db.url, or leave it out."
        )
    if is_read_only(error):
        return (
            f"the database {where} is read-only now: a standby, or one with "
            "default_transaction_read_only; set db.url to the primary."
        )
    if url.password:
        words = words.replace(url.password, "***")
    return f"the database {where} cannot be used: {words}."


def _sqlite_sentence(path: str, name: str, words: str) -> str:
    if not os.path.exists(path):
        return f"no database at {path}; run `ticketctl init`."
    if name.startswith("SQLITE_BUSY"):
        return f"the database {path} is locked by another program; try again later."
    if name.startswith("SQLITE_READONLY"):
        return (
            f"the database {path} cannot be written: check who owns the file and its folder, "
            "and whether the disk is mounted read-only."
        )
    return f"the database {path} cannot be used: {words}."
