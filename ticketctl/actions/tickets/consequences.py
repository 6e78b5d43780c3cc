"""Runs what follows from a verb, in the same transaction: rules, routing, clocks. Every verb calls it last."""

from ticketctl.actions.base import awaiting, kinds
from ticketctl.actions.base.context import Work
from ticketctl.actions.tickets import clocks, route, run_rules
from ticketctl.domain.base.records import Ticket
from ticketctl.store.tickets import tickets


def on_opened(
    work: Work,
    ticket_id: int,
    n: int | None,
    *,
    answerable: bool = False,
    opened: Ticket | None = None,
) -> Ticket:
    """After a ticket was created, with message `n` or none, and before anybody is notified. Returns the ticket.

    `answerable`: it may be answered automatically: a mail (E14), or a message whose channel has a bridge. `opened`: the
    ticket as it is stored, if known.
    """
    if run_rules.on_opened(work, ticket_id, n, answerable=answerable) or opened is None:
        opened = tickets.get(work.tx, ticket_id)
    return clocks.follow(work, route.place(work, opened), n)


def on_message(work: Work, ticket_id: int, n: int, *, answerable: bool = False) -> Ticket:
    """After message `n` from the customer's side. Returns the ticket. `answerable` as in `on_opened`."""
    run_rules.on_message(work, ticket_id, n, answerable=answerable)
    return clocks.follow(work, tickets.get(work.tx, ticket_id), n)


def on_updated(work: Work, ticket_id: int) -> None:
    """After a verb changed a ticket."""
    run_rules.on_updated(work, ticket_id)
    clocks.follow(work, tickets.get(work.tx, ticket_id))


def update_clocks(work: Work, ticket_id: int) -> None:
    """After a timed rule, or after more happened to a ticket that was just created."""
    clocks.follow(work, tickets.get(work.tx, ticket_id))


def on_rated(work: Work, ticket_id: int, rating_id: int) -> Ticket:
    """After a customer answered a survey about a ticket (`store.desk.ratings`). Returns the ticket."""
    run_rules.on_rated(work, rating_id)
    return clocks.follow(work, tickets.get(work.tx, ticket_id))


def on_undone(work: Work, ticket_id: int) -> None:
    """After changes of a ticket were undone; no rules run."""
    awaiting.settle(work, ticket_id)
    kinds.settle(work, ticket_id)
    clocks.recompute(work, tickets.get(work.tx, ticket_id))
