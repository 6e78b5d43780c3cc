"""What time alone brings about, once, whoever does it and how often."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from gateway.run.timer import Timer
from tests.store.actions.conftest import DESK, House
from tests.store.actions.test_rules import lines, rule
from ticketctl import clock
from ticketctl.actions.jobs import sweep
from ticketctl.actions.tickets.comment import comment
from ticketctl.actions.tickets.resolve import resolve
from ticketctl.actions.tickets.wait import wait
from ticketctl.store.db.locks import alone


@pytest.fixture
def swept(house: House, monkeypatch: pytest.MonkeyPatch) -> "Swept":
    return Swept(house, monkeypatch)


class Swept:
    """Sweeps the house at its own time."""

    def __init__(self, house: House, patch: pytest.MonkeyPatch) -> None:
        self.house, self._patch = house, patch

    def __call__(self, *, dry_run: bool = False) -> list[tuple[int, str]]:
        self._patch.setenv(clock.VARIABLE, clock.rfc3339(self.house.at))
        return [(one.ticket, one.what) for one in sweep.run(self.house.db, dry_run=dry_run)]


def test_resolved_becomes_closed_by_itself_after_the_reopen_window(
    house: House, swept: Swept
) -> None:
    number = house.open()
    house.do(lambda w: resolve(w, number, comment="done"))
    sent = len(house.outbox())
    house.later(days=14)
    assert swept() == []
    house.later(seconds=1)
    assert swept(dry_run=True) == [(number, "closed")]
    assert house.ticket(number).status == "resolved"
    assert swept() == [(number, "closed")]
    assert swept() == []
    ticket = house.ticket(number)
    assert (ticket.status, ticket.closed_at) == ("closed", house.at)
    (event,) = house.events(number, "closed")
    assert (event.actor, event.comment) == ("gateway", "the time to reopen it is over")
    assert len(house.outbox()) == sent  # he was told when it was resolved


def test_a_wait_that_is_over_reopens_the_ticket_and_notifies_the_owner(
    house: House, swept: Swept
) -> None:
    number = house.open(mailbox="billing@help.example")
    until = house.at + timedelta(days=2)
    house.do(lambda w: wait(w, number, until=until, comment="parts"), "ida")
    other = house.open()
    house.do(lambda w: wait(w, other, comment="for ever"))
    house.later(days=2, seconds=-1)
    assert swept() == []
    house.later(seconds=1)
    assert swept() == [(number, "woken")]
    ticket = house.ticket(number)
    assert (ticket.status, ticket.wait_until, ticket.awaiting) == ("open", None, "agent")
    notice = house.outbox("notification")[-1]
    assert (notice.to, notice.data["event"]) == (("ida@help.example",), "woken")
    assert house.ticket(other).status == "waiting"


@pytest.mark.postgres
def test_a_rule_of_time_has_one_turn_until_the_ticket_fits_no_more(
    house: House, swept: Swept
) -> None:
    house.apply(DESK + rule("nudge", "time", "is:open updated<=-2d", "notify:agents", "tag:nudged"))
    number = house.open()
    assert swept() == []
    house.later(days=3)
    assert swept(dry_run=True) == [(number, "nudge")]
    assert house.ticket(number).tags == ()
    assert swept() == [(number, "nudge")]
    assert swept() == []  # its own change made the ticket fresh: it fits no more
    house.later(days=3)
    assert swept() == [(number, "nudge")]
    assert [x[3] for x in lines(house, number)] == [
        ("told eva, root, ana, ben", "tag nudged"),
        ("told eva, root, ana, ben", "tag nudged already"),
    ]


@pytest.mark.postgres
def test_a_rule_of_time_that_still_fits_does_not_fire_again(house: House, swept: Swept) -> None:
    house.apply(
        DESK
        + rule("one", "time", "age>1d", "comment:old")
        + rule("two", "time", "age>1d", "comment:very old")
    )
    number = house.open()
    house.later(days=2)
    assert swept() == [(number, "one"), (number, "two")]
    house.do(lambda w: comment(w, number, "somebody else changes it"))
    assert swept() == []
    assert len(house.comments(number)) == 3


@pytest.mark.postgres
def test_rules_of_time_leave_spam_and_what_is_merged_alone(house: House, swept: Swept) -> None:
    house.apply(DESK + rule("one", "time", "", "tag:seen"))
    house.open(spam=True)
    assert swept() == []


@pytest.mark.postgres
def test_two_programs_at_once_give_each_ticket_one_turn(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.apply(DESK + rule("one", "time", "age>1d", "comment:old"))
    numbers = [house.open(f"mail {n}") for n in range(5)]
    house.later(days=2)
    monkeypatch.setenv(clock.VARIABLE, clock.rfc3339(house.at))
    with ThreadPoolExecutor(3) as pool:
        runs = [pool.submit(lambda: list(sweep.run(house.db))) for _ in range(3)]
        done = [one.ticket for run in runs for one in run.result()]
    assert sorted(done) == numbers
    assert [len(house.comments(number)) for number in numbers] == [1] * 5


def test_a_program_that_holds_the_lock_keeps_others_away(house: House) -> None:
    with alone(house.db, sweep.LOCK) as first:
        assert first is not None
        first()
        with alone(house.db, sweep.LOCK) as second:
            assert second is None
        assert Timer(house.db).once() == 0
    with alone(house.db, sweep.LOCK, wait=True) as third:
        assert third is not None
