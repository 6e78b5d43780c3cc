"""The database goes away under load and comes back: senders are told 451, and everything flows again by itself."""

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from gateway.intake.worker import Worker
from gateway.receive.smtp.serve import serve
from gateway.send.sender import Sender
from tests.support.running_gateway import RunningGateway, check_filed_once, check_sent
from tests.support.senders import Senders
from tests.support.stopped_postgres import Postgres
from tests.support.stopped_postgres import postgres as postgres
from ticketctl.settings.table import Gateway, Outgoing, Settings
from ticketctl.store.db.database import Database


def check_refusals(senders: Senders, *secrets: str) -> None:
    """All of them temporary, in our words, telling nothing of our insides."""
    assert {code for code, _ in senders.refusals} <= {451, 421}
    for word in ("psycopg", "sqlite", "Error", "Traceback", "SQL", *secrets):
        assert not [words for _, words in senders.refusals if word in words]


def test_postgres_stopped_and_started_under_load_A2(
    postgres: Postgres, new_gateway: Callable[..., RunningGateway]
) -> None:
    running = new_gateway(postgres.url)
    running.catch()
    running.start()
    with Senders(running.port) as senders:
        running.until(senders.enough(10), "mail comes in")
        postgres.stop()
        running.until(lambda: len(senders.refusals) >= 6, "senders are told")
        postgres.start()
        running.until(senders.enough(10), "mail comes in again")
    assert 451 in {code for code, _ in senders.refusals}
    check_refusals(senders, postgres.url)
    running.until(running.idle, "everything is filed and sent")
    assert not running.said("it is replaced")
    assert not running.said("Traceback")
    assert not running.said("ended with code")
    check_filed_once(running, senders.acknowledged)
    check_sent(running, senders.acknowledged)


def test_the_gateway_waits_for_a_database_that_starts_later(
    postgres: Postgres, new_gateway: Callable[..., RunningGateway]
) -> None:
    running = new_gateway(postgres.url)
    running.catch()
    postgres.stop()
    process = running.launch()
    running.until(lambda: running.said("waits for its database"), "it says what it waits for")
    assert process.poll() is None
    postgres.start()
    running.until(lambda: running.said("the gateway is ready."), "it has started")
    process.terminate()
    assert process.wait(60) == 0
    lines = running.log.read_text().splitlines()
    reasons = [line.partition("waits for its database: ")[2] for line in lines]
    told = [reason for reason in reasons if reason]  # away, and perhaps starting up
    assert told and len(told) == len(set(told))


def test_a_database_that_no_waiting_helps_is_one_sentence(
    tmp_path: Path, new_gateway: Callable[..., RunningGateway], sqlite_url: str
) -> None:
    running = new_gateway(sqlite_url)
    config = running.config.read_text()
    for url, sentence in (
        (f"sqlite:///{tmp_path}/none.db", "no database at"),
        (f"sqlite:///{tmp_path}/empty.db", "this database is empty"),
    ):
        (tmp_path / "empty.db").touch()
        running.config.write_text(config.replace(sqlite_url, url))
        assert running.launch().wait(60) == 8
        assert sentence in running.log.read_text().splitlines()[-1]


@contextmanager
def gateway_inside(running: RunningGateway, busy_seconds: float) -> Iterator[None]:
    """Doors, intake and sender in threads of ours, so that the database's patience can be short."""
    settings = Settings(
        gateway=Gateway(smtp=(f"127.0.0.1:{running.port}",), lmtp=()),
        outgoing=Outgoing(host="127.0.0.1", port=running.outgoing_port, retry=(1,)),
    )
    db = Database(running.db.url.text(), busy_seconds=busy_seconds)
    stop, ready = threading.Event(), threading.Event()

    async def doors() -> None:
        end = asyncio.Event()
        waiting = asyncio.create_task(asyncio.to_thread(stop.wait))
        waiting.add_done_callback(lambda _: end.set())
        await serve(settings, db, end, lambda _: ready.set())

    parts = (
        lambda: asyncio.run(doors()),
        lambda: Worker(db, settings).run(stop),
        lambda: Sender(db, settings).run(stop),
    )
    threads = [threading.Thread(target=part) for part in parts]
    with ExitStack() as at_end:
        at_end.callback(db.dispose)
        for thread in threads:
            thread.start()
            at_end.callback(thread.join)
        at_end.callback(stop.set)
        assert ready.wait(60)
        yield


def test_sqlite_locked_by_another_program_A2(
    sqlite_url: str, new_gateway: Callable[..., RunningGateway]
) -> None:
    running = new_gateway(sqlite_url)
    running.catch()
    with gateway_inside(running, busy_seconds=0.3):
        with Senders(running.port) as senders:
            running.until(senders.enough(10), "mail comes in")
            with closing(sqlite3.connect(running.db.url.database or "", timeout=60)) as other:
                other.execute("BEGIN IMMEDIATE")
                running.until(lambda: len(senders.refusals) >= 6, "senders are told")
                other.rollback()
            running.until(senders.enough(10), "mail comes in again")
        assert 451 in {code for code, _ in senders.refusals}
        check_refusals(senders, "desk.db")
        running.until(running.idle, "everything is filed and sent")
    check_filed_once(running, senders.acknowledged)
    check_sent(running, senders.acknowledged)


def test_sqlite_file_moved_away_and_back_A2(
    sqlite_url: str, new_gateway: Callable[..., RunningGateway]
) -> None:
    running = new_gateway(sqlite_url, "intake_workers = 1")
    running.catch()
    running.start()
    file = Path(running.db.url.database or "")
    with Senders(running.port) as senders:
        running.until(senders.enough(5), "mail comes in")
        file.rename(file.with_suffix(".away"))
        running.kill("doors")  # its successor has no open file
        running.until(lambda: len(senders.refusals) >= 3, "senders are told")
        file.with_suffix(".away").rename(file)
        running.until(senders.enough(5), "mail comes in again")
    check_refusals(senders, "desk.db")
    running.until(running.idle, "everything is filed and sent")
    check_filed_once(running, senders.acknowledged)
    check_sent(running, senders.acknowledged)
