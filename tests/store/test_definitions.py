"""The desk's versions in the database."""

import threading
from concurrent.futures import ThreadPoolExecutor

import msgspec
import pytest

from ticketctl import clock
from ticketctl.domain.definition.definition import DEFAULT, default_toml
from ticketctl.domain.loading.load import parse
from ticketctl.errors import Conflict, NotFound
from ticketctl.store.db.database import Database, Tx
from ticketctl.store.desk import definitions

AT = clock.parse("2026-03-09T08:10:00Z")
SOURCE = '[desk]\nname = "Ünicode"\n[[agent]]\nname = "ana"\nemail = "ana@x.example"\n'


def save(tx: Tx, source: str, after: int | None = None) -> int:
    """Store a version as ana."""
    return definitions.save(tx, source, parse(source), "ana", "root", AT, after=after)


def test_an_empty_database_has_the_default_desk(db: Database) -> None:
    with db.read() as tx:
        assert definitions.current(tx) == DEFAULT
        assert definitions.version(tx) == 0
        assert definitions.source(tx, 0) == default_toml
        assert definitions.history(tx) == []


def test_what_was_saved_is_in_force_with_its_version(db: Database) -> None:
    assert db.write(lambda tx: save(tx, SOURCE)) == 1
    with db.read() as tx:
        assert definitions.current(tx) == msgspec.structs.replace(parse(SOURCE), version=1)
        assert definitions.source(tx, 1) == SOURCE
        assert definitions.history(tx) == [definitions.Applied(1, AT, "ana", "root")]


def test_the_same_source_again_makes_no_version(db: Database) -> None:
    db.write(lambda tx: save(tx, SOURCE))
    assert db.write(lambda tx: save(tx, SOURCE)) == 1
    assert db.write(lambda tx: save(tx, SOURCE + "# a comment\n")) == 2
    assert db.write(lambda tx: save(tx, SOURCE)) == 3
    with db.read() as tx:
        assert [one.version for one in definitions.history(tx)] == [3, 2, 1]


def test_a_change_of_what_was_not_seen_is_a_conflict(db: Database) -> None:
    db.write(lambda tx: save(tx, SOURCE, after=0))
    with pytest.raises(Conflict, match="version 1"):
        db.write(lambda tx: save(tx, "", after=0))
    with db.read() as tx:
        assert definitions.version(tx) == 1


def test_a_version_there_is_not_is_not_found(db: Database) -> None:
    with db.read() as tx, pytest.raises(NotFound, match="no version 7"):
        definitions.source(tx, 7)


def test_two_concurrent_saves_make_one_version(db: Database) -> None:
    gate = threading.Barrier(2)

    def look_then_save(n: int) -> int | Conflict:
        other = Database(db.url.text())
        with other.read() as tx:
            seen = definitions.version(tx)
        gate.wait()
        try:
            return other.write(lambda tx: save(tx, f"# {n}", after=seen))
        except Conflict as late:
            return late
        finally:
            other.dispose()

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(look_then_save, range(2)))
    assert sorted(type(result).__name__ for result in results) == ["Conflict", "int"]
    with db.read() as tx:
        assert definitions.version(tx) == 1
