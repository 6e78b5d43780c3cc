"""Backup and restore: everything comes back, or nothing has changed."""

import sqlite3
import stat
import zipfile
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select, text

from ticketctl.domain.base.records import ReceivedMail
from ticketctl.errors import BadInput, DatabaseTrouble, Refused
from ticketctl.store.db import backup, integrity, migrate, schema, signing_key
from ticketctl.store.db.connections import sqlite_connection
from ticketctl.store.db.database import SCHEMA, Database, Tx
from ticketctl.store.queues import inbox

AT = datetime(2026, 3, 9, 8, 10, tzinfo=UTC)
RAW = bytes(range(256)) + b"\r\n\\N\t\\."


def accept(tx: Tx, raw: bytes = RAW) -> int:
    return inbox.accept(
        tx,
        ReceivedMail(raw=raw, via="pipe", envelope_from="a\tb\\N", recipients={"": ("ů@x",)}),
        AT,
    )[0]


@pytest.fixture
def empty_url(db: Database, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """Where nothing is yet: no file on SQLite, no table on PostgreSQL."""
    if db.is_sqlite:
        return f"sqlite:///{tmp_path}/new/desk.db"
    url = str(request.getfixturevalue("postgres_url")())
    other = Database(url)
    other.write(lambda tx: tx.execute(text("DROP SCHEMA public CASCADE; CREATE SCHEMA public")))
    other.dispose()
    return url


def contents(url: str) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table."""
    database = Database(url)
    with database.read() as tx:
        found = {
            table.name: sorted(map(tuple, tx.execute(select(table))), key=repr)
            for table in schema.metadata.sorted_tables
        }
    database.dispose()
    return found


def test_everything_comes_back(db: Database, db_url: str, empty_url: str, tmp_path: Path) -> None:
    db.write(accept)
    backup.backup(db_url, tmp_path / "copy")
    db.write(lambda tx: accept(tx, b"after the backup"))
    backup.restore(empty_url, tmp_path / "copy")
    there = contents(empty_url)
    assert [row[0] for row in there["inbox"]] == [1]
    assert there["meta"] == contents(db_url)["meta"]
    backup.restore(db_url, tmp_path / "copy", force=True)
    assert contents(db_url) == there
    restored = Database(empty_url)
    with restored.read() as tx:
        assert inbox.raw(tx, 1) == RAW
        assert list(integrity.faults(tx, full=True)) == []
    restored.dispose()


def test_full_text_comes_back(db: Database, db_url: str, empty_url: str, tmp_path: Path) -> None:
    found = (
        "SELECT rowid FROM search_text WHERE search_text MATCH 'printer'"
        if db.is_sqlite
        else "SELECT id FROM search_entry WHERE text_vector @@ to_tsquery('simple', 'printer')"
    )
    db.write(_searchable)
    backup.backup(db_url, tmp_path / "copy")
    backup.restore(empty_url, tmp_path / "copy")
    restored = Database(empty_url)
    with restored.read() as tx:
        assert tx.execute(text(found)).scalars() == [1]
    restored.dispose()


def _searchable(tx: Tx) -> None:
    customer = schema.customer.insert().values(profile={}, created_at=AT)
    ticket = schema.ticket.insert().values(
        subject="x",
        status="new",
        priority=1,
        channel="email",
        customer_id=1,
        created_at=AT,
        updated_at=AT,
        fields={"tier": "gold"},
    )
    for statement in (customer, ticket):
        tx.execute(statement)
    tx.execute(schema.search_entry.insert().values(ticket_id=1, part="subject", n=0))
    if tx.is_sqlite:
        tx.execute(text("INSERT INTO search_text (rowid, text) VALUES (1, 'my printer')"))
    else:
        vector = "UPDATE search_entry SET text_vector = to_tsvector('simple', 'my printer')"
        tx.execute(text(vector))


def test_numbers_go_on_after_a_restore(
    db: Database, db_url: str, empty_url: str, tmp_path: Path
) -> None:
    for _ in range(3):
        db.write(accept)
    db.write(lambda tx: tx.execute(schema.inbox.delete().where(schema.inbox.c.id == 3)))
    backup.backup(db_url, tmp_path / "copy")
    backup.restore(empty_url, tmp_path / "copy")
    restored = Database(empty_url)
    assert restored.write(accept) == 4
    restored.dispose()


def test_a_backup_is_private_and_whole_or_not_there(
    db: Database, db_url: str, tmp_path: Path
) -> None:
    file = tmp_path / "backups" / "copy"
    with pytest.raises(BadInput, match=r"cannot write .*: No such file"):
        backup.backup(db_url, file)
    file.parent.mkdir()
    file.write_bytes(b"yesterday's")
    backup.backup(db_url, file)
    assert [path.name for path in file.parent.iterdir()] == ["copy"]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert file.read_bytes() != b"yesterday's"


def test_a_desk_in_use_is_not_overwritten(db: Database, db_url: str, tmp_path: Path) -> None:
    backup.backup(db_url, tmp_path / "copy")
    db.write(accept)
    before = contents(db_url)
    with pytest.raises(Refused, match="holds a desk already; give --force"):
        backup.restore(db_url, tmp_path / "copy")
    assert contents(db_url) == before
    backup.restore(db_url, tmp_path / "copy", force=True)
    assert contents(db_url)["inbox"] == []


def test_a_file_that_is_no_backup_is_refused(db: Database, db_url: str, tmp_path: Path) -> None:
    db.write(accept)
    before = contents(db_url)
    (tmp_path / "copy").write_bytes(b"something else entirely")
    with pytest.raises(BadInput, match=r"is not a .*backup of a"):
        backup.restore(db_url, tmp_path / "copy", force=True)
    with pytest.raises(BadInput, match="there is no file"):
        backup.restore(db_url, tmp_path / "missing", force=True)
    assert contents(db_url) == before


def test_a_damaged_backup_changes_nothing(db: Database, db_url: str, tmp_path: Path) -> None:
    db.write(lambda tx: accept(tx, bytes(range(256)) * 4_000))
    file = tmp_path / "copy"
    backup.backup(db_url, file)
    content = bytearray(file.read_bytes())
    middle = len(content) // 2 if not db.is_sqlite else 4096
    content[middle : middle + 64] = b"\xff" * 64
    file.write_bytes(content)
    before = contents(db_url)
    with pytest.raises(
        (BadInput, DatabaseTrouble), match=r"damaged|not a complete backup|malformed"
    ):
        backup.restore(db_url, file, force=True)
    assert contents(db_url) == before


def test_a_backup_of_another_schema_is_refused(db: Database, db_url: str, tmp_path: Path) -> None:
    file = tmp_path / "copy"
    backup.backup(db_url, file)
    if db.is_sqlite:
        with sqlite3.connect(file) as copy:
            copy.execute("UPDATE alembic_version SET version_num = '0000'")
        copy.close()
    else:
        with zipfile.ZipFile(file) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        parts["manifest.json"] = parts["manifest.json"].replace(f'"{SCHEMA}"'.encode(), b'"0000"')
        with zipfile.ZipFile(file, "w") as archive:
            for name, part in parts.items():
                archive.writestr(name, part)
    with pytest.raises((Refused, DatabaseTrouble), match="schema is 0000"):
        backup.restore(db_url, file, force=True)


def test_backup_of_a_database_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DatabaseTrouble, match="no database at"):
        backup.backup(f"sqlite:///{tmp_path}/desk.db", tmp_path / "copy")
    assert list(tmp_path.iterdir()) == []


def test_a_sound_database_has_no_faults(db: Database) -> None:
    db.write(accept)
    with db.read() as tx:
        assert list(integrity.faults(tx, full=True)) == []
        sizes = dict(integrity.sizes(tx))
    assert (sizes["inbox"], sizes["blob"], sizes["ticket"]) == (1, 1, 0)
    assert sizes["bytes"] > 0


def test_faults_are_named(db: Database) -> None:
    db.write(accept)
    db.write(_searchable)
    db.write(lambda tx: tx.execute(schema.blob.update().values(content=b"other")))
    db.write(lambda tx: tx.execute(schema.ticket.update().values(messages_count=2)))
    with db.read() as tx:
        blob, counter = integrity.faults(tx)
    assert blob.endswith("the stored bytes have changed")
    assert counter == "ticket 1: messages_count is 2, but there are 0"


def test_rows_that_point_nowhere_are_named(sqlite_db: Database) -> None:
    with closing(sqlite_connection(sqlite_db.url)) as plain:
        plain.execute("PRAGMA foreign_keys=OFF")
        plain.execute("INSERT INTO ticket_tag VALUES (9, 'x')")
    with sqlite_db.read() as tx:
        assert list(integrity.faults(tx)) == [
            "table ticket_tag: row 1 refers to a missing row of ticket"
        ]


def test_the_key_stays_with_the_desk(
    db: Database, db_url: str, empty_url: str, tmp_path: Path
) -> None:
    backup.backup(db_url, tmp_path / "copy")
    migrate.upgrade(empty_url)
    backup.restore(empty_url, tmp_path / "copy")
    restored = Database(empty_url)
    with db.read() as before, restored.read() as after:
        assert signing_key.read(before) == signing_key.read(after)
    restored.dispose()


def test_a_sqlite_backup_is_one_file(
    sqlite_db: Database, sqlite_url: str, tmp_path: Path, postgres_url: Callable[[], str]
) -> None:
    backup.backup(sqlite_url, tmp_path / "copy")
    assert not list(tmp_path.glob("copy-*"))
    with pytest.raises(BadInput, match="not a complete backup of a PostgreSQL desk"):
        backup.restore(postgres_url(), tmp_path / "copy")


HOSTILE = {
    "trigger": "CREATE TRIGGER spy AFTER INSERT ON message BEGIN DELETE FROM event; END",
    "view": "CREATE VIEW spy AS SELECT * FROM meta",
    "table": "CREATE TABLE spy (x TEXT)",
    "index": "CREATE INDEX spy ON ticket (length(subject))",
    "column": "ALTER TABLE ticket ADD COLUMN spy TEXT AS (upper(subject)) VIRTUAL",
    "default": "ALTER TABLE inbox ADD COLUMN spy TEXT DEFAULT 'x(1)'",
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_file_with_what_no_desk_holds_is_not_restored_and_not_sound_F_T18(
    sqlite_url: str, sqlite_db: Database, tmp_path: Path, what: str
) -> None:
    backup.backup(sqlite_url, tmp_path / "copy")
    with sqlite3.connect(tmp_path / "copy") as copy:
        copy.execute(HOSTILE[what])
    new = f"sqlite:///{tmp_path}/new/desk.db"
    with pytest.raises(BadInput, match=r'no desk holds: .*"spy"'):
        backup.restore(new, tmp_path / "copy")
    assert not (tmp_path / "new" / "desk.db").exists()
    sqlite_db.write(lambda tx: tx.execute(text(HOSTILE[what])))
    with sqlite_db.read() as tx:
        assert any('"spy"' in line for line in integrity.faults(tx))


def test_a_view_in_place_of_a_table_is_not_even_read_F_T18(sqlite_url: str, tmp_path: Path) -> None:
    backup.backup(sqlite_url, tmp_path / "copy")
    with sqlite3.connect(tmp_path / "copy") as copy:
        copy.execute("DROP TABLE alembic_version")
        endless = (
            "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT max(x) FROM n"
        )
        copy.execute(f"CREATE VIEW alembic_version(version_num) AS {endless}")
    with pytest.raises(BadInput, match='the view "alembic_version"'):
        backup.restore(f"sqlite:///{tmp_path}/new/desk.db", tmp_path / "copy")


def test_nothing_is_restored_into_a_database_with_a_trigger_F_T18(
    postgres_url: Callable[[], str], tmp_path: Path
) -> None:
    url = postgres_url()
    backup.backup(url, tmp_path / "copy")
    database = Database(url)
    statements = (
        "CREATE FUNCTION spy() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$",
        "CREATE TRIGGER spy BEFORE INSERT ON meta EXECUTE FUNCTION spy()",
        "CREATE VIEW peep AS SELECT * FROM meta",
        "CREATE RULE gone AS ON DELETE TO event DO INSTEAD NOTHING",
    )
    for statement in statements:
        database.write(lambda tx, one=statement: tx.run(one))
    with pytest.raises(BadInput, match=r"the database holds what no desk holds: .* and 2 more"):
        backup.restore(url, tmp_path / "copy", force=True)
    with database.read() as tx:
        found = [line for line in integrity.faults(tx) if "does not belong to ticketctl" in line]
    for statement in ("DROP VIEW peep", "DROP RULE gone ON event", "DROP FUNCTION spy CASCADE"):
        database.write(lambda tx, one=statement: tx.run(one))
    database.dispose()
    assert len(found) == 3


def test_a_file_calls_nothing_but_what_is_harmless_F_T18(sqlite_db: Database) -> None:
    with sqlite_db.read() as tx:
        assert tx.execute(text("PRAGMA trusted_schema")).scalar() == 0
