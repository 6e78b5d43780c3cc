"""The clocks of a ticket for people and programs."""

from typing import TYPE_CHECKING, NamedTuple

from ticketctl.console.context import App
from ticketctl.console.json_shapes import when

if TYPE_CHECKING:
    from datetime import datetime

    from ticketctl.actions.tickets.clocks import PolicyVersions
    from ticketctl.console.view import View
    from ticketctl.domain.base.records import Ticket
    from ticketctl.domain.calendar.calendar import Hours
    from ticketctl.domain.definition.definition import Definition
    from ticketctl.domain.sla.sla_clock import Clock
    from ticketctl.store.db.database import Tx

NAMES = {
    "first": "first response",
    "next": "next response",
    "resolve": "resolution",
    "assign": "assignment",
}


class Seen(NamedTuple):
    """A clock at a point in time. If its calendar is missing, `hours` is None and `trouble` says why."""

    clock: "Clock"
    state: str  # ok | warn | breached | paused | met | void
    used: int
    paused: int
    hours: "Hours | None"
    trouble: str = ""

    @property
    def name(self) -> str:
        """`next response 2`."""
        cycle = f" {self.clock.cycle}" if self.clock.cycle > 1 else ""
        return f"{NAMES[self.clock.kind]}{cycle}"


def read(tx: "Tx", definition: "Definition", ticket: int, now: "datetime") -> list[Seen]:
    """The clocks of a ticket in the order in which they began."""
    from ticketctl.store.sla import clock_rows

    kept = clock_rows.of(tx, ticket)
    if not kept:
        return []
    from ticketctl.actions.tickets import clocks

    book = clocks.PolicyVersions(tx, definition)
    return [_seen(one, book, now) for one in kept]


def _seen(one: "Clock", book: "PolicyVersions", now: "datetime") -> Seen:
    from ticketctl.actions.tickets import clocks
    from ticketctl.domain.sla import sla_clock

    now = max(now, one.started_at)
    one = sla_clock.settle(one, now)
    state = sla_clock.state(one, now)
    try:
        hours = book(one.reference).hours
        return Seen(
            one, state, sla_clock.used(one, hours, now), sla_clock.paused(one, hours, now), hours
        )
    except clocks.UNCOMPUTABLE as trouble:
        return Seen(one, state, one.used, 0, None, clocks.sentence(trouble))


def shape(seen: Seen) -> dict[str, object]:
    """An element of `clocks`; seconds are open seconds of the policy's calendar."""
    one = seen.clock
    return {
        "kind": one.kind,
        "cycle": one.cycle,
        "policy": one.policy,
        "policy_version": one.policy_version,
        "calendar": one.calendar,
        "target": one.target,
        "used": seen.used,
        "paused": seen.paused,
        "state": seen.state,
        "started_at": when(one.started_at),
        "due_at": when(one.due_at),
        "warn_at": when(one.warn_at),
        "stopped_at": when(one.stopped_at),
        "breached_at": when(one.breached_at),
        "at_retarget": one.at_retarget,
        "segment": one.segment,
        "owner": one.owner,
        "answered_by": one.answered_by,
    }


def view() -> "View[Seen]":
    """A table of clocks; lengths as `2h30m` of open time."""
    from ticketctl.console.view import Column, View
    from ticketctl.domain.calendar.explain import length

    columns: list[Column[Seen]] = [
        Column("clock", lambda seen: seen.name),
        Column("state", lambda seen: seen.state, style=_style),
        Column("due", lambda seen: seen.clock.due_at),
        Column("target", lambda seen: length(seen.clock.target)),
        Column("used", lambda seen: length(seen.used)),
        Column("paused", lambda seen: length(seen.paused), rare=True, usual="0"),
        Column("started", lambda seen: seen.clock.started_at),
        Column("warn", lambda seen: seen.clock.warn_at),
        Column("stopped", lambda seen: seen.clock.stopped_at, rare=True),
        Column("policy", lambda seen: seen.clock.reference),
        Column("owner", lambda seen: seen.clock.owner),
    ]
    names = [column.name for column in columns]
    return View(columns, names, shape, lambda seen: f"{seen.clock.kind}/{seen.clock.cycle}")


def panel(app: App, clocks: "list[Seen]") -> "list[str]":
    """A line for each clock on the page of a ticket: `first response  breached, due Mon …, used 2h30m of 2h`."""
    from ticketctl.console.times import local
    from ticketctl.domain.calendar.explain import length

    lines = []
    for seen in clocks:
        due = f", due {local(seen.clock.due_at, app.zone)}" if seen.clock.due_at else ""
        ended = seen.state in ("met", "void")
        used = f", used {length(seen.used)} of {length(seen.clock.target)}"
        lines.append(f"{seen.name} {seen.state}{'' if ended else due}{used}")
    return lines


def trouble(app: App, tx: "Tx", ticket: "Ticket", clocks: "list[Seen]") -> str:
    """A sentence why the clocks of a ticket could not be computed; "" if they could."""
    from ticketctl.actions.tickets import clocks as acting
    from ticketctl.store.sla.clock_rows import FAILED

    if ticket.sla_state == FAILED:
        return (
            acting.why_not(tx, app.definition, ticket)
            or "the next change of the ticket computes them."
        )
    never = [
        s.name for s in clocks if s.clock.active and s.state != "paused" and not s.clock.due_at
    ]
    if never:
        return f"{', '.join(never)} will never be due: the calendar has too few opening hours left."
    return next((seen.trouble for seen in clocks if seen.trouble), "")


def _style(seen: Seen) -> dict[str, str] | None:
    colour = {"breached": "red", "warn": "yellow"}.get(seen.state)
    return {"fg": colour} if colour else None
