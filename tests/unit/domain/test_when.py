"""Times as people write them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ticketctl import clock
from ticketctl.domain.base import when
from ticketctl.errors import BadInput

NOW = clock.parse("2026-03-09T08:10:00Z")  # a Monday
MADRID = ZoneInfo("Europe/Madrid")
PAST, FUTURE, EITHER = when.Side


def period(text: str, side: when.Side = FUTURE) -> tuple[str, str]:
    found = when.period(text, side, now=NOW, zone=MADRID)
    return clock.rfc3339(found.start), clock.rfc3339(found.end)


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("today", "2026-03-08T23:00:00Z", "2026-03-09T23:00:00Z"),
        ("yesterday", "2026-03-07T23:00:00Z", "2026-03-08T23:00:00Z"),
        ("tomorrow", "2026-03-09T23:00:00Z", "2026-03-10T23:00:00Z"),
        ("2026-03", "2026-02-28T23:00:00Z", "2026-03-31T22:00:00Z"),
        ("2026-03-29", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"),
        ("2026", "2025-12-31T23:00:00Z", "2026-12-31T23:00:00Z"),
        ("20260309", "2026-03-08T23:00:00Z", "2026-03-09T23:00:00Z"),
        ("2026-W10", "2026-03-01T23:00:00Z", "2026-03-08T23:00:00Z"),
        ("2026W10", "2026-03-01T23:00:00Z", "2026-03-08T23:00:00Z"),
        ("2026-W10-2", "2026-03-02T23:00:00Z", "2026-03-03T23:00:00Z"),
    ],
)
def test_days_months_and_years_are_whole_in_the_zone(text: str, start: str, end: str) -> None:
    assert period(text) == (start, end)


@pytest.mark.parametrize(
    ("text", "past", "future"),
    [
        ("monday", "2026-03-08T23:00:00Z", "2026-03-15T23:00:00Z"),
        ("tuesday", "2026-03-02T23:00:00Z", "2026-03-09T23:00:00Z"),
        ("2h", "2026-03-09T06:10:00Z", "2026-03-09T10:10:00Z"),
        ("1mo", "2026-02-09T08:10:00Z", "2026-04-09T07:10:00Z"),
        ("1y", "2025-03-09T08:10:00Z", "2027-03-09T08:10:00Z"),
    ],
)
def test_a_weekday_and_a_span_without_a_sign_point_to_the_side_asked_for(
    text: str, past: str, future: str
) -> None:
    assert period(text, PAST)[0] == past
    assert period(text, FUTURE)[0] == future


def test_a_span_with_the_wrong_sign_is_refused_with_the_right_spelling() -> None:
    with pytest.raises(BadInput, match=r'"\+3d" is in the future; for 3d ago write -3d'):
        period("+3d", PAST)
    with pytest.raises(BadInput, match=r'"3d" may be before or after now; write -3d or \+3d'):
        period("3d", EITHER)


@given(
    count=st.integers(0, 500),
    unit=st.sampled_from(["s", "m", "h", "d", "w", "mo", "y"]),
    now=st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1)).map(
        lambda t: t.replace(tzinfo=UTC, microsecond=0)
    ),
)
def test_a_span_without_a_sign_never_lands_on_the_wrong_side(
    count: int, unit: str, now: datetime
) -> None:
    span = f"{count}{unit}"
    past, future = (when.offset(span, side, now=now, zone=MADRID) for side in (PAST, FUTURE))
    assert past is not None
    assert future is not None
    assert past <= now <= future
    assert past == when.offset(f"-{span}", EITHER, now=now, zone=MADRID)
    assert future == when.offset(f"+{span}", EITHER, now=now, zone=MADRID)


def test_a_time_of_the_past_is_over_and_one_of_the_future_is_to_come() -> None:
    for text in ("tomorrow", "2026-04", "2026-03-09T09:11"):
        with pytest.raises(BadInput, match="in the future"):
            when.past(text, now=NOW, zone=MADRID)
    for text in ("yesterday", "today", "now", "-2h", "2026-03-09T09:10"):
        with pytest.raises(BadInput, match="is in the past"):
            when.ahead(text, now=NOW, zone=MADRID)
    assert when.past("2h", now=NOW, zone=MADRID) < NOW < when.ahead("2h", now=NOW, zone=MADRID)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("now", "2026-03-09T08:10:00Z"),
        ("-7d", "2026-03-02T08:10:00Z"),
        ("2h", "2026-03-09T10:10:00Z"),
        ("+1d12h", "2026-03-10T20:10:00Z"),
        ("-1mo", "2026-02-09T08:10:00Z"),
        ("1y", "2027-03-09T08:10:00Z"),
        ("2026-03-09T10:00", "2026-03-09T09:00:00Z"),
        ("2026-03-09 10:00:30", "2026-03-09T09:00:30Z"),
        ("2026-03-09T10:00:00+05:00", "2026-03-09T05:00:00Z"),
    ],
)
def test_a_moment_is_a_period_of_one_second(text: str, moment: str) -> None:
    start, end = period(text)
    assert start == moment
    assert clock.parse(end).timestamp() - clock.parse(start).timestamp() == 1


def test_a_month_later_than_the_31st_is_the_last_day_of_the_month() -> None:
    end_of_january = datetime(2026, 1, 31, 12, tzinfo=UTC)
    assert when.offset("1mo", FUTURE, now=end_of_january, zone=UTC) == datetime(
        2026, 2, 28, 12, tzinfo=UTC
    )


def test_months_keep_the_hour_on_the_wall_across_a_change_of_clocks() -> None:
    found = when.offset("1mo", FUTURE, now=NOW, zone=MADRID)
    assert found is not None
    assert found.astimezone(MADRID).hour == NOW.astimezone(MADRID).hour


def test_a_weekday_ahead_is_the_next_one_and_never_today() -> None:
    assert when.ahead("monday", now=NOW, zone=MADRID) == clock.parse("2026-03-15T23:00:00Z")
    assert when.ahead("tuesday", now=NOW, zone=MADRID) == clock.parse("2026-03-09T23:00:00Z")
    assert when.ahead("2h", now=NOW, zone=MADRID) == clock.parse("2026-03-09T10:10:00Z")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "2026-13",
        "2026-02-30",
        "-99999y",
        "7",
        "0000",
        "9999",
        "-7",
        "١d",
        "9999-12-31",
    ],
)
def test_what_is_no_time_is_refused_in_words(text: str) -> None:
    with pytest.raises(BadInput, match="is not a time"):
        when.period(text, FUTURE, now=NOW, zone=MADRID)


@given(st.text(max_size=12), st.sampled_from(when.Side))
def test_any_text_is_a_period_or_bad_input(text: str, side: when.Side) -> None:
    try:
        found = when.period(text, side, now=NOW, zone=MADRID)
    except BadInput:
        return
    assert found.start < found.end


@given(
    st.text("0123456789-WT:+ ", max_size=12) | st.dates().map(lambda day: day.strftime("%G-W%V"))
)
def test_only_what_has_a_time_of_day_is_a_moment(text: str) -> None:
    try:
        found = when.period(text, FUTURE, now=NOW, zone=MADRID)
    except BadInput:
        return
    if not {":", "T", " "} & {*text}:
        assert found.end - found.start >= timedelta(hours=23)


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("2026-03-12", "2026-03-12T23:00:00Z"),
        ("tomorrow", "2026-03-10T23:00:00Z"),
        ("2026-03-12T10:00", "2026-03-12T09:00:00Z"),
        ("2h", "2026-03-09T10:10:00Z"),
    ],
)
def test_the_end_of_a_day_includes_the_day(text: str, end: str) -> None:
    now = clock.parse("2026-03-09T08:10:00Z")
    assert when.end(text, now=now, zone=ZoneInfo("Europe/Madrid")) == clock.parse(end)
