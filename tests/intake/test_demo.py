"""The desk that `make run` shows: what its sample mail and its story have made of it."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from gateway.intake.worker import Worker
from gateway.run import demo, demo_data
from ticketctl import clock
from ticketctl.domain.base.records import ReceivedMail
from ticketctl.settings import load
from ticketctl.store.db.database import Database
from ticketctl.store.queues import inbox


def test_the_demo_shows_routing_a_rule_lateness_orders_and_a_merge(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "environ", os.environ.copy())
    environ, fresh = demo._prepare(tmp_path)
    settings = load.load(tmp_path / "config.toml")
    db = Database(settings.db.url)
    for raw in demo._samples():
        arrival = ReceivedMail(raw=raw, via="pipe", envelope_from=None, recipients={"": ()})
        db.write(partial(inbox.accept, mail=arrival, at=clock.now()))
        Worker(db, settings).drain()
    db.dispose()
    demo_data.add(environ, clock.now())
    ticket = {one["id"]: one for one in told(environ, "list")}
    assert fresh and sorted(ticket) == [1, 2, 3, 4, 6, 7]
    assert [ticket[n]["sla"]["state"] for n in (1, 7, 6)] == ["ok", "warn", "breach"]
    assert ticket[6]["age_alert"] == "yellow"
    invoice, order = ticket[2], told(environ, "show", "4")
    assert (invoice["segment"], invoice["owner"], invoice["tags"]) == (
        "billing",
        "ben",
        ["invoice"],
    )
    assert [one["number"] for one in order["customer"]["orders"]] == ["#7731", "#7502"]
    assert told(environ, "show", "5")["merged_into"] == 4
    assert demo._prepare(tmp_path)[1] is False


def test_the_demo_leaves_ports_that_others_listen_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "environ", os.environ.copy())
    demo._prepare(tmp_path)
    before = load.load(tmp_path / "config.toml")
    _, _, port = before.gateway.smtp[0].rpartition(":")
    with listening(int(port)):
        demo._prepare(tmp_path)
    after = load.load(tmp_path / "config.toml")
    assert before.gateway.smtp != after.gateway.smtp
    assert after.gateway.smtp[0].startswith("127.0.0.1:")
    assert before.outgoing.port == after.outgoing.port
    with listening(after.outgoing.port):
        demo._prepare(tmp_path)
    last = load.load(tmp_path / "config.toml")
    assert last.gateway.smtp == after.gateway.smtp
    assert last.outgoing.port != after.outgoing.port


@contextmanager
def listening(port: int) -> Iterator[None]:
    """Another program listens on a port of 127.0.0.1."""
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", port))
        other.listen()
        yield


def told(environ: dict[str, str], *words: str) -> Any:
    """What a command answers in JSON."""
    program = [sys.executable, "-m", "ticketctl", *words, "--json"]
    return json.loads(subprocess.run(program, env=environ, capture_output=True, check=True).stdout)
