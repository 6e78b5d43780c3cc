"""`report volume`: what came in and what went out, day by day or week by week."""

from datetime import timedelta
from itertools import chain

from ticketctl.reports.figures import facts, tallies
from ticketctl.reports.figures.builder import build
from ticketctl.reports.figures.frame import Frame, Key, grouped_by, is_timed
from ticketctl.reports.kinds.sections import of_groups
from ticketctl.reports.model import Cell, Report
from ticketctl.store.reports import tickets

TITLE = "Volume"

_DAYS = 35  # longer periods are shown by week
_FIGURES = ("created", "resolved", "flow_ratio")


def report(frame: Frame) -> Report:
    """Tickets created and resolved, by time, by channel and by type."""
    scope = frame.scope
    usual = "day" if scope.end - scope.start <= timedelta(days=_DAYS) else "week"
    ways: tuple[Key, ...] = (frame.by(usual), ("channel",), ("type",))
    found = chain(tickets.created(frame.tx, scope), facts.resolutions(frame, timed=is_timed(ways)))
    groups, total = grouped_by(frame, ways, (found, tallies.Volume))
    sections = [
        of_groups(
            f"By {', '.join(way)}".replace("_", " "), way, some, total, _FIGURES,
            chart=("created",), chart_title=f"Tickets created by {', '.join(way)}",
        )
        for way, some in zip(ways, groups, strict=True)
    ]  # fmt: skip
    rows: list[dict[str, Cell]] = [
        {"by": name, name: group.by[name], **group.figures}
        for (name,), some in zip(ways[1:], groups[1:], strict=True)
        for group in some
    ]
    return build(frame, "volume", TITLE, groups[0], total, rows=rows, sections=sections)
