"""Business time: worked times, the edges of days and clock changes, and what must hold on any calendar."""

import json
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.support.paths import DATA
from tests.unit.domain.sla.worked import DUE, ELAPSED, HOUR, HOURS, MADRID, at
from ticketctl.domain.base import values
from ticketctl.domain.calendar import calendar as c
from ticketctl.domain.definition import definition as d
from ticketctl.errors import NotFound, Refused

ORACLE = DATA / "sla_oracle.json"


@pytest.mark.parametrize(("row", "name", "start", "hours", "due"), DUE)
def test_a_worked_due_time(row: str, name: str, start: str, hours: int, due: str) -> None:
    assert c.add(HOURS[name], at(start), hours * HOUR) == at(due)


@pytest.mark.parametrize(("row", "name", "start", "end", "minutes"), ELAPSED)
def test_a_worked_elapsed_time(row: str, name: str, start: str, end: str, minutes: int) -> None:
    assert c.measure(HOURS[name], at(start), at(end)) == minutes * 60


def test_the_table_here_is_the_oracle() -> None:
    vectors = json.loads(ORACLE.read_text("utf-8"))["vectors"]
    assert [v["id"] for v in vectors if v["kind"] == "due"] == [one[0] for one in DUE]
    for vector in vectors:
        hours = HOURS[vector["calendar"]]
        if vector["kind"] == "due":
            found = c.add(hours, at(vector["start"]), vector["target_seconds"])
            assert found == at(vector["due"]), vector
        if vector["kind"] == "elapsed":
            measured = c.measure(hours, at(vector["start"]), at(vector["end"]))
            assert measured == vector["business_minutes"] * 60, vector


# ---- a day ----------------------------------------------------------------------------------------------------------


def test_the_opening_second_is_open_and_the_closing_second_is_closed() -> None:
    madrid = HOURS["madrid"]
    answers = [
        c.is_open(madrid, at(text))
        for text in ("2026-03-09T07:59:59", "2026-03-09T08:00", "2026-03-09T16:59:59", "2026-03-09T17:00")
    ]  # fmt: skip
    assert answers == [False, True, True, False]


def test_the_next_open_instant_is_now_while_it_is_open() -> None:
    madrid = HOURS["madrid"]
    assert c.next_open(madrid, at("2026-03-09T12:00")) == at("2026-03-09T12:00")
    assert c.next_open(madrid, at("2026-03-06T17:00")) == at("2026-03-09T08:00")


def test_nothing_added_is_the_same_instant_even_when_closed() -> None:
    assert c.add(HOURS["madrid"], at("2026-03-07T10:00"), 0) == at("2026-03-07T10:00")


def test_an_end_before_the_start_measures_nothing() -> None:
    assert c.measure(HOURS["always"], at("2026-03-09T10:00"), at("2026-03-09T09:00")) == 0
    assert c.measure(c.ALWAYS, at("2026-03-09T10:00"), at("2026-03-09T09:00")) == 0


def open_minutes(day: str, **changes: object) -> list[tuple[int, int]]:
    hours = c.compile(replace(MADRID, **changes))
    return hours.minutes(datetime.fromisoformat(day).date())


@pytest.mark.parametrize(
    ("day", "changes", "spans"),
    [
        ("2026-03-09", {"closed": ("2026-03-09",)}, []),
        ("2026-03-09", {"closed": ("03-09",)}, []),
        ("2027-03-09", {"closed": ("2026-03-09",)}, [(540, 1080)]),
        ("2026-03-09", {"closed": ("2026-03-09 12:00-13:00",)}, [(540, 720), (780, 1080)]),
        ("2026-03-09", {"closed": ("03-09 00:00-12:00",)}, [(720, 1080)]),
        ("2026-03-08", {"open": ("2026-03-08 10:00-14:00",)}, [(600, 840)]),
        ("2026-03-09", {"open": ("2026-03-09 18:00-20:00",)}, [(540, 1200)]),
        ("2026-12-25", {"open": ("12-25 10:00-12:00",)}, [(600, 720)]),
    ],
)
def test_a_day_that_is_different(
    day: str, changes: dict[str, object], spans: list[tuple[int, int]]
) -> None:
    assert open_minutes(day, **changes) == spans


def test_a_holiday_closes_the_day_and_keeps_its_name() -> None:
    hours = c.compile(MADRID, (d.Holiday("2026-10-12", "Fiesta Nacional"),))
    assert not c.is_open(hours, at("2026-10-12T10:00"))
    assert c.is_open(HOURS["madrid"], at("2026-10-12T10:00"))
    assert hours.why_different(date(2026, 10, 12)) == "Fiesta Nacional"
    assert hours.why_different(date(2026, 12, 31)) == "2026-12-31 14:00-24:00"
    assert hours.why_different(date(2026, 10, 13)) == ""


# ---- clock changes --------------------------------------------------------------------------------------------------


