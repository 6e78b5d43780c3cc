"""What a desk of an older schema knows of its mail and its last words after an upgrade."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from tests.store.old_schema import upgrade_to
from ticketctl.store.db import migrate
from ticketctl.store.db.database import Database, unchecked
from ticketctl.store.db.database_url import parse_url

CAME, THEN = "2026-03-09T08:00:00Z", "2026-03-10T08:00:00Z"
TICKETS = (  # status, awaiting, directions of its messages
    ("open", "agent", ("in", "out")), ("open", "customer", ("in", "out", "in")), ("escalated", "customer", ("in",)),
    ("waiting", "agent", ("in",)), ("spam", "agent", ("in",)), ("open", "agent", ()),
)  # fmt: skip
_CUSTOMER = "INSERT INTO customer (profile, created_at) VALUES ('{}', :came)"
_TICKET = """INSERT INTO ticket (subject, status, awaiting, priority, channel, customer_id, created_at, updated_at,
    fields) VALUES ('Printer', :status, :awaiting, 1, 'email', 1, :came, :came, '{}')"""
_MESSAGE = """INSERT INTO message (ticket_id, n, direction, class, author, at, text)
    VALUES (:ticket, :n, :direction, 'human', 'x', :came, 'Hello')"""
_BLOB = "INSERT INTO blob (sha256, size, content, at) VALUES ('b', 0, :empty, :came)"
_INBOX = """INSERT INTO inbox (received_at, via, mailbox, recipients, size, blob_sha256, state, reasons)
    VALUES (:came, 'smtp', 'm', '[]', 0, 'b', :state, '[]')"""
_FILED = (
    "INSERT INTO filed (mailbox, identity, content, inbox_id, at) VALUES ('m', 'i', 'c', 2, :then)"
)
_OUTBOX = """INSERT INTO outbox (kind, mailbox, "to", cc, bcc, subject, message_id, "references", language, data, state,
    created_at) VALUES ('reply', 'm', '[]', '[]', '[]', 'Hi', :state, '[]', 'en', '{}', :state, :came)"""
_DELIVERY = """INSERT INTO delivery (outbox_id, address, kind, state, created_at, at)
    VALUES (2, 'a@x.example', 'reply', 'sent', :came, :then)"""


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A desk of schema 0009."""
    if request.param == "sqlite":
        (tmp_path / "desk.db").touch()
        made = f"sqlite:///{tmp_path}/desk.db"
    else:
        made = str(request.getfixturevalue("postgres_url")())
    with unchecked(parse_url(made)) as tx:
        if request.param == "postgres":
            tx.execute(text("DROP SCHEMA public CASCADE"))
            tx.execute(text("CREATE SCHEMA public"))
        upgrade_to(tx, "0009")

        def put(statement: str, **values: Any) -> None:
            tx.execute(text(statement), {"came": CAME, "then": THEN} | values)

        put(_CUSTOMER)
        for number, (status, awaiting, said) in enumerate(TICKETS, 1):
            put(_TICKET, status=status, awaiting=awaiting)
            for n, direction in enumerate(said, 1):
                put(_MESSAGE, ticket=number, n=n, direction=direction)
        put(_BLOB, empty=b"")
        for state in ("received", "done", "held"):
            put(_INBOX, state=state)
        put(_FILED)
        for state in ("queued", "sent", "cancelled"):
            put(_OUTBOX, state=state)
        put(_DELIVERY)
    migrate.upgrade(made)
    return made


def test_older_mail_has_been_in_its_state_since_the_best_known_time(url: str) -> None:
    database = Database(url)
    with database.read() as tx:
        for queue in ("inbox", "outbox"):
            since = tx.execute(text(f"SELECT since FROM {queue} ORDER BY id")).scalars()  # noqa: S608
            days = [one and str(one)[:10] for one in since]
            assert (queue, days) == (queue, [None, "2026-03-10", "2026-03-09"])
        assert migrate.differences(tx) == []
    database.dispose()


def test_whoever_did_not_write_last_is_awaited_after_an_upgrade(url: str) -> None:
    database = Database(url)
    with database.read() as tx:
        found = tx.execute(text("SELECT awaiting FROM ticket ORDER BY id")).scalars()
    database.dispose()
    assert found == ["customer", "agent", "agent", "customer", "nobody", "agent"]
