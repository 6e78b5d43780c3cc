"""The Message-IDs that lead to tickets: those of messages, of mail about a ticket, and of parents yet to arrive."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from msgspec import Struct

from ticketctl.store.db.core import in_list, sa, t
from ticketctl.store.db.database import Tx
from ticketctl.store.db.prepared import sql
from ticketctl.store.db.values import Row
from ticketctl.store.tickets import pending

AWAITED = pending.AWAITED
_AHEAD = "mail_ids"  # in `Tx.seen`: rows that were looked up ahead, by hash
MOST_IDS = 50  # looked up for one mail (D20)

_KNOWN_IDS = sql(
    lambda: (
        sa.select(t.mail_id)
        .where(in_list(t.mail_id.c.hash, "hashes"))
        .order_by(t.mail_id.c.at.desc(), t.mail_id.c.id.desc())
    )
)


class KnownId(Struct, frozen=True):
    """A Message-ID of ours or a customer's, and the ticket (and message `n`) it leads to."""

    message_id: str
    ticket: int
    n: int | None
    direction: str  # in | out
    at: datetime


def remember(
    tx: Tx, message_id: str, ticket_id: int, n: int | None, direction: str, at: datetime
) -> None:
    """Store that a Message-ID leads to a ticket (D4); known ones stay, awaited ones have arrived (D11)."""
    row = {
        "hash": hash_of(message_id),
        "ticket_id": ticket_id,
        "message_n": n,
        "direction": direction,
        "at": at,
    }
    tx.seen.get(_AHEAD, {}).pop(row["hash"], None)
    pending.remember(tx, row)


def look_up(tx: Tx, ids: Iterable[str]) -> None:
    """Read what these Message-IDs lead to, so that `known` need not ask for each mail of a transaction."""
    ahead: dict[str, list[Row]] = {hash_of(id): [] for id in ids}
    if ahead:
        for row in tx.execute(_KNOWN_IDS, {"hashes": list(ahead)}):
            ahead[row.hash].append(row)
    tx.seen[_AHEAD] = ahead


def known(tx: Tx, ids: Sequence[str]) -> list[KnownId]:
    """What the first 50 of these Message-IDs lead to, in order, the newest ticket of an id first (D19, D20)."""
    by_hash = {hash_of(id): id for id in dict.fromkeys(ids[:MOST_IDS])}
    if not by_hash:
        return []
    ahead = tx.seen.get(_AHEAD, {})
    rows = (
        [row for hash in by_hash for row in ahead[hash]]
        if by_hash.keys() <= ahead.keys()
        else tx.execute(_KNOWN_IDS, {"hashes": list(by_hash)})
    )
    found = [
        KnownId(by_hash[row.hash], row.ticket_id, row.message_n, row.direction, row.at)
        for row in rows
    ]
    place = {id: number for number, id in enumerate(by_hash.values())}
    return sorted(found, key=lambda known: place[known.message_id])


def hash_of(message_id: str) -> str:
    """The hash under which a Message-ID is stored: without its brackets, keeping case (C3)."""
    import hashlib

    bare = message_id.strip().removeprefix("<").removesuffix(">")
    return hashlib.sha256(bare.encode("utf-8", "surrogatepass")).hexdigest()
