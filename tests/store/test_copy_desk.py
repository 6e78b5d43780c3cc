"""`db copy` moves a whole desk between SQLite and PostgreSQL, in either direction, or leaves the target as it was."""

from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Table, select

from tests.store.calls import desk as desk_calls
from tests.store.calls import mail, people, sla
from tests.store.calls import tickets as ticket_calls
from tests.store.calls.given import Given
from tests.store.conftest import MakeTicket
from tests.support.desk import DeskFixture
from ticketctl.actions.tickets.comment import comment
from ticketctl.domain.base.condition import Condition, Where
from ticketctl.errors import DatabaseTrouble, Refused
from ticketctl.store.db import integrity, schema
from ticketctl.store.db.core import t
from ticketctl.store.db.database import Database, Tx
from ticketctl.store.db.values import Row
from ticketctl.store.tickets import search, ticket_lists, tickets
from ticketctl.store.transfer import copy_desk

Contents = dict[str, list[tuple[object, ...]]]


@pytest.fixture
def desk(db: Database, make_ticket: MakeTicket) -> DeskFixture:
    """A desk with rows in most tables, texts to find, and a number that was given out and is gone."""

    def work(tx: Tx) -> None:
        one, two = make_ticket(tx), make_ticket(tx)
        given = Given(tx, one, two, tickets.get(tx, one).customer.id)
        for module in (desk_calls, sla, ticket_calls, mail, people):
            for call in module.CALLS:
                call(given)
        last = make_ticket(tx)
        search.forget(tx, last, "subject", 0, "Printer")
        for table, column in ((t.event, "ticket_id"), (t.ticket, "id")):
            tx.execute(table.delete().where(table.c[column] == last))

    db.write(work)
    desk = DeskFixture(db)
    number = desk.open("Der Farbdrucker kleckst: 🖨 \t\\N, no NUL.")
    desk.do(lambda w: comment(w, number, "Das Farbband überprüfen"))
    return desk


@pytest.fixture
def other_url(db: Database, tmp_path: Path, request: pytest.FixtureRequest) -> Callable[[], str]:
    """A function: the URL of an empty database of the other kind."""
    if not db.is_sqlite:
        numbers = iter(range(9))
        return lambda: f"sqlite:///{tmp_path}/new/desk{next(numbers)}.db"
    return request.getfixturevalue("postgres_url")  # type: ignore[no-any-return]


def contents(url: str) -> Contents:
    """Every row of every table that is copied as it is."""
    database = Database(url)
    with database.read() as tx:
        found = {
            table.name: sorted(map(tuple, tx.execute(select(table))), key=repr)
            for table in schema.metadata.sorted_tables
            if table.name not in ("search_entry", "heartbeat")
        }
    database.dispose()
    return found


def test_a_desk_comes_whole_to_the_other_kind_and_back(
    desk: DeskFixture, db_url: str, other_url: Callable[[], str], tmp_path: Path
) -> None:
    there, back = other_url(), f"sqlite:///{tmp_path}/back/desk.db"
    copied = copy_desk.copy(db_url, there)
    original = contents(db_url)
    assert contents(there) == original
    assert {one.table: one.rows for one in copied} == {
        name: len(rows) for name, rows in original.items()
    }
    assert sum(one.rows for one in copied) <= copy_desk.count(db_url)
    assert copy_desk.copy(there, back) == copied
    assert contents(back) == original
    assert faults(there) == faults(back) == faults(db_url)


def faults(url: str) -> list[str]:
    database = Database(url)
    with database.read() as tx:
        found = list(integrity.faults(tx, full=True))
    database.dispose()
    return found


def test_words_are_found_and_numbers_go_on(
    desk: DeskFixture, db_url: str, other_url: Callable[[], str], make_ticket: MakeTicket
) -> None:
    there = other_url()
    copy_desk.copy(db_url, there)
    moved = Database(there)
    for field, word in (
        ("subject", "printer"),
        ("body", "farbdrucker"),
        ("comments", "uberprufen"),
    ):
        wanted = Where(field, "=", (word,))
        here = desk.read(lambda tx, wanted=wanted: numbers(tx, wanted))  # type: ignore[misc]
        with moved.read() as tx:
            assert here == numbers(tx, wanted) != []
    assert desk.db.write(make_ticket) == moved.write(make_ticket)
    moved.dispose()


def numbers(tx: Tx, wanted: Condition) -> list[int]:
    with closing(ticket_lists.stream(tx, wanted, ())) as found:
        return sorted(one.id for one in found)


def test_a_target_that_is_in_use_stays_as_it_is(
    desk: DeskFixture, db_url: str, other_url: Callable[[], str]
) -> None:
    there = other_url()
    copy_desk.copy(db_url, there)
    desk.open()
    before = contents(there)
    with pytest.raises(Refused, match="holds a desk already"):
        copy_desk.copy(db_url, there)
    with pytest.raises(Refused, match="same database"):
        copy_desk.copy(db_url, db_url)
    assert contents(there) == before


def test_what_arrives_changed_is_not_kept(
    desk: DeskFixture,
    db_url: str,
    other_url: Callable[[], str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A driver or a disk that loses a row is noticed before the commit."""
    there, write = other_url(), copy_desk._write

    def lossy(to: Tx, table: Table, rows: Iterable[Row]) -> None:
        kept = list(rows)
        write(to, table, kept[:-1] if table is t.comment else kept)

    monkeypatch.setattr(copy_desk, "_write", lossy)
    with pytest.raises(DatabaseTrouble, match=r"table comment arrived with .*; nothing was copied"):
        copy_desk.copy(db_url, there)
    monkeypatch.undo()
    assert copy_desk.copy(db_url, there)


def test_a_source_that_is_no_desk_is_refused(other_url: Callable[[], str], tmp_path: Path) -> None:
    with pytest.raises(DatabaseTrouble):
        copy_desk.copy(f"sqlite:///{tmp_path}/none.db", other_url())
    assert not (tmp_path / "new").exists() or not list((tmp_path / "new").glob("*.db"))
    with pytest.raises(DatabaseTrouble, match="is not a database URL"):
        copy_desk.copy("mysql://x/y", other_url())
