"""SLA policies with their calendars: the first that matches a ticket, its targets, pauses and moments."""

from collections.abc import Callable, Sequence

from msgspec import Struct

from ticketctl.domain.base import duration
from ticketctl.domain.calendar import calendar
from ticketctl.domain.calendar.calendar import Hours
from ticketctl.domain.definition.definition import Definition, Sla

KINDS = ("first", "next", "resolve", "assign")


class Policy(Struct, frozen=True):
    """A policy as defined in one version."""

    sla: Sla
    version: int
    hours: Hours

    @property
    def reference(self) -> str:
        """`gold@3`: name and version, as stored in tickets and their history."""
        return reference(self.sla.name, self.version)


Book = Callable[[str], Policy]  # finds a policy by its reference, in any version


def reference(name: str, version: int) -> str:
    """`gold@3`."""
    return f"{name}@{version}"


def parts(reference: str) -> tuple[str, int]:
    """The policy's name and version, of `gold@3`."""
    name, _, version = reference.rpartition("@")
    return name, int(version)


def of(definition: Definition, name: str) -> Policy:
    """The policy of that name; KeyError for an unknown one."""
    found = {sla.name: sla for sla in definition.slas}[name]
    return Policy(found, definition.version, calendar.of(definition, found.calendar))


def choose(slas: Sequence[Sla], fits: Callable[[Sla], bool]) -> Sla | None:
    """The first policy without a match, or whose match holds, which `fits` says; None if there is none."""
    return next((sla for sla in slas if not sla.match or fits(sla)), None)


def target(sla: Sla, priority: str, kind: str) -> int | None:
    """The open seconds that a clock of that kind may run; a priority without one has the default's."""
    for key in (priority, "default"):
        seconds: int | None = getattr(sla.targets.get(key), kind, None)  # type: ignore[call-overload]
        if seconds is not None:
            return seconds
    return None


def pauses(sla: Sla, kind: str) -> Sequence[str]:
    """The statuses that pause a clock of that kind."""
    if isinstance(sla.pause, dict):
        return sla.pause.get(kind, ())  # type: ignore[call-overload, no-any-return]
    return sla.pause if kind == "resolve" else ()


def threshold(moment: str, seconds: int) -> int:
    """The used seconds of a target at `75%`, `due`, `due-30m` or `due+4h`; never below zero."""
    if moment.endswith("%"):
        return -(-seconds * int(moment[:-1]) // 100)
    offset = moment.removeprefix("due")
    if not offset:
        return seconds
    length = duration.parse(offset[1:])
    return max(0, seconds - length) if offset[0] == "-" else seconds + length
