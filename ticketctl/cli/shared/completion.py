"""Shell completion of tickets, agents, segments and other names of the desk. Silent on errors."""

import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem

from ticketctl.cli.shared import known_names
from ticketctl.console.context import App
from ticketctl.safe import terminal_line

if TYPE_CHECKING:
    from types import FrameType

    from ticketctl.cli.shared.ticket_numbers import Selection
    from ticketctl.domain.definition.definition import Definition

Offer = Callable[[click.Context, str], list[CompletionItem[str]]]

SECONDS = 0.2  # that the database may take
FIRST_SECONDS = 1.0  # the same, while no names of the desk are known
MOST = 200  # ticket numbers that are offered, the last changed first


def tickets(ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
    """Open tickets, the last changed first; after a comma the next one."""
    from ticketctl.console import access
    from ticketctl.store.tickets import completion

    front, comma, _ = incomplete.rpartition(",")
    app = app_of(ctx)
    with in_time():
        mine_to_see = access.visible(app)
        with app.db.read() as tx:
            found = completion.open_tickets(tx, mine_to_see, MOST)
    return [CompletionItem(f"{front}{comma}{id}", help=terminal_line(about)) for id, about in found]


def agents(ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
    """Every agent, with their address."""
    return [CompletionItem(name, help=terminal_line(email)) for name, email in _names(ctx).agents]


def owners(ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
    """The agents; with --segment or tickets on the line, only those who may own them (F-Q33).

    Without the database, those of all segments, as the definition said last; what always is possible in any case.
    """
    always = [CompletionItem("@me"), CompletionItem("none")]
    try:
        names = _names(ctx)
    except Exception:  # what goes wrong cannot be shown here
        return always
    able = {name for name, _ in names.agents}
    if segments := _given(ctx, "segment") or _segments_of(ctx):
        able = {name for one in segments for name in names.owners.get(one, able)}
    found = [(name, email) for name, email in names.agents if name in able]
    return [*(CompletionItem(name, help=terminal_line(email)) for name, email in found), *always]


def _given(ctx: click.Context, name: str) -> tuple[str, ...]:
    """The value of an option on the line so far."""
    value = ctx.params.get(name) or ()
    return (value,) if isinstance(value, str) else tuple(value)


def _segments_of(ctx: click.Context) -> tuple[str, ...]:
    """The segments of the tickets on the line; none if the database is slow."""
    from ticketctl.cli.shared import ticket_numbers
    from ticketctl.store.tickets import tickets

    named: Selection | None = ctx.params.get("tickets")
    # Where the option that is completed has no value yet, click leaves the words before it unread.
    numbers = named.numbers if named else ()
    words = [one for one in ctx.args if one != "-" and ticket_numbers.looks_like(one)]
    if not (numbers := numbers or tuple(ticket_numbers.numbers(words))):
        return ()
    try:
        db = app_of(ctx).db
        with in_time(), db.read() as tx:
            found = tickets.some(tx, numbers)
    except Exception:  # then all agents are offered
        return ()
    return tuple(one.segment for one in found)


def segments(ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
    """Every segment."""
    return [CompletionItem(name) for name in _names(ctx).owners]


def mailboxes(ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
    """The address of every mailbox."""
    return [CompletionItem(address) for address in _names(ctx).mailboxes]


def rules(ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
    """Every rule, with its event."""
    return [CompletionItem(name, help=event) for name, event in _names(ctx).rules]


def types(ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
    """Every type of tickets."""
    return [CompletionItem(name) for name in _names(ctx).types]


def saved(ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
    """The saved queries that I may use, with their text."""
    from ticketctl.store.tickets import saved_queries

    app = app_of(ctx)
    with in_time():
        me = app.me()
        with app.db.read() as tx:
            found = saved_queries.usable(tx, me)
    return [CompletionItem(one.name, help=terminal_line(one.text)) for one in found]


def statuses(ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
    """Every status of a ticket."""
    from ticketctl.domain.base.status import STATUSES

    return [CompletionItem(word) for word in STATUSES]


def priorities(ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
    """Every priority."""
    from ticketctl.domain.base.records import PRIORITIES

    return [CompletionItem(word) for word in PRIORITIES]


def channels(ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
    """Every channel."""
    from ticketctl.domain.base.records import CHANNELS

    return [CompletionItem(word) for word in CHANNELS]


def sla_states(ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
    """Every state of a ticket's service level."""
    from ticketctl.domain.query.fields import SLA

    return [CompletionItem(word) for word in SLA]


def files(ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
    """Files: the shell knows them."""
    return [CompletionItem(incomplete, type="file")]


def words(*words: str) -> Offer:
    """These words."""
    return lambda ctx, incomplete: [CompletionItem(word) for word in words]


def after_comma(incomplete: str, names: Iterable[str]) -> list[CompletionItem[str]]:
    """The names, each prefixed with the text before the last comma."""
    front, comma, _ = incomplete.rpartition(",")
    return [CompletionItem(f"{front}{comma}{name}") for name in names]


def complete(offer: Offer, ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
    """What `offer` has that begins as typed; nothing if it fails or is slow, because errors cannot be shown."""
    try:
        return [one for one in offer(ctx, incomplete) if one.value.startswith(incomplete)]
    except Exception:
        return []


def app_of(ctx: click.Context) -> App:
    """The App for the line so far, with its --db and --config; one for all that is offered."""
    app = ctx.ensure_object(App)
    if "db" not in vars(app):
        from ticketctl.store.db.database import Database

        app.db = Database(app.settings.db.url, busy_seconds=SECONDS)
        ctx.find_root().call_on_close(app.db.dispose)
    return app


def _names(ctx: click.Context) -> known_names.Names:
    """The names of the desk; a first time may take longer, as there is nothing to fall back on."""

    def read(has_kept: bool) -> "Definition":
        from ticketctl.store.desk import definitions  # noqa: F401  loaded before the time runs

        app = app_of(ctx)
        with in_time(SECONDS if has_kept else FIRST_SECONDS):
            return app.definition

    return known_names.of(ctx.ensure_object(App).options, read)


@contextmanager
def in_time(seconds: float | None = None) -> Iterator[None]:
    """Raise TimeoutError if the database takes longer (default: SECONDS) than somebody who is typing would wait.

    In a thread beside the main one, where nobody waits, it may take as long as it likes.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def over(number: int, frame: "FrameType | None") -> object:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, over)
    signal.setitimer(signal.ITIMER_REAL, seconds or SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
