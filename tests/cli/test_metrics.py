"""`gateway status --format prometheus` prints figures that fit what happened to the mail."""

import importlib.util
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import update

from gateway.run.metrics import text
from tests.support.desk import DeskFixture
from ticketctl import clock
from ticketctl.cli.main import run
from ticketctl.domain.base.records import ReceivedMail
from ticketctl.settings.table import Settings
from ticketctl.store.db import meta, schema
from ticketctl.store.db.database import Database, Tx
from ticketctl.store.queues import heartbeats, imap_state, inbox, outbox
from ticketctl.store.queues.heartbeats import PartState

ROOT = Path(__file__).parents[2]
NOW = clock.parse("2026-03-09T08:00:00Z")
Figures = dict[tuple[str, frozenset[tuple[str, str]]], float]


@pytest.fixture
def desk(home: object, db: Database, db_url: str, monkeypatch: pytest.MonkeyPatch) -> DeskFixture:
    monkeypatch.setenv("TICKETCTL_DB", db_url)
    monkeypatch.setenv("TICKETCTL_NOW", clock.rfc3339(NOW))
    monkeypatch.setenv("LOGNAME", "root")
    return DeskFixture(db)


@pytest.fixture
def said(desk: DeskFixture, capfd: pytest.CaptureFixture[str]) -> Callable[[], str]:
    """A function: what the command prints."""

    def say() -> str:
        capfd.readouterr()
        assert run(["gateway", "status", "--format", "prometheus"]) == 0
        return capfd.readouterr().out

    return say


