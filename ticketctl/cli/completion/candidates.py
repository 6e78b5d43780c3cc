"""Completions read from the database: tickets, agents, segments, canned replies, saved queries."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import CompletionItem

from ticketctl.console.context import Desk
from ticketctl.safe import one_line

if TYPE_CHECKING:
    from types import FrameType

    from ticketctl.domain.definition.definition import Definition

Offer = Callable[[click.Context, str], list[CompletionItem[str]]]

SECONDS = 0.2  # that the database may take
FIRST_WORDS = 60  # characters of a canned reply
MOST = 200  # ticket numbers that are offered, the last changed first


def tickets(ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
    """Open tickets, the last changed first; after a comma the next one."""
    from ticketctl.console import access
    from ticketctl.store.tickets import completion

    front, comma, _ = incomplete.rpartition(",")
    desk = _desk(ctx)
    with _in_time():
        mine_to_see = access.visible(desk)
        with desk.db.read() as tx:
            found = completion.open_tickets(tx, mine_to_see, MOST)
    return [CompletionItem(f"{front}{comma}{id}", help=one_line(about)) for id, about in found]


def agents(ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
    """Every agent, with his address."""
    return [CompletionItem(one.name, help=one_line(one.email)) for one in _definition(ctx).agents]


def owners(ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
    """The agents; after --segment, or for tickets that stand there, only who may own them (F-Q33)."""
    from ticketctl.domain.rules import routing

    known = agents(ctx, incomplete)
    if segments := _given(ctx, "segment") or _segments_of(ctx, _given(ctx, "tickets")):
        definition = _definition(ctx)
        able = {name for one in segments for name in routing.owners(definition, one)}
        known = [one for one in known if one.value in able]
    return [*known, CompletionItem("@me"), CompletionItem("none")]


def _given(ctx: click.Context, name: str) -> tuple[str, ...]:
    """What stands on the line so far for an option."""
    value = ctx.params.get(name) or ()
    return (value,) if isinstance(value, str) else tuple(value)


def _segments_of(ctx: click.Context, words: tuple[str, ...]) -> tuple[str, ...]:
    """The segments of tickets that stand on the line; none for what is no number."""
    from ticketctl.console import ticket_numbers
    from ticketctl.store.tickets import tickets

    if not words or not all(map(ticket_numbers.looks_like, words)):
        return ()
    with _in_time(), _desk(ctx).db.read() as tx:
        found = tickets.some(tx, ticket_numbers.numbers(words))
    return tuple(one.segment for one in found)


def tickets_or_agent(ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
    """The words of `assign`: first a ticket, then more of them or to whom."""
    more = owners(ctx, incomplete) if ctx.params.get("tickets") else []
    return [*more, *tickets(ctx, incomplete)]


def segments(ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
    """Every segment."""
    return [CompletionItem(one.name) for one in _definition(ctx).segments]


def mailboxes(ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
    """The address of every mailbox."""
    return [CompletionItem(one.address) for one in _definition(ctx).mailboxes]


def rules(ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
    """Every rule, with its event."""
    from ticketctl.domain.rules import rules

    return [CompletionItem(one.name, help=one.on) for one in rules.known(_definition(ctx))]


def types(ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
    """Every type of tickets."""
    return [CompletionItem(one.name) for one in _definition(ctx).types]


def templates(kind: str | None = None) -> Offer:
    """Canned replies with their first words, or those of a kind; `report`: pages of reports."""

    def offer(ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
        from ticketctl.cli.views import canned_replies
        from ticketctl.templating import render  # noqa: F401  loaded before the time runs

        desk = _desk(ctx)
        with _in_time(), desk.db.read() as tx:
            found = canned_replies.answers(desk, tx).every(kind)
        about = {one.name: one.subject or one.text for one in found}
        return [
            CompletionItem(name, help=one_line(text[:FIRST_WORDS])) for name, text in about.items()
        ]

    return offer


def saved(ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
    """The saved queries that I may use, with their text."""
    from ticketctl.store.tickets import saved_queries

    desk = _desk(ctx)
    with _in_time():
        me = desk.me()
        with desk.db.read() as tx:
            found = saved_queries.seen(tx, me)
    return [CompletionItem(one.name, help=one_line(one.text)) for one in found]


def columns(ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
    """The columns of a list of tickets; after a comma the next one."""
    from ticketctl.cli.views.ticket_table import ticket_view

    front, comma, _ = incomplete.rpartition(",")
    with _in_time():
        columns = ticket_view(_desk(ctx)).columns
    return [CompletionItem(f"{front}{comma}{name}") for name in ("all", *(c.name for c in columns))]


def _desk(ctx: click.Context) -> Desk:
    """The desk of the line so far: --db and --config count."""
    return ctx.find_object(Desk) or Desk()


def _definition(ctx: click.Context) -> "Definition":
    from ticketctl.store.desk import definitions  # noqa: F401  loaded before the time runs

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
