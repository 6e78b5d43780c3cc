"""next, take, assign: what is urgent and who may have it, also when two agents want the same at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TypeVar

import pytest

from tests.store.actions.conftest import DESK, House
from tests.store.actions.test_route import apply
from ticketctl.actions.base.context import Work
from ticketctl.actions.tickets.assign import assign, most_urgent, take
from ticketctl.actions.tickets.close import close
from ticketctl.actions.tickets.edit import Changes, edit
from ticketctl.actions.tickets.escalate import escalate
from ticketctl.actions.tickets.merge import merge
from ticketctl.actions.tickets.open import from_mail
from ticketctl.actions.tickets.resolve import resolve
from ticketctl.actions.tickets.wait import wait
from ticketctl.domain.base.records import Incoming
from ticketctl.errors import Conflict, DeskError, NotAllowed, NotFound, Refused

T = TypeVar("T")
STRICT = DESK.replace('name = "Help"', 'name = "Help"\nstrict_owner = true', 1)


def at_once(house: House, *deeds: tuple[str, Callable[[Work], T]]) -> list[T | DeskError]:
    """What each agent's deed gave, all of them begun at the same time."""

    def attempt(who: str, deed: Callable[[Work], T]) -> T | DeskError:
        try:
            return house.do(deed, who)
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


def due(house: House, number: int, hours: int) -> None:
    at = house.at + timedelta(hours=hours)
    house.do(lambda w: edit(w, number, Changes(due=at), comment="x"))


@pytest.mark.postgres
def test_next_is_due_first_then_priority_then_age_F_L5(house: House) -> None:
    old, high, later, soon, mine, other = (house.open() for _ in range(6))
    house.do(lambda w: edit(w, high, Changes(priority="high"), comment="x"))
    due(house, later, 4)  # the others in eight hours, as a desk promises that says nothing
    due(house, soon, 2)
    house.do(lambda w: take(w, mine))
    due(house, mine, 1)
    house.do(lambda w: assign(w, other, "ben", comment="x"))
    due(house, other, 0)
    assert house.do(most_urgent) == mine
    assert [house.do(next_take) for _ in range(4)] == [soon, later, high, old]
    with pytest.raises(NotFound, match="there is no ticket to take"):
        house.do(next_take)


def test_next_passes_over_what_waits_is_spam_merged_or_ended_F_C6(house: House) -> None:
    waits, merged, ended, kept = (house.open() for _ in range(4))
    house.open(spam=True)
    house.do(lambda w: wait(w, waits))
    house.do(lambda w: close(w, ended, comment="x"))
    house.do(lambda w: merge(w, merged, kept))
    assert house.do(next_take) == kept
    with pytest.raises(NotFound):
        house.do(next_take)


@pytest.mark.postgres
def test_next_shows_no_ticket_of_another_segment_F_A37(house: House) -> None:
    bill = house.open(mailbox="billing@help.example")
    house.do(lambda w: assign(w, bill, None, comment="x"), "ida")
    with pytest.raises(NotFound):
        house.do(most_urgent)
    assert house.do(most_urgent, "ida") == bill
    with pytest.raises(NotFound, match='no segment "sales"'):
        house.do(lambda w: most_urgent(w, "sales"), "ida")
    with pytest.raises(NotFound, match="no ticket to take"):
        house.do(lambda w: most_urgent(w, "support"), "root", "admin")
    assert house.do(lambda w: most_urgent(w, "billing"), "root", "admin") == bill


def test_an_unassigned_ticket_can_be_taken_once_and_then_needs_steal_F_Q23(
    house: House,
) -> None:
    number = house.open()
    assert house.do(lambda w: take(w, number), "ben")
    with pytest.raises(Conflict, match=f"ticket {number} is already Ben's; use --steal"):
        house.do(lambda w: take(w, number), "ana")
    with pytest.raises(NotAllowed):
        house.do(lambda w: take(w, number, steal=True), "ida")
    assert house.do(lambda w: take(w, number, steal=True), "ana")


def test_owners_are_managers_and_agents_of_the_segment_F_Q22(house: House) -> None:
    number = house.open()
    with pytest.raises(Refused, match="choose eva, root, ana, ben, or let an admin use --force"):
        house.do(lambda w: assign(w, number, "ida", comment="x", force=True))
    house.do(lambda w: assign(w, number, "ida", comment="x", force=True), "root", "admin")
    assert house.ticket(number).owner == "ida"


