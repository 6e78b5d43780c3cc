"""The stored clocks follow every verb: they are what the whole history of the ticket says, whatever happens to it."""

import random
import re
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from tests.support.desk import DESK, DeskFixture
from tests.support.statements import heard
from ticketctl.actions.jobs import recompute, sweep
from ticketctl.actions.tickets import clocks, open_ticket, receive_channel, receive_mail
from ticketctl.actions.tickets.assign import assign, take
from ticketctl.actions.tickets.close import close
from ticketctl.actions.tickets.comment import comment
from ticketctl.actions.tickets.edit import TicketChanges, edit
from ticketctl.actions.tickets.escalate import escalate
from ticketctl.actions.tickets.merge import merge, unmerge
from ticketctl.actions.tickets.reopen import reopen
from ticketctl.actions.tickets.reply import Extras, reply
from ticketctl.actions.tickets.resolve import resolve
from ticketctl.actions.tickets.spam import spam, unspam
from ticketctl.actions.tickets.split import split
from ticketctl.actions.tickets.wait import wait
from ticketctl.actions.undo.undo import undo
from ticketctl.domain.base.identity import Identity
from ticketctl.domain.base.records import Actor, Ticket
from ticketctl.domain.base.status import ACTIVE
from ticketctl.domain.formats.transcript import ChatMessage
from ticketctl.domain.sla import happenings, sla_clock
from ticketctl.domain.sla.outcome import Outcome, Told, outcomes, tell
from ticketctl.domain.sla.pressing import pressing
from ticketctl.domain.sla.sla_clock import Clock
from ticketctl.errors import DeskError
from ticketctl.store.db.database import Tx
from ticketctl.store.desk import definitions
from ticketctl.store.sla import clock_rows, outcome_rows

CALENDAR = """
[[calendar]]
name = "madrid"
timezone = "Europe/Madrid"
[calendar.hours]
mon = ["09:00-18:00"]
tue = ["09:00-18:00"]
wed = ["09:00-18:00"]
thu = ["09:00-18:00"]
fri = ["09:00-18:00"]
"""
POLICIES = (
    CALENDAR
    + """
[[sla]]
name = "gold"
match = "tag:vip OR priority:critical"
calendar = "madrid"
targets = { critical = { first = "1h" }, default = { first = "2h", next = "4h", resolve = "16h", assign = "1h" } }

[[sla]]
name = "billing"
match = "segment:billing"
reopen = "restart"
retarget = "from_change"
targets = { default = { first = "8h", next = "8h", resolve = "5d" } }

[[sla]]
name = "rest"
calendar = "madrid"
targets = { default = { first = "4h", next = "8h", resolve = "3d" }, high = { first = "2h", resolve = "1d" } }
"""
)


@pytest.fixture
def desk(helpdesk: DeskFixture) -> DeskFixture:
    """The desk with three policies."""
    helpdesk.apply(DESK + POLICIES)
    return helpdesk


def of(helpdesk: DeskFixture, number: int) -> tuple[Clock, ...]:
    """The clocks as they are stored."""
    return helpdesk.read(lambda tx: clock_rows.of(tx, number))


def kinds(helpdesk: DeskFixture, number: int) -> dict[str, str]:
    """Each clock and its state at the desk's time: {"first": "met", "next/2": "ok"}."""
    return {
        one.kind + (f"/{one.cycle}" if one.cycle > 1 else ""): sla_clock.state(one, helpdesk.at)
        for one in of(helpdesk, number)
    }


def counted(helpdesk: DeskFixture, number: int) -> tuple[Outcome, ...]:
    """The outcomes as they are stored."""
    return helpdesk.read(lambda tx: outcome_rows.of(tx, number))


