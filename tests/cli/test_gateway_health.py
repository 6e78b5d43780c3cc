"""`doctor` and `gateway status` say whether any gateway files and sends mail."""

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from ticketctl import clock
from ticketctl.cli.main import run
from ticketctl.store.db import schema
from ticketctl.store.db.database import Database
from ticketctl.store.queues import heartbeats
from ticketctl.store.queues.heartbeats import DOWN, RUNNING, PartState


@pytest.fixture
def desk(home: object, db: Database, db_url: str, monkeypatch: pytest.MonkeyPatch) -> Database:
    monkeypatch.setenv("TICKETCTL_DB", db_url)
    monkeypatch.setenv("LOGNAME", "root")
    for door in ("SMTP", "LMTP"):  # others may listen on the usual ports
        monkeypatch.setenv(f"TICKETCTL_GATEWAY_{door}", "127.0.0.1:0")
    return db


def beat(db: Database, host: str, age: int = 0, restarts: int = 0, **states: str) -> None:
    """A heartbeat of a gateway on `host`, `age` seconds ago, with parts in these states."""
    parts = [
        PartState(part=name, pid=7, state=state, restarts=restarts, started_at=clock.wall())
        for name, state in states.items()
    ]
    row, seen = schema.heartbeat, {"seen_at": clock.wall() - timedelta(seconds=age)}
    db.write(lambda tx: heartbeats.note(tx, host, host, parts))
    db.write(lambda tx: tx.execute(update(row).where(row.c.host == host).values(seen)))


def doctor(capfd: pytest.CaptureFixture[str]) -> list[tuple[str, str]]:
    """State and sentence of what doctor says of gateways."""
    capfd.readouterr()
    run(["doctor", "--json"])
    found = json.loads(capfd.readouterr().out)
    return [(one["state"], one["sentence"]) for one in found if one["check"] == "gateway"]


def status(capfd: pytest.CaptureFixture[str], code: int) -> dict[str, Any]:
    """What status says; it exits with `code` if it is asked to, and with 0 otherwise."""
    assert run(["gateway", "status"]) == 0
    capfd.readouterr()
    assert run(["gateway", "status", "--exit-status", "--json"]) == code
    said: dict[str, Any] = json.loads(capfd.readouterr().out)
    return said


def test_a_desk_where_none_ever_ran(desk: Database, capfd: pytest.CaptureFixture[str]) -> None:
    (line,) = doctor(capfd)
    assert line[0] == "ok"
    assert "no gateway has run for this desk yet" in line[1]
    said = status(capfd, 10)
    assert (said["files"], said["sends"], said["gateways"]) == (False, False, [])
    assert said["trouble"] == line[1]


def test_all_is_well(desk: Database, capfd: pytest.CaptureFixture[str]) -> None:
    beat(desk, "mail1", doors=RUNNING, intake1=RUNNING, send=RUNNING)
    assert doctor(capfd) == [("ok", "mail is filed and sent on mail1.")]
    said = status(capfd, 0)
    assert (said["files"], said["sends"], said["trouble"]) == (True, True, None)
    (gateway,) = said["gateways"]
    assert (gateway["host"], gateway["alive"]) == ("mail1", True)
    assert [(one["part"], one["state"]) for one in gateway["parts"]] == [
        ("doors", "running"),
        ("intake1", "running"),
        ("send", "running"),
    ]


def test_a_part_that_alone_sends_is_down(desk: Database, capfd: pytest.CaptureFixture[str]) -> None:
    beat(desk, "mail1", restarts=5, intake1=RUNNING, send=DOWN)
    (line, down) = doctor(capfd)
    assert line[0] == "fail"
    assert "no gateway sends mail: send on mail1 is down (restarted 5 times)" in line[1]
    assert down == ("warn", "send on mail1 is down (restarted 5 times).")
    said = status(capfd, 10)
    assert (said["files"], said["sends"]) == (True, False)
    beat(desk, "mail2", intake1=RUNNING, send=RUNNING)
    assert [state for state, _ in doctor(capfd)] == ["ok", "warn"], "another gateway sends"
    status(capfd, 0)


def test_a_gateway_that_vanished(desk: Database, capfd: pytest.CaptureFixture[str]) -> None:
    beat(desk, "mail1", 300, intake1=RUNNING, send=RUNNING)
    ((state, sentence),) = doctor(capfd)
    assert state == "fail"
    assert "no gateway files or sends mail: the one on mail1 was last seen 5 min ago" in sentence
    assert status(capfd, 10)["gateways"][0]["alive"] is False
    beat(desk, "mail2", intake1=RUNNING, send=RUNNING)
    assert doctor(capfd) == [
        ("ok", "mail is filed and sent on mail2."),
        ("warn", "the gateway on mail1 was last seen 5 min ago."),
    ]


def test_a_gateway_that_was_stopped(desk: Database, capfd: pytest.CaptureFixture[str]) -> None:
    beat(desk, "mail1", intake1=RUNNING, send=RUNNING)
    desk.write(lambda tx: heartbeats.remove(tx, "mail1"))
    ((state, sentence),) = doctor(capfd)
    assert state == "fail"
    assert "the last one stopped just now; start `ticketctl gateway serve`" in sentence
    said = status(capfd, 10)
    assert said["gateway_stopped_at"]
    run(["gateway", "status"])
    assert "trouble no gateway files or sends mail" in capfd.readouterr().out
