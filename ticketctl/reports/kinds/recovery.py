"""`report recovery`: do dissatisfied customers come back satisfied (F-Q39)?"""

from msgspec import Struct

from ticketctl.reports.figures import metrics
from ticketctl.reports.figures.builder import build
from ticketctl.reports.figures.frame import Figures, Frame, grouped
from ticketctl.reports.figures.tallies import DETRACTOR, GOOD
from ticketctl.reports.kinds.csat import row
from ticketctl.reports.kinds.sections import of_groups, of_rows
from ticketctl.reports.model import Cell, Report
from ticketctl.store.reports import ratings
from ticketctl.store.reports.ratings import Rated
from ticketctl.store.reports.scope import FactKey

TITLE = "Recovery"

_FIGURES = ("detractors", "rated_again", "recovered", "recovery", "recovered_rate")
_LIST = (
    ("ticket", "Ticket", "ticket"), ("at", "Given", "time"), ("rating", "Rating", "count"),
    ("owner", "Owner", "text"), ("next_rating", "Next rating", "count"), ("next_at", "Given", "time"),
    ("comment", "Comment", "text"),
)  # fmt: skip


class Detractor(Struct, frozen=True):
    """A bad answer, and the same customer's next one."""

    place: FactKey
    rated: Rated
    next: Rated | None

    @property
    def recovered(self) -> bool:
        """Was the next one good?"""
        return self.next is not None and self.next.rating >= GOOD[self.next.scale]


class Recovery:
    """Counts Detractor: how many rated again, and how many of them well."""

    def __init__(self) -> None:
        self.detractors = self.again = self.recovered = 0

    def add(self, fact: Detractor) -> None:
        """Count a bad answer."""
        self.detractors += 1
        self.again += fact.next is not None
        self.recovered += fact.recovered

    def figures(self) -> Figures:
        """`recovery` is the share of those who rated again, `recovered_rate` of all."""
        return {
            "detractors": self.detractors,
            "rated_again": self.again,
            "recovered": self.recovered,
            "recovery": metrics.rate(self.recovered, self.again),
            "recovered_rate": metrics.rate(self.recovered, self.detractors),
        }


def report(frame: Frame) -> Report:
    """The bad answers of the period, including changed ones, and the customers' next answers."""
    by = frame.by("segment")
    found = detractors(frame)
    groups, total = grouped(frame, by, (found, Recovery))
    rows = [_row(one) for one in found]
    note = "Recovery is the share of good ratings among the next ratings of these customers so far."
    sections = (
        of_groups("Detractors", by, groups, total, _FIGURES, note=note),
        of_rows(
            "Dissatisfied customers", _LIST, rows, note="" if rows else "Nobody."  # type: ignore[arg-type]
        ),
    )  # fmt: skip
    return build(frame, "recovery", TITLE, groups, total, rows=rows, sections=sections)


def detractors(frame: Frame) -> list[Detractor]:
    """The bad answers of the period, oldest first."""
    every = list(ratings.later(frame.tx, frame.scope))
    following: dict[int, Rated] = {}
    last: dict[int, Rated] = {}
    for one in reversed(every):
        if one.customer is not None:
            if one.customer in last:
                following[one.id] = last[one.customer]
            last[one.customer] = one
    answers = ratings.ratings(frame.tx, frame.scope, replaced=True)
    bad = (one for one in answers if one.rating <= DETRACTOR[one.scale])
    return [Detractor(one.place, one, following.get(one.id)) for one in bad]


def _row(one: Detractor) -> dict[str, Cell]:
    return {
        **row(one.rated),
        "next_rating": one.next.rating if one.next else None,
        "next_scale": one.next.scale if one.next else None,
        "next_at": one.next.place.at if one.next else None,
        "recovered": int(one.recovered),
    }