def check(helpdesk: DeskFixture, number: int) -> None:
    """What is stored is what the whole history gives, and the ticket shows the most pressing of it."""

    def reckoned(tx: Tx) -> Told:
        book = clocks.PolicyVersions(tx, definitions.current(tx))
        return tell(clocks._tellings(tx, helpdesk.ticket(number)), book)

    ticket = helpdesk.ticket(number)
    kept, expected = of(helpdesk, number), helpdesk.read(reckoned)
    assert _settled(helpdesk, ticket, kept, counted(helpdesk, number)) == _settled(
        helpdesk, ticket, expected.clocks, expected.outcomes
    ), number
    shown = pressing(kept, ticket.due_by if ticket.status in ACTIVE else None)
    assert (ticket.due_at, ticket.due_clock, ticket.warn_at) == (
        shown.due_at, shown.due_clock, shown.warn_at,
    )  # fmt: skip
    assert ticket.sla_state == shown.sla_state


def _settled(
    helpdesk: DeskFixture, ticket: Ticket, found: Sequence[Clock], told: Sequence[Outcome]
) -> tuple[set[Clock], dict[Any, Outcome]]:
    """Clocks and outcomes with what has breached since they were stored."""
    now = [sla_clock.settle(one, helpdesk.at) for one in found]
    new = outcomes(found, now, happenings.facts(ticket))
    return {replace(one, next_at=None) for one in now}, {one.key: one for one in (*told, *new)}


def hear(helpdesk: DeskFixture, number: int, **changes: Any) -> int:
    mail = helpdesk.incoming("And?", **changes)
    return helpdesk.do(lambda w: receive_mail.customer_message(w, number, mail), "gateway")


# ---- every verb -----------------------------------------------------------------------------------------------------


def test_clocks_follow_a_ticket_from_its_first_mail_to_its_end(desk: DeskFixture) -> None:
    number = desk.open()
    assert kinds(desk, number) == {"first": "ok", "resolve": "ok"}
    ticket = desk.ticket(number)
    assert (ticket.policy, ticket.policy_version, ticket.due_clock) == ("rest", 2, "first")
    before = ticket.version
    desk.later(minutes=30)
    desk.do(lambda w: comment(w, number, "hm"))
    desk.do(lambda w: reply(w, number, "Which one?", Extras(status="waiting")))
    check(desk, number)
    assert kinds(desk, number) == {"first": "met", "resolve": "paused"}
    assert desk.ticket(number).sla_state == "paused"
    desk.later(hours=2)
    hear(desk, number)
    check(desk, number)
    assert kinds(desk, number)["next"] == "ok"
    desk.later(minutes=5)
    desk.do(lambda w: reply(w, number, "Aha."))
    check(desk, number)
    desk.do(lambda w: resolve(w, number, comment="done"))
    check(desk, number)
    assert kinds(desk, number) == {"first": "met", "resolve": "met", "next": "met"}
    assert desk.ticket(number).sla_state == "met"
    assert desk.ticket(number).version > before


def test_clocks_make_no_new_version_of_a_ticket(desk: DeskFixture) -> None:
    number = desk.open()
    version = desk.ticket(number).version
    assert version == 1
    desk.do(lambda w: edit(w, number, TicketChanges(add_tags=("vip",)), comment="x"))
    ticket = desk.ticket(number)
    assert (ticket.version, ticket.policy) == (2, "gold")
    (line,) = desk.events(number, "policy")
    assert (line.field, line.old, line.new) == ("policy", "rest@2", "gold@2")
    check(desk, number)


def test_a_policy_that_no_longer_matches_is_replaced_and_undo_restores_it(
    desk: DeskFixture,
) -> None:
    number = desk.open()
    desk.later(hours=1)
    before = of(desk, number)
    desk.do(lambda w: edit(w, number, TicketChanges(segment="billing"), comment="x"), group="g1")
    assert desk.ticket(number).policy == "billing"
    check(desk, number)
    desk.later(minutes=1)
    desk.do(lambda w: undo(w), group="g1")
    assert desk.ticket(number).policy == "rest"
    assert of(desk, number) == before
    check(desk, number)