def figures(text: str) -> Figures:
    return {
        (sample.name.removeprefix("ticketctl_"), frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def figure(text: str, name: str, **labels: str) -> float | None:
    return figures(text).get((name, frozenset(labels.items())))


def receive(desk: DeskFixture, door: str, minutes: int, ends: str, seconds: int = 0) -> None:
    """A mail that came so many minutes ago, and was filed after so many seconds, or held, or waits."""
    at = NOW - timedelta(minutes=minutes)
    mail = ReceivedMail(
        raw=f"Subject: {door} {minutes}\n\nx".encode(),
        via=door,
        envelope_from="a@b.example",
        recipients={"support@help.example": ("support@help.example",)},
    )
    (row,) = desk.db.write(lambda tx: inbox.accept(tx, mail, at))
    filed: dict[str, Any] = {"class_": None, "ticket": None, "message": None, "message_id": None}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TICKETCTL_NOW", clock.rfc3339(at + timedelta(seconds=seconds)))
        if ends == "held":
            desk.db.write(lambda tx: inbox.hold(tx, row, "why"))
        elif ends:
            desk.db.write(lambda tx: inbox.finish(tx, row, verdict=ends, reasons=(), **filed))


def send(desk: DeskFixture, kind: str, minutes: int, state: str, seconds: int = 0) -> None:
    """A mail to one recipient that was queued so many minutes ago."""
    at = NOW - timedelta(minutes=minutes)

    def work(tx: Tx) -> None:
        mail = outbox.NewMail(
            kind=kind, mailbox="support@help.example", to=("a@b.example",), subject="x",
            message_id=f"<{kind}{minutes}>", language="en", data={}, at=at,
        )  # fmt: skip
        (one,) = outbox.deliveries(tx, outbox.queue(tx, mail))
        if state != "queued":
            outbox.settle_delivery(tx, one.id, state, None, at + timedelta(seconds=seconds))

    desk.db.write(work)


def test_mail_in_by_door_verdict_and_state(desk: DeskFixture, said: Callable[[], str]) -> None:
    for door, minutes, ends, seconds in (
        ("smtp", 10, "new", 1), ("smtp", 20, "new", 4), ("smtp", 30, "reply", 90), ("imap", 5, "held", 0),
        ("pipe", 3, "", 0), ("smtp", 61, "new", 1),
    ):  # fmt: skip
        receive(desk, door, minutes, ends, seconds)
    found = said()
    came = {
        tuple(sorted(dict(labels).values())): value
        for (name, labels), value in figures(found).items()
        if name == "recent_mails_in"
    }
    assert came == {
        ("done", "new", "smtp"): 2,
        ("done", "reply", "smtp"): 1,
        ("", "held", "imap"): 1,
        ("", "pipe", "received"): 1,
    }
    assert figure(found, "mails_received_total") == 6
    assert figure(found, "inbox_mails", state="held") == 1
    assert figure(found, "inbox_oldest_age_seconds") == 180
    buckets = [
        figure(found, "filing_seconds_bucket", le=le) for le in ("1.0", "5.0", "60.0", "+Inf")
    ]
    assert buckets == [1, 2, 2, 3]
    assert figure(found, "filing_seconds_gsum") == 95


def test_mail_out_by_kind_and_state(desk: DeskFixture, said: Callable[[], str]) -> None:
    send(desk, "ack", 10, "sent", 2)
    send(desk, "reply", 20, "sent", 31)
    send(desk, "reply", 30, "bounced", 5)
    send(desk, "notification", 40, "queued")
    send(desk, "ack", 70, "sent", 2)
    found = said()
    assert figure(found, "recent_mails_out", kind="ack", state="sent") == 1
    assert figure(found, "recent_mails_out", kind="reply", state="bounced") == 1
    assert figure(found, "mails_queued_total") == 5
    assert figure(found, "outbox_oldest_overdue_seconds") == 70 * 60
    assert figure(found, "sending_seconds_bucket", le="2.0") == 1
    assert figure(found, "sending_seconds_gcount") == 2


def test_gateways_polls_and_backups(desk: DeskFixture, said: Callable[[], str]) -> None:
    assert figure(said(), "files_mail") == 0
    states = [("intake1", "running", 0), ("send", "down", 4), ("imap:support", "running", 1)]
    parts = [
        PartState(part=name, pid=7, state=state, restarts=restarts, started_at=None)
        for name, state, restarts in states
    ]
    # Two on one host, as while one takes over from the other.
    for name in ("a", "b"):
        desk.db.write(lambda tx, of=name: heartbeats.note(tx, of, "mail1", parts))
    desk.db.write(lambda tx: imap_state.record_good_run(tx, "support", "INBOX", NOW))
    desk.db.write(lambda tx: meta.record(tx, meta.BACKUP, NOW))
    found = said()
    assert (figure(found, "files_mail"), figure(found, "sends_mail")) == (1, 0)
    assert figure(found, "gateway_up", host="mail1") == 2
    assert figure(found, "part_up", host="mail1", part="send") == 0
    assert figure(found, "part_restarts_total", host="mail1", part="send") == 8
    poll = {"account": "support", "folder": "INBOX"}
    assert figure(found, "poll_success_timestamp_seconds", **poll) == NOW.timestamp()
    assert figure(found, "poll_failing", **poll) == 0
    assert figure(found, "backup_timestamp_seconds") == NOW.timestamp()


@pytest.mark.parametrize(
    ("status", "due", "late"),
    [("open", -1, 1), ("open", 1, 0), ("waiting", -1, 1), ("closed", -1, 0)],
)
def test_breaches_that_are_open(
    desk: DeskFixture, said: Callable[[], str], status: str, due: int, late: int
) -> None:
    columns = {"status": status, "due_at": NOW + timedelta(minutes=due)}
    number = desk.open()
    row = schema.ticket
    desk.db.write(lambda tx: tx.execute(update(row).where(row.c.id == number).values(columns)))
    assert figure(said(), "sla_breached_tickets") == late


def test_while_the_database_is_away_they_say_only_that(tmp_path: Path) -> None:
    away = Database(f"sqlite:///{tmp_path}/none.db")
    assert {name: value for (name, _), value in figures(text(away, Settings())).items()} == {
        "info": 1,
        "database_up": 0,
    }


def test_without_the_setting_a_gateway_loads_no_library_for_metrics() -> None:
    code = (
        "import sys; from gateway.run import process, supervisor; from ticketctl.settings.table import Settings;"
        "process.load(supervisor.part_names(Settings())); print('prometheus_client' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout == "False\n"


def test_promtool_finds_no_fault(desk: DeskFixture, said: Callable[[], str]) -> None:
    if not (promtool := shutil.which("promtool")):
        pytest.skip("promtool (Debian's prometheus) is not installed")
    receive(desk, "smtp", 10, "new", 1)
    send(desk, "ack", 10, "sent", 2)
    done = subprocess.run(
        [promtool, "check", "metrics"], input=said(), text=True, capture_output=True, check=False
    )
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_without_the_extra_one_sentence_says_what_to_install(
    desk: DeskFixture, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr(
        "gateway.shared.needs.find_spec",
        lambda name: None if name == "prometheus_client" else find(name),
    )
    monkeypatch.setenv("TICKETCTL_GATEWAY_METRICS", "127.0.0.1:0")
    for words in (["gateway", "serve"], ["gateway", "status", "--format", "prometheus"]):
        capfd.readouterr()
        assert run(words) == 2
        (line,) = capfd.readouterr().err.splitlines()
        assert "needs the extra `metrics`: run `pip install 'ticketctl[metrics]'`." in line
