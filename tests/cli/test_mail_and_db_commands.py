"""`ticketctl db`, `inbox` and `outbox`: what they print, change and refuse."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ticketctl.cli import main as cli
from ticketctl.domain.base.reasons import reason
from ticketctl.domain.base.records import ReceivedMail
from ticketctl.store.db.database import Database
from ticketctl.store.queues import heartbeats, inbox, outbox, sending

AT = datetime(2026, 3, 9, 8, 10, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _desk(home: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TICKETCTL_DB", sqlite_url)
    monkeypatch.setenv("TICKETCTL_NOW", "2026-03-09T08:10:00Z")


@pytest.fixture
def held(sqlite_db: Database) -> int:
    """A held mail whose sender means to harm the terminal."""
    arrival = ReceivedMail(
        raw=b"Subject: x\r\n\r\n\xff",
        via="smtp",
        envelope_from="carl\x1b[31m@customer.example",
        recipients={"support@help.example": ("support@help.example",)},
    )
    id = sqlite_db.write(lambda tx: inbox.accept(tx, arrival, AT)[0])
    sqlite_db.write(lambda tx: inbox.hold(tx, id, "cannot be read", [reason("no-reply-token")]))
    return id


@pytest.fixture
def queued(sqlite_db: Database) -> int:
    """A mail to two recipients."""
    return sqlite_db.write(
        lambda tx: outbox.queue(
            tx,
            outbox.NewMail(
                kind="reply",
                mailbox="support@help.example",
                to=("carl@customer.example",),
                cc=("dora@customer.example",),
                subject="[Help #1] Printer",
                message_id="<t1.1@help.example>",
                language="en",
                data={},
                at=AT,
            ),
        )
    )


def run(*args: str, code: int = 0) -> None:
    assert cli.run(list(args)) == code


def test_inbox_list_json_has_the_promised_shape(
    held: int, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    run("inbox", "list", "--json")
    assert json.loads(capsysbinary.readouterr().out) == [
        {
            "id": held,
            "received_at": "2026-03-09T08:10:00Z",
            "via": "smtp",
            "envelope_from": "carl\x1b[31m@customer.example",
            "recipients": ["support@help.example"],
            "message_id": None,
            "size": 15,
            "state": "held",
            "verdict": None,
            "class": None,
            "ticket": None,
            "message": None,
            "reasons": ["no reply token"],
            "reason_slugs": ["no-reply-token"],
            "error": "cannot be read",
            "attempts": 0,
        }
    ]


def test_outbox_list_json_has_the_promised_shape(
    queued: int, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    run("outbox", "list", "--state", "queued", "--json")
    assert json.loads(capsysbinary.readouterr().out) == [
        {
            "id": queued,
            "kind": "reply",
            "channel": "email",
            "ticket": None,
            "to": ["carl@customer.example"],
            "subject": "[Help #1] Printer",
            "message_id": "<t1.1@help.example>",
            "state": "queued",
            "attempts": 0,
            "next_try_at": "2026-03-09T08:10:00Z",
            "error": None,
        }
    ]


def test_show_is_safe_for_a_terminal(held: int, capsys: pytest.CaptureFixture[str]) -> None:
    run("inbox", "show", str(held))
    shown = capsys.readouterr().out
    assert "\x1b" not in shown
    assert "carl\\x1b[31m@customer.example" in shown
    assert "cannot be read" in shown


def test_show_tells_of_each_recipient(queued: int, capsys: pytest.CaptureFixture[str]) -> None:
    run("outbox", "show", str(queued))
    assert "queued dora@customer.example" in capsys.readouterr().out


def test_raw_writes_the_bytes(
    held: int, queued: int, sqlite_db: Database, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    run("inbox", "show", str(held), "--raw")
    assert capsysbinary.readouterr().out == b"Subject: x\r\n\r\n\xff"
    run("outbox", "show", str(queued), "--raw", code=6)
    assert b"the mail cannot be composed: " in capsysbinary.readouterr().err
    sqlite_db.write(lambda tx: sending.store_content(tx, queued, b"a\r\n\xff"))
    run("outbox", "show", str(queued), "--raw")
    assert capsysbinary.readouterr().out == b"a\r\n\xff"


def test_held_mail_is_tried_again_and_dropped(
    held: int, sqlite_db: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    run("inbox", "drop", str(held))
    run("inbox", "drop", str(held), code=5)
    run("inbox", "retry", str(held), "99", code=7)
    said = capsys.readouterr()
    assert said.out.splitlines() == [
        f"{held} dropped",
        f"{held} waits to be filed",
        "99 refused: no mail 99 in the inbox.",
    ]
    assert "it is done (dropped)" in said.err
    assert "1 of 2 could not be done" in said.err
    with sqlite_db.read() as tx:
        assert inbox.get(tx, held).state == "received"


def test_all_held_mail_is_tried_again(held: int, capsys: pytest.CaptureFixture[str]) -> None:
    run("inbox", "retry", "--all")
    run("inbox", "retry", "--all")
    assert capsys.readouterr().out == f"{held} waits to be filed\n"
    run("inbox", "retry", code=2)
    run("inbox", "retry", "--all", str(held), code=2)


def test_a_held_mail_is_explained_in_the_words_of_the_gateway(
    held: int, capsys: pytest.CaptureFixture[str]
) -> None:
    run("inbox", "explain", str(held))
    assert capsys.readouterr().out.startswith(f"mail {held}: human mail; it opens a new ticket\n")
    run("inbox", "explain", str(held), "--json=verdict")
    assert json.loads(capsys.readouterr().out) == {"verdict": "new"}
    run("inbox", "explain", "99", code=3)


def test_a_queued_mail_is_called_off(
    queued: int, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    run("outbox", "retry", str(queued), "--json")
    run("outbox", "cancel", str(queued))
    run("outbox", "cancel", str(queued), code=5)
    said = capsysbinary.readouterr()
    first, cancelled = said.out.rsplit(b"]\n", 1)
    assert json.loads(first + b"]") == [{"id": queued, "ok": True, "error": None, "code": 0}]
    assert cancelled == b"%d cancelled\n" % queued
    assert b"it is cancelled" in said.err


def test_a_long_list_comes_whole(sqlite_db: Database, capsys: pytest.CaptureFixture[str]) -> None:
    arrival = ReceivedMail(raw=b"x", via="pipe", envelope_from=None, recipients={"": ()})
    sqlite_db.write(lambda tx: [inbox.accept(tx, arrival, AT)[0] for _ in range(1_201)])
    run("inbox", "list", "--format", "ids")
    assert capsys.readouterr().out.split() == [str(n) for n in range(1_201, 0, -1)]
    run("inbox", "list", "--format", "ids", "--limit", "501")
    assert capsys.readouterr().out.split() == [str(n) for n in range(1_201, 700, -1)]


def test_a_database_is_made_checked_kept_and_brought_back(
    home: Path, held: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run("db", "backup", str(home / "copy"))
    monkeypatch.setenv("TICKETCTL_DB", f"sqlite:///{home}/second/desk.db")
    run("db", "check", code=8)
    assert "no database at" in capsys.readouterr().err
    run("db", "init")
    run("db", "restore", str(home / "copy"))
    run("db", "upgrade")
    run("db", "check", "--full")
    assert "the database is sound" in capsys.readouterr().err
    run("db", "restore", str(home / "copy"), code=6)
    run("db", "restore", str(home / "copy"), "--force")
    run("db", "restore", str(home / "copy"), "--yes")
    run("db", "stats")
    assert "inbox\t1\n" in capsys.readouterr().out


def test_backups_in_a_folder_are_rotated_and_each_can_be_restored(
    home: Path,
    held: int,
    sqlite_db: Database,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder = home / "backups"
    run("db", "backup", str(folder), "--keep", "2", code=2)
    assert "is no folder; with --keep name the folder" in capsys.readouterr().err
    folder.mkdir()
    (folder / "desk-of-mine.db").write_text("not a backup of ours")
    run("db", "backup", str(folder), code=2)
    assert "how many to keep there: --keep N" in capsys.readouterr().err
    for day in (9, 10, 11):
        monkeypatch.setenv("TICKETCTL_NOW", f"2026-03-{day:02}T03:30:00Z")
        run("db", "backup", str(folder), "--keep", "2")
    assert "backed up SQLite to " in capsys.readouterr().err
    kept = sorted(one.name for one in folder.iterdir())
    assert kept == ["desk-20260310T033000Z.db", "desk-20260311T033000Z.db", "desk-of-mine.db"]
    for name in kept[:2]:
        monkeypatch.setenv("TICKETCTL_DB", f"sqlite:///{home}/{name}/desk.db")
        run("db", "restore", str(folder / name))
        run("inbox", "show", str(held))


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_desk_is_copied_and_used_there(
    kind: str,
    home: Path,
    held: int,
    postgres_url: Callable[[], str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    there = f"sqlite:///{home}/there/desk.db" if kind == "sqlite" else postgres_url()
    run("db", "copy", "--to", there)
    said = capsys.readouterr()
    assert "inbox\t1\t" in said.out
    assert "set db.url to it, then start the gateways." in said.err
    run("db", "copy", "--to", there, code=6)
    assert "holds a desk already" in capsys.readouterr().err
    monkeypatch.setenv("TICKETCTL_DB", there)
    run("db", "check", "--full")
    run("inbox", "retry", str(held))
    assert capsys.readouterr().out == f"{held} waits to be filed\n"


def test_a_desk_is_not_copied_while_a_gateway_works_on_it(
    home: Path, held: int, sqlite_db: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    there = f"sqlite:///{home}/there/desk.db"
    part = heartbeats.PartState(
        part="send", pid=1, state=heartbeats.RUNNING, restarts=0, started_at=None
    )
    sqlite_db.write(lambda tx: heartbeats.note(tx, "one", "mail.example", [part]))
    run("db", "copy", "--to", there, code=6)
    assert (
        "a gateway works on this desk, on mail.example; stop it first." in capsys.readouterr().err
    )
    sqlite_db.write(lambda tx: heartbeats.remove(tx, "one"))
    run("db", "copy", "--to", there)


def test_faults_end_with_exit_8(
    held: int, sqlite_db: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    from sqlalchemy import text

    sqlite_db.write(lambda tx: tx.execute(text("UPDATE blob SET content = x'00'")))
    run("db", "check", code=8)
    said = capsys.readouterr().err
    assert "the database has 1 fault:" in said
    assert "the stored bytes have changed" in said
