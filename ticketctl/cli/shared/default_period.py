"""The period that `list` shows and bulk commands change unless a time is asked for: the last month."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from ticketctl.cli.shared.filters import mentions

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from ticketctl.console.context import App
    from ticketctl.domain.base.condition import Condition

TIMES = ("created", "updated", "resolved", "closed", "due", "id")


def month_start(now: datetime, zone: "ZoneInfo") -> datetime:
    """One calendar month back, at midnight of the zone; on the 31st of a short month its last day."""
    local = now.astimezone(zone)
    last_of_previous = local.replace(day=1) - timedelta(days=1)
    day = min(local.day, last_of_previous.day)
    return last_of_previous.replace(day=day, hour=0, minute=0, second=0, microsecond=0, fold=0)


def last_month(app: "App", condition: "Condition") -> "Condition | None":
    """The condition limited to the last month, as in `list`; None if it names a time itself."""
    from ticketctl.domain.base.condition import Where, both

    if mentions(condition, TIMES):
        return None
    return both(condition, Where("created", ">=", (month_start(app.now, app.zone),)))
