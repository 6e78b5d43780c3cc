"""Holidays of countries and of iCalendar files: the dates they give, and what is refused with its path."""

from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.unit.domain.sla.worked import MADRID
from ticketctl.calendars import ics
from ticketctl.calendars.holiday_sources import look_up
from ticketctl.domain.definition import definition as d
from ticketctl.domain.definition.difference import difference
from ticketctl.errors import BadInput, Refused

TODAY = date(2026, 3, 9)


def no_web(address: str) -> bytes:
    raise AssertionError(address)


def with_holidays(
    definition: d.Definition, folder: Path, today: date, before: d.Definition = d.DEFAULT
) -> d.Definition:
    return look_up(definition, folder, today, before, no_web).definition


def desk(**calendar: str) -> d.Definition:
    return replace(d.DEFAULT, calendars=(replace(MADRID, **calendar),))


def found(folder: Path, **calendar: str) -> dict[str, str]:
    dates = with_holidays(desk(**calendar), folder, TODAY).holidays["madrid"]
    return {one.day: one.name for one in dates.days}


def test_a_country_gives_its_holidays_from_last_year_to_five_years_ahead(tmp_path: Path) -> None:
    dates = with_holidays(desk(country="ES"), tmp_path, TODAY).holidays["madrid"]
    assert dates.until == "2031-12-31"
    assert (dates.days[0].day, dates.days[-1].day) == ("2025-01-01", "2031-12-25")


def test_a_region_has_further_ones(tmp_path: Path) -> None:
    further = found(tmp_path, country="ES", region="MD").keys() - found(tmp_path, country="ES")
    assert "2026-05-02" in further


def test_names_are_in_the_desk_s_language_where_they_are_known_in_it(tmp_path: Path) -> None:
    assert found(tmp_path, country="ES")["2026-12-25"] == "Christmas Day"
    spanish = replace(desk(country="ES"), settings=replace(d.DEFAULT.settings, language="es"))
    days = with_holidays(spanish, tmp_path, TODAY).holidays["madrid"].days
    assert d.Holiday("2026-12-25", "Natividad del Señor") in days


def test_applying_again_years_later_keeps_the_holidays_of_past_years(tmp_path: Path) -> None:
    first = with_holidays(desk(country="ES"), tmp_path, TODAY)
    later = with_holidays(desk(country="ES"), tmp_path, date(2028, 2, 1), first)
    dates = later.holidays["madrid"]
    assert (dates.days[0].day, dates.days[-1].day[:4]) == ("2025-01-01", "2033")
    assert difference(first, later) == [
        "  [[calendar]] madrid",
        f"+   {len(dates.days)} holidays, until 2033-12-31",
    ]


def test_the_difference_tells_each_holiday_that_comes_or_goes(tmp_path: Path) -> None:
    spain, madrid = (
        with_holidays(desk(country="ES", region=region), tmp_path, TODAY) for region in ("", "MD")
    )
    assert "+   holiday 2026-05-02 Madrid Day" in difference(spain, madrid)
    assert "-   holiday 2026-05-02 Madrid Day" in difference(madrid, spain)


def test_a_calendar_without_either_has_none(tmp_path: Path) -> None:
    assert with_holidays(desk(), tmp_path, TODAY).holidays == {}


@pytest.mark.parametrize(
    ("calendar", "problem"),
    [
        ({"country": "ZZ"}, '$.calendar[0].country: no holidays of "ZZ" are known'),
        ({"country": "ES", "region": "ZZ"}, '$.calendar[0].region: no holidays of "ZZ" in ES'),
        ({"ics": "gone.ics"}, '$.calendar[0].ics: "gone.ics" cannot be read: No such file'),
        ({"ics": "."}, '$.calendar[0].ics: "." cannot be read: Is a directory'),
        ({"ics": "bad.ics"}, '$.calendar[0].ics: "bad.ics" is not an iCalendar file: '),
    ],
)
def test_a_source_that_gives_none_is_refused_with_its_path(
    tmp_path: Path, calendar: dict[str, str], problem: str
) -> None:
    (tmp_path / "bad.ics").write_text("no calendar", "utf-8")
    with pytest.raises(Refused) as refusal:
        with_holidays(desk(**calendar), tmp_path, TODAY)
    assert refusal.value.problems[0].startswith(problem)