def test_three_tickets_are_three_events_and_a_notification_each_F_T8(house: House) -> None:
    numbers = [house.open() for _ in range(3)]
    for number in numbers:
        house.do(lambda w, n=number: assign(w, n, "ana", comment="x"), "eva", "manager")  # type: ignore[misc]
    assert [len(house.events(number, "assigned")) for number in numbers] == [1, 1, 1]
    told = [row for row in house.outbox("notification") if row.data["event"] == "assigned"]
    assert [(row.ticket, row.to) for row in told] == [(n, ("ana@help.example",)) for n in numbers]


@pytest.mark.parametrize(
    "end",
    [
        lambda w, n: close(w, n, comment="x"),
        lambda w, n: resolve(w, n, comment="x"),
        lambda w, n: escalate(w, n, comment="x"),
        lambda w, n: edit(w, n, Changes(status="closed"), comment="x"),
    ],
)
def test_a_strict_desk_leaves_the_ends_to_owner_managers_and_admins_F_T3(
    sqlite_house: House, end: Callable[[Work, int], object]
) -> None:
    house = sqlite_house
    loose = house.open()
    house.do(lambda w: assign(w, loose, "ben", comment="x"))
    house.do(lambda w: end(w, loose))
    house.apply(STRICT)
    numbers = [house.open() for _ in range(4)]
    with pytest.raises(NotAllowed, match="is nobody's yet: take it first; only its owner, a"):
        house.do(lambda w: end(w, numbers[0]))
    house.do(lambda w: assign(w, numbers[0], "ben", comment="x"))
    with pytest.raises(NotAllowed, match=f"ticket {numbers[0]} is Ben's; only its owner"):
        house.do(lambda w: end(w, numbers[0]))
    for number, (who, role) in zip(
        numbers, (("ben", "agent"), ("eva", "manager"), ("root", "admin")), strict=False
    ):
        house.do(lambda w, n=number: end(w, n), who, role)  # type: ignore[misc]


@pytest.mark.postgres
def test_two_agents_never_get_the_same_ticket_from_next(house: House) -> None:
    numbers = [house.open() for _ in range(6)]
    got = at_once(house, *(((("ana", "ben") * 4)[n], next_take) for n in range(8)))
    assert sorted(one for one in got if isinstance(one, int)) == numbers
    assert [type(one) for one in got if not isinstance(one, int)] == [NotFound, NotFound]


@pytest.mark.postgres
def test_of_two_agents_who_take_a_ticket_at_once_one_gets_it(house: House) -> None:
    number = house.open()
    got = at_once(house, *((who, lambda w: take(w, number)) for who in ("ana", "ben", "eva")))
    assert sorted(type(one).__name__ for one in got) == ["Conflict", "Conflict", "bool"]
    winner = ("ana", "ben", "eva")[got.index(True)]
    assert house.ticket(number).owner == winner
    assert len(house.events(number, "assigned")) == 1


@pytest.mark.postgres
def test_of_two_concurrent_assignments_the_last_is_in_history(house: House) -> None:
    number = house.open()
    got = at_once(
        house,
        ("ana", lambda w: assign(w, number, "ben", comment="x")),
        ("ben", lambda w: assign(w, number, "eva", comment="x")),
    )
    assert got == [True, True]
    first, second = house.events(number, "assigned")
    assert (first.old, second.old) == (None, first.new)
    assert house.ticket(number).owner == second.new


@pytest.mark.postgres
def test_of_two_crosswise_merges_at_once_one_succeeds(house: House) -> None:
    a, b = house.open(), house.open()
    got = at_once(house, ("ana", lambda w: merge(w, a, b)), ("ben", lambda w: merge(w, b, a)))
    assert [type(one) for one in got if isinstance(one, DeskError)] == [Conflict]
    assert {house.ticket(a).status, house.ticket(b).status} == {"new", "merged"}


@pytest.mark.postgres
def test_mails_routed_at_once_are_shared_within_each_agents_capacity_F_T9(house: House) -> None:
    apply(house, ana="capacity = 2", ben="capacity = 3")
    mails = [house.incoming() for _ in range(10)]
    with ThreadPoolExecutor(4) as pool:
        numbers = list(pool.map(lambda mail: house.do(filed(mail), "gateway"), mails))
    owners = [house.ticket(number).owner for number in numbers]
    assert {name: owners.count(name) for name in ("ana", "ben", "cid")} == {"ana": 2, "ben": 3, "cid": 5}  # fmt: skip
