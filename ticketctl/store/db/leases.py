"""Leases: one holder at a time for a name, until it releases or stops renewing, such as an IMAP poller (B15).

`take_turns` is the short form, for the length of a transaction. Leases use the machine's clock, never desk time.
"""

import os
import secrets
import socket
from collections.abc import Iterable
from datetime import timedelta
from zlib import crc32

from sqlalchemy import bindparam, delete, or_, select

from ticketctl import clock
from ticketctl.store.db.engine import Tx
from ticketctl.store.db.rows import insertion
from ticketctl.store.db.schema import lease, turn

BUCKETS = (
    256  # rows of `turn`; names that share a row wait for each other needlessly, which is rare
)
_TAKE_TURNS = (
    select(turn.c.bucket)
    .where(turn.c.bucket.in_(bindparam("buckets", expanding=True)))
    .order_by(turn.c.bucket)
    .with_for_update()
)


def own_name() -> str:
    """A unique holder name: host, process, and a random number."""
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"


def take(tx: Tx, name: str, holder: str, seconds: int) -> bool:
    """Take or renew `name` for `seconds`. False while another holder has it."""
    now = clock.wall()
    mine = insertion(lease, tx.dialect.name).values(
        name=name, holder=holder, until=now + timedelta(seconds=seconds)
    )
    free = or_(lease.c.holder == holder, lease.c.until <= now)
    statement = mine.on_conflict_do_update(
        index_elements=["name"],
        set_={"holder": mine.excluded.holder, "until": mine.excluded.until},
        where=free,
    ).returning(lease.c.holder)
    return tx.execute(statement).first() is not None


def drop(tx: Tx, name: str, holder: str) -> None:
    """Release `name`; nothing happens if another holder has it."""
    tx.execute(delete(lease).where(lease.c.name == name, lease.c.holder == holder))


def take_turns(tx: Tx, names: Iterable[str]) -> None:
    """Wait until no other transaction holds any of these names, and hold them until this one ends.

    Call it once a transaction, and first: taking all names at once, in one order, cannot deadlock.
    """
    if tx.dialect.name == "sqlite":  # one writer at a time anyway
        return
    buckets = {crc32(name.encode("utf-8", "surrogatepass")) % BUCKETS for name in names}
    if buckets:
        tx.execute(_TAKE_TURNS, {"buckets": sorted(buckets)})
