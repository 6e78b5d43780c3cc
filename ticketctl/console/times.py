"""Times for people: how long ago, and the wall clock of their zone."""

from datetime import datetime
from typing import TYPE_CHECKING

from ticketctl.domain.base import duration

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo


def ago(stamp: datetime, now: datetime) -> str:
    """`2 min ago`, `3 h ago`, `5 d ago`; `now` under a minute; `in 2 h` for the future."""
    seconds = int((now - stamp).total_seconds())
    if abs(seconds) < 60:
        return "now"
    span = duration.rough(abs(seconds))
    return f"{span} ago" if seconds > 0 else f"in {span}"


def local(stamp: datetime, zone: "ZoneInfo") -> str:
    """`Mon 2026-03-09 09:10` in the zone."""
    return stamp.astimezone(zone).strftime("%a %Y-%m-%d %H:%M")
