"""A running gateway notes in the database what its parts are, whatever happens to them and to the database."""

import contextlib
import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from sqlalchemy import delete

from gateway.run.child import Child
from gateway.run.heartbeat_writer import HeartbeatWriter, Snapshot
from tests.support.running_gateway import PATIENCE, RunningGateway
from ticketctl import clock
from ticketctl.errors import DatabaseTrouble
from ticketctl.store.db import schema
from ticketctl.store.db.database import Database
from ticketctl.store.queues import heartbeats
from ticketctl.store.queues.heartbeats import PartState

PARTS = {"doors": 0, "intake1": 0, "intake2": 0, "send": 0, "timer": 0}


def running_parts(running: RunningGateway) -> dict[str, int]:
    """The parts that run, with how often they were started again."""
    with running.db.read() as tx:
        found = heartbeats.gateways(tx)
    return {
        part.part: part.restarts
        for one in found
        for part in one.parts
        if part.state == heartbeats.RUNNING
    }


def status(running: RunningGateway) -> tuple[int, dict[str, Any]]:
    """The exit code of `gateway status --exit-status`, and what it says."""
    done = subprocess.run(
        [sys.executable, "-m", "ticketctl", "gateway", "status", "--exit-status", "--json"],
        env=running.environ,
        capture_output=True,
        check=False,
    )
    return done.returncode, json.loads(done.stdout)


@pytest.fixture
def running(db_url: str, new_gateway: Callable[..., RunningGateway]) -> RunningGateway:
    made = new_gateway(db_url)
    made.start()
    return made


def test_all_parts_are_noted_until_the_gateway_stops(running: RunningGateway) -> None:
    running.until(lambda: running_parts(running) == PARTS, "all parts are noted")
    code, said = status(running)
    assert (code, said["files"], said["sends"], said["trouble"]) == (0, True, True, None)
    assert {one["pid"] for one in said["gateways"][0]["parts"]} == {
        child.pid for child in running.supervisor.children()
    }
    assert running.stop() == 0
    code, said = status(running)
    assert (code, said["gateways"]) == (10, [])
    assert "the last one stopped" in said["trouble"]


def test_a_part_that_was_killed_is_noted_and_a_reload_is_no_restart(
    running: RunningGateway,
) -> None:
    """Also of the timer, which notes it all: it is killed as well, and replaced by the reload."""
    expected = dict(PARTS)
    running.until(lambda: running_parts(running) == expected, "all parts are noted")
    for name in ("send", "timer"):
        assert running.kill(name)
        expected[name] = 1
        running.until(lambda: running_parts(running) == expected, "its restart is noted")
    before = {child.pid for child in running.supervisor.children()}
    running.supervisor.send_signal(signal.SIGHUP)

    def replaced() -> bool:
        with running.db.read() as tx:
            (now,) = heartbeats.gateways(tx)
            assert heartbeats.last_stop(tx) is None
        return before.isdisjoint(part.pid for part in now.parts if part.pid)

    running.until(replaced, "all parts are new ones")
    running.until(lambda: running_parts(running) == expected, "they run")


SNAPSHOT = Snapshot(
    gateway="mail1:7:ab",
    host="mail1",
    parts=(PartState(part="send", pid=7, state="running", restarts=0, started_at=clock.wall()),),
)


def noted(db: Database) -> list[tuple[PartState, ...]]:
    with contextlib.suppress(DatabaseTrouble), db.read() as tx:
        return [one.parts for one in heartbeats.gateways(tx)]
    return []


def until(holds: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_a_write_that_fails_is_made_up_for(
    sqlite_url: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file, away = tmp_path / "desk.db", tmp_path / "away.db"
    file.rename(away)
    db = Database(sqlite_url)
    writer = HeartbeatWriter(db)
    writer.hear(SNAPSHOT.line())
    until(lambda: "heartbeats are not noted" in caplog.text)
    away.rename(file)
    writer.hear(SNAPSHOT.line())
    until(lambda: noted(db) == [SNAPSHOT.parts])
    writer.close()
    assert noted(db) == [SNAPSHOT.parts], "another timer takes over"
    assert caplog.text.count("heartbeats are not noted") == 1


def test_a_gateway_that_stops_is_forgotten(db: Database) -> None:
    writer = HeartbeatWriter(db)
    writer.hear(SNAPSHOT.line())
    until(lambda: noted(db))
    writer.hear(replace(SNAPSHOT, parts=()).line())
    writer.close()
    assert noted(db) == []
    with db.read() as tx:
        assert heartbeats.last_stop(tx) is not None


def test_rows_that_got_lost_come_back(db: Database) -> None:
    writer = HeartbeatWriter(db)
    writer.hear(SNAPSHOT.line())
    until(lambda: noted(db))
    db.write(lambda tx: tx.execute(delete(schema.heartbeat)))
    writer.hear(SNAPSHOT.line())
    until(lambda: noted(db) == [SNAPSHOT.parts])
    writer.close()


def test_a_line_may_come_in_pieces_and_a_torn_one_is_left_out(sqlite_db: Database) -> None:
    line = SNAPSHOT.line()
    writer = HeartbeatWriter(sqlite_db)
    for piece in (line[:20], b"\n", line[:9], line[9:-1], b"\n"):
        writer.hear(piece)
    until(lambda: noted(sqlite_db) == [SNAPSHOT.parts])
    writer.close()


def test_a_part_that_reads_nothing_does_not_stop_the_supervisor() -> None:
    child = Child("deaf", lambda: time.sleep(PATIENCE) or 0)
    for _ in range(2000):
        child.tell(SNAPSHOT.line())
    child.kill()
    child.wait()
    child.tell(SNAPSHOT.line())
    child.release()
