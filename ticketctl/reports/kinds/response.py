"""`report response`: how long customers wait for an answer."""

from ticketctl import clock
from ticketctl.reports.figures import facts, tallies
from ticketctl.reports.figures.builder import build
from ticketctl.reports.figures.frame import Frame, grouped, is_timed
from ticketctl.reports.kinds.sections import histogram, of_groups, of_rows
from ticketctl.reports.model import Cell, Report
from ticketctl.store.reports import tickets

TITLE = "Response times"
SLOWEST = 10

_HOUR, _DAY = 3_600, 86_400
EDGES = (
    ("under 15 min", 900), ("15–60 min", _HOUR), ("1–2 h", 2 * _HOUR), ("2–4 h", 4 * _HOUR),
    ("4–8 h", 8 * _HOUR), ("8–24 h", _DAY), ("1–3 d", 3 * _DAY), ("over 3 d", None),
)  # fmt: skip
_FIRST = ("first_responses", "frt_average", "frt_median", "frt_p90")
_NEXT = ("next_responses", "next_average", "next_median", "next_p90")
_LIST = (
    ("ticket", "Ticket", "ticket"), ("subject", "Subject", "text"), ("agent", "Agent", "text"),
    ("at", "Answered", "time"), ("seconds", "After", "duration"),
)  # fmt: skip


def report(frame: Frame) -> Report:
    """First responses and those of later cycles, by the agent who gave them."""
    by = frame.by("agent")
    found = list(facts.responses(frame, timed=is_timed((by,))))
    groups, total = grouped(frame, by, (found, tallies.Responses))
    first = [(one, some.place) for some in found if some.kind == "first" for one in some.answers]
    first.sort(key=lambda one: (-one[0].seconds, one[0].ticket))
    slow = first[:SLOWEST]
    subjects = tickets.subjects(frame.tx, frame.scope, [one.ticket for one, _ in slow])
    rows: list[dict[str, Cell]] = [
        {
            "ticket": one.ticket,
            "subject": subjects[one.ticket],
            "agent": place.agent,
            "segment": place.segment,
            "at": clock.parse(one.at),
            "seconds": one.seconds,
        }
        for one, place in slow
    ]
    spread = histogram("First responses by time", (one.seconds for one, _ in first), EDGES)
    sections = (
        of_groups("First responses", by, groups, total, _FIRST, chart=("frt_median",)),
        of_groups("Next responses", by, groups, total, _NEXT),
        of_rows("Slowest first responses", _LIST, rows, chart=spread),  # type: ignore[arg-type]
    )
    return build(frame, "response", TITLE, groups, total, rows=rows, sections=sections)
