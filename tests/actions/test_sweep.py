"""What time alone brings about, once, whoever does it and how often."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from gateway.run.timer import Timer
from tests.actions.test_route import apply as routed
from tests.actions.test_rules import lines, rule
from tests.support.desk import DESK, DeskFixture
from ticketctl import clock
from ticketctl.actions.customers import absence
from ticketctl.actions.jobs import sweep
from ticketctl.actions.tickets.comment import comment
from ticketctl.actions.tickets.resolve import resolve
from ticketctl.actions.tickets.wait import wait
from ticketctl.store.db.locks import alone


@pytest.fixture
def swept(helpdesk: DeskFixture, monkeypatch: pytest.MonkeyPatch) -> "Swept":
    return Swept(helpdesk, monkeypatch)


class Swept:
    """Sweeps the desk at its own time."""

    def __init__(self, helpdesk: DeskFixture, patch: pytest.MonkeyPatch) -> None:
        self.helpdesk, self._patch = helpdesk, patch

    def __call__(self, *, dry_run: bool = False) -> list[tuple[int, str]]:
        self._patch.setenv(clock.VARIABLE, clock.rfc3339(self.helpdesk.at))
        return [(one.ticket, one.what) for one in sweep.run(self.helpdesk.db, dry_run=dry_run)]


def test_resolved_becomes_closed_by_itself_after_the_reopen_window(
    helpdesk: DeskFixture, swept: Swept
) -> None:
    number = helpdesk.open()
    helpdesk.do(lambda w: resolve(w, number, comment="done"))
    sent = len(helpdesk.outbox())
    helpdesk.later(days=14)
    assert swept() == []
    helpdesk.later(seconds=1)
    assert swept(dry_run=True) == [(number, "closed")]
    assert helpdesk.ticket(number).status == "resolved"
    assert swept() == [(number, "closed")]
    assert swept() == []
    ticket = helpdesk.ticket(number)
    assert (ticket.status, ticket.closed_at) == ("closed", helpdesk.at)
    (event,) = helpdesk.events(number, "closed")
    assert (event.actor, event.comment) == ("gateway", "the time to reopen it is over")
    assert len(helpdesk.outbox()) == sent  # Carl was told when it was resolved


def test_a_wait_that_is_over_reopens_the_ticket_and_notifies_the_owner(
    helpdesk: DeskFixture, swept: Swept
) -> None:
    number = helpdesk.open(mailbox="billing@help.example")
    until = helpdesk.at + timedelta(days=2)
    helpdesk.do(lambda w: wait(w, number, until=until, comment="parts"), "ida")
    other = helpdesk.open()
    helpdesk.do(lambda w: wait(w, other, comment="for ever"))
    helpdesk.later(days=2, seconds=-1)
    assert swept() == []
    helpdesk.later(seconds=1)
    assert swept() == [(number, "woken")]
    ticket = helpdesk.ticket(number)
    assert (ticket.status, ticket.wait_until, ticket.awaiting) == ("open", None, "agent")
    notice = helpdesk.outbox("notification")[-1]
    assert (notice.to, notice.data["event"]) == (("ida@help.example",), "woken")
    assert helpdesk.ticket(other).status == "waiting"


@pytest.mark.postgres
def test_a_rule_of_time_has_one_turn_until_the_ticket_fits_no_more(
    helpdesk: DeskFixture, swept: Swept
) -> None:
    helpdesk.apply(
        DESK + rule("nudge", "time", "is:open updated<=-2d", "notify:agents", "tag:nudged")
    )
    number = helpdesk.open()
    assert swept() == []
    helpdesk.later(days=3)
    assert swept(dry_run=True) == [(number, "nudge")]
    assert helpdesk.ticket(number).tags == ()
    assert swept() == [(number, "nudge")]
    assert swept() == []  # its own change made the ticket fresh: it fits no more
    helpdesk.later(days=3)
    assert swept() == [(number, "nudge")]
    assert [x[3] for x in lines(helpdesk, number)] == [
        ("told eva, root, ana, ben", "tag nudged"),
        ("told eva, root, ana, ben", "tag nudged already"),
    ]


@pytest.mark.postgres
def test_a_rule_of_time_that_still_fits_does_not_fire_again(
    helpdesk: DeskFixture, swept: Swept
) -> None:
    helpdesk.apply(
        DESK
        + rule("one", "time", "age>1d", "comment:old")
        + rule("two", "time", "age>1d", "comment:very old")
    )
    number = helpdesk.open()
    helpdesk.later(days=2)
    assert swept() == [(number, "one"), (number, "two")]
    helpdesk.do(lambda w: comment(w, number, "somebody else changes it"))
    assert swept() == []
    assert len(helpdesk.comments(number)) == 3


def test_tickets_that_nobody_can_take_are_not_each_tried_again(
    helpdesk: DeskFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    routed(helpdesk, 'routing = "load"', ana="capacity = 1", ben="capacity = 1")
    helpdesk.do(lambda w: absence.away(w, "cid", None), "cid")
    for n in range(2):
        helpdesk.open(f"taken {n}")
    numbers = [helpdesk.open(f"mail {n}") for n in range(7)]
    assert {helpdesk.ticket(number).owner for number in numbers} == {None}
    monkeypatch.setattr(sweep, "PAGE", 2)
    tried: list[None] = []
    assert list(sweep.run(helpdesk.db, keep=lambda: tried.append(None))) == []
    assert len(tried) == 2  # those of the first page


@pytest.mark.postgres
def test_rules_of_time_leave_spam_and_what_is_merged_alone(
    helpdesk: DeskFixture, swept: Swept
) -> None:
    helpdesk.apply(DESK + rule("one", "time", "", "tag:seen"))
    helpdesk.open(spam=True)
    assert swept() == []


@pytest.mark.postgres
def test_two_programs_at_once_give_each_ticket_one_turn(
    helpdesk: DeskFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    helpdesk.apply(DESK + rule("one", "time", "age>1d", "comment:old"))
    numbers = [helpdesk.open(f"mail {n}") for n in range(5)]
    helpdesk.later(days=2)
    monkeypatch.setenv(clock.VARIABLE, clock.rfc3339(helpdesk.at))
    with ThreadPoolExecutor(3) as pool:
        runs = [pool.submit(lambda: list(sweep.run(helpdesk.db))) for _ in range(3)]
        done = [one.ticket for run in runs for one in run.result()]
    assert sorted(done) == numbers
    assert [len(helpdesk.comments(number)) for number in numbers] == [1] * 5


def test_a_program_that_holds_the_lock_keeps_others_away(helpdesk: DeskFixture) -> None:
    with alone(helpdesk.db, sweep.LOCK) as first:
        assert first is not None
        first()
        with alone(helpdesk.db, sweep.LOCK) as second:
            assert second is None
        assert Timer(helpdesk.db).once() == 0
    with alone(helpdesk.db, sweep.LOCK, wait=True) as third:
        assert third is not None
