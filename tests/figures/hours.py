"""Opening hours by hand: which seconds of real time are open, from a calendar as `desk show --json` prints it.

Times are whole seconds since 1970, UTC. Nothing here is the product's.
"""

from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

Span = tuple[int, int]
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_FARTHEST = 4000  # days to look ahead before a calendar counts as never open


def stamp(text: str) -> int:
    """Seconds of an RFC 3339 time."""
    return round(datetime.fromisoformat(text).timestamp())


def local(at: int, zone: ZoneInfo) -> datetime:
    """The wall clock of a zone."""
    return datetime.fromtimestamp(at, UTC).astimezone(zone)


@cache
def instant(day: date, minutes: int, zone: ZoneInfo) -> int:
    """When a wall clock shows that; in a gap the end of the gap, twice the first."""
    wall = datetime.combine(day, datetime.min.time()) + timedelta(minutes=minutes)
    found = wall.replace(tzinfo=zone).astimezone(UTC)
    if found.astimezone(zone).replace(tzinfo=None) == wall:
        return round(found.timestamp())
    low, high = round(found.timestamp()) - 86_400, round(found.timestamp())
    before = local(low, zone).utcoffset()
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if local(middle, zone).utcoffset() == before else (low, middle)
    return high


class Hours:
    """A calendar; None is open around the clock."""

    def __init__(self, told: dict[str, Any] | None) -> None:
        self.told, self.days = told, dict[date, list[Span]]()
        self.zone = ZoneInfo(told["timezone"] if told else "UTC")
        self.closed = told["closed"] if told else []

    def measure(self, begin: int, end: int) -> int:
        """The open seconds of [begin, end)."""
        if self.told is None:
            return max(0, end - begin)
        spent, day = 0, local(begin, self.zone).date()
        while instant(day, 0, self.zone) < end:
            spent += sum(max(0, min(e, end) - max(b, begin)) for b, e in self._spans(day))
            day += timedelta(days=1)
        return spent

    def add(self, begin: int, seconds: int) -> int | None:
        """The earliest instant after exactly that many open seconds; None for never."""
        if seconds == 0 or self.told is None:
            return begin + seconds
        day = local(begin, self.zone).date()
        for _ in range(_FARTHEST):
            for b, e in self._spans(day):
                length = e - max(b, begin)
                if length >= seconds:
                    return max(b, begin) + seconds
                seconds -= max(0, length)
            day += timedelta(days=1)
        return None

    def _spans(self, day: date) -> list[Span]:
        if day not in self.days:
            self.days[day] = [
                (instant(day, b, self.zone), instant(day, e, self.zone))
                for b, e in self._walls(day)
            ]
        return self.days[day]

    def _walls(self, day: date) -> list[Span]:
        """The open minutes of a day."""
        assert self.told is not None
        assert not (self.told["open"] or self.told["ics"] or self.told["country"])
        walls = [_minutes(one) for one in self.told["hours"].get(_DAYS[day.weekday()], [])]
        for one in self.closed:
            name, _, part = one.partition(" ")
            if name in (day.isoformat(), day.isoformat()[5:]):
                walls = [
                    left
                    for span in walls
                    for left in _without(span, _minutes(part or "00:00-24:00"))
                ]
        return sorted(walls)


def _minutes(text: str) -> Span:
    begin, end = ([int(part) for part in one.split(":")] for one in text.split("-"))
    return begin[0] * 60 + begin[1], end[0] * 60 + end[1]


def _without(span: Span, hole: Span) -> list[Span]:
    parts = [(span[0], min(span[1], hole[0])), (max(span[0], hole[1]), span[1])]
    return [one for one in parts if one[0] < one[1]]
