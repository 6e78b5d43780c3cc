"""The worked week: six tickets of two agents, made by what people do, and every figure of it (F-C12, F-T15)."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from tests.reports.conftest import made
from tests.support.desk import DESK, DeskFixture
from ticketctl.actions.tickets.assign import assign
from ticketctl.actions.tickets.reopen import reopen
from ticketctl.actions.tickets.reply import reply
from ticketctl.actions.tickets.resolve import resolve
from ticketctl.reports.kinds import registry as reports
from ticketctl.reports.model import Cell
from ticketctl.store.desk import ratings

SLA = """
[[sla]]
name = "worked"
targets = { default = { first = "4h", resolve = "16h" } }
"""
# owner, minutes until each reply, until each resolution (with a reopening in between), the rating
WEEK: tuple[tuple[str, tuple[int, ...], tuple[int, ...], int | None], ...] = (
    ("ana", (30,), (300,), 5),
    ("ana", (240, 300, 400), (600, 700, 1300), 4),
    ("ana", (480,), (900,), None),
    ("ben", (60,), (60,), 5),
    ("ben", (300, 1000), (2000,), 2),
    ("ben", (), (), None),
)
FIGURES: dict[str, dict[str, Cell]] = {
    "all": {
        "frt_average": 222 * 60, "frt_median": 240 * 60, "frt_p90": 480 * 60,
        "ttr_average": 892 * 60, "ttr_median": 900 * 60, "resolved": 5, "one_touch": 0.6, "reopen_rate": 0.2,
        "csat": 0.75, "ratings": 4, "first_breach_rate": 0.5, "any_breach_rate": 0.6667,
        "satisfaction": 0.7222, "responsiveness": 0.7833, "quality": 75.2,
    },
    "ana": {
        "frt_average": 250 * 60, "frt_median": 240 * 60, "frt_p90": 480 * 60,
        "ttr_average": 800 * 60, "ttr_median": 900 * 60, "resolved": 3, "one_touch": 0.6667, "reopen_rate": 0.3333,
        "csat": 1.0, "ratings": 2, "first_breach_rate": 0.3333, "any_breach_rate": 0.6667,
        "satisfaction": 0.75, "responsiveness": 0.8333, "quality": 79.1,
    },
    "ben": {
        "frt_average": 180 * 60, "frt_median": 180 * 60, "frt_p90": 300 * 60,
        "ttr_average": 1030 * 60, "ttr_median": 1030 * 60, "resolved": 2, "one_touch": 0.5, "reopen_rate": 0.0,
        "csat": 0.5, "ratings": 2, "first_breach_rate": 0.6667, "any_breach_rate": 0.6667,
        "satisfaction": 0.6786, "responsiveness": 0.7333, "quality": 70.5,
    },
}  # fmt: skip


@pytest.fixture
def week(helpdesk: DeskFixture) -> DeskFixture:
    """Ticket 6 has waited 600 minutes when the week is looked at."""
    helpdesk.apply(DESK + SLA)
    end = helpdesk.at + timedelta(days=4)
    for number, (owner, replies, ends, rating) in enumerate(WEEK, 1):
        begun = helpdesk.at = end - timedelta(minutes=600 if number == 6 else 3000)
        ticket = helpdesk.open()
        helpdesk.do(partial(assign, ticket_id=ticket, who=owner, comment="his"))
        steps = [(at, reply) for at in replies] + [
            (at, reopen if n % 2 else resolve) for n, at in enumerate(ends)
        ]
        for minutes, step in sorted(steps, key=lambda step: (step[0], step[1] is not reply)):
            helpdesk.at = begun + timedelta(minutes=minutes)
            _do(helpdesk, step, ticket, owner)
        if rating:
            _rate(helpdesk, ticket, owner, rating)
    helpdesk.at = end
    return helpdesk


def _do(helpdesk: DeskFixture, step: Any, ticket: int, who: str) -> None:
    if step is reply:
        helpdesk.do(lambda work: reply(work, ticket, "Try this."), who)
    else:
        helpdesk.do(lambda work: step(work, ticket, comment="so it is"), who)


def _rate(helpdesk: DeskFixture, ticket: int, owner: str, rating: int) -> None:
    helpdesk.db.write(
        lambda tx: ratings.add(
            tx, ticket=ticket, customer=None, survey="csat", scale="1-5", rating=rating, at=helpdesk.at,
            via="command", segment="support", owner=owner,
        )
    )  # fmt: skip


def test_the_worked_week_gives_its_figures_F_C12_F_T15(week: DeskFixture) -> None:
    report = made(week, "agents", words="this-week")
    found = {"all": report.total.figures}
    found |= {group.by["agent"]: group.figures for group in report.groups}
    for name, figures in FIGURES.items():
        assert {figure: found[name][figure] for figure in figures} == figures


def test_the_quality_report_alone_has_the_same_figures_F_C12(week: DeskFixture) -> None:
    report = made(week, "quality")
    assert report.total.figures["quality"] == 75.2
    assert {g.by["agent"]: g.figures["quality"] for g in report.groups} == {
        "ana": 79.1,
        "ben": 70.5,
    }
    assert report.total.figures["few_ratings"] == 1


def test_a_missed_target_is_told_with_its_owner_and_by_how_much(week: DeskFixture) -> None:
    report = made(week, "sla", words="this-week")
    told = {(row["ticket"], row["clock"]): (row["owner"], row["overdue"]) for row in report.rows}
    assert told == {
        (2, "resolve"): ("ana", 240 * 60),
        (3, "first"): ("ana", 240 * 60),
        (5, "first"): ("ben", 60 * 60),
        (5, "resolve"): ("ben", 1040 * 60),
        (6, "first"): ("ben", 360 * 60),
    }
    assert report.rows[0]["overdue"] == 1040 * 60
    assert report.total.figures["first_breach_rate"] == 0.5
    assert report.total.figures["any_breach_rate"] == 0.6667


def test_a_report_of_nothing_has_the_same_figures_without_values(week: DeskFixture) -> None:
    kinds = (
        "average",
        "median",
        "p90",
        "rate",
        "csat",
        "one_touch",
        "quality",
        "coverage",
        "oldest",
    )
    for name in reports.NAMES:
        full, empty = made(week, name, words="this-week"), made(week, name, words="2020")
        values = empty.total.figures
        assert list(full.total.figures) == list(values)
        assert all(values[figure] is None for figure in values if figure.endswith(kinds))


def test_the_same_desk_at_the_same_time_gives_the_same_report(week: DeskFixture) -> None:
    for name in reports.NAMES:
        assert made(week, name) == made(week, name)
