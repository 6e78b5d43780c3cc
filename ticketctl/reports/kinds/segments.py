"""`report segments`: the same as `report agents`, by team."""

from ticketctl.reports.figures.frame import Frame
from ticketctl.reports.kinds.agents import overview
from ticketctl.reports.model import Report

TITLE = "Segments"


def report(frame: Frame) -> Report:
    """The figures of segments side by side."""
    return overview(frame, "segments", TITLE, "segment")
