"""What the parts of gateways are is noted, shown, and forgotten when they have ended."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from ticketctl import clock
from ticketctl.store.db import schema
from ticketctl.store.db.database import Database
from ticketctl.store.queues import heartbeats
from ticketctl.store.queues.heartbeats import DOWN, RUNNING, GatewayState, PartState


def part(name: str, state: str = RUNNING) -> PartState:
    return PartState(part=name, pid=7, state=state, restarts=0, started_at=clock.wall())


def note(db: Database, gateway: str, host: str, *parts: PartState, age: int = 0) -> None:
    """Note a heartbeat that is `age` seconds old."""
    row = schema.heartbeat
    seen = {"seen_at": clock.wall() - timedelta(seconds=age)}
    db.write(lambda tx: heartbeats.note(tx, gateway, host, parts))
    db.write(lambda tx: tx.execute(update(row).where(row.c.gateway == gateway).values(seen)))


def gateways(db: Database) -> list[GatewayState]:
    with db.read() as tx:
        return heartbeats.gateways(tx)


def test_the_last_note_of_a_gateway_counts(db: Database) -> None:
    note(db, "a", "mail1", part("send"), part("intake1"), part("imap:old"))
    note(db, "b", "mail2", part("send", DOWN))
    note(db, "a", "mail1", part("send", DOWN), part("intake1"))
    one, two = gateways(db)
    assert [(each.part, each.state) for each in one.parts] == [("intake1", RUNNING), ("send", DOWN)]
    assert (one.runs("intake"), one.runs("send"), two.runs("send")) == (True, False, False)


def test_a_note_without_news_keeps_the_parts_and_renews_the_time(db: Database) -> None:
    note(db, "a", "mail1", part("send"), age=300)
    assert not gateways(db)[0].is_alive(clock.wall())
    assert db.write(lambda tx: heartbeats.note_again(tx, "a"))
    assert gateways(db)[0].is_alive(clock.wall())
    assert not db.write(lambda tx: heartbeats.note_again(tx, "b"))


@pytest.mark.parametrize(
    ("host", "age", "kept"),
    [
        ("mail1", 30, True),  # another gateway of the same host
        ("mail1", 90, False),  # our predecessor
        ("mail2", 90, True),  # somebody should look after it
        ("mail2", 8 * 86_400, False),
    ],
)
def test_gateways_that_ended_are_forgotten(
    db: Database, host: str, age: int, *, kept: bool
) -> None:
    note(db, "old", host, part("send"), age=age)
    note(db, "new", "mail1", part("send"))
    assert ("old" in [one.name for one in gateways(db)]) is kept


def test_a_gateway_that_stops_leaves_the_time(db: Database) -> None:
    note(db, "a", "mail1", part("send"))
    note(db, "b", "mail1", part("send"))
    with db.read() as tx:
        assert heartbeats.last_stop(tx) is None
    db.write(lambda tx: heartbeats.remove(tx, "a"))
    assert [one.name for one in gateways(db)] == ["b"]
    with db.read() as tx:
        assert heartbeats.last_stop(tx) is not None
