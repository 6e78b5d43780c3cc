"""What a past period says does not move: a month told at its end is told the same two months later (sla.md §4)."""

import json
import re
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.figures.lives import START, Life
from tests.figures.shell import DATABASES, MORE, WAYS, reports, settle
from ticketctl.store.db.database import Database

END, LATER = (
    datetime(2026, month, 31, 18, 15, tzinfo=UTC) for month in (3, 5)
)  # midnight in Kathmandu
_AS_OF = re.compile(r'"as_of": "[^"]*"')


@pytest.mark.parametrize("db_url", DATABASES, indirect=True)
@pytest.mark.parametrize("seed", range(1, 2 + MORE))
def test_a_month_reads_the_same_two_months_later(
    db: Database, db_url: str, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle(monkeypatch, db_url)
    life = Life(db, seed, monkeypatch, START)
    life.until(datetime(2026, 3, 14, tzinfo=UTC), 45)
    life.change_desk()
    life.until(END, 50)
    then, life.keep = march(), END
    life.until(datetime(2026, 4, 20, tzinfo=UTC), 45)
    life.change_desk()
    life.until(LATER, 50)
    later = march()
    wrong = [line for name in then for line in differences(name, then[name], later[name])]
    assert not wrong, "\n".join([f"{len(wrong)} differ:", *wrong[:60]])
    assert {name: printed(then[name]) for name in then} == {n: printed(later[n]) for n in later}


def march() -> dict[str, Any]:
    """Every report of March, in every way it can be grouped, with February beside it."""
    found: dict[str, Any] = {}
    for way in (None, *WAYS):
        for one in reports("2026-03", way, "--compare"):
            found[f"{one['report']} by {way}"] = one
    for one in reports("2026-03", "agent", "--clock", "real"):
        found[f"{one['report']} in real time"] = one
    for row in (row for one in found.values() for row in one["rows"]):
        row.pop("subject", None)  # an erasure takes people's words away, and no figure
        row.pop("comment", None)
    return found


def printed(report: dict[str, Any]) -> str:
    """The report but for the moment of which it tells."""
    return _AS_OF.sub("", json.dumps(report, indent=1))


def differences(name: str, then: Any, later: Any) -> list[str]:
    """Where two answers differ, figure by figure and row by row."""
    if isinstance(then, dict) and isinstance(later, dict):
        keys = [key for key in {**then, **later} if key != "as_of"]
        return [
            line
            for key in keys
            for line in differences(f"{name} {key}", then.get(key), later.get(key))
        ]
    if isinstance(then, list) and isinstance(later, list) and len(then) == len(later):
        pairs = zip(then, later, strict=True)
        return [line for a, b in pairs for line in differences(f"{name} {_name(a)}", a, b)]
    return [] if then == later else [f"{name}: {then} became {later}"]


def _name(one: Any) -> str:
    """What a group or a row is about."""
    return str(one.get("by") or one.get("ticket", "")) if isinstance(one, dict) else ""
