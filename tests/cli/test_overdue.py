"""Mail that waits in a queue for a quarter of an hour makes `doctor` and `gateway status` fail."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from ticketctl import clock
from ticketctl.cli.main import run
from ticketctl.domain.base.records import ReceivedMail
from ticketctl.store.db.database import Database
from ticketctl.store.queues import inbox, outbox, sending


@pytest.fixture
def db(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Database:
    tmp_path.chmod(0o700)
    monkeypatch.setenv("TICKETCTL_DB", sqlite_url)
    monkeypatch.setenv("LOGNAME", "root")
    monkeypatch.setenv("TICKETCTL_NOW", "2026-03-09T08:00:00Z")
    return Database(sqlite_url)


def states(capfd: pytest.CaptureFixture[str]) -> tuple[dict[str, str], str]:
    """What doctor says of the queues; what status says is overdue, with its exit code."""
    capfd.readouterr()
    run(["doctor"])
    rows = [line.split("\t") for line in capfd.readouterr().out.splitlines()[1:]]
    code = run(["gateway", "status", "--json"])
    late = json.loads(capfd.readouterr().out)["overdue"]
    assert code == (9 if late else 0)
    return {check: state for state, check, _ in rows if check in ("inbox", "outbox")}, " ".join(
        late
    )


def test_mail_that_is_not_filed(
    db: Database, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    arrival = ReceivedMail(
        raw=b"Subject: x\r\n\r\nx",
        via="smtp",
        envelope_from="a@b.example",
        recipients={"support@localhost": ("support@localhost",)},
    )
    row = db.write(lambda tx: inbox.accept(tx, arrival, clock.now())[0])
    assert states(capfd) == ({"inbox": "ok", "outbox": "ok"}, "")
    monkeypatch.setenv("TICKETCTL_NOW", "2026-03-09T08:16:00Z")
    found, said = states(capfd)
    assert found == {"inbox": "fail", "outbox": "ok"}
    assert "came 16 min ago and is not filed" in said
    db.write(lambda tx: inbox.hold(tx, row, "for a person"))
    assert states(capfd) == ({"inbox": "warn", "outbox": "ok"}, "")


@pytest.mark.parametrize("taken", [False, True])
def test_mail_that_is_not_sent(
    db: Database, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, taken: bool
) -> None:
    def queue(due: timedelta) -> None:
        db.write(
            lambda tx: outbox.queue(
                tx,
                outbox.NewMail(
                    kind="error",
                    ticket=None,
                    message=None,
                    mailbox="support@localhost",
                    to=("a@b.example",),
                    subject="x",
                    message_id=f"<{due}@localhost>",
                    language="en",
                    data={},
                    at=clock.now(),
                    not_before=clock.now() + due,
                ),
            )
        )

    queue(timedelta(hours=1))
    monkeypatch.setenv("TICKETCTL_NOW", "2026-03-09T08:16:00Z")
    assert states(capfd) == ({"inbox": "ok", "outbox": "ok"}, ""), "it is not due yet"
    queue(timedelta())
    assert states(capfd)[1] == ""
    if taken:
        db.write(lambda tx: sending.claim(tx, holder="send", lease_seconds=3600))
    monkeypatch.setenv("TICKETCTL_NOW", "2026-03-09T08:32:00Z")
    found, said = states(capfd)
    assert found == {"inbox": "ok", "outbox": "fail"}
    assert "was due 16 min ago and is not sent" in said


def test_doctor_tells_the_age_of_what_waits(
    db: Database, capfd: pytest.CaptureFixture[str]
) -> None:
    arrival = ReceivedMail(
        raw=b"Subject: x\r\n\r\nx",
        via="smtp",
        envelope_from="a@b.example",
        recipients={"support@localhost": ("support@localhost",)},
    )
    db.write(lambda tx: inbox.accept(tx, arrival, clock.now() - timedelta(minutes=4)))
    capfd.readouterr()
    run(["doctor", "--json"])
    (found,) = [one for one in json.loads(capfd.readouterr().out) if one["check"] == "inbox"]
    assert found["sentence"] == "0 held, 1 not yet filed. The oldest came 4 min ago."
