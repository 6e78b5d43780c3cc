"""`report reopen`: what was not solved at the first attempt."""

from ticketctl import clock
from ticketctl.reports.figures import facts, tallies
from ticketctl.reports.figures.builder import build
from ticketctl.reports.figures.frame import Frame, grouped, is_timed
from ticketctl.reports.kinds.sections import of_groups, of_rows
from ticketctl.reports.model import Cell, Report
from ticketctl.store.reports import tickets

TITLE = "Reopened tickets"

_FIGURES = ("resolved", "reopened", "reopen_rate", "reopenings_per_ticket", "one_touch")
_LIST = (
    ("ticket", "Ticket", "ticket"), ("subject", "Subject", "text"), ("owner", "Owner", "text"),
    ("segment", "Segment", "text"), ("reopenings", "Reopened", "count"), ("resolved_at", "Resolved", "time"),
)  # fmt: skip


def report(frame: Frame) -> Report:
    """Tickets resolved in the period that were reopened, by owner at the last resolution."""
    by = frame.by("agent")
    found = list(facts.resolutions(frame, timed=is_timed((by,))))
    groups, total = grouped(frame, by, (found, tallies.Resolutions))
    reopened = [(one, some) for some in found if some.reopenings for one in some.tickets]
    subjects = tickets.subjects(frame.tx, frame.scope, [one.ticket for one, _ in reopened])
    rows: list[dict[str, Cell]] = [
        {
            "ticket": one.ticket,
            "subject": subjects[one.ticket],
            "owner": some.place.agent,
            "segment": some.place.segment,
            "reopenings": some.reopenings,
            "resolved_at": clock.parse(one.at),
            "stands": int(some.stands),
        }
        for one, some in reopened
    ]
    rows.sort(key=lambda row: (-int(str(row["reopenings"])), int(str(row["ticket"]))))
    sections = (
        of_groups("Reopened", by, groups, total, _FIGURES, chart=("reopen_rate",)),
        of_rows("Tickets", _LIST, rows, note="" if rows else "None."),  # type: ignore[arg-type]
    )
    return build(frame, "reopen", TITLE, groups, total, rows=rows, sections=sections)
