"""Every report by name."""

from collections.abc import Callable

from msgspec.structs import replace

from ticketctl.reports.figures import period
from ticketctl.reports.figures.frame import Frame, Request
from ticketctl.reports.kinds import (
    agents,
    backlog,
    coverage,
    csat,
    mail,
    quality,
    recovery,
    reopen,
    resolution,
    response,
    segments,
    sla,
    volume,
)
from ticketctl.reports.model import Report
from ticketctl.store.db.engine import Tx

REPORTS: dict[str, Callable[[Frame], Report]] = {
    "sla": sla.report,
    "response": response.report,
    "resolution": resolution.report,
    "backlog": backlog.report,
    "agents": agents.report,
    "segments": segments.report,
    "csat": csat.report,
    "quality": quality.report,
    "coverage": coverage.report,
    "recovery": recovery.report,
    "reopen": reopen.report,
    "volume": volume.report,
    "mail": mail.report,
}
NAMES = tuple(REPORTS)
ALL = "all"
WHOLE = tuple(name for name in NAMES if name not in ("segments", "mail"))  # what `all` is made of


def make(tx: Tx, name: str, request: Request, *, compare: bool = False) -> Report:
    """One report; with that of the period before, if they are to be compared."""
    report: Callable[[Frame], Report] = REPORTS[name]
    made = report(Frame(tx, request))
    if not compare:
        return made
    before = replace(request, period=period.before(request.period))
    return replace(made, previous=report(Frame(tx, before)))


def reports(tx: Tx, name: str, request: Request, *, compare: bool = False) -> list[Report]:
    """The report of that name, or every one of WHOLE for `all`."""
    names = WHOLE if name == ALL else (name,)
    return [make(tx, one, request, compare=compare) for one in names]
