"""`report quality`: satisfaction and speed in one number (F-C12)."""

from itertools import chain

from ticketctl.reports.figures import facts, metrics, tallies
from ticketctl.reports.figures.builder import build
from ticketctl.reports.figures.frame import Frame, grouped
from ticketctl.reports.kinds.sections import of_groups
from ticketctl.reports.model import Report
from ticketctl.store.reports import ratings

TITLE = "Quality"

_FIGURES = (
    "quality", "band", "satisfaction", "responsiveness", "ratings", "responses", "few_ratings",
)  # fmt: skip


def report(frame: Frame) -> Report:
    """The index of each group with its parts: 100 only if all customers are satisfied and all responses in time."""
    by, quality = frame.by("agent"), frame.definition.quality
    found = chain(ratings.ratings(frame.tx, frame.scope), facts.speeds(frame))
    groups, total = grouped(frame, by, (found, lambda: tallies.QualityIndex(quality)))
    note = (
        f"Good from {quality.good}, fair from {quality.fair}, poor below. "
        f"With fewer than {metrics.FEW_RATINGS} ratings (few ratings: 1) the index means little. Responses are timed "
        "in business hours. Only customers who want to rate do so, and the owner is not always the reason for a rating."
    )
    section = of_groups("Quality index", by, groups, total, _FIGURES, note=note, chart=("quality",))
    return build(frame, "quality", TITLE, groups, total, sections=(section,))
