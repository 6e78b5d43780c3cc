"""`ticketctl attachment`: what is listed, and byte for byte what is saved (J1, J3, J7, J12)."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

import pytest

from gateway.parse.parse import parse
from ticketctl.cli import main as cli
from ticketctl.domain.base.records import Attachment
from ticketctl.store.db import blobs
from ticketctl.store.db.database import Database, Tx
from ticketctl.store.people import customers
from ticketctl.store.tickets import messages, tickets

AT = datetime(2026, 3, 9, 8, 10, tzinfo=UTC)
FILE = "Content-Type: application/octet-stream\nContent-Disposition: attachment; filename*=utf-8''{}\n\n{}\n"
PARTS = (
    'Content-Type: text/html\n\n<p>see <img src="cid:logo@x"></p>\n',
    "Content-Type: image/png\nContent-ID: <logo@x>\nContent-Disposition: inline; filename=logo.png\n\nPNG\n",
    FILE.format("report.txt", "one"),
    FILE.format("..%2F..%2Freport.txt", "two"),
    FILE.format("report.txt", "three"),
    "Content-Type: application/pgp-signature; name=signature.asc\n\nsigned\n",
)
RAW = (
    "From: zoe@x.example\nContent-Type: multipart/mixed; boundary=b\n\n"
    + "".join(f"--b\n{part}" for part in PARTS)
    + "--b--\n"
).encode()
LISTED = parse(RAW).parts


@pytest.fixture(autouse=True)
def _ticket(
    sqlite_db: Database, sqlite_url: str, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TICKETCTL_DB", sqlite_url)
    sqlite_db.write(_filed)


def _filed(tx: Tx) -> None:
    who = customers.find_or_create(tx, email="zoe@x.example", name="Zoë", language=None, at=AT)
    number = tickets.create(
        tx,
        tickets.NewTicket(
            subject="Fire",
            status="open",
            priority="medium",
            channel="email",
            mailbox="support@help.example",
            segment="support",
            customer_id=who.id,
            at=AT,
        ),
    )
    messages.add(
        tx,
        number,
        messages.NewMessage(
            direction="in",
            class_="human",
            author="zoe@x.example",
            author_name="Zoë",
            at=AT,
            subject="Fire",
            text="see",
            full_text="see",
            blob=blobs.put(tx, RAW, AT),
            attachments=[
                Attachment(
                    n=n,
                    name=p.name,
                    type=p.type,
                    size=p.size,
                    sha256=p.sha256,
                    inline=p.inline,
                    part=p.path,
                    content_id=p.content_id,
                )
                for n, p in enumerate(LISTED, 1)
            ],
        ),
    )


def listed(capsysbinary: pytest.CaptureFixture[bytes], *options: str) -> list[tuple[int, str]]:
    assert cli.run(["attachment", "list", "1", "--json", *options]) == 0
    return [(one["n"], one["name"]) for one in json.loads(capsysbinary.readouterr().out)]


def test_what_is_shown_in_place_is_not_in_the_list_J7_J9(
    capsysbinary: pytest.CaptureFixture[bytes],
) -> None:
    names = ["report.txt"] * 3
    assert listed(capsysbinary) == list(enumerate(names, 2))
    everything = ["logo.png", *names, "signature.asc"]
    assert listed(capsysbinary, "--all-inline") == list(enumerate(everything, 1))


def test_all_are_saved_under_names_of_their_own_J1_J3_J12(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    folder = tmp_path / "all"
    assert cli.run(["attachment", "get", "1", "--all", str(folder)]) == 0
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {
        "logo.png": b"PNG",
        "report.txt": b"one",
        "report (2).txt": b"two",
        "report (3).txt": b"three",
        "signature.asc": b"signed",
    }
    assert all(path.stat().st_mode & 0o777 == 0o640 for path in folder.iterdir())


def test_saving_overwrites_nothing_J3(tmp_path: Path) -> None:
    (tmp_path / "r.txt").write_bytes(b"mine")
    assert cli.run(["attachment", "get", "1", "2", "-o", str(tmp_path / "r.txt")]) == 2
    assert (tmp_path / "r.txt").read_bytes() == b"mine"


def test_half_a_file_is_not_left_J10(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("this system has no /dev/full.")

    def on_full_disk(descriptor: int, mode: str) -> IO[bytes]:
        os.close(descriptor)
        return full.open("wb")

    monkeypatch.setattr(os, "fdopen", on_full_disk)
    assert cli.run(["attachment", "get", "1", "2", "-o", str(tmp_path / "r.txt")]) == 2
    assert "No space left" in capfd.readouterr().err
    assert not (tmp_path / "r.txt").exists()
