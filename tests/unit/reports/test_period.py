"""What --period means, in the days of the desk's zone."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from ticketctl.errors import BadInput
from ticketctl.reports.figures import period

MADRID = ZoneInfo("Europe/Madrid")
NOW = datetime(2026, 3, 31, 10, 0, tzinfo=UTC)  # a Tuesday, two days after the clocks went forward


def local(words: str | None, now: datetime = NOW) -> tuple[str, str]:
    found = period.parse(words, now=now, zone=MADRID)
    return _shown(found.start), _shown(found.end)


def _shown(at: datetime) -> str:
    return at.astimezone(MADRID).strftime("%Y-%m-%d %H:%M").removesuffix(" 00:00")


@pytest.mark.parametrize(
    ("words", "start", "end"),
    [
        (None, "2026-02-28", "2026-04-01"),
        ("today", "2026-03-31", "2026-04-01"),
        ("yesterday", "2026-03-30", "2026-03-31"),
        ("this-week", "2026-03-30", "2026-04-06"),
        ("last-week", "2026-03-23", "2026-03-30"),
        ("this-month", "2026-03-01", "2026-04-01"),
        ("last-month", "2026-02-01", "2026-03-01"),
        ("last-7d", "2026-03-25", "2026-04-01"),
        ("last-2w", "2026-03-16", "2026-03-30"),
        ("last-3m", "2025-12-01", "2026-03-01"),
        ("2026-03-31", "2026-03-31", "2026-04-01"),
        ("2026-03", "2026-03-01", "2026-04-01"),
        ("2026-W10", "2026-03-02", "2026-03-09"),
        ("2026-W01", "2025-12-29", "2026-01-05"),
        ("2026", "2026-01-01", "2027-01-01"),
        ("2026-03-02..2026-03-08", "2026-03-02", "2026-03-09"),
        ("2026-01..2026-03", "2026-01-01", "2026-04-01"),
        ("2026-W10..2026-W11", "2026-03-02", "2026-03-16"),
        ("monday..today", "2026-03-30", "2026-04-01"),
        ("7d", "2026-03-24 11:00", "2026-03-31 12:00"),
        ("-1mo", "2026-02-28 12:00", "2026-03-31 12:00"),
        ("7d..2d", "2026-03-24 11:00", "2026-03-29 12:00"),
        ("2026-03-01..now", "2026-03-01", "2026-03-31 12:00"),
        ("2026-03-02T08:30..2026-03-02T17:00", "2026-03-02 08:30", "2026-03-02 17:00"),
    ],
)
def test_a_period_is_whole_days_of_the_zone(words: str | None, start: str, end: str) -> None:
    assert local(words) == (start, end)


@pytest.mark.parametrize(
    "words",
    ["", "soon", "2026-13", "2026-W60", "last-0d", "last-x", "2026-03-09..", "..2026-03-09", "2026-03-09..2026-03-01",
     "2026-03-09T08:10", "9999", "last-99999m", "now", "+3d", "2d..7d", "2027", "tomorrow", "0d"],
)  # fmt: skip
def test_what_is_no_period_is_refused(words: str) -> None:
    with pytest.raises(BadInput):
        period.parse(words, now=NOW, zone=MADRID)


@pytest.mark.parametrize(
    ("words", "start"),
    [
        ("this-month", "2026-02-01"),
        ("2026-02", "2026-01-01"),
        ("2026", "2025-01-01"),
        ("2026-01..2026-03", "2025-10-01"),
        ("last-week", "2026-03-16"),
        ("2026-03-29", "2026-03-28"),  # 23 hours after 24
        ("2026-03-02..2026-03-08", "2026-02-23"),
        ("2026-03-02T08:00..2026-03-02T12:00", "2026-03-02 04:00"),
    ],
)
def test_months_compare_with_months_and_days_with_as_many_days(words: str, start: str) -> None:
    found = period.parse(words, now=NOW, zone=MADRID)
    before = period.before(found)
    assert (_shown(before.start), before.end) == (start, found.start)


def test_nothing_is_before_the_first_year() -> None:
    with pytest.raises(BadInput, match="0001"):
        period.before(period.parse("0001", now=NOW, zone=MADRID))


def test_a_month_ends_at_its_own_midnight() -> None:
    found = period.parse("2026-03", now=NOW, zone=MADRID)
    assert found.start == datetime(2026, 2, 28, 23, 0, tzinfo=UTC)
    assert found.end == datetime(2026, 3, 31, 22, 0, tzinfo=UTC)
