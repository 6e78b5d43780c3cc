"""What --only-if asks: is there anything to tell?"""

import pytest

from tests.unit.reports import sample
from ticketctl.errors import BadInput
from ticketctl.reports.kinds.only_if import Condition, holds
from ticketctl.reports.model import Cell


@pytest.mark.parametrize(
    ("condition", "figures", "told"),
    [
        ("breach", {"breached": 0, "overdue": 3}, False),
        ("breach", {"breached": 1}, True),
        ("overdue", {"breached": 3, "overdue": 0}, False),
        ("overdue", {"overdue": 2}, True),
        ("any", {"created": 0, "csat": None}, False),
        ("any", {"created": 1}, True),
    ],
)
def test_a_report_is_worth_telling(
    condition: Condition, figures: dict[str, Cell], told: bool
) -> None:
    nothing = sample.report("volume", "Volume", {"created": 0})
    assert holds([nothing, sample.report("sla", "Service levels", figures)], condition) is told


def test_a_condition_that_no_report_can_tell_is_refused() -> None:
    with pytest.raises(BadInput, match="report volume has no figure 'breached'"):
        holds([sample.VOLUME_REPORT], "breach")
