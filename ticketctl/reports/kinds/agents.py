"""`report agents`: what each agent did, how fast and how well (F-T15). Also `report segments`."""

from itertools import chain

from ticketctl.reports.figures import facts, tallies
from ticketctl.reports.figures.builder import build
from ticketctl.reports.figures.frame import Frame, Key, Part, grouped, is_timed
from ticketctl.reports.kinds.sections import of_groups
from ticketctl.reports.model import Report
from ticketctl.store.reports import clocks, ratings, tickets

TITLE = "Agents"

_WORK = ("created", "touched", "resolved", "load", "backlog")
_SPEED = ("frt_average", "frt_median", "ttr_average", "ttr_median", "breached", "breach_rate")
_WORTH = ("csat", "ratings", "one_touch", "reopen_rate", "quality")


def report(frame: Frame) -> Report:
    """The figures of agents side by side."""
    return overview(frame, "agents", TITLE, "agent")


def overview(frame: Frame, name: str, title: str, usual: str) -> Report:
    """All figures by group."""
    by = frame.by(usual)
    groups, total = grouped(frame, by, *parts(frame, by))
    sections = (
        of_groups("Work", by, groups, total, _WORK, chart=("resolved",)),
        of_groups("Speed", by, groups, total, _SPEED, note=_SPEED_NOTE),
        of_groups(
            "Customers' view", by, groups, total, _WORTH, note=_WORTH_NOTE, chart=("quality",)
        ),
    )
    return build(frame, name, title, groups, total, sections=sections)


def parts(frame: Frame, by: Key) -> tuple[Part, ...]:
    """Every kind of fact with its tally."""
    tx, scope, quality = frame.tx, frame.scope, frame.definition.quality
    rated = list(ratings.ratings(tx, scope))
    return (
        (tickets.created(tx, scope), tallies.Coverage),
        (facts.touches(frame), tallies.Touched),
        (facts.responses(frame, timed=is_timed((by,))), tallies.Responses),
        (facts.resolutions(frame, timed=is_timed((by,))), tallies.Resolutions),
        (clocks.targets(tx, scope, timed=is_timed((by,))), tallies.Targets),
        (chain(rated, ratings.surveys(tx, scope)), tallies.Ratings),
        (chain(rated, facts.speeds(frame)), lambda: tallies.QualityIndex(quality)),
        (facts.backlog(frame, by), tallies.Backlog),
    )


_SPEED_NOTE = (
    "Responses count for the agent who gave them, resolutions for the owner at that time, "
    "missed targets for the owner when due."
)
_WORTH_NOTE = (
    "Only customers who want to rate do so, and the owner is not always the reason for a rating."
)
