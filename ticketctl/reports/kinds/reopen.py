"""`report reopen`: what was not solved at the first attempt."""

from ticketctl.reports.figures import facts, tallies
from ticketctl.reports.figures.builder import build
from ticketctl.reports.figures.frame import Frame, grouped
from ticketctl.reports.kinds.sections import of_groups, of_rows
from ticketctl.reports.model import Cell, Report

TITLE = "Reopened tickets"

_FIGURES = ("resolved", "reopened", "reopen_rate", "reopenings_per_ticket", "one_touch")
_LIST = (
    ("ticket", "Ticket", "ticket"), ("subject", "Subject", "text"), ("owner", "Owner", "text"),
    ("segment", "Segment", "text"), ("reopenings", "Reopened", "count"), ("resolved_at", "Resolved", "time"),
)  # fmt: skip


def report(frame: Frame) -> Report:
    """Tickets resolved in the period that were reopened, by owner at the last resolution."""
    by = frame.by("agent")
    found = list(facts.resolutions(frame))
    groups, total = grouped(frame, by, (found, tallies.Resolutions))
    rows: list[dict[str, Cell]] = [
        {
            "ticket": one.place.ticket,
            "subject": one.subject,
            "owner": one.place.agent,
            "segment": one.place.segment,
            "reopenings": one.reopenings,
            "resolved_at": one.place.at,
            "stands": int(one.stands),
        }
        for one in found
        if one.reopenings
    ]
    rows.sort(key=lambda row: (-int(str(row["reopenings"])), int(str(row["ticket"]))))
    sections = (
        of_groups("Reopened", by, groups, total, _FIGURES, chart=("reopen_rate",)),
        of_rows("Tickets", _LIST, rows, note="" if rows else "None."),  # type: ignore[arg-type]
    )
    return build(frame, "reopen", TITLE, groups, total, rows=rows, sections=sections)
