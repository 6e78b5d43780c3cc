"""Leases: one holder at a time, until it lets go or stops renewing."""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import text

from ticketctl import clock
from ticketctl.store.db import leases
from ticketctl.store.db.database import Database, Tx


def take(db: Database, holder: str, name: str = "imap support", seconds: int = 30) -> bool:
    return db.write(lambda tx: leases.take(tx, name, holder, seconds))


def test_one_holder_at_a_time_B15(db: Database) -> None:
    assert take(db, "here")
    assert not take(db, "there")
    assert take(db, "there", name="imap sales")


def test_the_holder_renews(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    assert take(db, "here")
    start = clock.wall()
    monkeypatch.setattr(clock, "wall", lambda: start + timedelta(seconds=20))
    assert take(db, "here")
    monkeypatch.setattr(clock, "wall", lambda: start + timedelta(seconds=40))
    assert not take(db, "there")


def test_a_holder_that_died_loses_its_lease(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    assert take(db, "here")
    start = clock.wall()
    monkeypatch.setattr(clock, "wall", lambda: start + timedelta(seconds=31))
    assert take(db, "there")
    assert not take(db, "here")


def test_only_the_holder_lets_go(db: Database) -> None:
    assert take(db, "here")
    db.write(lambda tx: leases.drop(tx, "imap support", "there"))
    assert not take(db, "there")
    db.write(lambda tx: leases.drop(tx, "imap support", "here"))
    assert take(db, "there")


def test_of_many_at_once_one_wins(db: Database) -> None:
    with ThreadPoolExecutor(4) as pool:
        won = list(pool.map(lambda n: take(db, f"holder {n}"), range(8)))
    assert won.count(True) == 1


def test_transactions_with_a_name_in_common_take_turns(postgres_url: Callable[[], str]) -> None:
    db = Database(postgres_url())
    order: list[str] = []

    def second(tx: Tx) -> None:
        leases.take_turns(tx, ["<c@x>", "<b@x>"])
        order.append("second")

    def first(tx: Tx) -> Future[None]:
        leases.take_turns(tx, ["<a@x>", "<b@x>"])
        later = pool.submit(db.write, second)
        waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
        while not tx.execute(waiting).scalar() and not later.done():
            time.sleep(0.01)
        order.append("first")
        return later

    with ThreadPoolExecutor(1) as pool:
        db.write(first).result()
    db.dispose()
    assert order == ["first", "second"]
