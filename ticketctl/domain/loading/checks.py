"""Checks desk.toml across tables: unknown names, duplicates, wrong order."""

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from ticketctl.domain.calendar import age
from ticketctl.domain.loading import calendar_checks
from ticketctl.domain.rules import routing, rules

if TYPE_CHECKING:
    from ticketctl.domain.definition.definition import Definition, Field

Named = tuple[str, str]  # a path in the file, and the name there ("" for none)


def problems(definition: "Definition") -> list[str]:
    """All problems, such as `$.segment[0].managers[1]: no agent "eva"`; empty if there are none."""
    return [problem for check in _CHECKS for problem in check(definition)]


def _references(definition: "Definition") -> Iterator[str]:
    agents = {agent.name for agent in definition.agents}
    segments = {segment.name for segment in definition.segments}
    calendars = {calendar.name for calendar in definition.calendars}
    yield from _missing("agent", agents, _agents_named(definition))
    yield from _missing("segment", segments, _segments_named(definition))
    yield from _missing("calendar", calendars, _calendars_named(definition))


def _agents_named(definition: "Definition") -> Iterator[Named]:
    for n, segment in enumerate(definition.segments):
        yield from _items(f"$.segment[{n}].managers", segment.managers)
        yield from _items(f"$.segment[{n}].agents", segment.agents)
        yield f"$.segment[{n}].owner", segment.owner


def _segments_named(definition: "Definition") -> Iterator[Named]:
    for n, mailbox in enumerate(definition.mailboxes):
        yield f"$.mailbox[{n}].segment", mailbox.segment
    for n, type in enumerate(definition.types):
        yield f"$.type[{n}].segment", type.segment
    for n, survey in enumerate(definition.surveys):
        yield from _items(f"$.survey[{n}].segments", survey.segments)


def _calendars_named(definition: "Definition") -> Iterator[Named]:
    yield from ((f"$.agent[{n}].hours", agent.hours) for n, agent in enumerate(definition.agents))
    yield from ((f"$.sla[{n}].calendar", sla.calendar) for n, sla in enumerate(definition.slas))
    yield "$.alerts.calendar", definition.alerts.calendar


def _items(path: str, names: Iterable[str]) -> Iterator[Named]:
    return ((f"{path}[{n}]", name) for n, name in enumerate(names))


def _missing(kind: str, known: set[str], named: Iterable[Named]) -> Iterator[str]:
    return (f'{path}: no {kind} "{name}"' for path, name in named if name and name not in known)


def _duplicates(definition: "Definition") -> Iterator[str]:
    yield from _twice(_names("agent", (agent.name for agent in definition.agents)))
    yield from _twice((f"$.agent[{n}].email", a.email) for n, a in enumerate(definition.agents))
    yield from _twice((f"$.agent[{n}].login", a.login) for n, a in enumerate(definition.agents))
    yield from _twice(_names("segment", (segment.name for segment in definition.segments)))
    yield from _twice(_names("type", (type.name for type in definition.types)))
    yield from _twice(_names("channel", (channel.name for channel in definition.channels)))
    yield from _twice(_names("calendar", (calendar.name for calendar in definition.calendars)))
    yield from _twice(_names("sla", (sla.name for sla in definition.slas)))
    yield from _twice(_names("rule", (rule.name for rule in definition.rules)))
    yield from _twice(_names("field", (f"{field.on}.{field.name}" for field in definition.fields)))
    yield from _twice(_names("survey", (survey.name for survey in definition.surveys)))
    yield from _twice(_own_addresses(definition))
    for n, segment in enumerate(definition.segments):
        yield from _twice(_items(f"$.segment[{n}].managers", segment.managers))
        yield from _twice(_items(f"$.segment[{n}].agents", segment.agents))


def _names(table: str, names: Iterable[str]) -> Iterator[Named]:
    return ((f"$.{table}[{n}].name", name) for n, name in enumerate(names))


def _own_addresses(definition: "Definition") -> Iterator[Named]:
    for n, mailbox in enumerate(definition.mailboxes):
        yield f"$.mailbox[{n}].address", mailbox.address
        yield from _items(f"$.mailbox[{n}].aliases", mailbox.aliases)


