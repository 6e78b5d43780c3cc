"""The collision guard of what takes a person's time to write: nobody acted on the ticket meanwhile (F-C6, F-R27)."""

from typing import TYPE_CHECKING

import click

from ticketctl.cli.shared import last_seen
from ticketctl.console import ticket_numbers
from ticketctl.safe import one_line

if TYPE_CHECKING:
    from ticketctl.actions.base.context import Work
    from ticketctl.cli.shared.bulk import Bulk
    from ticketctl.cli.shared.text_input import Said
    from ticketctl.console.context import Desk
    from ticketctl.domain.base.records import Ticket


def seen(desk: "Desk", words: tuple[str, ...], bulk: "Bulk", said: "Said", force: bool) -> "Bulk":
    """The options, bound to the version the one ticket meant has now, where its text is still to be written.

    --if-version says it better; --force wants none of it.
    """
    if force:
        return bulk._replace(if_version=None)
    writes = said.edit or desk.options.get("recover") or desk.out.may_ask
    if not writes or bulk.if_version is not None or bulk.query or "-" in words:
        return bulk
    numbers = ticket_numbers.numbers(words)
    if len(numbers) != 1:
        return bulk
    from ticketctl.store.tickets import tickets

    with desk.db.read() as tx:
        return bulk._replace(if_version=tickets.get(tx, numbers[0]).version)


def caught_up(desk: "Desk", words: tuple[str, ...], bulk: "Bulk") -> None:
    """On a terminal: what others did to the tickets since I last looked, and whether to go on. Abort for no."""
    if not _asks(desk, words, bulk):
        return
    from ticketctl.actions.base import context as works
    from ticketctl.store.tickets import tickets

    with desk.db.read() as tx:
        work = works.begin(tx, desk.actor())
        told = [
            tell_news(desk, work, one) for one in tickets.some(tx, ticket_numbers.numbers(words))
        ]
    if any(told) and not desk.out.confirm("Answer all the same?"):
        raise click.Abort


def answers_elsewhere(desk: "Desk", words: tuple[str, ...], bulk: "Bulk") -> bool:
    """On a terminal: where answers go, if that is no address of the customer's, and whether that is meant.

    True where it was asked; Abort for no.
    """
    if not _asks(desk, words, bulk):
        return False
    from ticketctl.actions.base import context as works
    from ticketctl.store.tickets import tickets

    with desk.db.read() as tx:
        work = works.begin(tx, desk.actor())
        found = [
            line
            for one in tickets.some(tx, ticket_numbers.numbers(words))
            if (line := away(work, one))
        ]
    for line in found:
        desk.out.note(line)
    if found and not desk.out.confirm("Send it there?"):
        raise click.Abort
    return True


def _asks(desk: "Desk", words: tuple[str, ...], bulk: "Bulk") -> bool:
    """Is somebody there to be asked about tickets named one by one?"""
    named = not bulk.query and "-" not in words
    return named and desk.out.may_ask and not desk.yes and not bulk.dry_run


def away(work: "Work", ticket: "Ticket") -> str:
    """The line for a ticket whose answers go to no address of its customer's; "" for any other."""
    from ticketctl.actions.mail import customer_mail

    to = customer_mail.elsewhere(work, ticket)
    if not to:
        return ""
    return one_line(
        f"ticket {ticket.id}: answers go to {to}, which is not an address of the customer "
        f"({ticket.customer.email}); `ticketctl history {ticket.id}` says since when, "
        f"`ticketctl edit {ticket.id} --customer {ticket.customer.email}` ends it."
    )


def tell_news(desk: "Desk", work: "Work", ticket: "Ticket") -> bool:
    """Say what others did to a ticket since I last looked at it; False for nothing."""
    from ticketctl.actions.base import recent_changes

    look = last_seen.of(desk, work.actor.name, ticket.id)
    if look and look.version == ticket.version:
        return False
    news = recent_changes.news(work, ticket, look.at if look else None)
    if news:
        desk.out.note(one_line(f"ticket {ticket.id}, since you last looked: {'; '.join(news)}"))
    return bool(news)
