"""Who is there: absences by command and of desk.toml, hours, and what follows one upon the other (F-T13)."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from ticketctl.domain.calendar.availability import Absence, Away, away, in_words
from ticketctl.domain.loading.load import parse

DESK = parse("""
[desk]
timezone = "Europe/Madrid"

[[agent]]
name = "ana"
email = "ana@help.example"
hours = "madrid"
absences = ["2026-03-11", "2026-12-24..2026-12-31"]

[[agent]]
name = "ben"
email = "ben@help.example"

[[calendar]]
name = "madrid"
timezone = "Europe/Madrid"
[calendar.hours]
mon = ["09:00-18:00"]
tue = ["09:00-18:00"]
wed = ["09:00-18:00"]
thu = ["09:00-18:00"]
fri = ["09:00-18:00"]
""")
ANA, BEN = DESK.agents


def at(text: str) -> datetime:
    """A time in Madrid."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Europe/Madrid")).astimezone(UTC)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-03-09T08:59", Away("off duty", at("2026-03-09T09:00"))),  # Monday
        ("2026-03-09T09:00", None),
        ("2026-03-09T18:00", Away("off duty", at("2026-03-10T09:00"))),
        ("2026-03-10T18:00", Away("off duty", at("2026-03-12T09:00"))),  # the 11th is off
        ("2026-03-11T12:00", Away("away", at("2026-03-12T09:00"))),
        ("2026-03-13T18:00", Away("off duty", at("2026-03-16T09:00"))),  # the weekend
        ("2026-12-31T23:59", Away("away", at("2027-01-01T09:00"))),  # the last day counts
    ],
)
def test_hours_and_days_off_F_T13(now: str, expected: Away | None) -> None:
    assert away(DESK, ANA, at(now), ()) == expected


def test_an_absence_holds_from_its_start_until_before_its_end_F_T13() -> None:
    lunch = Absence(agent="ben", since=at("2026-03-09T12:00"), until=at("2026-03-09T13:00"))
    assert away(DESK, BEN, at("2026-03-09T11:59"), [lunch]) is None
    assert away(DESK, BEN, at("2026-03-09T12:00"), [lunch]) == Away("away", lunch.until)
    assert away(DESK, BEN, at("2026-03-09T13:00"), [lunch]) is None
    assert away(DESK, ANA, at("2026-03-09T12:00"), [lunch]) is None  # another's


def test_an_agent_back_after_hours_is_available_next_morning_F_T13() -> None:
    gone = Absence(agent="ana", since=at("2026-03-09T12:00"), until=at("2026-03-09T20:00"))
    found = away(DESK, ANA, at("2026-03-09T12:30"), [gone])
    assert found == Away("away", at("2026-03-10T09:00"))
    assert in_words(found, ZoneInfo("Europe/Madrid")) == "is away until 2026-03-10 09:00"


def test_without_an_end_nobody_knows_when_F_T13() -> None:
    ill = Absence(agent="ana", since=at("2026-03-09T12:00"))
    assert away(DESK, ANA, at("2026-03-12T12:00"), [ill]) == Away("away", None)
    assert in_words(Away("away", None), UTC) == "is away"
