"""`report resolution`: how long it takes until a problem is solved."""

from ticketctl.reports.figures import facts, tallies
from ticketctl.reports.figures.builder import build
from ticketctl.reports.figures.frame import Frame, grouped
from ticketctl.reports.kinds.sections import histogram, of_groups, of_rows
from ticketctl.reports.model import Cell, Report

TITLE = "Resolution times"
SLOWEST = 10

_HOUR, _DAY = 3_600, 86_400
EDGES = (
    ("under 1 h", _HOUR), ("1–4 h", 4 * _HOUR), ("4–8 h", 8 * _HOUR), ("8–24 h", _DAY), ("1–3 d", 3 * _DAY),
    ("3–7 d", 7 * _DAY), ("over 7 d", None),
)  # fmt: skip
_TIMES = ("resolved", "ttr_average", "ttr_median", "ttr_p90", "ttr_gross_average")
_EFFORT = ("one_touch", "touches", "handovers", "reopen_rate")
_LIST = (
    ("ticket", "Ticket", "ticket"), ("subject", "Subject", "text"), ("agent", "Owner", "text"),
    ("at", "Resolved", "time"), ("net", "After", "duration"), ("gross", "In all", "duration"),
)  # fmt: skip


def report(frame: Frame) -> Report:
    """Tickets whose last resolution is in the period, by their owner then."""
    by = frame.by("agent")
    found = list(facts.resolutions(frame))
    groups, total = grouped(frame, by, (found, tallies.Resolutions))
    stand = [one for one in found if one.stands]
    slow = sorted(stand, key=lambda one: (-one.net, one.place.ticket))[:SLOWEST]
    rows: list[dict[str, Cell]] = [
        {
            "ticket": one.place.ticket,
            "subject": one.subject,
            "agent": one.place.agent,
            "segment": one.place.segment,
            "at": one.place.at,
            "net": one.net,
            "gross": one.gross,
        }
        for one in slow
    ]
    note = "Times leave out pauses and the time in which a ticket was resolved; “in all” includes both."
    spread = histogram("Resolutions by time", (one.net for one in stand), EDGES)
    sections = (
        of_groups(
            "Time to resolution", by, groups, total, _TIMES, note=note, chart=("ttr_median",)
        ),
        of_groups("Effort", by, groups, total, _EFFORT),
        of_rows("Longest resolutions", _LIST, rows, chart=spread),  # type: ignore[arg-type]
    )
    return build(frame, "resolution", TITLE, groups, total, rows=rows, sections=sections)
