"""`report resolution`: how long it takes until a problem is solved."""

from ticketctl import clock
from ticketctl.reports.figures import facts, tallies
from ticketctl.reports.figures.builder import build
from ticketctl.reports.figures.frame import Frame, grouped, is_timed
from ticketctl.reports.kinds.sections import histogram, of_groups, of_rows
from ticketctl.reports.model import Cell, Report
from ticketctl.store.reports import tickets

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
    found = list(facts.resolutions(frame, timed=is_timed((by,))))
    groups, total = grouped(frame, by, (found, tallies.Resolutions))
    stand = [(one, some.place) for some in found if some.stands for one in some.tickets]
    stand.sort(key=lambda one: (-one[0].net, one[0].ticket))
    slow = stand[:SLOWEST]
    subjects = tickets.subjects(frame.tx, frame.scope, [one.ticket for one, _ in slow])
    rows: list[dict[str, Cell]] = [
        {
            "ticket": one.ticket,
            "subject": subjects[one.ticket],
            "agent": place.agent,
            "segment": place.segment,
            "at": clock.parse(one.at),
            "net": one.net,
            "gross": one.gross,
        }
        for one, place in slow
    ]
    note = "Times leave out pauses and the time in which a ticket was resolved; “in all” includes both."
    spread = histogram("Resolutions by time", (one.net for one, _ in stand), EDGES)
    sections = (
        of_groups(
            "Time to resolution", by, groups, total, _TIMES, note=note, chart=("ttr_median",)
        ),
        of_groups("Effort", by, groups, total, _EFFORT),
        of_rows("Longest resolutions", _LIST, rows, chart=spread),  # type: ignore[arg-type]
    )
    return build(frame, "resolution", TITLE, groups, total, rows=rows, sections=sections)
