"""Months sum to their quarter, groups to their total, and the days of a clock to the time that it used."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.figures.lives import START, Life
from tests.figures.shell import DATABASES, WAYS, said, settle, told
from ticketctl.store.db.database import Database

LAST = datetime(2026, 5, 29, 11, tzinfo=UTC)
MONTHS, QUARTER = ("2026-03", "2026-04", "2026-05"), "2026-03..2026-05"
# Two on one side of the world's date and one between the hours.
ZONES = ("Pacific/Auckland", "America/Los_Angeles", "Asia/Kathmandu")
COUNTED = (
    "created", "first_responses", "next_responses", "met", "breached", "void",
    "at_retarget", "first_breached", "next_breached", "resolve_breached", "assign_breached", "ratings",
    "nps_ratings", "surveys_sent", "detractors",
)  # fmt: skip
BY_ITS_END = (
    "answered",
    "resolved",
    "reopened",
)  # of each period by its own end: months may count a ticket again
AT_THE_END = ("backlog", "load", "unassigned", "awaiting_agent", "overdue", "oldest")
_LENGTH = re.compile(r"(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?")


def lived(db: Database, url: str, patch: pytest.MonkeyPatch) -> Life:
    """A desk that has lived for three months."""
    settle(patch, url)
    life = Life(db, 7, patch, START)
    life.until(datetime(2026, 3, 29, tzinfo=UTC), 50)
    life.change_desk()
    life.until(LAST, 90)
    return life


def figures(period: str, *how: str) -> dict[str, Any]:
    """The figures of an agents' report and of recovery as they are known now."""
    found: dict[str, Any] = {}
    for name in ("agents", "recovery"):
        one = told("report", name, "--period", period, "--as-of", "now", *how, "--format", "json")
        found |= one["total"]["figures"]
        for group in one["groups"]:
            found.setdefault("groups", {}).setdefault(next(iter(group["by"].values())), {}).update(
                group["figures"]
            )
    return found


@pytest.mark.parametrize("db_url", DATABASES, indirect=True)
def test_months_sum_to_their_quarter_and_groups_to_their_total_at_every_edge(
    db: Database, db_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    lived(db, db_url, monkeypatch)
    edges = set()
    for zone in ZONES:
        all = figures(QUARTER, "--tz", zone)
        months = [figures(month, "--tz", zone) for month in MONTHS]
        edges.add(tuple(month["created"] for month in months))
        sums = {name: sum(month[name] for month in months) for name in COUNTED}
        assert sums == {name: all[name] for name in sums}, zone
        assert all["created"] > 20 and all["breached"] > 20
        for way in WAYS if zone == ZONES[0] else ("day",):
            groups = figures(QUARTER, "--by", way, "--tz", zone)["groups"]
            every = {name: all[name] for name in (*COUNTED, *BY_ITS_END)}
            assert {
                name: sum(one.get(name, 0) for one in groups.values()) for name in every
            } == every, (zone, way)
            if way in ("day", "week", "month"):
                last = groups[max(groups)]
                assert {name: last[name] for name in AT_THE_END} == {
                    name: all[name] for name in AT_THE_END
                }
    assert len(edges) > 1, "no ticket at a month's edge: the zones make no difference"


def test_the_days_of_an_explained_clock_sum_to_what_it_used(
    sqlite_db: Database, sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    lived(sqlite_db, sqlite_url, monkeypatch)
    checked = 0
    for ticket in told("export", "--format", "json"):
        clocks = told("sla", "show", str(ticket["id"]), "--json")
        parts = said("sla", "show", str(ticket["id"]), "--explain").strip().split("\n\n")
        for clock, text in zip(clocks, parts if clocks else [], strict=True):
            days = re.findall(r"  (\S+)  \S+ in all", text)
            assert sum(map(seconds, days)) == clock["used"], text
            checked += 1
    assert checked > 40


def seconds(length: str) -> int:
    """9h, 4h29m5s …"""
    found = _LENGTH.fullmatch(length)
    assert found, length
    return sum(
        int(part or 0) * unit
        for part, unit in zip(found.groups(), (86_400, 3600, 60, 1), strict=True)
    )
