"""Fill a desk with tickets quickly, the same rows at every run.

    python bench/fill.py URL TICKETS        into a migrated database

Each ticket has two messages (one of ours), their Message-IDs, events, the mail it came from in the inbox and the
acknowledgement in the outbox, all findable in full text; created over the last two years, one in twelve open.
The rows are made in plain Python and loaded in bulk (bulk.py).
"""

import hashlib
import random
import shutil
import sys
from collections import defaultdict
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import NamedTuple

import bulk
import ground
from bulk import Row, Rows
from mails import DOMAIN, MAILBOX, Mails

from ticketctl.clock import rfc3339
from ticketctl.domain.base.records import PRIORITIES
from ticketctl.store.tickets import search

CACHE = ground.ROOT / ".bench"
BATCH = 5000  # tickets that are written together
DAYS = 730
CUSTOMERS = 20_000
ENDED = ("closed", "closed", "closed", "resolved")
REOPENABLE = timedelta(
    days=13
)  # older resolved tickets would all be closed by the timer's first round
ACTIVE = ("new", "open", "open", "waiting", "escalated")
TEXTS = 2000  # of each length; tickets share them


def sqlite_desk(folder: Path, tickets: int) -> str:
    """The URL of a fresh SQLite desk in `folder` with so many tickets; large ones are kept and copied."""
    target = folder / "desk.db"
    if not tickets:
        ground.make_desk(f"sqlite:///{target}")
        return f"sqlite:///{target}"
    shutil.copyfile(
        kept(str(tickets), partial(fill, tickets=tickets), __file__, bulk.__file__), target
    )
    return f"sqlite:///{target}"


def kept(name: str, add: Callable[[str], None], *by: str) -> Path:
    """A SQLite desk that is filled once, by `add` with its URL, and kept until the schema or the files `by` change."""
    found = CACHE / f"{name}-{_fingerprint(*by)}.db"
    if not found.exists():
        CACHE.mkdir(exist_ok=True)
        for stale in CACHE.glob(f"{name}-*"):
            stale.unlink()
        making = found.with_suffix(".making")
        ground.make_desk(f"sqlite:///{making}")
        add(f"sqlite:///{making}")
        making.rename(found)
    return found


def fill(url: str, tickets: int) -> None:
    """Add so many tickets to an empty desk."""
    if not tickets:
        return
    now = datetime.now(UTC)
    maker = _Maker(now)
    with closing(bulk.loader(url)) as loader:
        for first in range(1, tickets + 1, BATCH):
            rows: Rows = defaultdict(list)
            words: list[Row] = []
            for number in range(first, min(first + BATCH, tickets + 1)):
                age = timedelta(days=DAYS * (1 - number / tickets), seconds=number % 60)
                maker.add(rows, words, number, now - age)
            loader.add(rows, words)


class _Text(NamedTuple):
    """Words, and as search keeps them."""

    words: str
    folded: str


class _Maker:
    """Makes the rows of tickets."""

    def __init__(self, now: datetime) -> None:
        self._now, self._dice, mails = now, random.Random(11), Mails(seed=11)

        def texts(octets: int) -> list[_Text]:
            made = (mails.prose(octets) for _ in range(TEXTS))
            return [_Text(words, search.fold(words)) for words in made]

        self._subjects, self._questions, self._answers = texts(50), texts(600), texts(300)

    def add(self, rows: Rows, words: list[Row], number: int, at: datetime) -> None:
        """Add the rows of one ticket, and its words for search."""
        dice, stamp = self._dice, rfc3339(at)
        customer = (number - 1) % CUSTOMERS + 1
        address = f"known{customer}@client.example"
        if number == customer:
            _add_customer(rows, customer, address, stamp)
        status = dice.choice(ACTIVE) if dice.random() < 1 / 12 else dice.choice(ENDED)
        end = None if status in ACTIVE else rfc3339(at + timedelta(days=1))
        if end and at < self._now - REOPENABLE:
            status = "closed"
        subject = dice.choice(self._subjects)
        rows["ticket"].append(
            {
                "id": number,
                "subject": subject.words,
                "status": status,
                "priority": dice.randrange(len(PRIORITIES)),
                "channel": "email",
                "mailbox": MAILBOX,
                "segment": "support",
                "source_segment": "support",
                "owner": dice.choice(("ana", "ben", None)),
                "customer_id": customer,
                "created_at": stamp,
                "updated_at": end or stamp,
                "resolved_at": end,
                "closed_at": end if status == "closed" else None,
                "last_customer_at": stamp,
                "messages_count": 2,
                "events_count": 2,
                "awaiting": "agent",
                "language": "en",
                "fields": "{}",
            }
        )
        _add_mail(rows, number, address, subject.words, stamp)
        said = (dice.choice(self._questions), dice.choice(self._answers))
        for n, (direction, text) in enumerate(zip(("in", "out"), said, strict=True), 1):
            author = address if direction == "in" else "ana"
            _add_message(rows, number, n, direction, author, subject.words, text.words, stamp)
            words.append(_entry(3 * number - n, number, "body", n, text))
        words.append(_entry(3 * number, number, "subject", 0, subject))


