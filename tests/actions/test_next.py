"""next, take, assign: what is urgent and who may have it, also when two agents want the same at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TypeVar

import pytest

from tests.actions.test_route import apply
from tests.support.desk import DESK, DeskFixture
from ticketctl.actions.base.context import Work
from ticketctl.actions.tickets.assign import assign, take
from ticketctl.actions.tickets.close import close
from ticketctl.actions.tickets.edit import TicketChanges, edit
from ticketctl.actions.tickets.escalate import escalate
from ticketctl.actions.tickets.merge import merge
from ticketctl.actions.tickets.most_urgent import most_urgent
from ticketctl.actions.tickets.open_ticket import from_mail
from ticketctl.actions.tickets.resolve import resolve
from ticketctl.actions.tickets.wait import wait
from ticketctl.domain.base.records import Incoming
from ticketctl.errors import Conflict, DeskError, NotAllowed, NotFound, Refused

T = TypeVar("T")
STRICT = DESK.replace('name = "Help"', 'name = "Help"\nstrict_owner = true', 1)


def at_once(helpdesk: DeskFixture, *deeds: tuple[str, Callable[[Work], T]]) -> list[T | DeskError]:
    """What each agent's deed gave, all of them begun at the same time."""

    def attempt(who: str, deed: Callable[[Work], T]) -> T | DeskError:
        try:
            return helpdesk.do(deed, who)
        except DeskError as error:
            return error

    with ThreadPoolExecutor(len(deeds)) as pool:
        futures = [pool.submit(attempt, who, deed) for who, deed in deeds]
        return [future.result(60) for future in futures]


def filed(mail: Incoming) -> Callable[[Work], int]:
    return lambda work: from_mail(work, mail)[0]


def next_take(work: Work) -> int:
    number = most_urgent(work, claim=True)
    take(work, number)
    return number


def due(helpdesk: DeskFixture, number: int, hours: int) -> None:
    at = helpdesk.at + timedelta(hours=hours)
    helpdesk.do(lambda w: edit(w, number, TicketChanges(due=at), comment="x"))


@pytest.mark.postgres
def test_next_is_due_first_then_priority_then_age_F_L5(helpdesk: DeskFixture) -> None:
    old, high, later, soon, mine, other = (helpdesk.open() for _ in range(6))
    helpdesk.do(lambda w: edit(w, high, TicketChanges(priority="high"), comment="x"))
    due(helpdesk, later, 4)  # the others in eight hours, as a desk promises that says nothing
    due(helpdesk, soon, 2)
    helpdesk.do(lambda w: take(w, mine))
    due(helpdesk, mine, 1)
    helpdesk.do(lambda w: assign(w, other, "ben", comment="x"))
    due(helpdesk, other, 0)
    assert helpdesk.do(most_urgent) == mine
    assert [helpdesk.do(next_take) for _ in range(4)] == [soon, later, high, old]
    with pytest.raises(NotFound, match="there is no ticket to take"):
        helpdesk.do(next_take)


def test_next_passes_over_what_waits_is_spam_merged_or_ended_F_C6(helpdesk: DeskFixture) -> None:
    waits, merged, ended, kept = (helpdesk.open() for _ in range(4))
    helpdesk.open(spam=True)
    helpdesk.do(lambda w: wait(w, waits))
    helpdesk.do(lambda w: close(w, ended, comment="x"))
    helpdesk.do(lambda w: merge(w, merged, kept))
    assert helpdesk.do(next_take) == kept
    with pytest.raises(NotFound):
        helpdesk.do(next_take)


@pytest.mark.postgres
def test_next_shows_no_ticket_of_another_segment_F_A37(helpdesk: DeskFixture) -> None:
    bill = helpdesk.open(mailbox="billing@help.example")
    helpdesk.do(lambda w: assign(w, bill, None, comment="x"), "ida")
    with pytest.raises(NotFound):
        helpdesk.do(most_urgent)
    assert helpdesk.do(most_urgent, "ida") == bill
    with pytest.raises(NotFound, match='no segment "sales"'):
        helpdesk.do(lambda w: most_urgent(w, "sales"), "ida")
    with pytest.raises(NotFound, match="no ticket to take"):
        helpdesk.do(lambda w: most_urgent(w, "support"), "root", "admin")
    assert helpdesk.do(lambda w: most_urgent(w, "billing"), "root", "admin") == bill


def test_an_unassigned_ticket_can_be_taken_once_and_then_needs_steal_F_Q23(
    helpdesk: DeskFixture,
) -> None:
    number = helpdesk.open()
    assert helpdesk.do(lambda w: take(w, number), "ben")
    with pytest.raises(Conflict, match=f"ticket {number} is already Ben's; use --steal"):
        helpdesk.do(lambda w: take(w, number), "ana")
    with pytest.raises(NotAllowed):
        helpdesk.do(lambda w: take(w, number, steal=True), "ida")
    assert helpdesk.do(lambda w: take(w, number, steal=True), "ana")


def test_owners_are_managers_and_agents_of_the_segment_F_Q22(helpdesk: DeskFixture) -> None:
    number = helpdesk.open()
    with pytest.raises(Refused, match="choose eva, root, ana, ben, or ask an admin to use --force"):
        helpdesk.do(lambda w: assign(w, number, "ida", comment="x", force=True))
    helpdesk.do(lambda w: assign(w, number, "ida", comment="x", force=True), "root", "admin")
    assert helpdesk.ticket(number).owner == "ida"