def every_day(zone: str, *spans: str) -> c.Hours:
    week = dict.fromkeys(values.DAYS, spans)
    return c.compile(d.Calendar(name="x", timezone=zone, hours=week))


def test_a_time_in_the_spring_gap_is_the_instant_after_it() -> None:
    opens = every_day("Europe/Madrid", "02:30-04:00")
    assert c.next_open(opens, at("2026-03-29T00:00")) == at("2026-03-29T01:00")
    assert c.measure(opens, at("2026-03-29T00:00"), at("2026-03-29T12:00")) == HOUR
    closes = every_day("Europe/Madrid", "01:00-02:30")
    assert c.measure(closes, at("2026-03-28T20:00"), at("2026-03-29T12:00")) == HOUR


def test_a_span_inside_the_gap_is_no_time_at_all() -> None:
    hours = every_day("Europe/Madrid", "02:10-02:50")
    assert c.measure(hours, at("2026-03-29T00:00"), at("2026-03-29T12:00")) == 0
    assert c.next_open(hours, at("2026-03-28T12:00")) == at("2026-03-30T00:10")


def test_a_time_that_comes_twice_is_its_first_occurrence() -> None:
    opens = every_day("Europe/Madrid", "02:30-04:00")
    assert c.next_open(opens, at("2026-10-24T12:00")) == at("2026-10-25T00:30")
    assert c.measure(opens, at("2026-10-24T12:00"), at("2026-10-25T12:00")) == 2 * HOUR + 1_800
    closes = every_day("Europe/Madrid", "01:00-02:30")
    assert c.measure(closes, at("2026-10-24T12:00"), at("2026-10-25T12:00")) == HOUR + 1_800


def test_a_gap_or_a_repetition_at_midnight() -> None:
    havana = every_day("America/Havana", "00:00-24:00")
    assert c.measure(havana, at("2026-03-08T05:00"), at("2026-03-09T04:00")) == 23 * HOUR
    assert c.measure(havana, at("2026-11-01T04:00"), at("2026-11-02T05:00")) == 25 * HOUR


def test_a_date_that_comes_twice_is_open_all_the_time() -> None:
    """In St John's one minute after midnight was 23:01 of the day before."""
    hours = every_day("America/St_Johns", "00:00-24:00")
    start, end = at("2005-10-29T00:00"), at("2005-11-01T00:00")
    assert c.measure(hours, start, end) == 72 * HOUR
    assert c.is_open(hours, at("2005-10-30T03:10"))


def test_a_day_that_never_was_has_no_hours() -> None:
    """Samoa went over the date line and left out 30 December 2011."""
    hours = every_day("Pacific/Apia", "09:00-17:00")
    start, end = at("2011-12-29T10:00"), at("2011-12-31T10:00")  # from the 29th to the 31st, whole
    assert c.measure(hours, start, end) == 2 * 8 * HOUR


# ---- for ever -------------------------------------------------------------------------------------------------------


def test_a_calendar_that_does_not_open_any_more_says_so() -> None:
    once = c.compile(replace(MADRID, hours={}, open=("2026-03-09 10:00-11:00",)))
    assert c.add(once, at("2026-03-01T00:00"), HOUR) == at("2026-03-09T10:00")
    with pytest.raises(Refused, match='calendar "madrid" has no opening hours'):
        c.add(once, at("2026-03-01T00:00"), HOUR + 1)
    with pytest.raises(Refused):
        c.next_open(once, at("2026-03-10T00:00"))
    assert c.measure(once, at("2026-03-01T00:00"), at("2066-03-01T00:00")) == HOUR


def test_a_yearly_opening_on_a_leap_day_is_waited_for() -> None:
    leap = c.compile(replace(MADRID, hours={}, closed=(), open=("02-29 10:00-11:00",)))
    assert c.next_open(leap, at("2096-03-01T00:00")) == at("2104-02-29T09:00")


@pytest.mark.parametrize("hours", [HOURS["madrid"], c.ALWAYS], ids=["madrid", "always"])
def test_later_than_any_date_is_an_answer(hours: c.Hours) -> None:
    with pytest.raises(Refused):
        c.add(hours, at("9999-01-01T00:00"), 400 * 24 * HOUR)
    assert c.measure(hours, at("9990-01-01T00:00"), at("9999-12-31T23:59:59")) > 0


def test_the_calendar_of_a_name() -> None:
    holidays = {"madrid": d.Holidays(until="2031-12-31", days=(d.Holiday("2026-10-12"),))}
    desk = replace(d.DEFAULT, calendars=(MADRID,), holidays=holidays)
    assert c.of(desk, "") is c.ALWAYS
    assert c.of(desk, "madrid") is c.of(desk, "madrid")
    assert not c.is_open(c.of(desk, "madrid"), at("2026-10-12T10:00"))
    with pytest.raises(NotFound, match='no calendar "rome"'):
        c.of(desk, "rome")


