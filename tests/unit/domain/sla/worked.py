"""Calendars, and times worked out by hand on them: what everything about time is held against.

Instants are UTC; `madrid` and the others are the names of CALENDARS.
"""

from datetime import datetime

from ticketctl.domain.calendar.calendar import Hours, compile
from ticketctl.domain.definition import definition as d

WEEK = ("mon", "tue", "wed", "thu", "fri")
HOUR = 3_600


def at(text: str) -> datetime:
    """`2026-03-06T15:30` in UTC."""
    return datetime.fromisoformat(text if text.endswith("Z") else f"{text}Z")


def calendar(name: str, zone: str, *spans: str, closed: tuple[str, ...] = ()) -> d.Calendar:
    """Open from Monday to Friday."""
    return d.Calendar(name=name, timezone=zone, hours=dict.fromkeys(WEEK, spans), closed=closed)


MADRID = calendar(
    "madrid", "Europe/Madrid", "09:00-18:00",
    closed=("01-01", "01-06", "12-08", "12-25", "2026-12-31 14:00-24:00"),
)  # fmt: skip
CALENDARS = {
    one.name: one
    for one in (
        MADRID,
        calendar(
            "prague", "Europe/Prague", "08:00-12:00", "13:00-17:00", closed=("05-01", "05-08")
        ),
        d.Calendar(
            name="always",
            timezone="Europe/Madrid",
            hours=dict.fromkeys((*WEEK, "sat", "sun"), ("00:00-24:00",)),
        ),
        calendar("kolkata", "Asia/Kolkata", "10:00-19:00"),
        calendar("paris8-18", "Europe/Paris", "08:00-18:00"),
        calendar("nyc", "America/New_York", "09:00-17:00"),
    )
}
HOURS: dict[str, Hours] = {name: compile(one) for name, one in CALENDARS.items()}

# id, calendar, from, hours, due
DUE = (
    ("E1", "madrid", "2026-03-06T15:30", 4, "2026-03-09T10:30"),
    ("E2", "madrid", "2026-03-07T10:00", 2, "2026-03-09T10:00"),
    ("E3", "madrid", "2026-12-04T16:00", 16, "2026-12-09T14:00"),
    ("E4", "madrid", "2026-03-27T16:00", 4, "2026-03-30T10:00"),
    ("E5", "always", "2026-03-28T19:00", 12, "2026-03-29T07:00"),
    ("E6", "always", "2026-10-24T18:00", 12, "2026-10-25T06:00"),
    ("E7", "madrid", "2026-03-06T16:00", 1, "2026-03-06T17:00"),
    ("E8", "madrid", "2026-03-06T17:00", 1, "2026-03-09T09:00"),
    ("E9", "prague", "2026-05-06T09:30", 2, "2026-05-06T12:30"),
    ("E10", "prague", "2026-04-30T14:00", 8, "2026-05-04T14:00"),
    ("E11", "madrid", "2026-12-24T14:00", 10, "2026-12-28T15:00"),
    ("E12", "madrid", "2026-12-31T11:00", 4, "2027-01-04T10:00"),
    ("E13", "kolkata", "2026-02-02T10:00", 6, "2026-02-03T07:00"),
    ("E14", "paris8-18", "2026-03-09T16:00", 4, "2026-03-10T10:00"),
    ("E15", "nyc", "2026-10-30T20:00", 3, "2026-11-02T16:00"),
    ("E16", "always", "2026-02-27T22:30", 1, "2026-02-27T23:30"),
)

# id, calendar, from, until, open minutes
ELAPSED = (
    ("B1", "madrid", "2026-03-06T15:30", "2026-03-09T10:00", 210),
    ("B2", "madrid", "2026-03-09T08:10", "2026-03-09T10:40", 150),
    ("B3", "madrid", "2026-03-07T09:00", "2026-03-08T19:00", 0),
    ("B4", "prague", "2026-05-06T09:00", "2026-05-07T07:00", 360),
    ("B5", "always", "2026-03-28T23:00", "2026-03-29T22:00", 1380),
    ("B6", "always", "2026-10-24T22:00", "2026-10-25T23:00", 1500),
    ("B7", "madrid", "2026-03-09T17:00", "2026-03-10T08:00", 0),
)

# id, calendar, from, hours of the target, warning, when it fires
WARN = (
    ("W1", "madrid", "2026-03-06T15:30", 4, "75%", "2026-03-09T09:30"),
    ("W2", "madrid", "2026-03-06T15:30", 4, "due-30m", "2026-03-09T10:00"),
    ("W3", "paris8-18", "2026-03-09T16:00", 4, "due-1h", "2026-03-10T09:00"),
    ("W4", "madrid", "2026-03-06T15:30", 4, "due-3h", "2026-03-06T16:30"),
)

# id, hours of the target, start and stop by turns, hours used, due; all on madrid
PAUSES = (
    ("P1", 16, ("2026-03-09T09:00", "2026-03-09T14:00", "2026-03-11T10:00"), 5, "2026-03-12T12:00"),
    ("P2", 9, ("2026-03-13T08:00", "2026-03-13T16:00", "2026-03-14T11:00"), 8, "2026-03-16T09:00"),
    ("P3", 18, ("2026-03-09T08:00", "2026-03-09T14:00", "2026-03-10T15:00"), 6, "2026-03-12T09:00"),
    ("P4", 4, ("2026-03-10T11:00",), 0, "2026-03-10T15:00"),
    (
        "P5", 8,
        ("2026-03-09T08:00", "2026-03-09T10:00", "2026-03-09T13:00", "2026-03-09T14:00", "2026-03-10T08:30"),
        3, "2026-03-10T13:30",
    ),
)  # fmt: skip
