"""SLA policies with their calendars: the first that matches a ticket, its targets, pauses and moments."""

from collections.abc import Callable, Sequence

from msgspec import Struct

from ticketctl.domain.base import duration
from ticketctl.domain.calendar import calendar
from ticketctl.domain.calendar.calendar import Hours
from ticketctl.domain.definition.definition import Definition, Sla

KINDS = ("first", "next", "resolve", "assign")


class Policy(Struct, frozen=True):
    """A policy as one version of the desk has it."""

    sla: Sla
    version: int
    hours: Hours

    @property
    def reference(self) -> str:
        """`gold@3`: the name and the version of the desk, as tickets and their history keep it."""
        return reference(self.sla.name, self.version)


Book = Callable[[str], Policy]  # finds a policy by its reference, in whichever version of the desk


def reference(name: str, version: int) -> str:
    """`gold@3`."""
    return f"{name}@{version}"


def parts(reference: str) -> tuple[str, int]:
    """The name of a policy and the version of the desk, of `gold@3`."""
    name, _, version = reference.rpartition("@")
    return name, int(version)


def of(definition: Definition, name: str) -> Policy:
    """The policy of that name; KeyError where the desk has none."""
    found = {sla.name: sla for sla in definition.slas}[name]
    return Policy(found, definition.version, calendar.of(definition, found.calendar))


def choose(slas: Sequence[Sla], fits: Callable[[Sla], bool]) -> Sla | None:
    """The first policy that has no match or whose match fits, which `fits` says; None where none does."""
    return next((sla for sla in slas if not sla.match or fits(sla)), None)


def target(sla: Sla, priority: str, kind: str) -> int | None:
    """The open seconds a clock of that kind may run; what a priority does not name is the default's."""
    for key in (priority, "default"):
        seconds: int | None = getattr(sla.targets.get(key), kind, None)  # type: ignore[call-overload]
        if seconds is not None:
            return seconds
    return None


def pauses(sla: Sla, kind: str) -> Sequence[str]:
    """The statuses in which a clock of that kind stands still."""
    if isinstance(sla.pause, dict):
        return sla.pause.get(kind, ())  # type: ignore[call-overload, no-any-return]
    return sla.pause if kind == "resolve" else ()


def threshold(moment: str, seconds: int) -> int:
    """How many of a target's seconds are used at `75%`, `due`, `due-30m` or `due+4h`; never less than none."""
    if moment.endswith("%"):
        return -(-seconds * int(moment[:-1]) // 100)
    offset = moment.removeprefix("due")
    if not offset:
        return seconds
    length = duration.parse(offset[1:])
    return max(0, seconds - length) if offset[0] == "-" else seconds + length
