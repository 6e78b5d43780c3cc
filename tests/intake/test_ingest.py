"""`gateway ingest`: each mail and each line of what is handed over has its own outcome."""

import io
import mailbox
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import select

from tests.support.desk import DESK
from ticketctl.cli import main as cli
from ticketctl.export import write
from ticketctl.store.db import schema
from ticketctl.store.db.database import Database
from ticketctl.store.queues import inbox

AT = datetime(2026, 3, 9, 8, 10, tzinfo=UTC)
Ingest = Callable[..., int]


@pytest.fixture
def ingest(home: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Ingest:
    """A function: `gateway ingest` with these arguments; its exit code."""
    monkeypatch.setenv("TICKETCTL_DB", sqlite_url)
    toml = tmp_path / "desk.toml"
    toml.write_text(DESK)
    assert cli.run(["apply", str(toml), "--yes"]) == 0
    return lambda *words: cli.run(["gateway", "ingest", *map(str, words)])


def mail(subject: str, body: str = "Hello\n") -> bytes:
    head = f"From: ana@x.example\nTo: support@help.example\nSubject: {subject}\nMessage-ID: <{subject}@x.example>\n"
    return f"{head}\n{body}".encode()


def raws(db: Database) -> list[bytes]:
    with db.read() as tx:
        return [inbox.raw(tx, row.id) for row in inbox.listing(tx)[::-1]]


def subjects(db: Database) -> list[str]:
    with db.read() as tx:
        return list(tx.execute(select(schema.ticket.c.subject).order_by("id")).scalars())


@pytest.mark.parametrize(
    ("bad", "why"),
    [
        (b'{"channel": "chat", "text": "caf\xe9"}', "it is not UTF-8."),
        (b'{"channel": "chat", "\xff": 1}', "it is not UTF-8."),
        (b"{not JSON}", "it is not a JSON object."),
        (b"[" * 50_000, "it is not a JSON object."),
        (b'{"channel": "chat", "text": "x", "id": 1' + b"0" * 5000 + b"}", "out of range"),
        (b'{"channel": "chat", "text": "' + b"x" * 70_000 + b'"}', "it has more than 61440 bytes."),
    ],
    ids=["value", "key", "broken", "deep", "number", "long"],
)
@pytest.mark.parametrize("channel", [(), ("--channel", "chat")], ids=["named", "given"])
def test_a_line_that_cannot_be_taken_stops_no_other_F_L1(
    ingest: Ingest,
    sqlite_db: Database,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    channel: tuple[str, ...],
    bad: bytes,
    why: str,
) -> None:
    config = tmp_path / "config.toml"
    config.write_text('[gateway]\nmax_message_size = "60KiB"\n')
    monkeypatch.setenv("TICKETCTL_CONFIG", str(config))
    first, last = (
        b'{"channel": "chat", "customer": "ana@x.example", "text": "%s"}' % word
        for word in (b"first", b"last")
    )
    file = tmp_path / "lines.jsonl"
    file.write_bytes(b"\n".join((first, bad, last)) + b"\n")
    assert ingest(*channel, file) == 65
    assert subjects(sqlite_db) == ["first", "last"]
    said = capsys.readouterr().err
    assert f"{file}, line 2 was not accepted: " in said and why in said and "2 accepted." in said


def test_a_maildir_gives_its_mail_and_names_what_it_cannot_give(
    ingest: Ingest, sqlite_db: Database, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    box = tmp_path / "Maildir"
    for folder in ("cur", "new", "tmp", ".Archive/cur", ".Archive/new", "new/folder"):
        (box / folder).mkdir(parents=True)
    (box / "cur/1:2,S").write_bytes(mail("read"))
    (box / "new/9").write_bytes(mail("unread"))
    (box / "tmp/2").write_bytes(mail("half written"))
    (box / "new/.nfs0001").write_bytes(mail("no mail"))
    (box / ".Archive/cur/3:2,S").write_bytes(mail("of another folder"))
    os.mkfifo(box / "new/fifo")
    (box / "new/link").symlink_to(box / ".Archive/cur/3:2,S")
    (box / "new/dangling").symlink_to(box / "nowhere")
    assert ingest(box) == 65
    assert subjects(sqlite_db) == ["read", "unread"]
    said = capsys.readouterr().err
    for name in ("new/fifo", "new/link", "new/dangling", "new/folder"):
        assert f"{box}/{name} was not accepted: it is not a regular file." in said
    assert f"{box}/.Archive was not accepted: it is a subfolder; name it" in said
    assert ".nfs0001" not in said and "tmp" not in said.replace(str(tmp_path), "")
    assert ingest(box / ".Archive") == 0
    assert subjects(sqlite_db)[2:] == ["of another folder"]


def test_what_is_too_large_in_a_box_stops_no_other(
    ingest: Ingest,
    sqlite_db: Database,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    config = tmp_path / "config.toml"
    config.write_text('[gateway]\nmax_message_size = "60KiB"\n')
    monkeypatch.setenv("TICKETCTL_CONFIG", str(config))
    box = tmp_path / "all.mbox"
    mails = (mail("one"), mail("two", "x" * 200_000 + "\n"), mail("three"))
    with box.open("wb") as out:
        write.write_mbox(out, [("ana@x.example", AT, one) for one in mails])
    assert ingest(box) == 65
    assert subjects(sqlite_db) == ["one", "three"]
    assert (
        f"{box}, mail 2 was not accepted: it has more than 61440 bytes" in capsys.readouterr().err
    )


def test_an_mbox_of_ours_gives_back_the_bytes_it_was_given(
    ingest: Ingest, sqlite_db: Database, tmp_path: Path
) -> None:
    mails = [
        mail("quoted", "From me\n>From you\n>>From them\n\nFrom nobody\n"),
        mail("blanks", "\n\n\n"),
        mail("long", "y" * 150_000 + "From here\n"),
    ]
    box = tmp_path / "all.mbox"
    with box.open("wb") as out:
        write.write_mbox(out, [("ana@x.example", AT, one) for one in mails])
    assert ingest(box) == 0
    assert [raw.rstrip(b"\n") for raw in raws(sqlite_db)] == [one.rstrip(b"\n") for one in mails]


def test_an_mbox_that_others_write_gives_its_mails(
    ingest: Ingest, sqlite_db: Database, tmp_path: Path
) -> None:
    box = mailbox.mbox(tmp_path / "all.mbox")
    for subject in ("one", "two"):
        box.add(mail(subject, "Hello\n\nFrom quoted text\n"))
    box.close()
    assert ingest(tmp_path / "all.mbox") == 0
    assert subjects(sqlite_db) == ["one", "two"]
    assert all(b"\nFrom quoted text\n" in raw for raw in raws(sqlite_db))


def test_a_line_that_begins_with_from_ends_no_mail_by_itself(
    ingest: Ingest, sqlite_db: Database, tmp_path: Path
) -> None:
    text = "Hello\nFrom: me\nFrom what I know, yes.\n\nFrom here on it is text.\nAnd more.\n"
    (tmp_path / "all.mbox").write_bytes(
        b"From a@x.example Mon Mar 09 08:10:00 2026\r\n"
        + mail("one", text).replace(b"\n", b"\r\n")
        + b"\r\nFrom b@x.example\r\n"
        + mail("two")
    )
    assert ingest(tmp_path / "all.mbox") == 0
    assert subjects(sqlite_db) == ["one", "two"]
    assert b"From here on it is text.\r\nAnd more.\r\n" in raws(sqlite_db)[0]


@pytest.mark.parametrize("what", ["mail", "lines"])
def test_a_fifo_is_read_once_and_whole(
    ingest: Ingest, sqlite_db: Database, tmp_path: Path, what: str
) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    content = (
        mail("fifo")
        if what == "mail"
        else b'{"channel": "chat", "customer": "ana@x.example", "text": "fifo"}\n'
    )
    writer = Thread(target=fifo.write_bytes, args=(content,))
    writer.start()
    assert ingest(fifo) == 0
    writer.join()
    assert subjects(sqlite_db) == ["fifo"]


def test_standard_input_is_one_mail_whatever_its_first_line_C9(
    ingest: Ingest, sqlite_db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = b"From ana@x.example Mon Mar 09 08:10:00 2026\n" + mail("one")
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(raw)))
    assert ingest() == 0
    assert subjects(sqlite_db) == ["one"]


@pytest.mark.parametrize("number", [10**30, 2**63, 0, -1, -(10**30)])
def test_an_answer_to_a_ticket_that_no_database_can_count_to_is_held_with_a_sentence(
    ingest: Ingest, sqlite_db: Database, tmp_path: Path, number: int
) -> None:
    file = tmp_path / "answers.jsonl"
    file.write_text(f'{{"survey": "csat", "rating": 5, "ticket": {number}}}\n')
    assert ingest(file) == 0
    with sqlite_db.read() as tx:
        (row,) = inbox.listing(tx)
    assert row.state == "held"
    assert "`$.ticket`" in (row.error or "") and "Error" not in (row.error or "")
