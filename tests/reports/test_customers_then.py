"""A closed month keeps its customers, whoever was merged, parted or put right since (sla.md §4)."""

from collections.abc import Callable

import msgspec
import pytest

from tests.reports.conftest import made
from tests.reports.test_closed_months import change, rate
from tests.support.desk import DeskFixture
from ticketctl.actions.customers import customer, merge
from ticketctl.actions.tickets.edit import TicketChanges
from ticketctl.actions.undo.undo import undo
from ticketctl.reports.formats import json

MONDAY = "2026-03-09"
ADDRESSES = ("carl@customer.example", "carl@home.example", "dora@customer.example")

Step = Callable[[DeskFixture], object]


@pytest.fixture
def monday(helpdesk: DeskFixture) -> DeskFixture:
    """Tickets 1 to 3 of Carl's two addresses and of Dora; 4 is an agent's. Dora and Carl's second were merged then."""
    for address in ADDRESSES:
        helpdesk.open(author=address, answer_to=address)
    helpdesk.open(author="ana@help.example", answer_to="ana@help.example")
    for ticket, rating in ((1, 1), (2, 5), (3, 2), (1, 2), (2, 1), (3, 4)):
        helpdesk.later(minutes=5)
        rate(helpdesk, ticket, rating)
    helpdesk.later(minutes=5)
    merge_customers(helpdesk, 3, 2, "before")
    helpdesk.later(days=1)
    return helpdesk


def merge_customers(helpdesk: DeskFixture, source: int, target: int, group: str) -> None:
    def step(work: object) -> None:
        merge.merge(work, source, target)  # type: ignore[arg-type]

    helpdesk.do(step, "root", "admin", group=group)


def part_customers(helpdesk: DeskFixture, group: str) -> None:
    helpdesk.do(lambda work: undo(work), "root", "admin", group=group)


def link(helpdesk: DeskFixture, who: str, address: str) -> None:
    helpdesk.do(
        lambda work: customer.link(work, customer.find(work.tx, who), [address]), "root", "admin"
    )


def unlink(helpdesk: DeskFixture, who: str, address: str) -> None:
    helpdesk.do(
        lambda work: customer.unlink(work, customer.find(work.tx, who), [address]), "root", "admin"
    )


LATER: dict[str, Step] = {
    "two customers were merged": lambda desk: merge_customers(desk, 1, 2, "later"),
    "the same the other way": lambda desk: merge_customers(desk, 2, 1, "later"),
    "merged ones were parted": lambda desk: part_customers(desk, "before"),
    "parted, and another merged": lambda desk: (
        part_customers(desk, "before"),
        desk.later(hours=1),
        merge_customers(desk, 1, 3, "later"),
    ),
    "merged and parted": lambda desk: (
        merge_customers(desk, 1, 2, "later"),
        desk.later(hours=1),
        part_customers(desk, "later"),
    ),
    "a customer was merged into an agent": lambda desk: merge_customers(desk, 1, 4, "later"),
    "an agent was merged into a customer": lambda desk: merge_customers(desk, 4, 1, "later"),
    "a ticket was given to an agent": lambda desk: change(
        desk, 1, TicketChanges(customer="ana@help.example")
    ),
    "an agent's ticket was given to the customer": lambda desk: change(
        desk, 4, TicketChanges(customer="carl@customer.example")
    ),
    "an agent's address was taken from a customer": lambda desk: (
        link(desk, "4", "ana@home.example"),
        unlink(desk, "4", "ana@help.example"),
    ),
    "a customer got an agent's address": lambda desk: link(desk, "1", "ben@help.example"),
}


def reports(helpdesk: DeskFixture) -> dict[str, str]:
    return {
        name: msgspec.json.encode(json.shape(made(helpdesk, name, words=MONDAY))).decode()
        for name in ("recovery", "csat", "volume", "backlog")
    }


@pytest.mark.parametrize("later", LATER)
def test_a_day_reads_the_same_after(monday: DeskFixture, later: str) -> None:
    then = reports(monday)
    LATER[later](monday)
    monday.later(days=20)
    assert reports(monday) == then


def test_bad_ratings_pair_with_the_next_of_the_same_customer(monday: DeskFixture) -> None:
    figures = made(monday, "recovery", words=MONDAY).total.figures
    assert (figures["detractors"], figures["rated_again"], figures["recovered"]) == (4, 3, 1)
    assert made(monday, "volume", words=MONDAY).total.figures["created"] == 3
    merge_customers(monday, 1, 2, "later")
    now = made(monday, "recovery", words=MONDAY, as_of=monday.at).total.figures
    assert (now["rated_again"], now["recovered"]) == (4, 2)
