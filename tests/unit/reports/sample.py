"""A realistic month by hand: four agents, three segments, breached tickets, a volume a day; and the month before."""

from datetime import UTC, datetime
from typing import Any

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

ZONE = "Europe/Madrid"
MARCH = ReportPeriod(
    datetime(2026, 2, 28, 23, tzinfo=UTC), datetime(2026, 3, 31, 22, tzinfo=UTC), ZONE
)
FEBRUARY = ReportPeriod(
    datetime(2026, 1, 28, 23, tzinfo=UTC), datetime(2026, 2, 28, 23, tzinfo=UTC), ZONE
)
AS_OF = datetime(2026, 4, 1, 5, tzinfo=UTC)

SLA: dict[str, Cell] = {
    "met": 412,
    "breached": 37,
    "breach_rate": 0.0824,
    "any_breach_rate": 0.1102,
    "worst_overdue": 198_600,
    "void": 4,
}
SLA_BEFORE: dict[str, Cell] = {
    "met": 398,
    "breached": 52,
    "breach_rate": 0.1156,
    "any_breach_rate": 0.1377,
    "worst_overdue": None,
    "void": 4,
}
OWNERS = ("ana", "ben", "Chloé Lefèvre-Martínez", None)


def report(name: str, title: str, total: dict[str, Cell], **more: Any) -> Report:
    """A report of March with what is given."""
    usual: dict[str, Any] = {"period": MARCH, "clock": "business", "as_of": AS_OF, "query": ""}
    return Report(
        name=name,
        title=title,
        groups=more.pop("groups", ()),
        total=ReportGroup({}, total),
        **usual | more,
    )


def _breached() -> Section:
    subjects = (
        "Printer on the third floor prints only every second page since the update",
        "=cmd|' /C calc'!A0",
        "<script>alert(1)</script> invoice",
        "Re: | pipes | and `ticks` \x1b[31mred",
        "Kurier kam nicht – 你好",
    )
    rows = tuple(
        (
            1200 + 7 * n,
            subjects[n % len(subjects)],
            OWNERS[n % len(OWNERS)],
            ("support", "billing", "returns")[n % 3],
            ("first", "next", "resolve")[n % 3],
            datetime(2026, 3, 2 + n, 9, 10, tzinfo=UTC),
            900 * (n + 1) ** 2,
        )
        for n in range(14)
    )
    columns = (
        ReportColumn("ticket", "Ticket", "ticket"),
        ReportColumn("subject", "Subject"),
        ReportColumn("owner", "Owner"),
        ReportColumn("segment", "Segment"),
        ReportColumn("clock", "Clock"),
        ReportColumn("due_at", "Due", "time"),
        ReportColumn("overdue", "Overdue", "duration"),
    )
    return Section(title="Breached tickets", columns=columns, rows=rows, note="The worst last.")


def _by_segment() -> Section:
    return Section(
        title="Clocks by segment",
        columns=(
            ReportColumn("segment", "Segment"),
            ReportColumn("met", "Met", "count"),
            ReportColumn("breached", "Breached", "count"),
            ReportColumn("breach_rate", "Breach rate", "rate"),
        ),
        rows=(
            ("support", 230, 14, 0.0574),
            ("billing", 121, 20, 0.1418),
            ("returns and refunds", 61, 3, 0.0469),
            ("wholesale", 0, 0, None),
        ),
        chart=Chart(
            "Clocks met and breached",
            ("support", "billing", "returns and refunds", "wholesale"),
            (("met", (230, 121, 61, 0)), ("breached", (14, 20, 3, 0))),
            shape="stacked",
        ),
    )


def _agents() -> Section:
    return Section(
        title="By agent",
        columns=(
            ReportColumn("agent", "Agent"),
            ReportColumn("resolved", "Resolved", "count"),
            ReportColumn("frt_median", "First response", "duration"),
            ReportColumn("ttr_median", "Resolution", "duration"),
            ReportColumn("csat", "Satisfied", "rate"),
            ReportColumn("quality", "Quality", "index"),
        ),
        rows=(
            ("ana", 141, 2_700, 31_500, 0.9412, 88.3),
            ("ben", 118, 9_360, 52_080, 0.8333, 71.9),
            ("Chloé Lefèvre-Martínez", 97, 4_020, 40_200, None, None),
            ("unassigned", 3, 45, 370_000, 0.5, 40.0),
        ),
        chart=Chart(
            "First response, median",
            ("ana", "ben", "Chloé Lefèvre-Martínez", "unassigned"),
            (("median", (2_700, 9_360, 4_020, 45)),),
            "duration",
        ),
    )


