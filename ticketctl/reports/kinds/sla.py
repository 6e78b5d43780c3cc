"""`report sla`: which targets were met, which were missed, and what is due next."""

from ticketctl.reports.figures import facts, tallies
from ticketctl.reports.figures.builder import build
from ticketctl.reports.figures.frame import Frame, Key, grouped_by, is_timed
from ticketctl.reports.kinds.sections import of_groups, of_rows
from ticketctl.reports.model import Cell, Report, Section
from ticketctl.store.reports import clocks
from ticketctl.store.reports.clocks import Missed

TITLE = "Service levels"
NEXT = 10  # clocks that are due next

_USUAL: tuple[Key, ...] = (("agent",), ("segment",), ("priority",))
_FIGURES = (
    "met", "breached", "breach_rate", "first_breach_rate", "next_breach_rate", "resolve_breach_rate",
    "any_breach_rate", "void",
)  # fmt: skip
_TIMES = (
    "frt_average",
    "frt_median",
    "frt_p90",
    "ttr_average",
    "ttr_median",
    "ttr_p90",
    "resolved",
)
_LIST = (
    ("ticket", "Ticket", "ticket"), ("subject", "Subject", "text"), ("clock", "Target", "text"),
    ("owner", "Owner", "text"), ("segment", "Segment", "text"), ("due_at", "Due", "time"),
)  # fmt: skip


def report(frame: Frame) -> Report:
    """Targets that were met or missed in the period, by owner at that instant."""
    ways = (frame.request.by,) if frame.request.by else _USUAL
    parts = (
        (clocks.targets(frame.tx, frame.scope, timed=is_timed(ways)), tallies.Targets),
        (facts.responses(frame, timed=is_timed(ways)), tallies.Responses),
        (facts.resolutions(frame, timed=is_timed(ways)), tallies.Resolutions),
    )
    groups, total = grouped_by(frame, ways, *parts)
    missed = [_row(frame, one) for one in clocks.missed_targets(frame.tx, frame.scope)]
    missed.sort(key=lambda row: (-_seconds(row), row["ticket"], row["clock"], row["cycle"]))
    total.figures["worst_overdue"] = max(map(_seconds, missed), default=None)
    sections = [
        of_groups(
            f"Targets by {_words(way)}", way, found, total, _FIGURES,
            chart=("met", "breached"), chart_title=f"Targets met and missed by {_words(way)}",
        )
        for way, found in zip(ways, groups, strict=True)
    ]  # fmt: skip
    sections.append(of_groups(f"Times by {_words(ways[0])}", ways[0], groups[0], total, _TIMES))
    sections += [_missed(missed), *([_next(frame)] if frame.is_live else [])]
    return build(frame, "sla", TITLE, groups[0], total, rows=missed, sections=sections)


def _row(frame: Frame, one: Missed) -> dict[str, Cell]:
    return {
        "ticket": one.place.ticket,
        "subject": one.subject,
        "clock": one.kind,
        "cycle": one.cycle,
        "policy": one.policy,
        "owner": one.place.agent,
        "segment": one.place.segment,
        "due_at": one.due_at,
        "stopped_at": one.stopped_at,
        "overdue": facts.overdue(frame, one),
        "at_retarget": int(one.at_retarget),
    }


def _missed(rows: list[dict[str, Cell]]) -> Section:
    note = "" if rows else "No target was missed."
    if any(row["at_retarget"] for row in rows):
        note = "* Missed because the priority or policy changed later; nobody's fault."
    told = [
        {**row, "clock": f"{row['clock']} *" if row["at_retarget"] else row["clock"]}
        for row in rows
    ]
    columns = (*_LIST, ("overdue", "Overdue", "duration"))
    return of_rows("Missed targets, worst first", columns, told, note=note)  # type: ignore[arg-type]


def _next(frame: Frame) -> Section:
    """The clocks that are due next, in a view of now; none of a period that is over."""
    over = frame.request.now >= frame.request.period.end
    found = [] if over else clocks.pressing(frame.tx, frame.scope, NEXT)
    note = "The period is over." if over else "No running clock is due."
    rows = [_row(frame, one) for one in found]
    return of_rows("Due next", _LIST, rows, note="" if rows else note)  # type: ignore[arg-type]


def _seconds(row: dict[str, Cell]) -> int:
    overdue = row["overdue"]
    assert isinstance(overdue, int)
    return overdue


def _words(way: Key) -> str:
    return ", ".join(way).replace("_", " ")
