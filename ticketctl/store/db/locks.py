"""A named cross-process lock: if two cron jobs or two gateways would do the same, one does it."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ticketctl.errors import Conflict
from ticketctl.store.db import leases
from ticketctl.store.db.database import Database

SECONDS = 60  # seconds until the lock of a killed holder expires
_ASK_AGAIN_SECONDS = 0.5

Keep = Callable[[], None]


@contextmanager
def alone(db: Database, name: str, *, wait: bool = False) -> Iterator[Keep | None]:
    """Hold the lock `name`; call the yielded function now and then to renew it. Yields None if another program has it.

    With `wait`, wait for it. The yielded function raises Conflict if the lock was lost after too long a pause.
    """
    holder = leases.own_name()

    def take() -> bool:
        return db.write(lambda tx: leases.take(tx, name, holder, SECONDS), durable=False)

    while not (mine := take()) and wait:
        time.sleep(_ASK_AGAIN_SECONDS)
    if not mine:
        yield None
        return
    taken = time.monotonic()

    def keep() -> None:
        nonlocal taken
        if time.monotonic() - taken < SECONDS / 3:
            return
        taken = time.monotonic()
        if not take():
            raise Conflict(f"another program is running `{name}`.")

    try:
        yield keep
    finally:
        db.write(lambda tx: leases.drop(tx, name, holder), durable=False)
