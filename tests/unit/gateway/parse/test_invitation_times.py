"""When an invitation is: its start, its end in the same zone, and the zone's name as written (H16)."""

import pytest

from gateway.parse import invitation

# A zone two hours east of Greenwich, three in summer, under a name of the sender's own.
OWN_RULES = """BEGIN:VTIMEZONE
TZID:{name}
BEGIN:STANDARD
DTSTART:16010101T040000
TZOFFSETFROM:+0300
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0300
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE
"""
WINDOWS = {  # names of Windows, and the hour of 08:00 UTC there on 3 March 2027
    "Romance Standard Time": 9,
    "Central European Standard Time": 9,
    "GTB Standard Time": 10,
    "Russian Standard Time": 11,
    "India Standard Time": 13,
    "China Standard Time": 16,
    "Tokyo Standard Time": 17,
    "Eastern Standard Time": 3,
    "E. South America Standard Time": 5,
}


def when(*times: str, zone: str = "") -> str:
    """The time in the line of an event with these properties."""
    rules = OWN_RULES.format(name=zone) if zone else ""
    text = "\n".join(
        ("BEGIN:VCALENDAR", "VERSION:2.0", rules + "BEGIN:VEVENT", "SUMMARY:Cena", *times, "END:VEVENT",
         "END:VCALENDAR")
    )  # fmt: skip
    line = invitation.line(text.encode())
    assert line.startswith("invitation: Cena, "), line
    return line.removeprefix("invitation: Cena, ")


@pytest.mark.parametrize(("name", "hour"), WINDOWS.items())
@pytest.mark.parametrize("quoted", ["", '"'])
def test_the_end_is_in_the_zone_of_the_start_also_under_a_name_of_windows_H16(
    name: str, hour: int, quoted: str
) -> None:
    minutes = 30 if "India" in name else 0
    start = f"DTSTART;TZID={quoted}{name}{quoted}:20270303T{hour:02}{minutes:02}00"
    expected = f"2027-03-03 {hour:02}:{minutes:02}–{hour + 1:02}:{minutes:02} {name}"
    assert when(start, f"DTEND;TZID={name}:20270303T{hour + 1:02}{minutes:02}00") == expected
    assert when(start, "DTEND:20270303T090000Z") == expected
    assert when(start, "DURATION:PT1H") == expected


@pytest.mark.parametrize(
    "name", ["Ortszeit Werk 7", "Customized Time Zone", "Часовой пояс", "工場時間"]
)
def test_an_unknown_zone_has_its_own_rules_or_is_only_named_H16(name: str) -> None:
    start, end = f"DTSTART;TZID={name}:20270303T100000", "DTEND:20270303T090000Z"
    assert when(start, end, zone=name) == f"2027-03-03 10:00–11:00 {name}"
    assert when(start, end) == f"2027-03-03 10:00 {name}–09:00 UTC"
    assert when(start, "DURATION:PT45M") == f"2027-03-03 10:00–10:45 {name}"
    assert when(start) == f"2027-03-03 10:00 {name}"


def test_a_duration_runs_over_a_change_of_the_clocks_H16() -> None:
    start = "DTSTART;TZID=W. Europe Standard Time:20270328T013000"
    assert when(start, "DURATION:PT1H") == "2027-03-28 01:30–03:30 W. Europe Standard Time"


@pytest.mark.parametrize(
    ("end", "expected"),
    [
        ("DTEND;VALUE=DATE:20270304", "2027-03-03"),
        ("DTEND;VALUE=DATE:20270306", "2027-03-03–2027-03-05"),
        ("DURATION:P1D", "2027-03-03"),
        ("DURATION:P2D", "2027-03-03–2027-03-04"),
        ("DTEND;VALUE=DATE:20270303", "2027-03-03"),
        ("DTEND:20270304T100000Z", "2027-03-03"),
        ("SEQUENCE:1", "2027-03-03"),
    ],
)
def test_whole_days_end_before_their_end_H16(end: str, expected: str) -> None:
    assert when("DTSTART;VALUE=DATE:20270303", end) == expected


def test_the_next_day_is_named_in_the_zone_of_the_start_H16() -> None:
    start = "DTSTART;TZID=Tokyo Standard Time:20270303T233000"
    assert (
        when(start, "DTEND:20270303T153000Z")
        == "2027-03-03 23:30–2027-03-04 00:30 Tokyo Standard Time"
    )
