"""The schema: made, compared, refused."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.store.old_schema import upgrade_to
from ticketctl.clock import parse, rfc3339
from ticketctl.errors import DatabaseTrouble
from ticketctl.store.db import meta, migrate, signing_key
from ticketctl.store.db.database import SCHEMA, Database, unchecked
from ticketctl.store.db.database_url import parse_url
from ticketctl.store.desk import ratings
from ticketctl.store.people import customers
from ticketctl.store.queues import bans, sending
from ticketctl.store.sla import clock_rows, outcome_rows
from ticketctl.store.tickets import tickets, watchers


def test_the_migrated_schema_is_the_one_of_schema_py(db: Database) -> None:
    with db.read() as tx:
        assert migrate.differences(tx) == []


def test_a_table_that_differs_is_noticed(db: Database) -> None:
    db.write(lambda tx: tx.execute(text("ALTER TABLE ticket ADD COLUMN colour TEXT")))
    with db.read() as tx:
        assert ["colour" in line for line in migrate.differences(tx)] == [True]


def test_this_version_reads_the_newest_revision() -> None:
    assert migrate.head() == SCHEMA


def test_current_tells_the_revision(db_url: str) -> None:
    assert migrate.current(db_url) == SCHEMA


def test_upgrading_again_changes_nothing(db_url: str, db: Database) -> None:
    with db.read() as tx:
        before = signing_key.read(tx), meta.instance(tx)
    migrate.upgrade(db_url)
    with db.read() as tx:
        assert (signing_key.read(tx), meta.instance(tx)) == before
    assert len(before[0]) == 32


def test_each_desk_has_its_own_key(sqlite_db: Database, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/other/desk.db"
    migrate.upgrade(url)
    other = Database(url)
    with sqlite_db.read() as here, other.read() as there:
        assert signing_key.read(here) != signing_key.read(there)
        assert meta.instance(here) != meta.instance(there)
    other.dispose()


def test_upgrade_makes_the_folders_of_a_sqlite_file(tmp_path: Path) -> None:
    migrate.upgrade(f"sqlite:///{tmp_path}/a/b/desk.db")
    assert (tmp_path / "a/b/desk.db").exists()


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DatabaseTrouble, match=r"cannot make the folder .*file/x: "):
        migrate.upgrade(f"sqlite:///{tmp_path}/file/x/desk.db")


def test_two_upgrades_at_once_on_sqlite(tmp_path: Path) -> None:
    _upgrade_thrice_at_once(f"sqlite:///{tmp_path}/desk.db")


def test_two_upgrades_at_once_on_postgres(postgres_empty_url: str) -> None:
    _upgrade_thrice_at_once(postgres_empty_url)


def _upgrade_thrice_at_once(url: str) -> None:
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(migrate.upgrade, [url] * 3))
    database = Database(url)
    with database.read() as tx:
        assert migrate.differences(tx) == []
        assert len(signing_key.read(tx)) == 32
    database.dispose()


def test_current_makes_no_file(tmp_path: Path) -> None:
    with pytest.raises(DatabaseTrouble, match="no database at"):
        migrate.current(f"sqlite:///{tmp_path}/desk.db")
    assert list(tmp_path.iterdir()) == []


def test_a_newer_schema_is_left_alone(sqlite_url: str, sqlite_db: Database) -> None:
    sqlite_db.write(lambda tx: tx.execute(text("UPDATE alembic_version SET version_num = '9999'")))
    with pytest.raises(DatabaseTrouble, match="9999, newer than this version's"):
        migrate.upgrade(sqlite_url)


def test_an_upgrade_that_fails_leaves_nothing(
    postgres_empty_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> str:
        raise RuntimeError("in the middle")

    monkeypatch.setattr("secrets.token_hex", fail)
    with pytest.raises(RuntimeError, match="in the middle"):
        migrate.upgrade(postgres_empty_url)
    assert migrate.current(postgres_empty_url) is None


def test_an_upgrade_that_fails_leaves_nothing_on_sqlite(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"sqlite:///{tmp_path}/desk.db"
    with monkeypatch.context() as patch:
        patch.setattr("secrets.token_hex", lambda _: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            migrate.upgrade(url)
    assert migrate.current(url) is None
    migrate.upgrade(url)
    assert migrate.current(url) == SCHEMA


@pytest.fixture
def postgres_empty_url(postgres_url: Callable[[], str]) -> str:
    """A PostgreSQL database without any table."""
    url = postgres_url()
    with unchecked(parse_url(url)) as tx:
        tx.execute(text("DROP SCHEMA public CASCADE"))
        tx.execute(text("CREATE SCHEMA public"))
    return url


def test_a_desk_of_the_first_schema_keeps_its_tickets_on_sqlite(tmp_path: Path) -> None:
    _first_schema_with_a_ticket(f"sqlite:///{tmp_path}/desk.db", tmp_path)


def test_a_desk_of_the_first_schema_keeps_its_tickets_on_postgres(
    postgres_empty_url: str, tmp_path: Path
) -> None:
    _first_schema_with_a_ticket(postgres_empty_url, tmp_path)


def _first_schema_with_a_ticket(url: str, folder: Path) -> None:
    (folder / "desk.db").touch()
    with unchecked(parse_url(url)) as tx:
        upgrade_to(tx, "0001")
        tx.execute(
            text("INSERT INTO customer (profile, created_at) VALUES ('{}', '2026-03-09T08:10:00Z')")
        )
        tx.execute(
            text(
                "INSERT INTO ticket (subject, status, priority, channel, customer_id, created_at, updated_at, fields) "
                "VALUES ('Printer', 'new', 1, 'email', 1, '2026-03-09T08:10:00Z', '2026-03-09T08:10:00Z', '{}')"
            )
        )
    migrate.upgrade(url)
    database = Database(url)
    with database.read() as tx:
        assert tickets.get(tx, 1).subject == "Printer"
        assert tickets.get(tx, 1).sla_state is None
        assert migrate.differences(tx) == []
    database.dispose()


def test_addresses_with_international_domains_get_one_spelling_on_sqlite(tmp_path: Path) -> None:
    _two_spellings(f"sqlite:///{tmp_path}/desk.db", tmp_path)


def test_addresses_with_international_domains_get_one_spelling_on_postgres(
    postgres_empty_url: str, tmp_path: Path
) -> None:
    _two_spellings(postgres_empty_url, tmp_path)


def _two_spellings(url: str, folder: Path) -> None:
    """A desk of schema 0007 with customers in U-labels, one of them in A-labels too."""
    (folder / "desk.db").touch()
    at = "2026-03-09T08:10:00Z"
    with unchecked(parse_url(url)) as tx:
        upgrade_to(tx, "0007")
        for id, kind, value in (
            (1, "email", "ana@bücher.example"),
            (2, "email", "eva@пример.example"),
            (3, "email", "eva@xn--e1afmkfd.example"),
            (4, "network", "ñandú@bücher.example"),
            (5, "email", "carl@customer.example"),
        ):
            words = {"id": id, "kind": kind, "value": value, "at": at}
            tx.execute(
                text(
                    "INSERT INTO customer (id, email, profile, created_at) VALUES (:id, :value, '{}', :at)"
                ),
                words,
            )
            tx.execute(
                text(
                    "INSERT INTO identity (customer_id, kind, value, created_at) VALUES (:id, :kind, :value, :at)"
                ),
                words,
            )
        ban = "INSERT INTO ban (pattern, at, actor) VALUES ('*@*.例え.example', :at, 'ana')"
        tx.execute(text(ban), {"at": at})
    migrate.upgrade(url)
    database = Database(url)
    with database.read() as tx:
        found = tx.execute(text("SELECT value FROM identity ORDER BY customer_id")).scalars()
        assert list(found) == [
            "ana@xn--bcher-kva.example",
            "eva@пример.example",
            "eva@xn--e1afmkfd.example",
            "ñandú@bücher.example",
            "carl@customer.example",
        ]
        assert bans.matches(tx, "eve@shop.例え.example") == "*@*.xn--r8jz45g.example"
        for spelling in ("ana@bücher.example", "Ana@XN--bcher-kva.example"):
            one = customers.by_identity(tx, "email", spelling)
            assert one is not None and (one.id, one.email) == (1, "ana@xn--bcher-kva.example")
        assert migrate.differences(tx) == []
    database.dispose()


def test_outcomes_are_made_of_the_clocks_that_are_there_on_sqlite(tmp_path: Path) -> None:
    _clocks_of_revision_8(f"sqlite:///{tmp_path}/desk.db", tmp_path)


def test_outcomes_are_made_of_the_clocks_that_are_there_on_postgres(
    postgres_empty_url: str, tmp_path: Path
) -> None:
    _clocks_of_revision_8(postgres_empty_url, tmp_path)


def _clocks_of_revision_8(url: str, folder: Path) -> None:
    """A first response met, one late, one closed late without an answer, one void, one of spam, one that runs."""
    (folder / "desk.db").touch()
    began, due, end = (f"2026-03-09T{hour}:00:00Z" for hour in ("08", "12", "14"))
    clocks = (  # ticket, state, stopped_at, breached_at, answered_by
        (1, "met", end, None, "ana"), (2, "breached", end, due, "ben"), (3, "void", end, due, None),
        (4, "void", end, None, None), (5, "void", end, None, None), (6, "running", None, None, None),
    )  # fmt: skip
    with unchecked(parse_url(url)) as tx:
        upgrade_to(tx, "0008")
        tx.execute(
            text("INSERT INTO customer (profile, created_at) VALUES ('{}', :at)"), {"at": began}
        )
        for number, state, stopped, breached, by in clocks:
            given = {
                "n": number,
                "state": state,
                "stopped": stopped,
                "breached": breached,
                "by": by,
            }
            given |= {"at": began, "due": due, "status": "spam" if number == 5 else "closed"}
            for statement in _OF_REVISION_8:
                tx.execute(text(statement), given)
    migrate.upgrade(url)
    database = Database(url)
    with database.read() as tx:
        found = {number: outcome_rows.of(tx, number) for number in range(1, 7)}
        told = {
            number: [(one.outcome, rfc3339(one.at), one.priority, one.segment) for one in rows]
            for number, rows in found.items()
        }
        assert told == {
            1: [("met", end, "critical", "support")],
            2: [("breached", due, "high", "support"), ("late", end, "critical", "support")],
            3: [("breached", due, "high", "support")],
            4: [("void", end, "critical", "support")],
            5: [],
            6: [],
        }
        assert [one.answered_by for one in found[2]] == [None, "ben"]
        assert found[3][0].ends == ((parse(end), None),)
        assert [one.ends for one in clock_rows.of(tx, 4) + clock_rows.of(tx, 6)] == [(), ()]
        assert found[1][0].elapsed == 6 * 3600
    database.dispose()


# Each ticket became critical between due time and end, and went to billing after both.
_OF_REVISION_8 = (
    """INSERT INTO ticket (id, subject, status, priority, channel, segment, customer_id, created_at, updated_at, fields)
       VALUES (:n, 'Printer', :status, 3, 'email', 'billing', 1, :at, :at, '{}')""",
    """INSERT INTO clock (ticket_id, kind, cycle, policy, policy_version, target, started_at, state, due_at, stopped_at,
       breached_at, segment, answered_by) VALUES (:n, 'first', 1, 'gold', 1, 14400, :at, :state, :due, :stopped,
       :breached, 'support', :by)""",
    """INSERT INTO event (ticket_id, n, at, actor, type, field, old, new, undo_group)
       VALUES (:n, 1, '2026-03-09T13:00:00Z', 'ana', 'priority', 'priority', '"high"', '"critical"', 'g')""",
    """INSERT INTO event (ticket_id, n, at, actor, type, field, old, new, undo_group)
       VALUES (:n, 2, '2026-03-09T14:30:00Z', 'ana', 'segment', 'segment', '"support"', '"billing"', 'h')""",
)


def test_mail_of_revision_13_goes_out_by_mail_on_sqlite(tmp_path: Path) -> None:
    _mail_of_revision_13(f"sqlite:///{tmp_path}/desk.db", tmp_path)


def test_mail_of_revision_13_goes_out_by_mail_on_postgres(
    postgres_empty_url: str, tmp_path: Path
) -> None:
    _mail_of_revision_13(postgres_empty_url, tmp_path)


def _mail_of_revision_13(url: str, folder: Path) -> None:
    (folder / "desk.db").touch()
    with unchecked(parse_url(url)) as tx:
        upgrade_to(tx, "0013")
        tx.execute(
            text(
                """INSERT INTO outbox (kind, mailbox, "to", cc, bcc, subject, message_id, "references", language, data,
                state, attempts, created_at, next_try_at) VALUES ('ack', 'a@b.example', '[]', '[]', '[]', '', '<1>',
                '[]', 'en', '{}', 'queued', 0, '2026-03-09T08:10:00Z', '2026-03-09T08:10:00Z')"""
            )
        )
    migrate.upgrade(url)
    database = Database(url)
    claimed = database.write(lambda tx: sending.claim(tx, holder="h", lease_seconds=60))
    assert claimed is not None and claimed.row.channel == "email"
    with database.read() as tx:
        assert migrate.differences(tx) == []
    database.dispose()


def test_survey_answers_of_revision_14_have_no_questions_on_sqlite(tmp_path: Path) -> None:
    _answers_of_revision_14(f"sqlite:///{tmp_path}/desk.db", tmp_path)


def test_survey_answers_of_revision_14_have_no_questions_on_postgres(
    postgres_empty_url: str, tmp_path: Path
) -> None:
    _answers_of_revision_14(postgres_empty_url, tmp_path)


def _answers_of_revision_14(url: str, folder: Path) -> None:
    (folder / "desk.db").touch()
    with unchecked(parse_url(url)) as tx:
        upgrade_to(tx, "0014")
        tx.execute(
            text(
                """INSERT INTO rating (survey, scale, rating, comment, at, via, segment, replaced)
                VALUES ('csat', '1-5', 4, 'quick', '2026-03-09T08:10:00Z', 'line', 'support', 0)"""
            )
        )
    migrate.upgrade(url)
    database = Database(url)
    with database.read() as tx:
        found = ratings.get(tx, 1)
        assert migrate.differences(tx) == []
    assert (found.comment, found.answers, found.url) == ("quick", (), None)
    database.dispose()


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_nobody_watches_a_ticket_of_revision_15(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = f"sqlite:///{tmp_path}/desk.db"
    if kind == "postgres":
        url = str(request.getfixturevalue("postgres_empty_url"))
    (tmp_path / "desk.db").touch()
    with unchecked(parse_url(url)) as tx:
        upgrade_to(tx, "0015")
    migrate.upgrade(url)
    database = Database(url)
    with database.read() as tx:
        assert watchers.of(tx, 1) == []
        assert migrate.differences(tx) == []
    database.dispose()