# ---- on any calendar ------------------------------------------------------------------------------------------------

ZONES = (
    "Europe/Madrid", "America/St_Johns", "Asia/Kolkata", "Australia/Lord_Howe", "America/Havana", "UTC",
)  # fmt: skip
CHANGES = (  # weekends with clock changes, and quiet ones
    "2026-03-06", "2026-03-27", "2026-03-29", "2026-04-03", "2026-10-02", "2026-10-24", "2026-10-31", "2026-12-30",
)  # fmt: skip


@st.composite
def calendars(draw: st.DrawFn, earliest: int = 0) -> d.Calendar:
    """Any week, with closed days and an opening; `earliest` is the first minute at which a span may begin."""
    minutes = st.integers(earliest, 1440)

    def spans() -> tuple[str, ...]:
        ends = sorted(draw(st.sets(minutes, min_size=2, max_size=6)))
        pairs = zip(ends[::2], ends[1::2], strict=False)
        return tuple(span(start, end) for start, end in pairs)

    days = draw(st.lists(st.sampled_from(values.DAYS), unique=True, min_size=1))
    special = st.sampled_from(CHANGES)
    return d.Calendar(
        name="x",
        timezone=draw(st.sampled_from(ZONES)),
        hours={day: spans() for day in days},
        closed=tuple(draw(st.lists(special, max_size=2))),
        open=tuple(f"{draw(special)} {one}" for one in spans()[:1]),
    )


def span(start: int, end: int) -> str:
    return f"{start // 60:02}:{start % 60:02}-{end // 60:02}:{end % 60:02}"


instants = st.builds(
    lambda day, seconds: datetime.fromisoformat(day).replace(tzinfo=UTC) + timedelta(seconds=seconds),
    st.sampled_from(CHANGES),
    st.integers(-100_000, 200_000),
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(calendars(), instants, st.integers(0, 400_000))
def test_added_time_measures_the_same_and_ends_in_an_open_second(
    calendar: d.Calendar, start: datetime, seconds: int
) -> None:
    hours = c.compile(calendar)
    due = c.add(hours, start, seconds)
    assert c.measure(hours, start, due) == seconds
    if seconds:
        assert c.is_open(hours, due - timedelta(seconds=1))  # no earlier instant has as many


@settings(max_examples=60, deadline=None)
@given(calendars(), st.lists(instants, min_size=3, max_size=3).map(sorted))
def test_what_is_measured_adds_up(calendar: d.Calendar, times: list[datetime]) -> None:
    hours = c.compile(calendar)
    first, middle, last = times
    parts = c.measure(hours, first, middle) + c.measure(hours, middle, last)
    assert parts == c.measure(hours, first, last)


@settings(max_examples=60, deadline=None)
@given(calendars(), st.lists(instants, min_size=2, max_size=2).map(sorted), st.data())
def test_splitting_a_span_changes_nothing(
    calendar: d.Calendar, times: list[datetime], data: st.DataObject
) -> None:
    def split(written: str) -> tuple[str, ...]:
        start, end = values.minutes(written)
        middle = data.draw(st.integers(start, end))
        return tuple(span(*part) for part in ((start, middle), (middle, end)) if part[0] < part[1])

    parted = {
        day: tuple(p for one in spans for p in split(one)) for day, spans in calendar.hours.items()
    }
    whole, parts = c.compile(calendar), c.compile(replace(calendar, hours=parted))
    assert c.measure(parts, *times) == c.measure(whole, *times)
    assert c.add(parts, times[0], 10_000) == c.add(whole, times[0], 10_000)


def looked_at(calendar: d.Calendar, start: datetime, end: datetime) -> int:
    """Open seconds by a look at the wall clock every minute, from and to full minutes."""
    zone, total = ZoneInfo(calendar.timezone), 0
    while start < end:
        local = start.astimezone(zone)
        today, minute = local.date().isoformat(), local.hour * 60 + local.minute
        spans = [
            values.minutes(one) for one in calendar.hours.get(values.DAYS[local.weekday()], ())
        ]
        spans = [] if today in calendar.closed else spans
        opened = [values.day_part(one) for one in calendar.open]
        spans += [span for day, span in opened if day == today]
        total += 60 * any(since <= minute < until for since, until in spans)
        start += timedelta(minutes=1)
    return total


@settings(max_examples=40, deadline=None)
@given(calendars(earliest=240), instants, st.integers(0, 3_000))
def test_it_counts_as_a_look_at_the_wall_clock_every_minute(
    calendar: d.Calendar, start: datetime, minutes: int
) -> None:
    """No span begins or ends in the hours that a clock change leaves out or repeats: the wall clock alone decides."""
    start = start.replace(second=0)
    end = start + timedelta(minutes=minutes)
    assert c.measure(c.compile(calendar), start, end) == looked_at(calendar, start, end)
