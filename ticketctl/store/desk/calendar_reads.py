"""When the calendars at web addresses were read last, and why they could not be."""

from datetime import datetime

import msgspec

from ticketctl.store.db import meta
from ticketctl.store.db.database import Tx

_NAME = "calendars"  # of the value


class CalendarRead(msgspec.Struct, frozen=True, kw_only=True):
    """The last try to read a calendar from its address."""

    address: str
    at: datetime
    why: str = ""  # it failed; "" if it did not
    good_at: datetime | None = None  # when it succeeded last


def every(tx: Tx) -> dict[str, CalendarRead]:
    """The last try of each calendar, by name."""
    found = meta.text(tx, _NAME)
    return msgspec.json.decode(found, type=dict[str, CalendarRead]) if found else {}


def record(tx: Tx, at: datetime, tried: dict[str, tuple[str, str]]) -> None:
    """Record tries: for each calendar the address, and why it failed or ""."""
    if not tried:
        return
    known = every(tx)
    for name, (address, why) in tried.items():
        before = known.get(name)
        same = before is not None and before.address == address
        good = (before.good_at if before and same else None) if why else at
        known[name] = CalendarRead(address=address, at=at, why=why, good_at=good)
    meta.put(tx, _NAME, msgspec.json.encode(known).decode())
