"""What `doctor` says of polls, backups, the certificate, agents' addresses and ports."""

import json
import os
import socket
import sqlite3
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from tests.support.desk import DESK
from ticketctl import clock
from ticketctl.cli.main import run
from ticketctl.domain.loading.load import parse
from ticketctl.store.db.database import Database, Tx
from ticketctl.store.desk import definitions
from ticketctl.store.queues import heartbeats, imap_state, outbox
from ticketctl.store.queues.heartbeats import PartState

NOW = clock.parse("2026-03-09T08:00:00Z")
WIRE = Path(__file__).parents[1] / "wire"
Checks = Callable[[str], list[tuple[str, str]]]
IMAP = """
[[imap]]
name = "support"
host = "127.0.0.1"
username = "x"
mailbox = "support@help.example"
"""


@pytest.fixture
def desk(home: Path, db: Database, db_url: str, monkeypatch: pytest.MonkeyPatch) -> Database:
    monkeypatch.setenv("TICKETCTL_DB", db_url)
    monkeypatch.setenv("TICKETCTL_NOW", clock.rfc3339(NOW))
    monkeypatch.setenv("LOGNAME", "root")
    for door in ("SMTP", "LMTP"):  # others may listen on the usual ports
        monkeypatch.setenv(f"TICKETCTL_GATEWAY_{door}", "127.0.0.1:0")
    return db


@pytest.fixture
def checks(desk: Database, capfd: pytest.CaptureFixture[str]) -> Checks:
    """A function: state and sentence of the checks of a name."""

    def said(name: str) -> list[tuple[str, str]]:
        capfd.readouterr()
        run(["doctor", "--json"])
        found = json.loads(capfd.readouterr().out)
        return [(one["state"], one["sentence"]) for one in found if one["check"] == name]

    return said


def configure(text: str) -> None:
    """Write config.toml."""
    Path(os.environ["TICKETCTL_CONFIG"]).write_text(text, encoding="utf-8")


def apply(desk: Database, text: str) -> None:
    """Put desk.toml in force."""
    desk.write(lambda tx: definitions.save(tx, text, parse(text), "root", "root", NOW))


@pytest.mark.parametrize(("minutes", "state"), [(14, []), (16, ["fail"]), (None, ["fail"])])
def test_polls_that_fail(
    desk: Database,
    checks: Checks,
    capfd: pytest.CaptureFixture[str],
    minutes: int | None,
    state: list[str],
) -> None:
    configure(IMAP)
    if minutes is not None:
        good = NOW - timedelta(minutes=minutes)
        desk.write(lambda tx: imap_state.record_good_run(tx, "support", "INBOX", good))
    for account in ("support", "removed"):  # the second is in no settings, and nobody polls it
        desk.write(lambda tx, of=account: imap_state.record_bad_run(tx, of, "INBOX", "no route."))
    found = checks("imap")
    assert [each for each, _ in found] == state
    parts = [
        PartState(part=name, pid=7, state="running", restarts=0, started_at=None)
        for name in ("intake1", "send")
    ]
    desk.write(lambda tx: heartbeats.note(tx, "mail1", "mail1", parts))
    assert run(["gateway", "status", "--exit-status", "--json"]) == (10 if state else 0)
    assert json.loads(capfd.readouterr().out)["failed_polls"] == [said for _, said in found]
    if state:
        last = f"last polled {minutes} min ago" if minutes else "never polled"
        assert found[0][1] == f"support INBOX was {last}: no route."


def test_accounts_that_a_running_gateway_polls_count_everywhere(
    desk: Database, checks: Checks
) -> None:
    """The settings of this host do not name them."""
    desk.write(lambda tx: imap_state.record_bad_run(tx, "support", "INBOX", "no route"))
    assert checks("imap") == []
    part = PartState(part="imap:support", pid=7, state="running", restarts=0, started_at=None)
    desk.write(lambda tx: heartbeats.note(tx, "mail1", "mail1", [part]))
    assert [state for state, _ in checks("imap")] == ["fail"]


def test_a_poller_that_hangs_and_says_nothing(desk: Database, checks: Checks) -> None:
    """As long as a gateway polls: otherwise that none runs is said elsewhere."""
    configure(IMAP + 'poll = "1h"\n')
    part = PartState(part="imap:support", pid=7, state="running", restarts=0, started_at=None)
    for minutes, runs, state in ((130, True, []), (136, False, []), (136, True, ["fail"])):
        good = NOW - timedelta(minutes=minutes)
        desk.write(lambda tx, at=good: imap_state.record_good_run(tx, "support", "INBOX", at))
        parts = [part] if runs else []
        desk.write(lambda tx, now=parts: heartbeats.note(tx, "mail1", "mail1", now))
        assert [each for each, _ in checks("imap")] == state
    assert checks("imap") == [("fail", "support INBOX was last polled 2 h ago.")]


