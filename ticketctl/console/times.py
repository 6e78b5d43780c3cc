"""Times for people: how long ago, and the wall clock of their zone."""

from datetime import datetime
from zoneinfo import ZoneInfo

_STEPS = ((86_400, "d"), (3_600, "h"), (60, "min"))


def ago(stamp: datetime, now: datetime) -> str:
    """`2 min ago`, `3 h ago`, `5 d ago`; `now` under a minute; `in 2 h` for the future."""
    seconds = int((now - stamp).total_seconds())
    for size, unit in _STEPS:
        if abs(seconds) >= size:
            count = abs(seconds) // size
            return f"{count} {unit} ago" if seconds > 0 else f"in {count} {unit}"
    return "now"


def local(stamp: datetime, zone: ZoneInfo) -> str:
    """`Mon 2026-03-09 09:10` in the zone."""
    return stamp.astimezone(zone).strftime("%a %Y-%m-%d %H:%M")
