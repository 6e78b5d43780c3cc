"""Fill a desk with tickets quickly: bulk inserts through the store's own tables, the same rows at every run.

    python bench/fill.py URL TICKETS        into a migrated database

Each ticket has two messages (one of ours), their Message-IDs, events, the mail it came from in the inbox and the
acknowledgement in the outbox, all findable in full text; created over the last two years, one in twelve open.
"""

import functools
import hashlib
import random
import shutil
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import ground
from mails import DOMAIN, MAILBOX, Mails
from sqlalchemy import Table, func, insert, select, text

from ticketctl.domain.base.records import PRIORITIES
from ticketctl.store.db import schema
from ticketctl.store.db.engine import Database, Tx
from ticketctl.store.db.schema import metadata
from ticketctl.store.tickets import search

CACHE = ground.ROOT / ".bench"
BATCH = 2000  # tickets a transaction
DAYS = 730
ENDED = ("closed", "closed", "closed", "resolved")
ACTIVE = ("new", "open", "open", "waiting", "escalated")

_NUMBERED = ("customer", "ticket", "inbox", "outbox", "search_entry")
_WORDS = {
    "sqlite": "INSERT INTO search_text (rowid, text) VALUES (:id, :words)",
    "postgresql": "UPDATE search_entry SET text_vector = to_tsvector('simple', :words) WHERE id = :id",
}

Rows = dict[Table, list[dict[str, Any]]]


def sqlite_desk(folder: Path, tickets: int) -> str:
    """The URL of a fresh SQLite desk in `folder` with so many tickets; large ones are kept and copied."""
    target = folder / "desk.db"
    if not tickets:
        ground.make_desk(f"sqlite:///{target}")
        return f"sqlite:///{target}"
    kept = CACHE / f"{tickets}-{_fingerprint()}.db"
    if not kept.exists():
        CACHE.mkdir(exist_ok=True)
        making = kept.with_suffix(".making")
        making.unlink(missing_ok=True)
        ground.make_desk(f"sqlite:///{making}")
        fill(f"sqlite:///{making}", tickets)
        making.rename(kept)
    shutil.copyfile(kept, target)
    return f"sqlite:///{target}"


def fill(url: str, tickets: int) -> None:
    """Add so many tickets to an empty desk."""
    db = Database(url)
    dice, mails, now = random.Random(11), Mails(seed=11), datetime.now(UTC).replace(microsecond=0)
    for first in range(1, tickets + 1, BATCH):
        numbers = range(first, min(first + BATCH, tickets + 1))
        rows: Rows = {table: [] for table in metadata.sorted_tables}
        texts: list[dict[str, Any]] = []
        for number in numbers:
            at = now - timedelta(days=DAYS * (1 - number / tickets), seconds=number % 60)
            _ticket(rows, texts, dice, mails, number, at)
        db.write(functools.partial(_insert, rows=rows, texts=texts))
    if tickets:
        db.write(_finish)
    db.dispose()


def _ticket(
    rows: Rows,
    texts: list[dict[str, Any]],
    dice: random.Random,
    mails: Mails,
    number: int,
    at: datetime,
) -> None:
    customer = (number - 1) % 20_000 + 1
    address = f"known{customer}@client.example"
    if number == customer:
        rows[schema.customer].append(
            {
                "id": customer,
                "name": f"Known {customer}",
                "email": address,
                "profile": {},
                "created_at": at,
            }
        )
        rows[schema.identity].append(
            {"customer_id": customer, "kind": "email", "value": address, "created_at": at}
        )
    status = dice.choice(ACTIVE) if dice.random() < 1 / 12 else dice.choice(ENDED)
    end = None if status in ACTIVE else at + timedelta(days=1)
    subject, body = mails.prose(50), mails.prose(600)
    rows[schema.ticket].append(
        {
            "id": number,
            "subject": subject,
            "status": status,
            "priority": dice.randrange(len(PRIORITIES)),
            "channel": "email",
            "mailbox": MAILBOX,
            "segment": "support",
            "source_segment": "support",
            "owner": dice.choice(("ana", "ben", None)),
            "customer_id": customer,
            "created_at": at,
            "updated_at": end or at,
            "resolved_at": end,
            "closed_at": end if status == "closed" else None,
            "last_customer_at": at,
            "messages_count": 2,
            "events_count": 2,
            "awaiting": "agent",
            "language": "en",
            "fields": {},
        }
    )
    _mail(rows, number, address, subject, at)
    for n, direction, words in ((1, "in", body), (2, "out", mails.prose(300))):
        identifier = f"filled.{number}.{n}@{DOMAIN}"
        rows[schema.message].append(
            {
                "ticket_id": number,
                "n": n,
                "direction": direction,
                "class": "human",
                "author": address if direction == "in" else "ana",
                "at": at,
                "subject": subject,
                "text": words,
                "message_id": f"<{identifier}>",
                "blob_sha256": _sha(f"mail {number}") if direction == "in" else None,
            }
        )
        rows[schema.mail_id].append(
            {
                "hash": _sha(identifier),
                "ticket_id": number,
                "message_n": n,
                "direction": direction,
                "at": at,
            }
        )
        rows[schema.event].append(
            {
                "ticket_id": number,
                "n": n,
                "at": at,
                "actor": "gateway",
                "type": "message",
                "undo_group": f"g{number}",
            }
        )
        texts.append(_words(3 * number - n, number, "body", n, words))
    texts.append(_words(3 * number, number, "subject", 0, subject))


