"""What the shell offers after TAB: tickets, agents, segments, statuses, files. Silent on errors."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import CompletionItem

from ticketctl.cli.desk_context import FORMATS, Desk
from ticketctl.desk.records import CHANNELS
from ticketctl.safe import one_line

if TYPE_CHECKING:
    from types import FrameType

    from ticketctl.desk.definition import Definition

Offer = Callable[[click.Context, str], list[CompletionItem[str]]]

SECONDS = 0.2  # that the database may take
MOST = 200  # ticket numbers that are offered, the last changed first


def attach(command: click.Command) -> None:
    """Give each parameter of a command, and of the commands below it, what may stand there by its name."""
    for param in command.params:
        if isinstance(param, click.Option):
            param.hidden = False  # help leaves out the global options; here they are welcome
        offer = _BY_NAME.get(param.name or "")
        if param.name == "tickets" and _wants_agent(param):
            offer = _tickets_or_agent
        if offer and not isinstance(param.type, click.Choice):
            setattr(param, "shell_complete", _quietly(offer))  # noqa: B010  a method of this one parameter
    if isinstance(command, click.Group):
        for sub in command.commands.values():
            attach(sub)


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
    from ticketctl.desk.condition import Sort, Where, both
    from ticketctl.store import tickets

    front, comma, _ = incomplete.rpartition(",")
    desk = _desk(ctx)
    with _in_time():
        offered = both(access.visible(desk), Where("is", "=", ("open",)))
        with desk.db.read() as tx:
            found = tickets.page(tx, offered, [Sort("updated", True)], MOST)
    return [CompletionItem(f"{front}{comma}{t.id}", help=one_line(t.subject)) for t in found]


def _agents(ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
    return [CompletionItem(one.name, help=one_line(one.email)) for one in _definition(ctx).agents]


def _owners(ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
    return [*_agents(ctx, incomplete), CompletionItem("@me"), CompletionItem("none")]


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


def _words(*words: str) -> Offer:
    return lambda ctx, incomplete: [CompletionItem(word) for word in words]


def _statuses(ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
    from ticketctl.desk.status import STATUSES

    return [CompletionItem(word) for word in STATUSES]


def _topics(ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
    from ticketctl.cli.help import TOPICS
    from ticketctl.cli.table import COMMANDS

    return [CompletionItem(word) for word in (*TOPICS, *COMMANDS)]


def _file(ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
    return [CompletionItem(incomplete, type="file")]


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
    "priority": _words("low", "medium", "high", "critical"),
    "format": _words(*FORMATS),
    "topic": _topics,
    "file": _file,
    "files": _file,
    "attach": _file,
    "transcript": _file,
    "target": _file,
    "config": _file,
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