def test_spam_merge_and_split_take_their_clocks_along(desk: DeskFixture) -> None:
    one, other = desk.open(), desk.open()
    desk.later(minutes=10)
    desk.do(lambda w: spam(w, one, comment="x"))
    assert set(kinds(desk, one).values()) == {"void"}
    desk.later(minutes=10)
    desk.do(lambda w: unspam(w, one, comment="x"))
    assert set(kinds(desk, one).values()) == {"ok"}
    desk.do(lambda w: merge(w, one, other, comment="x"))
    assert set(kinds(desk, one).values()) == {"void"}
    desk.later(minutes=10)
    desk.do(lambda w: unmerge(w, one, comment="x"))
    assert set(kinds(desk, one).values()) == {"ok"}
    desk.do(lambda w: reply(w, other, "Yes?"))
    desk.later(minutes=10)
    n = hear(desk, other)
    assert kinds(desk, other)["next"] == "ok"
    heard_at = desk.at
    desk.later(minutes=10)
    new = desk.do(lambda w: split(w, other, [n], comment="x"))
    assert "next" not in kinds(desk, other)  # its question is another ticket now
    started = {clock.kind: clock.started_at for clock in of(desk, new)}
    assert started == {"first": heard_at, "resolve": heard_at}
    for number in (one, other, new):
        check(desk, number)


def test_a_ticket_that_begins_with_our_answer_has_no_first_response(desk: DeskFixture) -> None:
    draft = open_ticket.Draft(
        customer="dora@customer.example",
        subject="Call",
        comment="she called",
        said=(
            ChatMessage(text="Hello?", name="Dora", direction="in"),
            ChatMessage(text="Here.", name="ana", author="ana", direction="out"),
        ),
    )
    by_hand = desk.do(lambda w: open_ticket.by_hand(w, draft))
    assert "first" not in kinds(desk, by_hand)
    check(desk, by_hand)
    said = ChatMessage(text="We saw your post.", author="ana", direction="out")
    post = receive_channel.Contact(channel="social", said=said, who=Identity("twitter", "@carl"))
    outward = desk.do(lambda w: receive_channel.receive(w, post), "gateway").ticket
    assert "first" not in kinds(desk, outward)
    check(desk, outward)


def test_machines_start_and_stop_nothing(desk: DeskFixture) -> None:
    number = desk.open()
    desk.do(lambda w: reply(w, number, "Yes?"))
    desk.later(minutes=1)
    auto = desk.incoming("I am away.", class_="auto", may_ack=False)
    desk.do(lambda w: receive_mail.quiet_message(w, number, auto), "gateway")
    assert "next" not in kinds(desk, number)
    check(desk, number)


def test_a_due_time_by_hand_is_the_most_pressing_and_ends_with_the_ticket(
    desk: DeskFixture,
) -> None:
    number = desk.open()
    at = desk.at + timedelta(minutes=20)
    desk.do(lambda w: edit(w, number, TicketChanges(due=at), comment="x"), group="g1")
    ticket = desk.ticket(number)
    assert (ticket.due_at, ticket.due_clock, ticket.sla_state) == (at, "manual", "running")
    desk.do(undo, group="g1")
    assert desk.ticket(number).due_clock == "first"
    desk.do(lambda w: edit(w, number, TicketChanges(due=at), comment="x"))
    desk.do(lambda w: close(w, number, comment="x"))
    assert desk.ticket(number).due_at is None
    check(desk, number)


@pytest.mark.postgres
def test_a_rule_moves_clocks_once_with_the_verb_it_follows(helpdesk: DeskFixture) -> None:
    helpdesk.apply(
        DESK
        + POLICIES
        + """
[[rule]]
name = "vip"
on = "created"
when = "subject:printer"
then = ["tag:vip", "priority:high", "owner:ana"]
"""
    )
    number = helpdesk.open()
    assert helpdesk.ticket(number).policy == "gold"
    assert helpdesk.events(number, "policy") == []  # it never had another
    assert {one.owner for one in of(helpdesk, number)} == {"ana"}
    check(helpdesk, number)