def test_a_file_and_a_country_add_up_and_a_day_comes_once(tmp_path: Path) -> None:
    (tmp_path / "own.ics").write_bytes(file("DTSTART;VALUE=DATE:20261225", "DTSTART;VALUE=DATE:20261228"))  # fmt: skip
    days = found(tmp_path, country="ES", ics="own.ics")
    assert (days["2026-12-25"], days["2026-12-28"]) == ("Christmas Day", "Closed 2")


# ---- iCalendar ------------------------------------------------------------------------------------------------------


def file(*events: str) -> bytes:
    """A calendar file; the properties of an event are separated by a blank."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:test"]
    for n, event in enumerate(events, 1):
        lines += ["BEGIN:VEVENT", f"SUMMARY:Closed {n}", *event.split(" "), "END:VEVENT"]
    return "\r\n".join([*lines, "END:VCALENDAR", ""]).encode()


def closed(*events: str, zone: str = "Europe/Madrid") -> list[str]:
    days = ics.closures(file(*events), zone, date(2025, 1, 1), date(2027, 12, 31))
    return [one.day for one in days]


@pytest.mark.parametrize(
    ("event", "days"),
    [
        ("DTSTART;VALUE=DATE:20260815", ["2026-08-15"]),
        ("DTSTART;VALUE=DATE:20260815 DTEND;VALUE=DATE:20260817", ["2026-08-15", "2026-08-16"]),
        ("DTSTART;VALUE=DATE:20260815 DURATION:P2D", ["2026-08-15", "2026-08-16"]),
        ("DTSTART:20260815T140000 DTEND:20260815T160000", ["2026-08-15 14:00-16:00"]),
        ("DTSTART:20260815T120000Z DURATION:PT2H", ["2026-08-15 14:00-16:00"]),
        ("DTSTART;TZID=America/New_York:20260815T180000 DURATION:PT2H", ["2026-08-16 00:00-02:00"]),
        ("DTSTART:20260815T220000 DTEND:20260817T020000",
         ["2026-08-15 22:00-24:00", "2026-08-16", "2026-08-17 00:00-02:00"]),
        ("DTSTART:20260815T140030 DTEND:20260815T140130", ["2026-08-15 14:00-14:02"]),
        ("DTSTART:20260815T140000", []),
        ("DTSTART;VALUE=DATE:20240815", []),
        ("DTSTART;VALUE=DATE:20240101 DTEND;VALUE=DATE:20250103", ["2025-01-01", "2025-01-02"]),
        ("DTSTART;VALUE=DATE:20260815 STATUS:CANCELLED", []),
        ("DTSTART;VALUE=DATE:20260815 TRANSP:TRANSPARENT", ["2026-08-15"]),
        ("DTSTART;VALUE=DATE:19900815 RRULE:FREQ=YEARLY", ["2025-08-15", "2026-08-15", "2027-08-15"]),
        ("DTSTART;VALUE=DATE:20200815 RRULE:FREQ=YEARLY;UNTIL=20260815", ["2025-08-15", "2026-08-15"]),
        ("DTSTART;VALUE=DATE:20250815 RRULE:FREQ=YEARLY;COUNT=2", ["2025-08-15", "2026-08-15"]),
        ("DTSTART;VALUE=DATE:20250505 RRULE:FREQ=YEARLY;BYMONTH=5;BYDAY=1MO;COUNT=2", ["2025-05-05", "2026-05-04"]),
        ("DTSTART;VALUE=DATE:20250815 RRULE:FREQ=YEARLY EXDATE;VALUE=DATE:20260815", ["2025-08-15", "2027-08-15"]),
        ("DTSTART;VALUE=DATE:20250815 RDATE;VALUE=DATE:20260101", ["2025-08-15", "2026-01-01"]),
        ("DTSTART;TZID=Europe/Madrid:20261023T140000 DURATION:PT1H RRULE:FREQ=WEEKLY;UNTIL=20261030T130000Z",
         ["2026-10-23 14:00-15:00", "2026-10-30 14:00-15:00"]),
    ],
)  # fmt: skip
def test_an_event_closes_the_time_that_it_takes(event: str, days: list[str]) -> None:
    assert closed(event) == days


def test_a_recurrence_that_was_moved_or_cancelled_is_not_where_it_was() -> None:
    assert closed(
        "UID:1 DTSTART;VALUE=DATE:20250815 RRULE:FREQ=YEARLY;COUNT=3",
        "UID:1 RECURRENCE-ID;VALUE=DATE:20260815 DTSTART;VALUE=DATE:20260817",
        "UID:1 RECURRENCE-ID;VALUE=DATE:20270815 DTSTART;VALUE=DATE:20270815 STATUS:CANCELLED",
    ) == ["2025-08-15", "2026-08-17"]


@pytest.mark.parametrize(
    "excluded",
    [
        "EXDATE;VALUE=DATE:20260602",
        "EXDATE:20260602T140000",
        "EXDATE:20260602T120000Z",
        "EXDATE;TZID=America/New_York:20260602T080000",
        "EXDATE;TZID=Europe/Madrid:20260602T140000",
    ],
)
@pytest.mark.parametrize(
    "start", ["DTSTART;TZID=Europe/Madrid:20260601T140000", "DTSTART:20260601T140000", "DTSTART:20260601T120000Z"]
)  # fmt: skip
def test_an_exclusion_fits_a_recurrence_of_another_type_or_zone(start: str, excluded: str) -> None:
    if start.endswith("Z") and excluded == "EXDATE:20260602T140000":
        excluded = "EXDATE:20260602T120000"  # local times are those of the event
    days = ["2026-06-01 14:00-15:00", "2026-06-03 14:00-15:00"]
    event = f"UID:1 {start} DURATION:PT1H RRULE:FREQ=DAILY;COUNT=3"
    assert closed(f"{event} {excluded}") == days
    instead = excluded.replace("EXDATE", "RECURRENCE-ID")
    assert closed(event, f"UID:1 {instead} {start} STATUS:CANCELLED") == days


@pytest.mark.parametrize(
    "excluded",
    [
        "EXDATE;VALUE=DATE:20260602",
        "EXDATE:20260602T000000",
        "EXDATE:20260602T000000Z",
        "EXDATE:20260601T220000Z",
        "EXDATE;TZID=Europe/Madrid:20260602T000000",
        "EXDATE;TZID=America/New_York:20260602T000000",
    ],
)
@pytest.mark.parametrize("zone", ["Europe/Madrid", "UTC", "America/New_York"])
def test_an_exclusion_with_a_time_fits_a_whole_day(excluded: str, zone: str) -> None:
    if excluded.endswith("220000Z") and zone != "Europe/Madrid":
        pytest.skip("midnight in Madrid")
    event = "UID:1 DTSTART;VALUE=DATE:20260601 RRULE:FREQ=DAILY;COUNT=3"
    days = ["2026-06-01", "2026-06-03"]
    assert closed(f"{event} {excluded}", zone=zone) == days
    instead = excluded.replace("EXDATE", "RECURRENCE-ID")
    assert (
        closed(event, f"UID:1 {instead} DTSTART;VALUE=DATE:20260602 STATUS:CANCELLED", zone=zone)
        == days
    )


def test_an_exclusion_of_another_time_leaves_the_recurrence() -> None:
    event = "DTSTART;TZID=Europe/Madrid:20260601T140000 DURATION:PT1H RRULE:FREQ=DAILY;COUNT=2"
    for other in (
        "EXDATE:20260602T150000",
        "EXDATE:20260602T140000Z",
        "EXDATE;VALUE=DATE:20260603",
    ):
        assert len(closed(f"{event} {other}")) == 2


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "has no events"),
        (b"\xff\xfe\x00", "is not an iCalendar file: "),
        (b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "has no events"),
        (file("DTSTART:soon"), 'has an event "Closed 1" whose DTSTART cannot be read'),
        (file("DTEND:20260101T000000"), 'has an event "Closed 1" that cannot be read: '),
        (file("DTSTART:20260101T000000 RRULE:FREQ=SOMETIMES"), 'has an event "Closed 1" whose RRULE'),
        (file("DTSTART:20260101T000000 RRULE:FREQ=SECONDLY"), 'has an event "Closed 1" that cannot be read: it recurs'),
        (file("DTSTART:20260101T000000 RRULE:FREQ=DAILY;INTERVAL=0"), 'has an event "Closed 1" '),
        (file("DTSTART:20260102T000000 DTEND:20260101T000000"), 'has an event "Closed 1" that cannot be read: it ends'),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_says_what_is_wrong(content: bytes, problem: str) -> None:
    with pytest.raises(BadInput) as refusal:
        ics.closures(content, "UTC", date(2025, 1, 1), date(2027, 12, 31))
    assert refusal.value.sentence.startswith(problem)
