"""What the IMAP door remembers of a folder."""

from datetime import UTC, datetime, timedelta

from ticketctl.store.db.database import Database
from ticketctl.store.queues import imap_state

AT = datetime(2026, 3, 9, 8, 10, tzinfo=UTC)
HERE = ("support", "INBOX")


def last_uid(db: Database, uidvalidity: int) -> int:
    return db.write(lambda tx: imap_state.folder(tx, *HERE, uidvalidity))


def advance(db: Database, uidvalidity: int, uid: int) -> None:
    db.write(lambda tx: imap_state.advance(tx, *HERE, uidvalidity, uid))


def note(db: Database, uid: int, state: str, error: str | None = None) -> int:
    return db.write(lambda tx: imap_state.record_message(tx, *HERE, 7, uid, state, error))


def test_a_new_folder_starts_at_nothing(db: Database) -> None:
    assert last_uid(db, 7) == 0


def test_it_only_goes_forward(db: Database) -> None:
    last_uid(db, 7)
    advance(db, 7, 12)
    advance(db, 7, 5)
    assert last_uid(db, 7) == 12


def test_a_new_uidvalidity_starts_afresh_B5(db: Database) -> None:
    last_uid(db, 7)
    advance(db, 7, 12)
    note(db, 13, imap_state.FAILED)
    assert last_uid(db, 8) == 0
    advance(db, 7, 99)
    assert last_uid(db, 8) == 0, "a run under the old UIDVALIDITY moves nothing"
    with db.read() as tx:
        assert imap_state.message_states(tx, *HERE, 7) == {}


def test_tries_are_counted_for_each_mail_B7(db: Database) -> None:
    last_uid(db, 7)
    assert note(db, 3, imap_state.FAILED, "boom \0") == 1
    assert note(db, 3, imap_state.FAILED) == 2
    assert note(db, 4, imap_state.OVERSIZE) == 1
    with db.read() as tx:
        noted = imap_state.message_states(tx, *HERE, 7)
        assert {uid: (one.state, one.attempts) for uid, one in noted.items()} == {
            3: ("failed", 2),
            4: ("oversize", 1),
        }
        assert imap_state.message_states(tx, "support", "Other", 7) == {}


def test_what_was_moved_away_is_forgotten(db: Database) -> None:
    last_uid(db, 7)
    for uid in (3, 4, 5):
        note(db, uid, imap_state.FILED)
    db.write(lambda tx: imap_state.forget(tx, *HERE, 7, [3, 5]))
    with db.read() as tx:
        assert [*imap_state.message_states(tx, *HERE, 7)] == [4]


def test_good_and_bad_runs_are_kept_B17(db: Database) -> None:
    db.write(lambda tx: imap_state.record_bad_run(tx, *HERE, "cannot log in"))
    with db.read() as tx:
        (state,) = imap_state.folders(tx)
    assert (state.last_ok_at, state.error) == (None, "cannot log in")
    last_uid(db, 7)
    advance(db, 7, 12)
    db.write(lambda tx: imap_state.record_good_run(tx, *HERE, AT, AT - timedelta(hours=1)))
    db.write(lambda tx: imap_state.record_bad_run(tx, *HERE, "the connection was lost"))
    with db.read() as tx:
        (state,) = imap_state.folders(tx)
    assert (state.last_uid, state.last_ok_at, state.error) == (12, AT, "the connection was lost")
    assert state.oldest_waiting_at == AT - timedelta(hours=1)
    db.write(lambda tx: imap_state.record_good_run(tx, *HERE, AT))
    with db.read() as tx:
        (state,) = imap_state.folders(tx)
    assert (state.error, state.oldest_waiting_at) == (None, None)
