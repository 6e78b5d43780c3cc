"""Parses the Date of a mail (RFC 5322 section 3.3, H21), which is only shown, never used for order or clocks."""

from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_tz

_MAX_LENGTH = 200  # characters
_EARLIEST, _LATEST = 1970, 2100


def stated(value: str) -> datetime | None:
    """Return an aware time; None if it is invalid. An unknown zone counts as UTC."""
    try:
        fields = parsedate_tz(value[:_MAX_LENGTH])
        if fields is None or not _EARLIEST <= fields[0] <= _LATEST:
            return None
        year, month, day, hour, minute, second = fields[:6]
        zone = timezone(timedelta(seconds=fields[9])) if fields[9] else UTC
        return datetime(year, month, day, hour, minute, min(second, 59), tzinfo=zone)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