def _words(id: int, number: int, part: str, n: int, words: str) -> dict[str, Any]:
    return {"id": id, "ticket_id": number, "part": part, "n": n, "words": search.fold(words)}


def _mail(rows: Rows, number: int, address: str, subject: str, at: datetime) -> None:
    raw = f"From: {address}\r\nSubject: {subject}\r\n\r\nmail {number}\r\n".encode()
    sha256 = _sha(f"mail {number}")
    rows[schema.blob].append({"sha256": sha256, "size": len(raw), "content": raw, "at": at})
    rows[schema.inbox].append(
        {
            "id": number,
            "received_at": at,
            "via": "smtp",
            "mailbox": MAILBOX,
            "envelope_from": address,
            "recipients": [MAILBOX],
            "size": len(raw),
            "blob_sha256": sha256,
            "state": "done",
            "verdict": "new",
            "class": "human",
            "ticket_id": number,
            "message_n": 1,
            "reasons": [],
            "attempts": 1,
        }
    )
    rows[schema.filed].append(
        {"mailbox": MAILBOX, "identity": sha256, "content": sha256, "inbox_id": number, "at": at}
    )
    rows[schema.outbox].append(
        {
            "id": number,
            "kind": "ack",
            "ticket_id": number,
            "mailbox": MAILBOX,
            "to": [address],
            "cc": [],
            "bcc": [],
            "subject": subject,
            "message_id": f"<ack.{number}@{DOMAIN}>",
            "references": [],
            "language": "en",
            "data": {},
            "state": "sent",
            "attempts": 1,
            "created_at": at,
        }
    )
    rows[schema.delivery].append(
        {
            "outbox_id": number,
            "address": address,
            "kind": "ack",
            "state": "sent",
            "created_at": at,
            "at": at,
        }
    )


def _insert(tx: Tx, rows: Rows, texts: list[dict[str, Any]]) -> None:
    for table, some in rows.items():
        if some:
            tx.execute(insert(table), some)
    entries = [{name: one[name] for name in ("id", "ticket_id", "part", "n")} for one in texts]
    tx.execute(insert(schema.search_entry), entries)
    tx.execute(text(_WORDS[tx.dialect.name]), [{"id": o["id"], "words": o["words"]} for o in texts])


def _finish(tx: Tx) -> None:
    """PostgreSQL counts on from the numbers that were given, and knows its tables."""
    if tx.dialect.name != "postgresql":
        return
    for name in _NUMBERED:
        newest = select(func.max(metadata.tables[name].c.id)).scalar_subquery()
        tx.execute(select(func.setval(func.pg_get_serial_sequence(name, "id"), newest)))
    tx.execute(text("ANALYZE"))


def _sha(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()


def _fingerprint() -> str:
    """Changes with the schema and with this file, so that no stale desk is used."""
    parts = (ground.ROOT / "ticketctl/store/db/migrations/versions", Path(__file__))
    files = [file for part in parts for file in (sorted(part.glob("*.py")) or [part])]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]


if __name__ == "__main__":
    fill(sys.argv[1], int(sys.argv[2]))
