"""`report coverage`: which customers got an answer, and which did not (F-C5)."""

from ticketctl.reports.figures import tallies
from ticketctl.reports.figures.builder import build
from ticketctl.reports.figures.frame import Frame, grouped
from ticketctl.reports.kinds.sections import of_groups, of_rows
from ticketctl.reports.model import Cell, Report
from ticketctl.store.reports import tickets

TITLE = "Coverage"

_LIST = (
    ("ticket", "Ticket", "ticket"), ("subject", "Subject", "text"), ("status", "Status", "text"),
    ("owner", "Owner", "text"), ("segment", "Segment", "text"), ("created_at", "Created", "time"),
)  # fmt: skip


def report(frame: Frame) -> Report:
    """The tickets of the period and whether an agent has answered; those without an answer are listed."""
    by = frame.by("segment")
    found = list(tickets.created(frame.tx, frame.scope))
    groups, total = grouped(frame, by, (found, tallies.Coverage))
    rows: list[dict[str, Cell]] = [
        {
            "ticket": one.place.ticket,
            "subject": one.subject,
            "status": one.status,
            "owner": one.owner,
            "segment": one.place.segment,
            "created_at": one.place.at,
        }
        for one in found
        if not one.answered
    ]
    figures = ("created", "answered", "unanswered", "coverage")
    sections = (
        of_groups("Answered tickets", by, groups, total, figures, chart=("answered", "unanswered")),
        of_rows(
            "Not answered", _LIST, rows, note="" if rows else "Everybody was answered."  # type: ignore[arg-type]
        ),
    )  # fmt: skip
    return build(frame, "coverage", TITLE, groups, total, rows=rows, sections=sections)
