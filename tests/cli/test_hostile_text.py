"""Text from outside that lies in the database reaches no terminal and no spreadsheet unharmed (K7)."""

import csv
import io
import json
from datetime import UTC, datetime

import pytest

from ticketctl.cli import main as cli
from ticketctl.domain.base.records import Actor, Attachment
from ticketctl.store.db import blobs
from ticketctl.store.db.database import Database, Tx
from ticketctl.store.people import customers
from ticketctl.store.tickets import events, messages, tickets

AT = datetime(2026, 3, 9, 8, 10, tzinfo=UTC)
SIGNS = "\x01\x07\x0b\x1b\x7f\x80\x85\x9b\u061c\u200b\u200d\u200f\u2028\u202e\u2066\ufeff"
HOSTILE = f"=x{SIGNS}\x1b]0;owned\x07\x1b[2J"

PLAIN_FORMS = [
    "list --columns all",
    "list --columns all --format table",
    "list --columns all --format table --color always",
    "list --group-by customer --format table",
    "list --json",
    "list --format ndjson",
    "show 1",
    "show 1 --full --urls",
    "show 1 --comments",
    "show 1 --json",
    "history 1",
    "history 1 --format table",
    "history 1 --json",
    "attachment list 1",
    "attachment list 1 --format table",
    "attachment list 1 --json",
    "search owned",
    "next",
    "stats --by customer,type",
    "export --format tsv",
    "export --format json --messages --comments",
    "export --format ndjson --messages --comments",
]


@pytest.fixture(autouse=True)
def _desk(
    home: object, sqlite_db: Database, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TICKETCTL_DB", sqlite_url)
    monkeypatch.setenv("TICKETCTL_NOW", "2026-03-09T08:20:00Z")
    monkeypatch.setenv("COLUMNS", "200")
    sqlite_db.write(_seed)


def _seed(tx: Tx) -> None:
    """A ticket in which everything that comes from outside means harm."""
    person = customers.find_or_create(
        tx, email="eve@evil.example", name=HOSTILE, language=None, at=AT
    )
    number = tickets.create(
        tx,
        tickets.NewTicket(
            subject=HOSTILE,
            status="new",
            priority="medium",
            channel="email",
            mailbox="support@help.example",
            segment="support",
            customer_id=person.id,
            at=AT,
            type=HOSTILE,
            tags=(HOSTILE,),
        ),
    )
    sha256 = blobs.put(tx, b"inside", AT)
    attachment = Attachment(
        n=1, name=HOSTILE, type=HOSTILE, size=6, sha256=sha256, inline=False, part=None
    )
    messages.add(
        tx,
        number,
        messages.NewMessage(
            direction="in",
            class_="human",
            author="eve@evil.example",
            author_name=HOSTILE,
            at=AT,
            subject=HOSTILE,
            text=HOSTILE,
            full_text=HOSTILE * 2,
            permalink=HOSTILE,
            attachments=(attachment,),
        ),
    )
    messages.add_comment(tx, number, author="ana", at=AT, text=HOSTILE, attachments=(attachment,))
    actor = Actor(HOSTILE, os_user=HOSTILE)
    events.append(
        tx, number, at=AT, actor=actor, type="subject", group="1", field="subject", new=HOSTILE,
        comment=HOSTILE,
    )  # fmt: skip


@pytest.mark.parametrize("words", PLAIN_FORMS)
def test_no_control_character_reaches_stdout_K7(
    words: str, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert cli.run(words.split()) == 0
    shown = capfdbinary.readouterr().out.decode()
    assert "=x" in shown or words.startswith(("search", "next"))
    found = set(shown) & set(SIGNS)
    assert found <= ({"\x1b"} if "always" in words else set())
    assert "\x1b]" not in shown and "\x1b[2J" not in shown


@pytest.mark.parametrize(
    "words", ["list --format csv", "history 1 --format csv", "export --format csv"]
)
def test_csv_runs_nothing(words: str, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert cli.run(words.split()) == 0
    content = capfdbinary.readouterr().out.decode()
    cells = [cell for row in csv.reader(io.StringIO(content, newline="")) for cell in row]
    assert any("owned" in cell for cell in cells)
    assert not [cell for cell in cells if cell[:1] in ("=", "+", "@")]
    assert not set("\x01\x07\x1b\x7f\x9b") & set(content)


@pytest.mark.parametrize("words", ["show 1 --json", "list --json", "export --format json"])
def test_json_means_exactly_what_came(
    words: str, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert cli.run(words.split()) == 0
    found = json.loads(capfdbinary.readouterr().out)
    one = found[0] if isinstance(found, list) else found
    assert one["subject"] == HOSTILE
    assert one["customer"]["name"] == HOSTILE


def test_an_error_repeats_hostile_words_harmlessly(
    capfdbinary: pytest.CaptureFixture[bytes],
) -> None:
    assert cli.run(["show", "1\x1b[2J"]) == 2
    assert cli.run(["assign", "1", "\u202eeve\x9b", "-m", "x"]) == 3
    assert cli.run(["list", "--sort", "\x1b[2J"]) == 2
    shown = capfdbinary.readouterr().err.decode()
    assert not set(shown) & set(SIGNS)
