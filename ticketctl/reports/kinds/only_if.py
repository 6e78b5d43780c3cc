"""`--only-if`: is there anything to report? Asked before a report is printed or mailed."""

from collections.abc import Sequence
from typing import Literal

from ticketctl.errors import BadInput
from ticketctl.reports.model import Report

Condition = Literal["breach", "overdue", "any"]
CONDITIONS: tuple[Condition, ...] = ("breach", "overdue", "any")
_FIGURES = {"breach": "breached", "overdue": "overdue"}


def holds(reports: Sequence[Report], condition: Condition) -> bool:
    """`breach`: a target was missed in the period; `overdue`: a ticket is past due at its end, or now; `any`: any
    figure but 0.

    BadInput if none of the reports can tell.
    """
    if condition == "any":
        return any(report.rows or any(report.total.figures.values()) for report in reports)
    name = _FIGURES[condition]
    known = [report.total.figures[name] for report in reports if name in report.total.figures]
    if not known:
        asked = ", ".join(report.name for report in reports)
        raise BadInput(
            f"report {asked} has no figure {name!r}, so --only-if {condition} is never true."
        )
    return any(known)
