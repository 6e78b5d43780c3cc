"""Every figure of every report is what a slow and plain count of the same desk gives, whatever happened there."""

from typing import Any

import pytest

from tests.reports.chance import Busy
from tests.reports.conftest import made
from tests.reports.naive import Figures, Naive, Which
from tests.support.desk import DeskFixture
from ticketctl.reports.figures.frame import UNASSIGNED
from ticketctl.reports.model import Report
from ticketctl.store.desk import definitions

PERIODS = ("2026-W11", "2026-03", "2026-03-10..2026-03-31", "this-week", "yesterday")


@pytest.mark.parametrize("seed", [1, 2])
def test_every_figure_is_what_a_slow_count_gives(helpdesk: DeskFixture, seed: int) -> None:
    Busy(helpdesk, seed).live(100)
    for words in PERIODS:
        report = made(helpdesk, "agents", words=words)
        by_segment = made(helpdesk, "agents", words=words, by=("segment",))
        naive = _naive(helpdesk, report)
        _same(naive, report.total.figures, lambda agent, segment: True, helpdesk)
        for group in report.groups:
            name = group.by["agent"]
            mine = None if name == UNASSIGNED else name
            _same(naive, group.figures, lambda agent, segment, mine=mine: agent == mine, helpdesk)  # type: ignore[misc]
        for group in by_segment.groups:
            name = group.by["segment"]
            _same(naive, group.figures, lambda agent, segment, name=name: segment == name, helpdesk)  # type: ignore[misc]


def _naive(helpdesk: DeskFixture, report: Report) -> Naive:
    with helpdesk.db.read() as tx:
        return Naive(tx, report.period.start, report.period.end, helpdesk.at)


def _same(naive: Naive, found: dict[str, Any], which: Which, helpdesk: DeskFixture) -> None:
    with helpdesk.db.read() as tx:
        quality = definitions.current(tx).quality
    parts = (
        naive.responses,
        naive.resolutions,
        naive.targets,
        naive.satisfaction,
        naive.volume,
        naive.backlog,
    )
    expected: Figures = {}
    for part in parts:
        expected |= part(which)
    assert {name: found[name] for name in expected} == expected
    for name, value in naive.quality(which, quality).items():
        assert found[name] == (
            value and pytest.approx(value, abs=0.051 if name == "quality" else 6e-5)
        )
