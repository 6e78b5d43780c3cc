"""Stops an agent's text if others changed the ticket meanwhile (F-C6, F-R27)."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from ticketctl.cli.shared.bulk_action import are_named
from ticketctl.errors import DeskError
from ticketctl.safe import terminal_line

if TYPE_CHECKING:
    from ticketctl.actions.base.context import Work
    from ticketctl.cli.shared.bulk_action import BulkOptions
    from ticketctl.cli.shared.text_input import TextOptions
    from ticketctl.cli.shared.ticket_numbers import Selection
    from ticketctl.console.context import App
    from ticketctl.domain.base.records import Ticket
    from ticketctl.store.db.database import Tx
    from ticketctl.store.tickets.writers import Kind


def bind(
    app: "App", tickets: "Selection", bulk: "BulkOptions", typed: "TextOptions", force: bool
) -> "BulkOptions":
    """Add the current version of the one ticket to the options, if its text is still to be written.

    --if-version and --force override it.
    """
    if force:
        return bulk._replace(if_version=None)
    if tickets.only is None or not is_needed(app, tickets, bulk, typed):
        return bulk
    from ticketctl.store.tickets import tickets as store

    with app.db.read() as tx:
        return bulk._replace(if_version=store.get(tx, tickets.only).version)


def is_needed(app: "App", tickets: "Selection", bulk: "BulkOptions", typed: "TextOptions") -> bool:
    """True if a text will be written for one ticket and no version was given."""
    writes = typed.edit or app.options.recover or app.out.may_ask
    named = are_named(tickets, bulk)
    return writes and named and bulk.if_version is None and tickets.only is not None


def elsewhere(work: "Work", ticket: "Ticket") -> str:
    """A warning if replies do not go to one of the customer's addresses, else ""."""
    from ticketctl.actions.mail import customer_mail

    to = customer_mail.elsewhere(work, ticket)
    if not to:
        return ""
    return terminal_line(
        f"ticket {ticket.id}: answers go to {to}, which is not an address of the customer "
        f"({ticket.customer.email}); `ticketctl history {ticket.id}` says since when, "
        f"`ticketctl edit {ticket.id} --customer {ticket.customer.email}` changes that."
    )


def news(app: "App", work: "Work", ticket: "Ticket") -> str:
    """What others did to a ticket since the agent last looked at it, else ""."""
    from ticketctl.actions.base import recent_changes
    from ticketctl.cli.shared import last_seen

    look = last_seen.of(app, work.actor.name, ticket.id)
    if look and look.version == ticket.version:
        return ""
    changes = recent_changes.news(work, ticket, look.at if look else None)
    if not changes:
        return ""
    return terminal_line(f"ticket {ticket.id}, since you last looked: {'; '.join(changes)}")


def writing(app: "App", work: "Work", tickets: "Sequence[Ticket]") -> list[str]:
    """Who else has a reply or comment to one of these tickets open, in a sentence each."""
    from ticketctl.actions.base.context import public_name
    from ticketctl.store.tickets import writers

    numbers = {one.id for one in tickets}
    return [
        terminal_line(
            f"{public_name(one.agent)} has been writing a {one.kind} to ticket {one.ticket} "
            f"since {one.since.astimezone(app.zone):%H:%M}."
        )
        for one in writers.now(work.tx)
        if one.ticket in numbers and one.agent != work.actor.name
    ]


@contextmanager
def announced(app: "App", number: int, kind: "Kind") -> Iterator[None]:
    """Let others see that the agent writes to a ticket, until a minute after the program was killed at most.

    A database that is away stops nobody from writing: saving the text says so.
    """
    from threading import Event, Thread

    from ticketctl.store.tickets import writers

    agent, holder = app.actor().name, writers.holder()
    has_ended = Event()

    def note(step: "Callable[[Tx, int, Kind, str, str], None]") -> None:
        with suppress(DeskError):
            app.db.write(lambda tx: step(tx, number, kind, agent, holder), durable=False)

    def go_on() -> None:
        while not has_ended.wait(writers.RENEWED):
            note(writers.go_on)

    note(writers.begin)
    renewing = Thread(target=go_on, name="writing", daemon=True)
    renewing.start()
    try:
        yield
    finally:
        has_ended.set()
        renewing.join()
        note(writers.end)