def test_the_clocks_of_a_ticket_that_a_rule_opens_know_its_owner(helpdesk: DeskFixture) -> None:
    calling = """
[[rule]]
name = "call back"
on = "created"
when = "subject:printer"
then = ["ticket:call"]
"""
    helpdesk.apply(DESK + POLICIES.replace('first = "4h"', 'first = "4h", assign = "1h"') + calling)
    number = helpdesk.open() + 1
    assert helpdesk.ticket(number).owner
    assert {one.owner for one in of(helpdesk, number)} == {helpdesk.ticket(number).owner}
    check(helpdesk, number)


@pytest.mark.postgres
def test_time_closes_and_wakes_with_the_clocks(
    desk: DeskFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended, waits = desk.open(), desk.open()
    desk.do(lambda w: resolve(w, ended, comment="x"))
    desk.do(lambda w: wait(w, waits, until=desk.at + timedelta(days=1), comment="x"))
    assert kinds(desk, waits)["resolve"] == "paused"
    desk.later(days=15)
    monkeypatch.setenv("TICKETCTL_NOW", desk.at.strftime("%Y-%m-%dT%H:%M:%SZ"))
    assert len(list(sweep.run(desk.db))) == 2
    for number in (ended, waits):
        check(desk, number)
    assert of(desk, waits)[1].since == desk.at


# ---- any history ----------------------------------------------------------------------------------------------------

Deed = Callable[[DeskFixture, int, random.Random], None]


def _by(verb: Callable[..., Any], *given: Any, **how: Any) -> Deed:
    def deed(helpdesk: DeskFixture, number: int, chance: random.Random) -> None:
        group = f"g{chance.random()}"
        helpdesk.do(lambda w: verb(w, number, *given, **how), "root", "admin", group=group)
        if chance.random() < 0.3:
            check(helpdesk, number)
            helpdesk.later(minutes=chance.randrange(300))
            helpdesk.do(undo, "root", "admin", group=group)

    return deed


def _edited(**changes: Any) -> Deed:
    return _by(edit, TicketChanges(**changes), comment="x")


def _heard(helpdesk: DeskFixture, number: int, chance: random.Random) -> None:
    hear(helpdesk, number)


def _split(helpdesk: DeskFixture, number: int, chance: random.Random) -> None:
    asked = [m.n for m in helpdesk.messages(number) if m.direction == "in"]
    if len(asked) > 1:
        new = helpdesk.do(lambda w: split(w, number, asked[-1:], comment="x"))
        check(helpdesk, new)


def _merge(helpdesk: DeskFixture, number: int, chance: random.Random) -> None:
    """Merge another ticket, whose question waits, into this one, or make one independent again."""
    merged = [line.new for line in helpdesk.events(number, "merged")]
    apart = {line.new for line in helpdesk.events(number, "unmerged")}
    if merged and merged[-1] not in apart:
        helpdesk.do(lambda w: unmerge(w, merged[-1], comment="x"), "root", "admin")
        return
    other = helpdesk.open()
    helpdesk.later(minutes=chance.choice((1, 300)))
    helpdesk.do(lambda w: merge(w, other, number, comment="x"), "root", "admin")
    check(helpdesk, other)


DEEDS: tuple[Deed, ...] = (
    _merge,
    _merge,
    _heard,
    _heard,
    _by(reply, "Yes."),
    _by(reply, "Yes?", Extras(status="waiting")),
    _by(reply, "Done.", Extras(status="resolved")),
    _by(wait, comment="x"),
    _by(resolve, comment="x"),
    _by(close, comment="x"),
    _by(reopen, comment="x"),
    _by(escalate, comment="x"),
    _by(spam, comment="x"),
    _by(unspam, comment="x"),
    _by(take, steal=True),
    _by(assign, "ana", comment="x", steal=True),
    _by(assign, None, comment="x", steal=True),
    _edited(priority="critical"),
    _edited(priority="high"),
    _edited(priority="low"),
    _edited(add_tags=("vip",)),
    _edited(remove_tags=("vip",)),
    _edited(segment="billing"),
    _edited(segment="support"),
    _split,
)  # fmt: skip


@pytest.mark.parametrize("seed", range(6))
def test_any_history_gives_the_clocks_that_were_stored_step_by_step(
    desk: DeskFixture, seed: int
) -> None:
    chance = random.Random(seed)
    number = desk.open()
    for _ in range(20):
        desk.later(minutes=chance.choice((0, 1, 45, 300, 1500)))
        try:
            chance.choice(DEEDS)(desk, number, chance)
        except DeskError:
            continue
        check(desk, number)


# ---- versions, trouble, cost ----------------------------------------------------------------------------------------


def recomputed(helpdesk: DeskFixture, *, dry_run: bool = False) -> list[int]:
    admin = Actor("root", "root", "admin")
    found = recompute.run(helpdesk.db, admin, f"r{helpdesk.at}", dry_run=dry_run)
    return [one.ticket for one in found]


@pytest.mark.postgres
def test_another_definition_moves_running_clocks_only_when_asked(
    desk: DeskFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, ended = desk.open(), desk.open()
    desk.do(lambda w: resolve(w, ended, comment="x"))
    before, over = of(desk, kept), of(desk, ended)
    told = counted(desk, ended)
    desk.apply(DESK + POLICIES.replace('first = "4h"', 'first = "3h"'))
    monkeypatch.setenv("TICKETCTL_NOW", desk.at.strftime("%Y-%m-%dT%H:%M:%SZ"))
    desk.do(lambda w: edit(w, kept, TicketChanges(subject="Other"), comment="x"))
    assert of(desk, kept) == before
    assert recomputed(desk, dry_run=True) == [kept]
    assert of(desk, kept) == before
    assert recomputed(desk) == [kept]
    assert recomputed(desk) == []
    first = of(desk, kept)[0]
    assert (first.target, first.policy_version) == (3 * 3600, 3)
    assert desk.ticket(kept).due_at == first.due_at
    assert (of(desk, ended), counted(desk, ended)) == (over, told)
    assert [one.outcome for one in told] == ["void", "met"]
    check(desk, kept)


@pytest.mark.postgres
def test_clocks_that_cannot_be_worked_out_stop_no_mail(desk: DeskFixture) -> None:
    number = desk.open()
    desk.db.write(lambda tx: clock_rows.set_policy(tx, number, "gone", 2))
    assert hear(desk, number) == 2
    desk.do(lambda w: reply(w, number, "Yes."))
    assert desk.ticket(number).sla_state == clock_rows.FAILED
    assert desk.read(clock_rows.uncomputable) == [number]
    why = desk.read(lambda tx: clocks.why_not(tx, definitions.current(tx), desk.ticket(number)))
    assert "'gone'" in why
    desk.db.write(lambda tx: clock_rows.set_policy(tx, number, "rest", 2))
    hear(desk, number)  # the next change mends it, from the whole history
    check(desk, number)
    assert desk.read(clock_rows.uncomputable) == []


def test_clocks_cost_a_mail_four_statements_at_most(sqlite_helpdesk: DeskFixture) -> None:
    def statements(deed: Callable[[], object]) -> int:
        with heard() as asked:
            deed()
        about_clocks = re.compile(r'(FROM|INTO) clock|"policy"=|event\.at =')
        return len([text for text, _ in asked if about_clocks.search(text)])

    assert statements(sqlite_helpdesk.open) == 2
    sqlite_helpdesk.do(lambda w: reply(w, 1, "Yes?"))
    assert statements(lambda: hear(sqlite_helpdesk, 1)) == 4
