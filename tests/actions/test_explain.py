"""What `sla show --explain` writes sums to the used time of the clock, whatever happened to the ticket."""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import pytest

from tests.actions.test_clocks import POLICIES
from tests.reports.chance import Busy
from tests.support.desk import DESK, DeskFixture
from ticketctl.actions.tickets.clocks import PolicyVersions
from ticketctl.domain.calendar.explain import length
from ticketctl.domain.sla import explain, sla_clock
from ticketctl.store.desk import definitions
from ticketctl.store.sla import clock_rows

# A day of a run: `  Mon  9 Mar 2026  09:10-11:40   2h30m  2h30m in all`.
_DAY = re.compile(r"  .*-\d\d:\d\d(?::\d\d)?\s+((?:\d+[hms])+|0)  (?:\d+[hms])+ in all")
_SIZES = {"h": 3_600, "m": 60, "s": 1}
STARTS = (
    datetime(2026, 3, 27, 10, tzinfo=UTC),  # over the change to summer time
    datetime(2026, 10, 22, 9, tzinfo=UTC),  # and back
    datetime(2026, 12, 30, 16, tzinfo=UTC),
)


def seconds(words: str) -> int:
    """`2h30m` in seconds."""
    return sum(int(count) * _SIZES[unit] for count, unit in re.findall(r"(\d+)([hms])", words))


def days(lines: Sequence[str]) -> Iterator[int]:
    """The lengths of the days in which the clock ran."""
    ran = False
    for line in lines:
        ran = line.startswith("ran ") if not line.startswith("  ") else ran
        if ran and (found := _DAY.match(line)):
            yield seconds(found[1])


@pytest.mark.parametrize("seed", range(3))
def test_the_days_sum_to_the_used_time(helpdesk: DeskFixture, seed: int) -> None:
    busy = Busy(helpdesk, seed)
    helpdesk.at = STARTS[seed]
    helpdesk.apply(DESK + POLICIES)
    busy.live(120)
    seen = set()
    with helpdesk.db.read() as tx:
        book = PolicyVersions(tx, definitions.current(tx))
        for number in busy.tickets:
            for one in clock_rows.of(tx, number):
                hours = book(one.reference).hours
                lines = explain.clock(one, hours, helpdesk.at)
                used = sla_clock.used(one, hours, helpdesk.at)
                assert sum(days(lines)) == used, "\n".join(lines)
                assert lines[-1].startswith(f"used {length(used)}, ")
                seen.add((one.kind, one.active, len(one.runs) > 1))
    assert len(seen) > 5
