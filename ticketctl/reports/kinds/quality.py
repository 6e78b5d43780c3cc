"""`report quality`: satisfaction and speed in one number (F-C12)."""

from itertools import chain

from ticketctl.reports.figures import facts, metrics, tallies
from ticketctl.reports.figures.builder import made
from ticketctl.reports.figures.frame import Frame, grouped
from ticketctl.reports.kinds.sections import of_groups
from ticketctl.reports.model import Report
from ticketctl.store.reports import ratings

TITLE = "Quality"

_FIGURES = (
    "quality", "band", "satisfaction", "responsiveness", "ratings", "responses", "few_ratings",
)  # fmt: skip


def report(frame: Frame) -> Report:
    """The index of each group with its parts: 100 only where customers are content and answers are in time."""
    by, quality = frame.by("agent"), frame.request.definition.quality
    found = chain(ratings.ratings(frame.tx, frame.scope), facts.speeds(frame))
    groups, total = grouped(frame, by, (found, lambda: tallies.QualityIndex(quality)))
    note = (
        f"From {quality.good} good, from {quality.fair} fair, else poor. "
        f"With fewer than {metrics.FEW_RATINGS} ratings (few ratings: 1) it says little. Responses are measured in "
        "business time. Ratings are given by who wants to give them, and the owner is not always their cause."
    )
    section = of_groups("Quality index", by, groups, total, _FIGURES, note=note, chart=("quality",))
    return made(frame, "quality", TITLE, groups, total, sections=(section,))
