"""`ticketctl sla test`: the clocks of a policy for an imaginary ticket."""

from datetime import datetime

from ticketctl.cli.views.sla_clocks import NAMES
from ticketctl.console.json_shapes import when
from ticketctl.domain.calendar import explain
from ticketctl.domain.sla import sla_clock
from ticketctl.domain.sla.policy import KINDS, Policy, target
from ticketctl.domain.sla.sla_clock import Clock, Moment
from ticketctl.safe import terminal


def clocks(policy: Policy, at: datetime, priority: str) -> list[tuple[Clock, list[Moment]]]:
    """One clock of each kind for the priority, started at that time, with its warnings and escalations."""
    found = []
    for kind in KINDS:
        seconds = target(policy.sla, priority, kind)
        if seconds is not None:
            one = sla_clock.start(
                kind, 1, policy, seconds, at, segment="", owner=None, priority=priority
            )
            found.append((one, sla_clock.moments(one, policy)))
    return found


def shape(one: tuple[Clock, list[Moment]]) -> dict[str, object]:
    """An element of `clocks`."""
    clock, moments = one
    return {
        "kind": clock.kind,
        "target": clock.target,
        "warn_at": when(clock.warn_at),
        "due_at": when(clock.due_at),
        "levels": [
            {"level": moment.level, "at": when(moment.at)}
            for moment in moments
            if moment.kind == "level"
        ],
    }


def lines(policy: Policy, found: list[tuple[Clock, list[Moment]]]) -> list[str]:
    """The same for people, in the zone of the policy's calendar."""
    said = [f"policy {policy.reference}, times in {policy.hours.zone.key}"]
    for clock, moments in found:
        due = (
            explain.local(policy.hours, clock.due_at)
            if clock.due_at
            else "never: the calendar is not open long enough"
        )
        said.append(f"{NAMES[clock.kind]}, {explain.length(clock.target)}: due {due}")
        for moment in moments:
            if moment.kind != "breach":
                what = "warning" if moment.kind == "warning" else f"level {moment.level}"
                said.append(f"  {what} {explain.local(policy.hours, moment.at)}")
    return [terminal(line) for line in said]
