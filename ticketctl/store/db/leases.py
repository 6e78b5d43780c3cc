"""Leases: one holder at a time for a name, until it releases or stops renewing, such as an IMAP poller (B15).

`take_turns` is the short form, for the length of a transaction. Leases use the machine's clock, never desk time.
"""

import os
from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from zlib import crc32

from ticketctl import clock
from ticketctl.store.db.core import in_list, insertion, sa, t
from ticketctl.store.db.database import Tx
from ticketctl.store.db.prepared import sql

BUCKETS = (
    256  # rows of `turn`; names that share a row wait for each other needlessly, which is rare
)
_TAKE_TURNS = sql(
    lambda: (
        sa.select(t.turn.c.bucket)
        .where(in_list(t.turn.c.bucket, "buckets"))
        .order_by(t.turn.c.bucket)
        .with_for_update()
    )
)
_DROP = sql(
    lambda: sa.delete(t.lease).where(
        t.lease.c.name == sa.bindparam("of_name"), t.lease.c.holder == sa.bindparam("of_holder")
    )
)


def _taking() -> Any:
    """A lease of another holder stays as it is until it expires."""
    mine = insertion(t.lease)
    new = mine.excluded
    return mine.on_conflict_do_update(
        index_elements=["name"],
        set_={"holder": new.holder, "until": new.until},
        where=sa.or_(t.lease.c.holder == new.holder, t.lease.c.until <= sa.bindparam("now")),
    ).returning(t.lease.c.holder)


_TAKE = sql(_taking)


def own_name() -> str:
    """A unique holder name: host, process, and a random number."""
    import secrets
    import socket

    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"


def take(tx: Tx, name: str, holder: str, seconds: int) -> bool:
    """Take or renew `name` for `seconds`. False while another holder has it."""
    now = clock.wall()
    mine = {"name": name, "holder": holder, "until": now + timedelta(seconds=seconds)}
    return tx.execute(_TAKE, mine | {"now": now}).first() is not None


def drop(tx: Tx, name: str, holder: str) -> None:
    """Release `name`; nothing happens if another holder has it."""
    tx.execute(_DROP, {"of_name": name, "of_holder": holder})


def take_turns(tx: Tx, names: Iterable[str]) -> None:
    """Wait until no other transaction holds any of these names, and hold them until this one ends.

    Call it once a transaction, and first: taking all names at once, in one order, cannot deadlock.
    """
    if tx.is_sqlite:  # one writer at a time anyway
        return
    buckets = {crc32(name.encode("utf-8", "surrogatepass")) % BUCKETS for name in names}
    if buckets:
        tx.execute(_TAKE_TURNS, {"buckets": sorted(buckets)})
