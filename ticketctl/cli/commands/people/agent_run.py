"""What `ticketctl agent` does."""

from collections.abc import Callable
from typing import NamedTuple

from ticketctl.actions.base import presence
from ticketctl.actions.base.context import begin
from ticketctl.actions.customers import absence
from ticketctl.console import json_shapes, rows
from ticketctl.console.context import App
from ticketctl.console.times import local
from ticketctl.console.view import Column, View
from ticketctl.domain.base import when
from ticketctl.domain.calendar.availability import Away, in_words
from ticketctl.domain.definition.definition import Agent, Definition
from ticketctl.errors import BadInput
from ticketctl.store.desk import loads
from ticketctl.store.desk.loads import Load


class Colleague(NamedTuple):
    """An agent with segments, load and the reason for being absent (None if available)."""

    agent: Agent
    segments: tuple[str, ...]
    load: Load
    away: Away | None

    @property
    def free(self) -> int | None:
        """How many more tickets routing may assign; None for any number."""
        capacity = self.agent.capacity
        return None if capacity is None else max(0, capacity - self.load.open)


def list_(app: App) -> None:
    """List agents with their segments, skills, and whether they are present."""
    columns: list[Column[Colleague]] = [
        Column("name", lambda one: one.agent.name),
        Column("role", lambda one: one.agent.role),
        Column("segments", lambda one: one.segments, cut=1),
        Column("skills", lambda one: one.agent.skills, cut=1, rare=True),
        Column("here", _here(app), cut=1),
        Column("open", lambda one: one.load.open),
        Column("email", lambda one: one.agent.email, cut=1),
    ]
    _print(app, columns, _shape)


def load(app: App) -> None:
    """Show how many tickets each agent has; waiting tickets do not count as load."""
    columns: list[Column[Colleague]] = [
        Column("name", lambda one: one.agent.name),
        Column("open", lambda one: one.load.open),
        Column("waiting", lambda one: one.load.waiting),
        Column("capacity", lambda one: one.agent.capacity, rare=True),
        Column("free", lambda one: one.free, rare=True),
        Column("here", _here(app), cut=1),
    ]
    _print(app, columns, _load_shape)


def away(app: App, agent: str | None, until: str | None, message: str) -> None:
    """Mark yourself, or the agent, as away."""
    actor = app.actor()
    name = agent or actor.name
    if agent and app.definition.agent(agent) is None and when.is_time(agent.lower()):
        line = f"ticketctl agent away --until {agent}"
        raise BadInput(f"{agent!r} is no agent; did you mean `{line}`?")
    end = when.end(until, now=app.now, zone=app.zone) if until else None
    app.db.write(lambda tx: absence.away(begin(tx, actor), name, end, message))
    app.out.data(f"{name} is away{f' until {local(end, app.zone)}' if end else ''}")
    with app.db.read() as tx:
        open_ = loads.loads(tx, [name])[name].open
    if open_:
        app.out.note(left(name, open_))


def back(app: App, agent: str | None, message: str) -> None:
    """Mark yourself, or the agent, as present again."""
    actor = app.actor()
    name = agent or actor.name
    done = app.db.write(lambda tx: absence.back(begin(tx, actor), name, message))
    app.out.data(f"{name} is back" if done else f"{name} was not away")


def left(name: str, count: int, why: str = "") -> str:
    """A sentence: how many open tickets an agent (`, who is away,`) has, and how to reassign them."""
    tickets, them = ("open ticket", "it") if count == 1 else ("open tickets", "them")
    query = f"all owner:{name} status:new,open,escalated"
    command = f"ticketctl assign --auto --steal --query '{query}'"
    return f"{name}{why} has {count} {tickets}: `{command}` reassigns {them}."


def _print(
    app: App, columns: list[Column[Colleague]], shape: Callable[[Colleague], dict[str, object]]
) -> None:
    names = [column.name for column in columns]
    rows.rows(app, View(columns, names, shape, lambda one: one.agent.name), _colleagues(app))


def _colleagues(app: App) -> list[Colleague]:
    agents = app.definition.agents
    names = [one.name for one in agents]
    actor = app.actor()
    with app.db.read() as tx:
        in_hand = loads.loads(tx, names)
        gone = presence.away(begin(tx, actor), names)
    return [
        Colleague(one, _segments(app.definition, one.name), in_hand[one.name], gone.get(one.name))
        for one in agents
    ]


def _segments(definition: Definition, name: str) -> tuple[str, ...]:
    return tuple(one.name for one in definition.segments if name in one.members)


def _here(app: App) -> Callable[[Colleague], str]:
    """`yes`, or why not and until when, in the display zone."""
    return lambda one: in_words(one.away, app.zone).removeprefix("is ") if one.away else "yes"


def _shape(one: Colleague) -> dict[str, object]:
    return {
        "name": one.agent.name,
        "email": one.agent.email,
        "role": one.agent.role,
        "segments": list(one.segments),
        "skills": list(one.agent.skills),
        "hours": one.agent.hours or None,
        **_load_shape(one),
    }


def _load_shape(one: Colleague) -> dict[str, object]:
    return {
        "name": one.agent.name,
        "open": one.load.open,
        "waiting": one.load.waiting,
        "capacity": one.agent.capacity,
        "free": one.free,
        "available": one.away is None,
        "why": one.away.why if one.away else None,
        "until": json_shapes.when(one.away.until) if one.away else None,
    }
