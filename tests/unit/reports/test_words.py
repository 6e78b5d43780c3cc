"""What figures are called and how they are said."""

from datetime import UTC, datetime

import pytest

from ticketctl.reports.formats import formatting
from ticketctl.reports.model import Kind, ReportPeriod


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0s"),
        (45, "45s"),
        (60, "1m"),
        (89, "1m"),
        (90, "2m"),
        (3_599, "1h"),
        (3_660, "1h01m"),
        (15_000, "4h10m"),
        (359_999, "100h"),
        (1_000_000, "278h"),
        (-5_400, "−1h30m"),
    ],
)
def test_a_duration_is_said_in_hours_and_minutes(seconds: int, said: str) -> None:
    assert formatting.duration(seconds) == said


@pytest.mark.parametrize(
    ("now", "before", "kind", "said"),
    [
        (412, 398, "count", "+14"),
        (0.0824, 0.1156, "rate", "−3.3 points"),
        (3_600, 5_400, "duration", "−30m"),
        (75.2, 75.2, "index", "±0"),
        (None, 3, "count", "–"),
        (3, None, "count", "–"),
    ],
)
def test_a_difference_says_which_way(
    now: float | None, before: float | None, kind: Kind, said: str
) -> None:
    assert formatting.difference(now, before, kind) == said


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        ("2026-02-28T23:00", "2026-03-31T22:00", "March 2026"),
        ("2026-03-08T23:00", "2026-03-15T23:00", "week 11, 9 to 15 March 2026"),
        ("2026-03-29T22:00", "2026-04-05T22:00", "week 14, 30 March to 5 April 2026"),
        ("2025-12-28T23:00", "2026-01-04T23:00", "week 1, 29 December 2025 to 4 January 2026"),
        ("2026-03-01T23:00", "2026-03-02T23:00", "2 March 2026"),
        ("2026-03-02T08:00", "2026-03-02T17:30", "2026-03-02 09:00 to 2026-03-02 18:30"),
    ],
)
def test_32_a_period_is_said_in_days_of_its_zone(start: str, end: str, said: str) -> None:
    first, last = (datetime.fromisoformat(one).replace(tzinfo=UTC) for one in (start, end))
    assert formatting.period(ReportPeriod(first, last, "Europe/Madrid")) == said


@pytest.mark.parametrize(
    ("name", "title", "kind"),
    [
        ("frt_median", "First response, median", "duration"),
        ("ttr_p90", "Resolution, 90th percentile", "duration"),
        ("reopen_rate", "Reopen rate", "rate"),
        ("quality", "Quality index", "index"),
        ("resolved", "Resolved", "count"),
        ("worst_overdue", "Worst overdue", "duration"),
    ],
)
def test_a_figure_is_known_by_its_name(name: str, title: str, kind: Kind) -> None:
    found = formatting.figure(name)
    assert (found.title, found.kind) == (title, kind)