def test_backups_that_are_too_old(
    desk: Database, checks: Checks, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert checks("backup") == []
    configure('[db]\nbackup_age = "2d"\n')
    assert checks("backup") == [("fail", "no `ticketctl db backup` was made yet.")]
    assert run(["db", "backup", str(tmp_path / "backup")]) == 0
    assert checks("backup") == [("ok", "the last `ticketctl db backup` was made now.")]
    monkeypatch.setenv("TICKETCTL_NOW", "2026-03-12T08:00:00Z")
    assert checks("backup") == [("fail", "the last `ticketctl db backup` was made 3 d ago.")]
    configure("")
    assert [state for state, _ in checks("backup")] == ["ok"]


def test_a_backup_that_cannot_be_recorded_is_made(
    sqlite_url: str, home: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setenv("TICKETCTL_DB", sqlite_url)
    monkeypatch.setattr("ticketctl.store.db.database.BUSY_SECONDS", 0.1)
    monkeypatch.setattr(Database.__init__, "__kwdefaults__", {"busy_seconds": 0.1})
    other = sqlite3.connect(tmp_path / "desk.db")
    other.execute("BEGIN IMMEDIATE")
    assert run(["db", "backup", str(tmp_path / "backup")]) == 0
    other.close()
    assert "`doctor` will not know of this backup" in capfd.readouterr().err
    assert (tmp_path / "backup").stat().st_size


@pytest.mark.parametrize(
    ("now", "state", "words"),
    [
        ("2026-03-09T08:00:00Z", "ok", "is valid until 2126-10-28."),
        ("2126-10-20T08:00:00Z", "warn", "expires on 2126-10-28 (in 8 d); renew it."),
        ("2126-10-29T08:00:00Z", "fail", "expired on 2126-10-28; renew it."),
    ],
)
def test_certificates(
    checks: Checks, monkeypatch: pytest.MonkeyPatch, now: str, state: str, words: str
) -> None:
    cert, key = WIRE / "localhost.pem", WIRE / "localhost.key"
    configure(f'[gateway]\ntls_cert = "{cert}"\ntls_key = "{key}"\n')
    monkeypatch.setenv("TICKETCTL_NOW", now)
    assert checks("certificate") == [(state, f"{cert} {words}")]


def test_a_certificate_that_cannot_be_used(checks: Checks, tmp_path: Path) -> None:
    assert checks("certificate") == []
    configure(f'[gateway]\ntls_cert = "{tmp_path}/none"\ntls_key = "{WIRE}/localhost.key"\n')
    ((state, sentence),) = checks("certificate")
    assert (state, "cannot be used: No such file" in sentence) == ("fail", True)


def mailed(desk: Database, to: str, state: str, reply: str) -> None:
    """Mail to an address that ended in this state."""

    def work(tx: Tx) -> None:
        mail = outbox.NewMail(
            kind="notification", mailbox="support@help.example", to=(to,), subject="x",
            message_id=f"<{reply or 1}-{to}>", language="en", data={}, at=NOW,
        )  # fmt: skip
        (one,) = outbox.deliveries(tx, outbox.queue(tx, mail))
        outbox.settle_delivery(tx, one.id, state, reply, NOW)

    desk.write(work)


def test_agents_whose_mail_bounces_or_comes_back_to_us(desk: Database, checks: Checks) -> None:
    apply(desk, DESK)
    ((state, sentence),) = checks("agents")[1:]
    assert state == "warn"
    assert sentence.startswith("ana@help.example, ben@help.example, eva@help.example, ")
    assert "lie in a domain of the desk and got no mail yet" in sentence
    for name in ("ana", "ben", "eva", "ida"):
        mailed(desk, f"{name}@help.example", "sent", "250 ok")
    mailed(desk, "ben@help.example", "bounced", "550 5.1.1 no such mailbox.")
    found = [sentence for _, sentence in checks("agents")[1:]]
    assert found[0] == "mail to ben@help.example bounced now: 550 5.1.1 no such mailbox."
    assert found[1].startswith("root@help.example lies in a domain of the desk")
    for name in ("ben", "root"):
        mailed(desk, f"{name}@help.example", "failed" if name == "root" else "sent", "")
    assert [said for _, said in checks("agents")[1:]] == ["mail to root@help.example failed now."]


def test_ports_that_others_hold(
    desk: Database, checks: Checks, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        monkeypatch.setenv("TICKETCTL_GATEWAY_SMTP", f"127.0.0.1:{port}")
        _, (state, sentence) = checks("gateway")
        assert state == "warn"
        assert sentence.startswith(f"cannot listen on 127.0.0.1:{port}: the address is in use")
        part = PartState(part="doors", pid=7, state="running", restarts=0, started_at=None)
        desk.write(lambda tx: heartbeats.note(tx, "mail1", "mail1", [part]))
        assert not any("cannot listen" in said for _, said in checks("gateway"))
    desk.write(lambda tx: heartbeats.remove(tx, "mail1"))
    assert not any("cannot listen" in said for _, said in checks("gateway"))
