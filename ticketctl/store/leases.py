"""One holder at a time for a name, until it lets go or stops renewing: IMAP pollers (B15), cron commands.

`take_turns` is the short form, for the length of a transaction. Leases run on the machine's clock, never on desk time.
"""

import hashlib
import os
import secrets
import socket
from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import delete, or_, text

from ticketctl import clock
from ticketctl.store.engine import Tx
from ticketctl.store.rows import insertion
from ticketctl.store.schema import lease

_TAKE_TURNS = text(
    "SELECT pg_advisory_xact_lock(key) FROM unnest(CAST(:keys AS bigint[])) AS taken (key)"
)


def own_name() -> str:
    """A holder's name that nobody else has, now or later: host, process, and a number drawn for it."""
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"


def take(tx: Tx, name: str, holder: str, seconds: int) -> bool:
    """Take or renew `name` for `seconds`; False while another holder has it."""
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
    """Let go of `name`; nothing happens where another holds it."""
    tx.execute(delete(lease).where(lease.c.name == name, lease.c.holder == holder))


def take_turns(tx: Tx, names: Iterable[str]) -> None:
    """Wait until no other transaction has taken any of these names, and keep them until this one ends.

    To be called once a transaction and first: whoever waits for all names at once, in one order, waits in no circle.
    """
    if tx.dialect.name == "sqlite":  # one writer at a time anyway
        return
    digests = (hashlib.sha256(name.encode("utf-8", "surrogatepass")).digest() for name in names)
    keys = sorted({int.from_bytes(digest[:8], signed=True) for digest in digests})
    if keys:
        tx.execute(_TAKE_TURNS, {"keys": keys})
