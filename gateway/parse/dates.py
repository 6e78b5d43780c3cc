"""The stated date of a mail (RFC 5322 section 3.3, H21): shown only, never used for order or clocks."""

from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_tz

_LONGEST = 200  # characters; no date needs more
_EARLIEST, _LATEST = 1970, 2100


def stated(value: str) -> datetime | None:
    """An aware time, or None if it cannot be read; an unknown zone counts as UTC."""
    try:
        fields = parsedate_tz(value[:_LONGEST])
        if fields is None or not _EARLIEST <= fields[0] <= _LATEST:
            return None
        year, month, day, hour, minute, second = fields[:6]
        zone = timezone(timedelta(seconds=fields[9])) if fields[9] else UTC
        return datetime(year, month, day, hour, minute, min(second, 59), tzinfo=zone)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
