"""An erasure takes the person out of a ticket's history, and leaves what its clocks and figures are told from."""

import pytest

from tests.actions.test_clocks import POLICIES
from tests.support.desk import DESK, DeskFixture
from ticketctl.actions.customers.erase import erase
from ticketctl.actions.tickets.edit import TicketChanges, edit
from ticketctl.actions.tickets.merge import merge
from ticketctl.actions.tickets.reply import reply
from ticketctl.actions.tickets.wait import wait
from ticketctl.actions.undo.undo import undo
from ticketctl.domain.sla.sla_clock import Clock
from ticketctl.store.sla import clock_rows


@pytest.fixture
def desk(helpdesk: DeskFixture) -> DeskFixture:
    """The desk with three policies."""
    helpdesk.apply(DESK + POLICIES)
    return helpdesk


def clocks_of(desk: DeskFixture, ticket: int) -> tuple[Clock, ...]:
    return desk.read(lambda tx: clock_rows.of(tx, ticket))


def forget(desk: DeskFixture, ticket: int) -> None:
    customer = desk.ticket(ticket).customer.id
    desk.do(lambda work: erase(work, customer), "root", "admin")


def wait_and_undo(desk: DeskFixture, ticket: int) -> None:
    """An undo tells the clocks anew from the whole history."""
    desk.later(hours=1)
    desk.do(lambda work: wait(work, ticket, comment="so"), group="later")
    desk.do(lambda work: undo(work), group="later")


@pytest.mark.postgres
def test_a_customer_who_has_no_address_any_more_is_erased_again(helpdesk: DeskFixture) -> None:
    ticket = helpdesk.open()
    forget(helpdesk, ticket)
    once = helpdesk.ticket(ticket)
    forget(helpdesk, ticket)
    assert helpdesk.ticket(ticket).customer == once.customer


def test_clocks_keep_their_policy_after_an_erasure_and_an_undo(desk: DeskFixture) -> None:
    ticket = desk.open()
    desk.later(hours=1)
    for changes in (TicketChanges(add_tags=["vip"]), TicketChanges(priority="high")):
        desk.do(lambda work, changes=changes: edit(work, ticket, changes, comment="so"))  # type: ignore[misc]
    before = clocks_of(desk, ticket)
    forget(desk, ticket)
    wait_and_undo(desk, ticket)
    assert clocks_of(desk, ticket) == before
    assert [line.new for line in desk.events(ticket, "policy")] == ["gold@2"]


def test_a_question_that_a_merge_brought_waits_on_after_an_erasure(desk: DeskFixture) -> None:
    target = desk.open()
    desk.do(lambda work: reply(work, target, "Try this."))
    source = desk.open(author="dora@customer.example")
    desk.later(hours=1)
    desk.do(lambda work: merge(work, source, target, comment="same"), "root", "admin")
    before = clocks_of(desk, target)
    assert "next" in [clock.kind for clock in before]
    forget(desk, target)
    wait_and_undo(desk, target)
    assert clocks_of(desk, target) == before