def _twice(named: Iterable[Named]) -> Iterator[str]:
    seen: dict[str, str] = {}
    for path, name in named:
        first = seen.setdefault(name.lower(), path)
        if name and first != path:
            yield f'{path}: "{name}" is already at {first}'


def _agents_mail(definition: "Definition") -> Iterator[str]:
    """An agent whose address is one of ours would make a mail loop of every notification."""
    own = {address for _, address in _own_addresses(definition)}
    for n, agent in enumerate(definition.agents):
        if agent.email in own:
            yield f'$.agent[{n}].email: "{agent.email}" is a mailbox of the desk; use the agent\'s own address'
        if agent.capacity is not None and agent.capacity < 1:
            yield f"$.agent[{n}].capacity: must be 1 or more; leave it out for no limit"


def _owners(definition: "Definition") -> Iterator[str]:
    """The owner of a segment may own its tickets."""
    known = {agent.name for agent in definition.agents}
    for n, segment in enumerate(definition.segments):
        able = routing.owners(definition, segment.name)
        if segment.owner in known and segment.owner not in able:
            yield f"$.segment[{n}].owner: {segment.owner} is not among its managers and agents: {', '.join(able)}"


def _forms(definition: "Definition") -> Iterator[str]:
    """A contact form with an address of ours would make customers of our own mail."""
    own = {address for _, address in _own_addresses(definition)} | {
        agent.email for agent in definition.agents
    }
    fields = {field.name for field in definition.fields if field.on == "ticket"}
    for n, box in enumerate(definition.mailboxes):
        for path, sender in _items(f"$.mailbox[{n}].form_senders", box.form_senders):
            if sender in own:
                yield f"{path}: \"{sender}\" is an address of the desk or an agent's, not a form's"
        yield from _twice(_items(f"$.mailbox[{n}].form_senders", box.form_senders))
        if box.form_fields and not box.form_senders:
            yield f"$.mailbox[{n}].form_fields: needs form_senders, whose mail has these lines"
        for key in box.form_fields:
            if key.startswith("cf.") and key[3:] not in fields:
                yield f'$.mailbox[{n}].form_fields.{key}: no ticket field "{key[3:]}"'


def _channels(definition: "Definition") -> Iterator[str]:
    for n, channel in enumerate(definition.channels):
        if bool(channel.command) == bool(channel.url):
            yield f"$.channel[{n}]: give either a command or a url"
        elif channel.command and "/" in channel.command[0]:
            yield (
                f'$.channel[{n}].command[0]: "{channel.command[0]}" is a path; name a program in the folder that '
                "`bridges` names in the gateway's config.toml"
            )


def _fields(definition: "Definition") -> Iterator[str]:
    for n, field in enumerate(definition.fields):
        yield from _choices(f"$.field[{n}].choices", field)


def _choices(path: str, field: "Field") -> Iterator[str]:
    chosen = field.type in ("choice", "multi")
    if chosen and not field.choices:
        yield f"{path}: missing; a field of type {field.type} needs them"
    if field.choices and not chosen:
        yield f"{path}: only fields of type choice or multi have them"
    yield from _twice(_items(path, field.choices))


def _alerts(definition: "Definition") -> Iterator[str]:
    from ticketctl.domain.base.duration import show

    yellow, red = definition.alerts.yellow, definition.alerts.red
    if red < yellow:
        yield f"$.alerts.red: {show(red)} is below yellow, {show(yellow)}"
    for n, segment in enumerate(definition.segments):
        if segment.yellow is None and segment.red is None:
            continue
        yellow, red = age.thresholds(definition, segment.name)
        if red < yellow:
            key = "yellow" if segment.red is None else "red"
            yield f"$.segment[{n}].{key}: red, {show(red)}, is below yellow, {show(yellow)}"


_CHECKS: tuple[Callable[["Definition"], Iterator[str]], ...] = (
    _references,
    _duplicates,
    _agents_mail,
    _owners,
    _forms,
    _channels,
    calendar_checks.problems,
    _fields,
    _alerts,
    rules.problems,
)
