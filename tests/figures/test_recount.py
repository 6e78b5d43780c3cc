"""Every figure of every report is what a recount from exports and histories gives, whatever happened to the desk."""

import ast
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.figures.hours import stamp
from tests.figures.lives import START, Life
from tests.figures.recount import Recount, World
from tests.figures.shell import MORE, WAYS, reports, settle, told, world
from tests.figures.tally import figures
from ticketctl.store.db.database import Database

UNDEFINED = ("touched",)  # no page says what touches a ticket
LAST = datetime(2026, 5, 9, 11, tzinfo=UTC)
PERIODS = ("2026-04", "2026-02-22..2026-05-09")


@pytest.mark.parametrize("seed", range(107, 108 + MORE))
def test_every_figure_is_what_a_recount_from_outside_gives(
    db: Database, db_url: str, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle(monkeypatch, db_url)
    life = Life(db, seed, monkeypatch, START)
    life.until(datetime(2026, 3, 14, tzinfo=UTC), 50)
    life.change_desk()
    life.until(datetime(2026, 4, 11, tzinfo=UTC), 70)
    life.change_desk()
    life.purge(datetime(2026, 3, 24, tzinfo=UTC))
    life.until(LAST, 60)
    all = world(db)
    wrong = [line for period in PERIODS for line in compared(all, period)]
    real = compared(all, "2026-04", "--clock", "real", ways=("agent",))
    wrong += real
    details = [line for period in PERIODS for line in by_ticket(all, period)] if wrong else []
    assert not wrong, "\n".join(
        [f"{len(wrong)} differ:", *wrong[:60], "ticket by ticket:", *details]
    )


def test_the_recount_knows_nothing_of_the_product() -> None:
    for name in ("hours", "past", "policies", "clockwork", "recount", "tally"):
        tree = ast.parse((Path(__file__).parent / f"{name}.py").read_text())
        named = [one.module or "" for one in ast.walk(tree) if isinstance(one, ast.ImportFrom)]
        named += [
            a.name for one in ast.walk(tree) if isinstance(one, ast.Import) for a in one.names
        ]
        assert not [one for one in named if one.partition(".")[0] in ("ticketctl", "gateway")], name


def compared(
    all: World, period: str, *how: str, ways: Sequence[str | None] = (None, *WAYS)
) -> list[str]:
    """Where reports of a period and the recount differ."""
    wrong: list[str] = []
    for way in ways:
        found = reports(period, way, *how)
        count = recount(all, found[0], real="real" in how)
        quality = all.quality(count.seen)
        groups = {name: figures(facts, quality) for name, facts in count.groups(way).items()}
        total = figures([*count.facts(), *count.standing(count.seen)], quality)
        nothing = figures([], quality)
        for one in found:
            where = f"{period} {one['report']}"
            wrong += differences(where, one["total"]["figures"], total, one["report"])
            said = (
                {next(iter(g["by"].values())): g["figures"] for g in one["groups"]} if way else {}
            )
            for group in {**said, **(groups if way else {})}:
                mine = groups.get(group, nothing)
                name = f"{where} by {way} {group}"
                wrong += differences(name, said.get(group, {}), mine, one["report"])
    return wrong


def by_ticket(all: World, period: str) -> list[str]:
    """The tickets whose own figures differ."""
    wrong: list[str] = []
    for id in all.pasts:
        found = told("report", "agents", "--period", period, f"id:{id}", "--format", "json")
        count = recount(all, found)
        facts = [*count.facts(), *count.standing(count.seen)]
        mine = figures([fact for fact in facts if fact.ticket == id], all.quality(count.seen))
        wrong += differences(f"ticket {id} {period}", found["total"]["figures"], mine, "agents")
    return wrong


def recount(all: World, told: dict[str, Any], *, real: bool = False) -> Recount:
    """The recount of a report's period."""
    begin, end = stamp(told["period"]["from"]), stamp(told["period"]["to"])
    return Recount(all, begin, end, stamp(told["as_of"]), told["period"]["zone"], real=real)


def differences(where: str, found: dict[str, Any], mine: dict[str, Any], report: str) -> list[str]:
    """The figures that differ; one that is absent is nothing."""
    names = {"overdue": "late"} if report == "sla" else {}
    wrong = []
    for name in found:
        own = mine[names.get(name, name)] if name not in UNDEFINED else found[name]
        if (found[name] or None) != (own or None):
            wrong.append(f"{where} {name}: report {found[name]}, recount {own}")
    return wrong
