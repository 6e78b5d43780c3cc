"""Describes a text/calendar part in one line of text (RFC 5545, RFC 5546; H16)."""

from collections.abc import Iterator
from datetime import date, datetime

from icalendar import Calendar, Component

from gateway.parse.charsets import decode
from gateway.parse.clean_text import clean_header

TYPES = {"text/calendar", "application/ics"}
_MAX_SIZE = 64 << 10  # bytes; larger ones are calendars, not invitations
_MAX_LENGTH = 300  # characters of a title or place
_METHODS = {"CANCEL": "invitation cancelled", "REPLY": "answer to the invitation"}


def line(content: bytes, declared: str | None = None) -> str:
    """Return `invitation: title, time, place` of the first event; "" if it is invalid."""
    if len(content) > _MAX_SIZE or b"BEGIN:VEVENT" not in content.upper():
        return ""
    import icalendar

    try:
        calendar = icalendar.Calendar.from_ical(decode.decode(content, declared or "utf-8"))
        return _describe(calendar)
    except Exception:
        # The library may raise anything for broken calendars (ValueError, KeyError, IndexError,
        # RecursionError and others were seen). The calendar is attached in any case.
        return ""


def _describe(calendar: Calendar) -> str:
    event = next(iter(calendar.walk("VEVENT")), None)
    if event is None:
        return ""
    words = [_METHODS.get(str(calendar.get("METHOD", "")).upper(), "invitation")]
    words += _answers(event) if words[0].startswith("answer") else ()
    details = (_text(event, "SUMMARY") or "(no title)", _time(event), _text(event, "LOCATION"))
    return f"{' '.join(words)}: {', '.join(word for word in details if word)}"


def _text(event: Component, name: str) -> str:
    return clean_header(str(event.get(name, "")))[:_MAX_LENGTH]


def _answers(event: Component) -> Iterator[str]:
    """Return the attendee's answer: accepted, declined, tentative."""
    given = event.get("ATTENDEE", [])
    for attendee in given if isinstance(given, list) else [given]:
        answer = str(getattr(attendee, "params", {}).get("PARTSTAT", ""))
        if answer:
            yield f"({clean_header(answer).lower()[:20]})"
            return


def _time(event: Component) -> str:
    """Return `2026-05-03 10:00–11:00 Europe/Berlin`, or the days of an event without times."""
    start, end = _moment(event, "DTSTART"), _moment(event, "DTEND")
    if start is None:
        return ""
    if not isinstance(start, datetime):
        return start.isoformat()
    zone = _zone(event, start)
    words = start.strftime("%Y-%m-%d %H:%M")
    if isinstance(end, datetime):
        same_day = end.date() == start.date()
        words += "–" + end.strftime("%H:%M" if same_day else "%Y-%m-%d %H:%M")
    return f"{words} {zone}".strip()


def _zone(event: Component, start: datetime) -> str:
    """Return the name of the time zone as the invitation writes it: Outlook's are not those of the tz database."""
    named = str(getattr(event.get("DTSTART"), "params", {}).get("TZID", ""))
    return clean_header(named.replace("\\", "").strip('"'))[:_MAX_LENGTH] or str(start.tzinfo or "")


def _moment(event: Component, name: str) -> date | None:
    found = getattr(event.get(name), "dt", None)
    return found if isinstance(found, date) else None
