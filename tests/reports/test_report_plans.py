"""How reports are read where there are many tickets: by the indexes of times, never from end to end."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.support.statements import heard, plan
from ticketctl import clock
from ticketctl.domain.definition.definition import DEFAULT
from ticketctl.reports.figures.frame import Request
from ticketctl.reports.kinds import registry as reports
from ticketctl.reports.model import ReportPeriod
from ticketctl.store.db.database import Database

NOW = clock.parse("2026-03-31T12:00:00Z")
LARGE = ("message", "event", "clock", "clock_outcome", "rating", "inbox")


@pytest.fixture(scope="module")
def db(sqlite_template: Path) -> Iterator[Database]:
    """A desk without statistics, as every desk is: SQLite plans by what could be there, not by what is."""
    made = Database(f"sqlite:///{sqlite_template}")
    yield made
    made.dispose()


def plans(db: Database, name: str, start: int) -> list[str]:
    """The steps of every statement of a report over 30 days."""
    begun = NOW - timedelta(days=start)
    request = Request(
        definition=DEFAULT, period=ReportPeriod(begun, begun + timedelta(days=30), "UTC"), now=NOW
    )
    with db.read() as tx:
        with heard() as asked:
            reports.make(tx, name, request)
        return plan(tx, [one for one in asked if not one[0].startswith("SAVEPOINT")])


@pytest.mark.parametrize("name", reports.NAMES)
def test_no_report_reads_a_large_table_from_end_to_end(db: Database, name: str) -> None:
    for start in (30, 90):  # until now, and one that is over
        steps = plans(db, name, start)
        scans = [step for step in steps if step.split()[:2] in [["SCAN", table] for table in LARGE]]
        assert steps and not scans


def test_service_levels_are_found_by_the_instants_of_their_outcomes(db: Database) -> None:
    for start in (30, 90):
        steps = plans(db, "sla", start)
        found = {
            step.split("INDEX ")[1].split()[0] for step in steps if step.startswith("SEARCH clock")
        }
        assert "ix_clock_outcome_at_id" in found
        assert "SCAN ticket" not in steps
