"""Reads the calendars at web addresses again, once a day; what changed becomes a version of the desk.

A calendar that cannot be read keeps the holidays that are known; it is tried again after an hour.
"""

from datetime import datetime, timedelta
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from ticketctl import clock
from ticketctl.actions.base.context import GATEWAY
from ticketctl.calendars.holiday_sources import Fetch, LookedUp, is_address, look_up
from ticketctl.domain.definition.definition import Calendar, Definition
from ticketctl.errors import Refused
from ticketctl.store.db.database import Database, Tx
from ticketctl.store.desk import calendar_reads, definitions

LOCK = "calendar fetch"
EVERY = timedelta(days=1)
AGAIN = timedelta(hours=1)


class Renewed(Struct, frozen=True):
    """What came of it: the calendars tried, with the reason for a failure; the new version, None if nothing changed."""

    tried: dict[str, str]
    version: int | None


def due(tx: Tx, definition: Definition, now: datetime) -> tuple[Calendar, ...]:
    """The calendars of web addresses that are to be read again."""
    found = of_addresses(definition)
    if not found:
        return ()
    reads = calendar_reads.every(tx)
    return tuple(one for one in found if _is_due(one, reads.get(one.name), now))


def of_addresses(definition: Definition) -> tuple[Calendar, ...]:
    """The calendars that are read from a web address."""
    return tuple(one for one in definition.calendars if is_address(one.ics))


def run(db: Database, fetch: Fetch, calendars: tuple[Calendar, ...]) -> Renewed:
    """Read these calendars of the definition in force, and store their holidays if they changed."""
    now = clock.now()
    with db.read() as tx:
        before = definitions.current(tx)
        source = definitions.source(tx, before.version)
    try:
        found = look_up(replace(before, calendars=calendars), Path(), now.date(), before, fetch)
    except Refused as wrong:
        why = " ".join((wrong.sentence, *wrong.problems))
        found = LookedUp(before, {one.name: (one.ics, why) for one in calendars})
    holidays = before.holidays | found.definition.holidays
    changed = holidays != before.holidays

    def store(tx: Tx) -> int | None:
        calendar_reads.record(tx, now, found.tried)
        if not changed:
            return None
        new = replace(before, holidays=holidays)
        who = GATEWAY.name
        return definitions.save(tx, source, new, who, GATEWAY.os_user, now, after=before.version)

    return Renewed({name: why for name, (_, why) in found.tried.items()}, db.write(store))


def _is_due(one: Calendar, read: calendar_reads.CalendarRead | None, now: datetime) -> bool:
    if read is None or read.address != one.ics:
        return True
    return now - read.at >= (AGAIN if read.why else EVERY)
