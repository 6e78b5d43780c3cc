"""Two agents at once: one wins, the other is told, nobody waits for ever (F-R27)."""

import contextlib
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.support.desk import DeskFixture
from ticketctl.actions.tickets.link import link
from ticketctl.actions.tickets.merge import merge
from ticketctl.actions.tickets.receive_mail import customer_message
from ticketctl.actions.tickets.split import split
from ticketctl.cli.shared import bulk_action
from ticketctl.console.context import App
from ticketctl.errors import Conflict, DeskError
from ticketctl.store.tickets import links, tickets


def at_once(helpdesk: DeskFixture, *deeds: Callable[[Any], Any]) -> list[Any]:
    """What came of each deed, done by all at the same moment: its answer or its error."""
    start = threading.Barrier(len(deeds))

    def one(deed: Callable[[Any], Any]) -> Any:
        start.wait(60)
        try:
            return helpdesk.do(deed)
        except DeskError as error:
            return error

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(one, deeds))


def merging(one: int, into: int) -> Callable[[Any], int]:
    return lambda work: merge(work, one, into)


@pytest.mark.postgres
def test_two_merges_both_ways_end_with_one_merged_F_R19(helpdesk: DeskFixture) -> None:
    for _ in range(5):
        a, b = helpdesk.open(), helpdesk.open(subject="Other")
        came = at_once(helpdesk, merging(a, b), merging(b, a))
        assert [isinstance(one, Conflict) for one in came].count(True) == 1
        assert (
            sorted([helpdesk.ticket(a).merged_into or 0, helpdesk.ticket(b).merged_into or 0])[0]
            == 0
        )


@pytest.mark.postgres
def test_three_merges_in_a_ring_make_no_circle_F_R19(helpdesk: DeskFixture) -> None:
    for _ in range(3):
        ring = [helpdesk.open(subject=f"S{n}") for n in range(3)]
        steps = zip(ring, [*ring[1:], ring[0]], strict=True)
        came = at_once(helpdesk, *(merging(a, b) for a, b in steps))
        assert any(isinstance(one, Conflict) for one in came)
        ends = helpdesk.read(lambda tx, ring=ring: {tickets.final(tx, one) for one in ring})
        merged = [helpdesk.ticket(one).merged_into for one in ring]
        assert not any(helpdesk.ticket(one).merged_into for one in ends)
        assert len(ends) == merged.count(None)


@pytest.mark.postgres
def test_a_message_is_split_off_once(helpdesk: DeskFixture) -> None:
    number = helpdesk.open()
    mail = helpdesk.incoming("and the lamp")
    helpdesk.do(lambda w: customer_message(w, number, mail), "gateway")
    came = at_once(helpdesk, *[lambda w: split(w, number, [2])] * 2)
    assert [isinstance(one, DeskError) for one in came].count(True) == 1
    assert helpdesk.ticket(number).messages_count == 1


@pytest.mark.postgres
def test_two_cannot_block_each_other(helpdesk: DeskFixture) -> None:
    a, b = helpdesk.open(), helpdesk.open(subject="Other")
    at_once(helpdesk, lambda w: link(w, a, "blocks", b), lambda w: link(w, b, "blocks", a))
    assert len(helpdesk.read(lambda tx: links.of(tx, a))) == 1


@pytest.mark.postgres
def test_commands_that_change_the_same_tickets_in_crossed_order_do_not_deadlock(
    helpdesk: DeskFixture,
) -> None:
    """A deadlock is mended by running the loser again, so each ticket would be changed more than once."""
    one, other = helpdesk.open(), helpdesk.open(subject="Other")
    both_have_one = threading.Barrier(2)
    changed: list[int] = []

    def change(tx: Any, number: int) -> bulk_action.BulkResult:
        tickets.get(tx, number, lock=True)
        changed.append(number)
        with contextlib.suppress(threading.BrokenBarrierError):
            both_have_one.wait(1)  # broken where one waits for the other's locks, as it should
        return bulk_action.BulkResult(number, "changed")

    def command(numbers: list[int]) -> list[bulk_action.BulkResult]:
        app = App()
        app.db = helpdesk.db
        return bulk_action._together(app, numbers, change, dry_run=False)

    with ThreadPoolExecutor(2) as pool:
        came = list(pool.map(command, ([one, other], [other, one])))
    assert [[item.id for item in items] for items in came] == [[one, other], [other, one]]
    assert sorted(changed) == [one, one, other, other]
