"""What `doctor` says of templates, and `inbox show` and `inbox retry` of held mail."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ticketctl.cli import main as cli
from ticketctl.domain.base.reasons import Reason
from ticketctl.domain.base.records import ReceivedMail
from ticketctl.store.db.database import Database
from ticketctl.store.queues import inbox

AT = datetime(2026, 3, 9, 8, 10, tzinfo=UTC)


@pytest.fixture(autouse=True)
def site(home: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A desk with a folder of templates."""
    folder = home / "templates"
    (folder / "answers").mkdir(parents=True)
    (folder / "mail" / "en").mkdir(parents=True)
    monkeypatch.setenv("TICKETCTL_DB", sqlite_url)
    monkeypatch.setenv("TICKETCTL_TEMPLATES", str(folder))
    return folder


def templates(capsys: pytest.CaptureFixture[str]) -> tuple[str, str]:
    """State and sentence of doctor's line on templates."""
    capsys.readouterr()
    cli.run(["doctor", "--json"])
    lines = {one["check"]: one for one in json.loads(capsys.readouterr().out)}
    return lines["templates"]["state"], lines["templates"]["sentence"]


def test_doctor_fills_in_every_template_L15(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert templates(capsys) == ("ok", "all mail, report and canned reply templates render.")
    (site / "mail" / "en" / "ack.txt.j2").write_text("Hello {{ owner }}")
    state, sentence = templates(capsys)
    assert state == "fail" and "ack.txt.j2" in sentence and "'owner' is undefined" in sentence


@pytest.mark.parametrize("text", [b"{{ owner }}", b"{% if %}", b"\xff\xfe"])
def test_doctor_fills_in_every_canned_answer_L15(
    site: Path, capsys: pytest.CaptureFixture[str], text: bytes
) -> None:
    (site / "answers" / "refund.txt").write_bytes(text)
    state, sentence = templates(capsys)
    assert state == "fail" and "refund.txt" in sentence


def held(db: Database, *reasons: str) -> int:
    arrival = ReceivedMail(
        raw=b"x", via="smtp", envelope_from="", recipients={"support@help.example": ("a@b.example",)}
    )  # fmt: skip
    id = db.write(lambda tx: inbox.accept(tx, arrival, AT)[0])
    db.write(
        lambda tx: inbox.hold(
            tx, id, "nobody can be answered", [Reason(None, one) for one in reasons]
        )
    )
    return id


def test_inbox_show_gives_every_reason_a_line(
    sqlite_db: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    id = held(sqlite_db, "no From, no Sender", "nobody\x1b[2J can be answered")
    assert cli.run(["inbox", "show", str(id)]) == 0
    shown = capsys.readouterr().out.splitlines()
    assert shown[-2] == "- no From, no Sender" and "\x1b" not in shown[-1]
    assert cli.run(["inbox", "show", str(id), "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["reasons"]) == 2


def test_inbox_retry_all_takes_every_held_mail_and_says_when_there_is_none(
    sqlite_db: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    numbers = [held(sqlite_db), held(sqlite_db)]
    assert cli.run(["inbox", "retry", "--all"]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == list(
        map(str, numbers)
    )
    assert cli.run(["inbox", "retry", "--all"]) == 0
    assert "no mail is held" in capsys.readouterr().err
    assert cli.run(["inbox", "retry"]) == 2
