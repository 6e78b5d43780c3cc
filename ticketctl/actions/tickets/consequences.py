"""Runs what follows from a verb, in the same transaction: rules, routing, clocks. Every verb calls it last."""

from ticketctl.actions.base.context import Work
from ticketctl.actions.tickets import clocks, route, run_rules
from ticketctl.domain.base.records import Ticket
from ticketctl.store.tickets import tickets


def on_opened(work: Work, ticket_id: int, n: int | None, *, answerable: bool = False) -> Ticket:
    """After a ticket was made, with message `n` or none; the ticket as it is then. Before anybody is told of it.

    `answerable`: it came by a mail that a machine may answer (E14).
    """
    run_rules.on_opened(work, ticket_id, n, answerable=answerable)
    ticket = route.place(work, tickets.get(work.tx, ticket_id))
    return clocks.follow(work, ticket, n)


def on_message(work: Work, ticket_id: int, n: int, *, answerable: bool = False) -> Ticket:
    """After a human on the customer's side wrote message `n`; the ticket as it is then. `answerable` as above."""
    run_rules.on_message(work, ticket_id, n, answerable=answerable)
    return clocks.follow(work, tickets.get(work.tx, ticket_id), n)


def on_updated(work: Work, ticket_id: int) -> None:
    """After a verb changed a ticket."""
    run_rules.on_updated(work, ticket_id)
    clocks.follow(work, tickets.get(work.tx, ticket_id))


def update_clocks(work: Work, ticket_id: int) -> None:
    """After something more than a verb did to a ticket: a rule of time, or what followed from its making."""
    clocks.follow(work, tickets.get(work.tx, ticket_id))


def on_rated(work: Work, ticket_id: int, rating_id: int) -> Ticket:
    """After a customer answered a survey about a ticket (`store.ratings`); the ticket as it is then."""
    run_rules.on_rated(work, rating_id)
    return clocks.follow(work, tickets.get(work.tx, ticket_id))


def on_undone(work: Work, ticket_id: int) -> None:
    """After a ticket was put back to what it was; no rule fires for that."""
    clocks.recompute(work, tickets.get(work.tx, ticket_id))
