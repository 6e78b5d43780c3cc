"""Lists every report by name; its module is loaded when it is asked for."""

from collections.abc import Callable
from importlib import import_module

from msgspec.structs import replace

from ticketctl.reports.figures import period
from ticketctl.reports.figures.frame import Frame, Request
from ticketctl.reports.model import Report
from ticketctl.store.db.database import Tx

NAMES = (
    "sla", "response", "resolution", "backlog", "agents", "segments", "csat", "quality", "coverage", "recovery",
    "reopen", "volume", "mail",
)  # fmt: skip
ALL = "all"
WHOLE = tuple(name for name in NAMES if name not in ("segments", "mail"))  # the reports of `all`


def make(tx: Tx, name: str, request: Request, *, compare: bool = False) -> Report:
    """Make a report; with that of the period before, if they are to be compared."""
    report: Callable[[Frame], Report] = import_module(f"{__package__}.{name}").report
    made = report(Frame(tx, request))
    if not compare:
        return made
    before = replace(request, period=period.before(request.period))
    return replace(made, previous=report(Frame(tx, before)))


def reports(tx: Tx, name: str, request: Request, *, compare: bool = False) -> list[Report]:
    """The report of that name, or every one of WHOLE for `all`."""
    names = WHOLE if name == ALL else (name,)
    return [make(tx, one, request, compare=compare) for one in names]
