"""Writes reports as JSON: times RFC 3339, durations in seconds, rates as fractions, null for none."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from ticketctl.clock import rfc3339
from ticketctl.reports.figures.deltas import differences
from ticketctl.reports.model import Cell, Report, ReportGroup, ReportPeriod
from ticketctl.safe import json_escaped


def write(reports: Sequence[Report]) -> bytes:
    """One report as an object, several as an array of them."""
    found = [shape(one) for one in reports]
    content = msgspec.json.encode(found[0] if len(found) == 1 else found)
    text = msgspec.json.format(content, indent=2).decode()
    return json_escaped(text).encode() + b"\n"


def shape(report: Report) -> dict[str, object]:
    """A report with the names of docs/json.md; `previous` and `difference` if it was compared."""
    found: dict[str, Any] = {
        "report": report.name,
        "period": _period(report.period),
        "clock": report.clock,
        "as_of": rfc3339(report.as_of),
        "query": report.query,
        "counts": report.counts,
        "purged_before": report.purged_before and rfc3339(report.purged_before),
        "groups": _groups(report.groups),
        "total": {"figures": _values(report.total.figures)},
        "rows": report.rows,  # many, and msgspec writes their times as RFC 3339
    }
    if report.previous is not None:
        before, (groups, total) = report.previous, differences(report)
        found["previous"] = {
            "period": _period(before.period),
            "groups": _groups(before.groups),
            "total": {"figures": _values(before.total.figures)},
        }
        found["difference"] = {"groups": _groups(groups), "total": {"figures": total.figures}}
    return found


def _period(period: ReportPeriod) -> dict[str, str]:
    return {"from": rfc3339(period.start), "to": rfc3339(period.end), "zone": period.zone}


def _groups(groups: Sequence[ReportGroup]) -> list[dict[str, object]]:
    return [{"by": group.by, "figures": _values(group.figures)} for group in groups]


def _values(cells: Mapping[str, Cell]) -> dict[str, object]:
    return {
        name: rfc3339(value) if isinstance(value, datetime) else value
        for name, value in cells.items()
    }