def test_assigning_three_tickets_records_and_notifies_each_one_F_T8(helpdesk: DeskFixture) -> None:
    numbers = [helpdesk.open() for _ in range(3)]
    for number in numbers:
        helpdesk.do(lambda w, n=number: assign(w, n, "ana", comment="x"), "eva", "manager")  # type: ignore[misc]
    assert [len(helpdesk.events(number, "assigned")) for number in numbers] == [1, 1, 1]
    told = [row for row in helpdesk.outbox("notification") if row.data["event"] == "assigned"]
    assert [(row.ticket, row.to) for row in told] == [(n, ("ana@help.example",)) for n in numbers]


@pytest.mark.parametrize(
    "end",
    [
        lambda w, n: close(w, n, comment="x"),
        lambda w, n: resolve(w, n, comment="x"),
        lambda w, n: escalate(w, n, comment="x"),
        lambda w, n: edit(w, n, TicketChanges(status="closed"), comment="x"),
    ],
)
def test_a_strict_desk_leaves_the_ends_to_owner_managers_and_admins_F_T3(
    sqlite_helpdesk: DeskFixture, end: Callable[[Work, int], object]
) -> None:
    helpdesk = sqlite_helpdesk
    loose = helpdesk.open()
    helpdesk.do(lambda w: assign(w, loose, "ben", comment="x"))
    helpdesk.do(lambda w: end(w, loose))
    helpdesk.apply(STRICT)
    numbers = [helpdesk.open() for _ in range(4)]
    with pytest.raises(NotAllowed, match="is nobody's yet: take it first; only its owner, a"):
        helpdesk.do(lambda w: end(w, numbers[0]))
    helpdesk.do(lambda w: assign(w, numbers[0], "ben", comment="x"))
    with pytest.raises(NotAllowed, match=f"ticket {numbers[0]} is Ben's; only its owner"):
        helpdesk.do(lambda w: end(w, numbers[0]))
    for number, (who, role) in zip(
        numbers, (("ben", "agent"), ("eva", "manager"), ("root", "admin")), strict=False
    ):
        helpdesk.do(lambda w, n=number: end(w, n), who, role)  # type: ignore[misc]


@pytest.mark.postgres
def test_two_agents_never_get_the_same_ticket_from_next(helpdesk: DeskFixture) -> None:
    numbers = [helpdesk.open() for _ in range(6)]
    got = at_once(helpdesk, *(((("ana", "ben") * 4)[n], next_take) for n in range(8)))
    assert sorted(one for one in got if isinstance(one, int)) == numbers
    assert [type(one) for one in got if not isinstance(one, int)] == [NotFound, NotFound]


@pytest.mark.postgres
def test_of_two_agents_who_take_a_ticket_at_once_one_gets_it(helpdesk: DeskFixture) -> None:
    number = helpdesk.open()
    got = at_once(helpdesk, *((who, lambda w: take(w, number)) for who in ("ana", "ben", "eva")))
    assert sorted(type(one).__name__ for one in got) == ["Conflict", "Conflict", "bool"]
    winner = ("ana", "ben", "eva")[got.index(True)]
    assert helpdesk.ticket(number).owner == winner
    assert len(helpdesk.events(number, "assigned")) == 1


@pytest.mark.postgres
def test_of_two_concurrent_assignments_the_last_is_in_history(helpdesk: DeskFixture) -> None:
    number = helpdesk.open()
    got = at_once(
        helpdesk,
        ("ana", lambda w: assign(w, number, "ben", comment="x")),
        ("ben", lambda w: assign(w, number, "eva", comment="x")),
    )
    assert got == [True, True]
    first, second = helpdesk.events(number, "assigned")
    assert (first.old, second.old) == (None, first.new)
    assert helpdesk.ticket(number).owner == second.new


@pytest.mark.postgres
def test_of_two_crosswise_merges_at_once_one_succeeds(helpdesk: DeskFixture) -> None:
    a, b = helpdesk.open(), helpdesk.open()
    got = at_once(helpdesk, ("ana", lambda w: merge(w, a, b)), ("ben", lambda w: merge(w, b, a)))
    assert [type(one) for one in got if isinstance(one, DeskError)] == [Conflict]
    assert {helpdesk.ticket(a).status, helpdesk.ticket(b).status} == {"new", "merged"}


@pytest.mark.postgres
def test_mails_routed_at_once_are_shared_within_each_agents_capacity_F_T9(
    helpdesk: DeskFixture,
) -> None:
    apply(helpdesk, ana="capacity = 2", ben="capacity = 3")
    mails = [helpdesk.incoming() for _ in range(10)]
    with ThreadPoolExecutor(4) as pool:
        numbers = list(pool.map(lambda mail: helpdesk.do(filed(mail), "gateway"), mails))
    owners = [helpdesk.ticket(number).owner for number in numbers]
    assert {name: owners.count(name) for name in ("ana", "ben", "cid")} == {"ana": 2, "ben": 3, "cid": 5}  # fmt: skip
