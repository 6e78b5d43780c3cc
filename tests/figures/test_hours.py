"""The recount's own opening hours give the times that were worked out by hand (sla.md §3)."""

import json
from typing import Any

import pytest

from tests.figures.hours import Hours, stamp
from tests.support.paths import DATA

WEEK = ("mon", "tue", "wed", "thu", "fri")


def calendar(
    zone: str, *spans: str, closed: tuple[str, ...] = (), days: tuple[str, ...] = WEEK
) -> Hours:
    hours = {day: list(spans) for day in days}
    return Hours(
        {"timezone": zone, "hours": hours, "closed": closed, "open": [], "ics": "", "country": ""}
    )


CALENDARS = {
    "madrid": calendar("Europe/Madrid", "09:00-18:00",
                       closed=("01-01", "01-06", "12-08", "12-25", "2026-12-31 14:00-24:00")),
    "prague": calendar("Europe/Prague", "08:00-12:00", "13:00-17:00", closed=("05-01", "05-08")),
    "always": calendar("Europe/Madrid", "00:00-24:00", days=(*WEEK, "sat", "sun")),
    "kolkata": calendar("Asia/Kolkata", "10:00-19:00"),
    "paris8-18": calendar("Europe/Paris", "08:00-18:00"),
    "nyc": calendar("America/New_York", "09:00-17:00"),
}  # fmt: skip
VECTORS: list[dict[str, Any]] = json.loads((DATA / "sla_oracle.json").read_text())["vectors"]


@pytest.mark.parametrize(
    "vector", [one for one in VECTORS if one["kind"] == "due"], ids=lambda one: one["id"]
)
def test_a_target_is_due_when_it_was_worked_out_to_be(vector: dict[str, Any]) -> None:
    hours, start, seconds = (
        CALENDARS[vector["calendar"]],
        stamp(vector["start"]),
        vector["target_seconds"],
    )
    assert hours.add(start, seconds) == stamp(vector["due"])
    assert hours.measure(start, stamp(vector["due"])) == seconds


@pytest.mark.parametrize(
    "vector", [one for one in VECTORS if one["kind"] == "elapsed"], ids=lambda one: one["id"]
)
def test_open_time_is_what_it_was_worked_out_to_be(vector: dict[str, Any]) -> None:
    hours = CALENDARS[vector["calendar"]]
    assert (
        hours.measure(stamp(vector["start"]), stamp(vector["end"]))
        == vector["business_minutes"] * 60
    )
