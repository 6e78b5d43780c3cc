"""Describes a text/calendar part in one line of text (RFC 5545, RFC 5546; H16)."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

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
    from icalendar.timezone import tzp

    tzp.use_default()  # forgets the zones that earlier invitations brought along
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
    start = _moment(event, "DTSTART")
    if start is None:
        return ""
    end = _end(event, start)
    if not isinstance(start, datetime):
        after = end.date() if isinstance(end, datetime) else end
        last = after - timedelta(days=1) if after else start  # RFC 5545 section 3.6.1
        return f"{start}–{last}" if last > start else str(start)
    zone = _zone(event, start)
    words = start.strftime("%Y-%m-%d %H:%M")
    if isinstance(end, datetime) and start.tzinfo and end.tzinfo:
        words += "–" + _clock(end.astimezone(start.tzinfo), start)
    elif isinstance(end, datetime) and not (zone and end.tzinfo):
        words += "–" + _clock(end, start)
    elif isinstance(end, datetime):  # the start's zone is only a name: each keeps its own
        words, zone = f"{words} {zone}–{_clock(end, start)}", _zone(event, end, "DTEND")
    return f"{words} {zone}".strip()


def _clock(end: datetime, start: datetime) -> str:
    return end.strftime("%H:%M" if end.date() == start.date() else "%Y-%m-%d %H:%M")


def _end(event: Component, start: date) -> date | None:
    """Return the end, also if it is given as a duration; None if there is neither."""
    end = _moment(event, "DTEND")
    span = getattr(event.get("DURATION"), "dt", None)
    if end is not None or not isinstance(span, timedelta):
        return end
    if isinstance(start, datetime) and start.tzinfo:  # over a change of the clocks
        return (start.astimezone(UTC) + span).astimezone(start.tzinfo)
    return start + span


def _zone(event: Component, moment: datetime, name: str = "DTSTART") -> str:
    """Return the name of the time zone as the invitation writes it: Outlook's are not those of the tz database."""
    named = str(getattr(event.get(name), "params", {}).get("TZID", ""))
    written = clean_header(named.replace("\\", "").strip('"'))[:_MAX_LENGTH]
    return written or str(moment.tzinfo or "")


def _moment(event: Component, name: str) -> date | None:
    found = getattr(event.get(name), "dt", None)
    return found if isinstance(found, date) else None
