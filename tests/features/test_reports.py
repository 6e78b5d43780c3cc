"""Figures of a week whose numbers are known beforehand (the worked example of the service level page)."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.support.outside import Outside

WEEK = """
[[rule]]
name = "detractor"
on = "survey"
enabled = false

[[survey]]
name = "csat"
scale = "1-5"
delay = "1h"

[[sla]]
name = "week"
targets = { default = { first = "4h", resolve = "16h" } }
"""
# Owner, minutes to each answer, minute of the first end, of the last one if reopened, rating.
TICKETS = [
    ("ana", [30], 300, 5),
    ("ana", [240, 600, 1200], 1200, 4),
    ("ana", [480], 900, None),
    ("ben", [60], 60, 5),
    ("ben", [300, 900], 2000, 2),
    ("ben", [], None, None),
]


@pytest.fixture
def week(outside: Outside) -> Outside:
    """Six tickets of one week; the last is unanswered and has waited 600 minutes at its end."""
    outside.apply(WEEK)
    begin = datetime(2026, 3, 2, 0, 0, tzinfo=UTC)
    end = begin + timedelta(days=7)
    steps: list[tuple[datetime, str, tuple[str, ...]]] = []
    for number, (owner, answers, ended, rating) in enumerate(TICKETS, 1):
        opened = begin + timedelta(minutes=number) if answers else end - timedelta(minutes=600)
        n = str(number)
        steps.append(
            (
                opened,
                "root",
                (
                    "new",
                    "--customer",
                    f"c{n}@x.example",
                    "--owner",
                    owner,
                    "--subject",
                    n,
                    "--text",
                    "Help!",
                    "--channel",
                    "phone",
                    "-m",
                    "x",
                ),
            )
        )
        for minute in answers:
            steps.append((opened + timedelta(minutes=minute), owner, ("reply", n, "-m", "So.")))
        if ended is not None:
            steps.append((opened + timedelta(minutes=ended), owner, ("resolve", n, "-m", "x")))
        if rating is not None and ended is not None:
            rated = opened + timedelta(minutes=ended + 60)
            steps.append((rated, "root", ("survey", "answer", n, str(rating))))
    for at, agent, words in sorted(steps, key=lambda one: one[0]):
        outside.at(f"{at:%Y-%m-%dT%H:%M:%SZ}")
        outside.become(agent)
        outside.run(*words)
    outside.become("root")
    outside.at(f"{end + timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}")
    return outside


def test_F_C12_quality_is_speed_and_satisfaction_in_one_number(week: Outside) -> None:
    """Of the desk and of each agent."""
    report = week.data("report", "quality", "--period", "2026-03-02..2026-03-08", "--by", "agent")
    by = {one["by"]["agent"]: one["figures"]["quality"] for one in report["groups"]}
    assert (report["total"]["figures"]["quality"], by) == (75.2, {"ana": 79.1, "ben": 70.5})


def test_F_T15_each_agent_answers_for_speed_and_satisfaction(week: Outside) -> None:
    """Times to the first answer and to the end, ratings, breaches and quality of each."""
    report = week.data("report", "agents", "--period", "2026-03-02..2026-03-08", "--by", "agent")
    of = {one["by"]["agent"]: one["figures"] for one in report["groups"]}
    names = ("frt_average", "ttr_average", "resolved", "csat", "quality")
    assert [of["ana"][one] for one in names] == [250 * 60, 800 * 60, 3, 1, 79.1]
    assert [of["ben"][one] for one in names] == [180 * 60, 1030 * 60, 2, 0.5, 70.5]