def _volume() -> Section:
    days = tuple(f"2026-03-{day:02}" for day in range(1, 32))
    created = tuple(0 if n % 7 in (0, 6) else 12 + (n * 5) % 11 for n in range(31))
    resolved = tuple(0 if n % 7 in (0, 6) else 10 + (n * 7) % 13 for n in range(31))
    return Section(
        title="A day",
        columns=(
            ReportColumn("day", "Day"),
            ReportColumn("created", "In", "count"),
            ReportColumn("resolved", "Out", "count"),
        ),
        rows=tuple(zip(days, created, resolved, strict=True)),
        chart=Chart("Tickets in and out", days, (("in", created), ("out", resolved)), shape="line"),
    )


def _histogram() -> Section:
    labels = ("<15m", "15–30m", "30m–1h", "1–2h", "2–4h", "4–8h", ">8h")
    counts = (41, 77, 102, 86, 39, 11, 3)
    return Section(
        title="First responses by time",
        columns=(ReportColumn("time", "Time"), ReportColumn("responses", "Responses", "count")),
        rows=tuple(zip(labels, counts, strict=True)),
        chart=Chart("First responses by time", labels, (("responses", counts),), shape="histogram"),
    )


_FIGURES_OF = {
    "ana": (141, 2_700, 0.9412),
    "ben": (118, 9_360, 0.8333),
    "=HYPERLINK()": (97, 4_020, None),
}

SLA_REPORT = report(
    "sla",
    "Service levels",
    SLA,
    query='segment:support,billing "refund"',
    groups=(
        ReportGroup({"segment": "support"}, {"met": 230, "breached": 14, "breach_rate": 0.0574}),
        ReportGroup({"segment": "billing"}, {"met": 121, "breached": 20, "breach_rate": 0.1418}),
    ),
    rows=({"ticket": 1200, "owner": None, "overdue": 900, "due_at": AS_OF},),
    sections=(_by_segment(), _breached()),
)
AGENTS_REPORT = report(
    "agents",
    "Agents",
    {"resolved": 359, "frt_median": 3_900, "ttr_median": 39_000, "csat": 0.9, "quality": 79.1},
    groups=tuple(
        ReportGroup({"agent": name}, {"resolved": one, "frt_median": two, "csat": three})
        for name, (one, two, three) in _FIGURES_OF.items()
    ),
    sections=(_agents(),),
)
VOLUME_REPORT = report(
    "volume",
    "Volume",
    {"created": 372, "resolved": 359, "flow_ratio": 0.9651},
    sections=(_volume(),),
)
RESPONSE_REPORT = report(
    "response",
    "Response times",
    {"frt_average": 7_320, "frt_median": 3_900, "frt_p90": 21_600, "answered": 359},
    sections=(_histogram(),),
)
EMPTY_REPORT = report(
    "csat",
    "Satisfaction",
    {"csat": None, "ratings": 0, "response_rate": None},
    sections=(
        Section(
            title="Ratings",
            columns=(ReportColumn("rating", "Rating"), ReportColumn("count", "Count", "count")),
            rows=(),
            chart=Chart("Ratings", (), (("ratings", ()),)),
            note="Nobody has answered in this period.",
        ),
    ),
)
COMPARED = replace(
    SLA_REPORT,
    previous=replace(
        SLA_REPORT,
        period=FEBRUARY,
        total=ReportGroup({}, SLA_BEFORE),
        groups=(ReportGroup({"segment": "support"}, {"met": 200, "breached": None}),),
    ),
)
ALL = (COMPARED, RESPONSE_REPORT, AGENTS_REPORT, VOLUME_REPORT, EMPTY_REPORT)