def _entry(id: int, number: int, part: str, n: int, text: _Text) -> Row:
    return {"id": id, "ticket_id": number, "part": part, "n": n, "words": text.folded}


def _add_customer(rows: Rows, customer: int, address: str, at: str) -> None:
    rows["customer"].append(
        {
            "id": customer,
            "name": f"Known {customer}",
            "email": address,
            "profile": "{}",
            "created_at": at,
        }
    )
    rows["identity"].append(
        {"customer_id": customer, "kind": "email", "value": address, "created_at": at}
    )


def _add_message(
    rows: Rows, number: int, n: int, direction: str, author: str, subject: str, words: str, at: str
) -> None:
    identifier = f"filled.{number}.{n}@{DOMAIN}"
    rows["message"].append(
        {
            "ticket_id": number,
            "n": n,
            "direction": direction,
            "class": "human",
            "author": author,
            "at": at,
            "subject": subject,
            "text": words,
            "message_id": f"<{identifier}>",
            "blob_sha256": _sha(f"mail {number}") if direction == "in" else None,
        }
    )
    rows["mail_id"].append(
        {
            "hash": _sha(identifier),
            "ticket_id": number,
            "message_n": n,
            "direction": direction,
            "at": at,
        }
    )
    rows["event"].append(
        {
            "ticket_id": number,
            "n": n,
            "at": at,
            "actor": "gateway",
            "type": "message",
            "undo_group": f"g{number}",
        }
    )


def _add_mail(rows: Rows, number: int, address: str, subject: str, at: str) -> None:
    raw = f"From: {address}\r\nSubject: {subject}\r\n\r\nmail {number}\r\n".encode()
    sha256 = _sha(f"mail {number}")
    rows["blob"].append({"sha256": sha256, "size": len(raw), "content": raw, "at": at})
    rows["inbox"].append(
        {
            "id": number,
            "received_at": at,
            "via": "smtp",
            "mailbox": MAILBOX,
            "envelope_from": address,
            "recipients": f'["{MAILBOX}"]',
            "size": len(raw),
            "blob_sha256": sha256,
            "state": "done",
            "verdict": "new",
            "class": "human",
            "ticket_id": number,
            "message_n": 1,
            "reasons": "[]",
            "attempts": 1,
        }
    )
    rows["filed"].append(
        {"mailbox": MAILBOX, "identity": sha256, "content": sha256, "inbox_id": number, "at": at}
    )
    rows["outbox"].append(
        {
            "id": number,
            "kind": "ack",
            "ticket_id": number,
            "mailbox": MAILBOX,
            "to": f'["{address}"]',
            "cc": "[]",
            "bcc": "[]",
            "subject": subject,
            "message_id": f"<ack.{number}@{DOMAIN}>",
            "references": "[]",
            "language": "en",
            "data": "{}",
            "state": "sent",
            "attempts": 1,
            "created_at": at,
        }
    )
    rows["delivery"].append(
        {
            "outbox_id": number,
            "address": address,
            "kind": "ack",
            "state": "sent",
            "created_at": at,
            "at": at,
        }
    )


def _sha(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()


def _fingerprint(*by: str) -> str:
    """Changes with the schema and with these files, so that no stale desk is used."""
    parts = (
        ground.ROOT / "ticketctl/store/db/migrations/versions",
        *map(Path, by),
    )
    files = [file for part in parts for file in (sorted(part.glob("*.py")) or [part])]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]


if __name__ == "__main__":
    fill(sys.argv[1], int(sys.argv[2]))
