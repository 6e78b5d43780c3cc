"""`report backlog`: what was open at the end of the period, and for how long already."""

from ticketctl.reports.figures import facts, tallies
from ticketctl.reports.figures.builder import build
from ticketctl.reports.figures.facts import Waiting
from ticketctl.reports.figures.frame import Frame, grouped
from ticketctl.reports.kinds.sections import of_groups, of_rows
from ticketctl.reports.model import Cell, Report, Section

TITLE = "Backlog"
OLDEST = 10

_AGES = tuple(f"age_{name}" for name, _ in tallies.AGES)
_LIST = (
    ("ticket", "Ticket", "ticket"), ("subject", "Subject", "text"), ("status", "Status", "text"),
    ("owner", "Owner", "text"), ("segment", "Segment", "text"), ("age", "Age", "duration"),
)  # fmt: skip


def report(frame: Frame) -> Report:
    """Open tickets by age, at the end of the period or now."""
    by = frame.by("segment")
    found = list(facts.backlog(frame, by))
    groups, total = grouped(frame, by, (found, tallies.Backlog))
    last = (one for one in found if one.place.in_total)
    oldest = sorted(last, key=lambda one: (-one.age, one.place.ticket))
    rows = [_row(one) for one in oldest[:OLDEST]]
    sections = (
        of_groups(
            "Open tickets by age", by, groups, total, ("backlog", *_AGES, "oldest"),
            note="Ages count around the clock.", chart=_AGES, chart_title="Open tickets by age",
        ),
        of_groups("Who has to act", by, groups, total, ("load", "unassigned", "awaiting_agent", "overdue")),
        _list("The oldest", oldest[:OLDEST], "Nothing is open."),
        _list("Unassigned", [one for one in oldest if one.place.agent is None], "Every ticket has an owner."),
        _list("Awaiting an agent", [one for one in oldest if one.awaiting == "agent"], "Nobody is waiting for us."),
    )  # fmt: skip
    return build(frame, "backlog", TITLE, groups, total, rows=rows, sections=sections)


def _list(title: str, found: list[Waiting], none: str) -> Section:
    more = f"{len(found) - OLDEST} more." if len(found) > OLDEST else ""
    rows = [_row(one) for one in found[:OLDEST]]
    return of_rows(title, _LIST, rows, note=more if found else none)  # type: ignore[arg-type]


def _row(one: Waiting) -> dict[str, Cell]:
    return {
        "ticket": one.place.ticket,
        "subject": one.subject,
        "status": one.status,
        "awaiting": one.awaiting,
        "owner": one.place.agent,
        "segment": one.place.segment,
        "age": one.age,
    }
