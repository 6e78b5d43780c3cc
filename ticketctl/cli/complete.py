"""What the shell offers after TAB: tickets, agents, segments, statuses, files. Silent on errors."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import CompletionItem

from ticketctl.cli.desk_context import FORMATS, Desk
from ticketctl.desk.fields import HAS, IS, KINDS, SLA
from ticketctl.desk.records import CHANNELS, PRIORITIES
from ticketctl.safe import one_line

if TYPE_CHECKING:
    from types import FrameType

    from ticketctl.desk.definition import Definition

Offer = Callable[[click.Context, str], list[CompletionItem[str]]]

SECONDS = 0.2  # that the database may take
FIRST_WORDS = 60  # characters of a canned text
MOST = 200  # ticket numbers that are offered, the last changed first


def attach(command: click.Command) -> None:
    """Give each parameter of a command, and of the commands below it, what may stand there by its name."""
    for param in command.params:
        if isinstance(param, click.Option):
            param.hidden = False  # help leaves out the global options; here they are welcome
        offer = _of_command(command, param) or _BY_NAME.get(param.name or "")
        if param.name == "tickets" and _wants_agent(param):
            offer = _tickets_or_agent
        if offer and not isinstance(param.type, click.Choice):
            setattr(param, "shell_complete", _quietly(offer))  # noqa: B010  a method of this one parameter
    if isinstance(command, click.Group):
        for sub in command.commands.values():
            attach(sub)


def _of_command(command: click.Command, param: click.Parameter) -> Offer | None:
    """What a name means in this command alone."""
    if param.name == "template" and "JINJA" in str(param.metavar):
        return _nothing
    module = command.callback.__module__ if command.callback else ""
    if param.name == "template":
        return _templates("ticket" if module == "ticketctl.cli.new" else "reply")
    if param.name == "name":
        return _NAMES.get(module)
    return None


def _nothing(ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
    return []


def _wants_agent(param: click.Parameter) -> bool:
    return isinstance(param, click.Argument) and str(param.metavar).endswith("WHO")


def _quietly(offer: Offer) -> Offer:
    """The same; nothing where it fails or takes too long, for nobody could read why."""

    def offered(ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
        try:
            return [one for one in offer(ctx, incomplete) if one.value.startswith(incomplete)]
        except Exception:
            return []

    return offered


def _tickets(ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
    """Open tickets, the last changed first; after a comma the next one."""
    from ticketctl.cli import access
    from ticketctl.store import offers

    front, comma, _ = incomplete.rpartition(",")
    desk = _desk(ctx)
    with _in_time():
        mine_to_see = access.visible(desk)
        with desk.db.read() as tx:
            found = offers.open_tickets(tx, mine_to_see, MOST)
    return [CompletionItem(f"{front}{comma}{id}", help=one_line(about)) for id, about in found]


def _agents(ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
    return [CompletionItem(one.name, help=one_line(one.email)) for one in _definition(ctx).agents]


def _owners(ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
    """The agents; after --segment, or for tickets that stand there, only who may own them (Q33)."""
    from ticketctl.desk import routing

    agents = _agents(ctx, incomplete)
    if segments := _given(ctx, "segment") or _segments_of(ctx, _given(ctx, "tickets")):
        definition = _definition(ctx)
        able = {name for one in segments for name in routing.owners(definition, one)}
        agents = [one for one in agents if one.value in able]
    return [*agents, CompletionItem("@me"), CompletionItem("none")]


def _given(ctx: click.Context, name: str) -> tuple[str, ...]:
    """What stands on the line so far for an option."""
    value = ctx.params.get(name) or ()
    return (value,) if isinstance(value, str) else tuple(value)


def _segments_of(ctx: click.Context, words: tuple[str, ...]) -> tuple[str, ...]:
    """The segments of tickets that stand on the line; none for what is no number."""
    from ticketctl.cli import ids
    from ticketctl.store import tickets

    if not words or not all(map(ids.looks_like, words)):
        return ()
    with _in_time(), _desk(ctx).db.read() as tx:
        found = tickets.some(tx, ids.numbers(words))
    return tuple(one.segment for one in found)


def _tickets_or_agent(ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
    """The words of `assign`: first a ticket, then more of them or to whom."""
    more = _owners(ctx, incomplete) if ctx.params.get("tickets") else []
    return [*more, *_tickets(ctx, incomplete)]


def _segments(ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
    return [CompletionItem(one.name) for one in _definition(ctx).segments]


def _mailboxes(ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
    return [CompletionItem(one.address) for one in _definition(ctx).mailboxes]


def _rules(ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
    from ticketctl.desk import rules

    return [CompletionItem(one.name, help=one.on) for one in rules.known(_definition(ctx))]


def _types(ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
    return [CompletionItem(one.name) for one in _definition(ctx).types]


def _templates(*kinds: str) -> Offer:
    """Canned texts with their first words; of these kinds if some are given."""

    def offer(ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
        from ticketctl import render  # noqa: F401  loaded before the time runs
        from ticketctl.cli import canned

        desk = _desk(ctx)
        with _in_time(), desk.db.read() as tx:
            found = canned.answers(desk, tx).every()
        about = {
            one.name: one.subject or one.text for one in found if not kinds or one.kind in kinds
        }
        return [
            CompletionItem(name, help=one_line(text[:FIRST_WORDS])) for name, text in about.items()
        ]

    return offer


def _saved(ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
    from ticketctl.store import saved

    desk = _desk(ctx)
    with _in_time():
        me = desk.me()
        with desk.db.read() as tx:
            found = saved.seen(tx, me)
    return [CompletionItem(one.name, help=one_line(one.text)) for one in found]


def _query(ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
    """Words of the query language: fields, after a colon their values, after @ the saved queries."""
    from ticketctl.desk.fields import FIELDS

    if incomplete.startswith("@"):
        return [CompletionItem(f"@{one.value}", help=one.help) for one in _saved(ctx, "")]
    field, colon, values = incomplete.partition(":")
    if not colon:
        return [CompletionItem(f"{name}:") for name in FIELDS]
    offer = _VALUES.get(field.removeprefix("-"))
    earlier = values.rpartition(",")
    front = f"{field}:{earlier[0]}{earlier[1]}"
    found = offer(ctx, "") if offer else []
    return [CompletionItem(f"{front}{one.value}", help=one.help) for one in found]


def _sorts(ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
    from ticketctl.desk.fields import SORTS

    front, comma, _ = incomplete.rpartition(",")
    return [CompletionItem(f"{front}{comma}{sign}{name}") for name in SORTS for sign in ("", "-")]


def _groups(ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
    from ticketctl.store.figures import GROUPS

    front, comma, _ = incomplete.rpartition(",")
    return [CompletionItem(f"{front}{comma}{name}") for name in GROUPS]


def _columns(ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
    from ticketctl.cli.view import ticket_view

    front, comma, _ = incomplete.rpartition(",")
    with _in_time():
        columns = ticket_view(_desk(ctx)).columns
    return [CompletionItem(f"{front}{comma}{name}") for name in ("all", *(c.name for c in columns))]


def _words(*words: str) -> Offer:
    return lambda ctx, incomplete: [CompletionItem(word) for word in words]


def _statuses(ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
    from ticketctl.desk.status import STATUSES

    return [CompletionItem(word) for word in STATUSES]


def _topics(ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
    from ticketctl.cli.table import COMMANDS
    from ticketctl.cli.topics import TOPICS

    return [CompletionItem(word) for word in (*TOPICS, *COMMANDS)]


def _file(ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
    return [CompletionItem(incomplete, type="file")]


# What may stand after `field:` in a query.
_VALUES: dict[str, Offer] = {
    "status": _statuses,
    "owner": _owners,
    "segment": _segments,
    "source_segment": _segments,
    "mailbox": _mailboxes,
    "type": _types,
    "channel": _words(*CHANNELS),
    "priority": _words(*PRIORITIES),
    "sla": _words(*SLA),
    "is": _words(*IS),
    "has": _words(*HAS),
    "kind": _words(*KINDS),
    "sort": _sorts,
}

_BY_NAME: dict[str, Offer] = {
    "tickets": _tickets,
    "ticket": _tickets,
    "other": _tickets,
    "into": _tickets,
    "owner": _owners,
    "as_agent": _agents,
    "segment": _segments,
    "mailbox": _mailboxes,
    "channel": _words(*CHANNELS),
    "status": _statuses,
    "rule": _rules,
    "type_": _types,
    "priority": _words(*PRIORITIES),
    "query": _query,
    "sla": _words(*SLA),
    "sort": _sorts,
    "by": _groups,
    "group_by": _groups,
    "columns": _columns,
    "format": _words(*FORMATS),
    "topic": _topics,
    "file": _file,
    "files": _file,
    "attach": _file,
    "transcript": _file,
    "target": _file,
    "config": _file,
}

# What the argument NAME of a command is, by its module.
_NAMES: dict[str, Offer] = {
    "ticketctl.cli.query": _saved,
    "ticketctl.cli.template": _templates(),
    "ticketctl.cli.template_change": _templates(),
}


def _desk(ctx: click.Context) -> Desk:
    """The desk of the line so far: --db and --config count."""
    return ctx.find_object(Desk) or Desk()


def _definition(ctx: click.Context) -> "Definition":
    from ticketctl.store import definitions  # noqa: F401  loaded before the time runs

    with _in_time():
        return _desk(ctx).definition


@contextmanager
def _in_time() -> Iterator[None]:
    """TimeoutError where the database takes longer than somebody at the keyboard waits."""

    def over(number: int, frame: "FrameType | None") -> Any:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, over)
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
