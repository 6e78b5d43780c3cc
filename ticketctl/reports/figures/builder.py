"""Builds a report with everything that its header says."""

from collections.abc import Sequence
from datetime import datetime

from ticketctl.reports.figures import history
from ticketctl.reports.figures.frame import Frame
from ticketctl.reports.model import Cell, Report, ReportGroup, Section
from ticketctl.store.privacy import purge
from ticketctl.store.reports import stories, tickets


def build(
    frame: Frame,
    name: str,
    title: str,
    groups: tuple[ReportGroup, ...],
    total: ReportGroup,
    *,
    rows: Sequence[dict[str, Cell]] = (),
    sections: Sequence[Section] = (),
) -> Report:
    """A report for the frame's request."""
    request = frame.request
    return Report(
        name=name,
        title=title,
        period=request.period,
        clock=request.clock,
        as_of=frame.as_of,
        query=request.query,
        groups=groups,
        total=total,
        rows=tuple(rows),
        sections=tuple(sections),
        counts=counts(frame),
        purged_before=_purged_before(frame),
    )


def counts(frame: Frame) -> dict[str, int]:
    """How many tickets were created and resolved in the period, and how many created ones no report counts."""
    tx, scope = frame.tx, frame.scope
    made, left_out = tickets.made(tx, scope)
    resolved, others = stories.resolved_plainly(tx, scope)
    if others:
        resolved += sum(map(history.is_resolved, stories.taken_back(tx, scope)))
    return {
        "created": made,
        "resolved": resolved,
        "left_out": left_out,
    }


def _purged_before(frame: Frame) -> datetime | None:
    before = purge.latest(frame.tx)
    return before if before is not None and frame.request.period.start < before else None
