"""`report csat`: what customers said when they were asked."""

from itertools import chain

from ticketctl.reports.figures import tallies
from ticketctl.reports.figures.builder import build
from ticketctl.reports.figures.frame import Frame, grouped
from ticketctl.reports.kinds.sections import of_groups, of_rows
from ticketctl.reports.model import Cell, Chart, Report
from ticketctl.store.reports import ratings
from ticketctl.store.reports.ratings import Rated

TITLE = "Customers' ratings"

_FIGURES = ("surveys_sent", "response_rate", "ratings", "csat", "nps_ratings", "nps")
_LIST = (
    ("ticket", "Ticket", "ticket"), ("at", "Given", "time"), ("rating", "Rating", "count"),
    ("scale", "Of", "text"), ("owner", "Owner", "text"), ("comment", "Comment", "text"),
)  # fmt: skip


def report(frame: Frame) -> Report:
    """Ratings of the period, by owner at the resolution, with comments."""
    by = frame.by("agent")
    found = list(ratings.ratings(frame.tx, frame.scope))
    sent = ratings.surveys(frame.tx, frame.scope)
    groups, total = grouped(frame, by, (chain(found, sent), tallies.Ratings))
    rows = [row(one) for one in found]
    said = [one for one in rows if one["comment"]]
    note = "Ratings of 4 and 5 count as satisfied; the promoter score is the share of 9 and 10 minus that of 0 to 6."
    sections = (
        of_groups("Ratings", by, groups, total, _FIGURES, note=note, chart=("csat",)),
        of_rows(
            "What customers wrote", _LIST, said,  # type: ignore[arg-type]
            note="" if said else "Nobody left a comment.", chart=_spread(found),
        ),
    )  # fmt: skip
    return build(frame, "csat", TITLE, groups, total, rows=rows, sections=sections)


def row(one: Rated) -> dict[str, Cell]:
    """A rating with all its columns."""
    return {
        "ticket": one.place.ticket or None,
        "survey": one.survey,
        "scale": one.scale,
        "rating": one.rating,
        "comment": one.comment,
        "at": one.place.at,
        "owner": one.place.agent,
        "segment": one.place.segment,
    }


def _spread(found: list[Rated]) -> Chart:
    """How often each rating was given, on the scale with more answers."""
    few = [one.rating for one in found if one.scale == "1-5"]
    many = [one.rating for one in found if one.scale == "0-10"]
    values, first, last = (many, 0, 10) if len(many) > len(few) else (few, 1, 5)
    grades = range(first, last + 1)
    counts = tuple(float(values.count(grade)) for grade in grades)
    return Chart("Ratings given", tuple(map(str, grades)), (("Ratings", counts),))
