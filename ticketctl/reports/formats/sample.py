"""A small report with everything a report can have; `template lint` fills templates with it."""

from datetime import UTC, datetime

from msgspec.structs import replace

from ticketctl.reports.model import (
    Cell,
    Chart,
    Report,
    ReportColumn,
    ReportGroup,
    ReportPeriod,
    Section,
)

_FIGURES: dict[str, Cell] = {
    "met": 40,
    "breached": 3,
    "breach_rate": 0.0698,
    "frt_median": 4200,
    "quality": 75.2,
}
_BEFORE: dict[str, Cell] = {
    "met": 44,
    "breached": 1,
    "breach_rate": 0.0222,
    "frt_median": None,
    "quality": 75.2,
}

_REPORT = Report(
    name="sla",
    title="Service levels",
    period=ReportPeriod(
        datetime(2026, 3, 8, 23, tzinfo=UTC), datetime(2026, 3, 15, 23, tzinfo=UTC), "Europe/Madrid"
    ),
    clock="business",
    as_of=datetime(2026, 3, 16, 6, tzinfo=UTC),
    query="segment:support",
    groups=(ReportGroup({"agent": "ana"}, _FIGURES),),
    total=ReportGroup({}, _FIGURES),
    rows=({"ticket": 12, "owner": None, "overdue": 1800},),
    sections=(
        Section(
            title="Breached tickets",
            columns=(
                ReportColumn("ticket", "Ticket", "ticket"),
                ReportColumn("owner", "Owner"),
                ReportColumn("overdue", "Overdue", "duration"),
                ReportColumn("due_at", "Due", "time"),
            ),
            rows=((12, None, 1800, datetime(2026, 3, 10, 8, tzinfo=UTC)),),
            chart=Chart("Overdue", ("#12",), (("Overdue", (1800,)),), "duration"),
            note="One ticket is overdue.",
        ),
    ),
)

SAMPLE = replace(_REPORT, previous=replace(_REPORT, total=ReportGroup({}, _BEFORE)))
