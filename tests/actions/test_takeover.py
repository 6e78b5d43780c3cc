"""A merge swallows no question: what is owed to the one is owed to the other, and parting gives it back."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, example, given, settings
from msgspec.structs import replace

from tests.support.desk import DESK, DeskFixture
from ticketctl.actions.tickets.assign import assign
from ticketctl.actions.tickets.close import close
from ticketctl.actions.tickets.comment import comment
from ticketctl.actions.tickets.edit import TicketChanges, edit
from ticketctl.actions.tickets.link import link
from ticketctl.actions.tickets.merge import merge, unmerge
from ticketctl.actions.tickets.receive_mail import customer_message
from ticketctl.actions.tickets.reply import Extras, reply
from ticketctl.actions.tickets.resolve import resolve
from ticketctl.actions.tickets.split import split
from ticketctl.actions.tickets.wait import wait
from ticketctl.actions.undo.undo import undo
from ticketctl.domain.sla.sla_clock import Clock
from ticketctl.errors import Refused
from ticketctl.store.sla import clock_rows
from ticketctl.store.tickets import events, links, tickets

SLA = """
[[sla]]
name = "gold"
targets = { default = { first = "4h", next = "2h", resolve = "2d" }, high = { next = "1h" } }
"""
MOVING = ("version", "updated_at")


@pytest.fixture
def timed(helpdesk: DeskFixture) -> DeskFixture:
    """The desk with clocks."""
    helpdesk.apply(DESK + SLA)
    return helpdesk


@pytest.fixture
def sqlite_timed(sqlite_helpdesk: DeskFixture) -> DeskFixture:
    """The same on SQLite."""
    sqlite_helpdesk.apply(DESK + SLA)
    return sqlite_helpdesk


def answered(helpdesk: DeskFixture, **how: Any) -> int:
    """A ticket that has had its answer."""
    number: int = helpdesk.open(**how)
    helpdesk.later(minutes=10)
    helpdesk.do(lambda w: reply(w, number, "Try this."))
    helpdesk.later(minutes=10)
    return number


def asks(helpdesk: DeskFixture, number: int, text: str = "And now?") -> None:
    mail = helpdesk.incoming(text)
    helpdesk.do(lambda w: customer_message(w, number, mail), "gateway")


def seen(helpdesk: DeskFixture, number: int) -> tuple[Any, ...]:
    """All that a merge may touch: columns, clocks, people, links."""
    one = helpdesk.ticket(number)
    return (
        {name: getattr(one, name) for name in one.__struct_fields__ if name not in MOVING},
        ticking(helpdesk, number),
        helpdesk.read(lambda tx: tickets.participants(tx, number)),
        helpdesk.read(lambda tx: links.of(tx, number)),
    )


def ticking(helpdesk: DeskFixture, number: int, kind: str = "") -> list[Clock]:
    found = helpdesk.read(lambda tx: clock_rows.of(tx, number))
    return [one for one in found if kind in ("", one.kind)]


def part(helpdesk: DeskFixture, source: int, way: str) -> None:
    """Undo the merge of the group `merging`, or unmerge."""
    if way == "undo":
        helpdesk.do(undo, group="merging")
    else:
        helpdesk.do(lambda w: unmerge(w, source))


ENDS: dict[str, Callable[[Any, int], Any]] = {
    "open": lambda w, n: None,
    "waiting": lambda w, n: wait(w, n),
    "resolved": lambda w, n: resolve(w, n, comment="x"),
    "closed": lambda w, n: close(w, n, comment="x"),
}


@pytest.mark.parametrize("target_is", list(ENDS))
@pytest.mark.parametrize("way", ["undo", "unmerge"])
def test_an_open_question_opens_the_target_and_its_clock_counts_from_then(
    timed: DeskFixture, target_is: str, way: str
) -> None:
    source, target = answered(timed), answered(timed)
    asks(timed, source)
    asked = timed.at
    timed.later(minutes=30)
    timed.do(lambda w: ENDS[target_is](w, target))
    timed.later(minutes=30)
    before = seen(timed, source), seen(timed, target)
    timed.do(lambda w: merge(w, source, target), group="merging")
    one = timed.ticket(target)
    assert (one.status, one.awaiting, one.resolved_at) == ("open", "agent", None)
    (owed,) = ticking(timed, target, "next")
    assert (owed.started_at, owed.due_at) == (asked, asked + timedelta(hours=2))
    assert one.due_at == owed.due_at
    if way == "unmerge":
        timed.later(minutes=5)
    part(timed, source, way)
    assert seen(timed, target) == before[1]
    if way == "undo":
        assert seen(timed, source) == before[0]


def test_whose_ticket_has_got_the_question_hears_of_it(timed: DeskFixture) -> None:
    source, target = answered(timed), answered(timed)
    timed.do(lambda w: assign(w, target, "ana", comment="x"), "ben")
    asks(timed, source, "And the lamp?")
    told = len(timed.outbox("notification"))
    timed.do(lambda w: merge(w, source, target), "ben")
    (notice,) = timed.outbox("notification")[told:]
    assert (notice.ticket, notice.to, notice.data["text"]) == (
        target, ("ana@help.example",), "And the lamp?",
    )  # fmt: skip


def test_the_answer_in_the_target_stops_the_clock_of_the_question(timed: DeskFixture) -> None:
    source, target = answered(timed), answered(timed)
    asks(timed, source)
    timed.do(lambda w: merge(w, source, target))
    timed.later(hours=1)
    timed.do(lambda w: reply(w, target, "So."))
    (owed,) = ticking(timed, target, "next")
    assert (owed.state, owed.used, owed.answered_by) == ("met", 3600, "ana")


def test_of_two_questions_the_earlier_counts(timed: DeskFixture) -> None:
    source, target = answered(timed), answered(timed)
    asks(timed, source)
    asked = timed.at
    timed.later(minutes=20)
    asks(timed, target)
    before = seen(timed, target)
    timed.later(minutes=20)
    timed.do(lambda w: merge(w, source, target), group="merging")
    (owed,) = ticking(timed, target, "next")
    assert (owed.started_at, owed.used, owed.due_at) == (asked, 1200, asked + timedelta(hours=2))
    part(timed, source, "unmerge")
    assert seen(timed, target) == before


def test_a_first_question_that_came_earlier_counts_from_then(timed: DeskFixture) -> None:
    source = timed.open()
    asked = timed.at
    timed.later(hours=3)
    target = timed.open(subject="Again")
    before = seen(timed, target)
    timed.do(lambda w: merge(w, source, target), group="merging")
    (owed,) = ticking(timed, target, "first")
    assert owed.due_at == asked + timedelta(hours=4)
    part(timed, source, "undo")
    assert seen(timed, target) == before


def test_a_question_that_was_split_off_waits_since_it_was_asked(timed: DeskFixture) -> None:
    one, target = answered(timed), answered(timed)
    asks(timed, one)
    asked = timed.at
    timed.later(minutes=30)
    source = timed.do(lambda w: split(w, one, [3], comment="x"))
    timed.later(minutes=30)
    timed.do(lambda w: merge(w, source, target))
    (owed,) = ticking(timed, target, "next")
    assert (owed.started_at, owed.due_at) == (asked, asked + timedelta(hours=2))


def test_an_answered_or_closed_ticket_owes_no_reply(timed: DeskFixture) -> None:
    source, other, target = answered(timed), timed.open(), answered(timed)
    timed.do(lambda w: wait(w, target))
    timed.do(lambda w: close(w, other, comment="x"))
    before = timed.ticket(target)
    for number in (source, other):
        timed.do(lambda w, n=number: merge(w, n, target))
    one = timed.ticket(target)
    assert (one.status, one.awaiting) == (before.status, before.awaiting) == ("waiting", "customer")
    assert ticking(timed, target, "next") == []


def test_a_question_goes_along_a_chain(timed: DeskFixture) -> None:
    a, b, c = (answered(timed) for _ in range(3))
    asks(timed, a)
    asked = timed.at
    timed.later(minutes=5)
    before = [seen(timed, one) for one in (b, c)]
    timed.do(lambda w: merge(w, a, b))
    timed.later(minutes=5)
    timed.do(lambda w: merge(w, b, c))
    (owed,) = ticking(timed, c, "next")
    assert owed.started_at == asked
    timed.do(lambda w: unmerge(w, b))
    assert seen(timed, c) == before[1]
    timed.do(lambda w: unmerge(w, a))
    assert seen(timed, b)[0] == before[0][0]


@pytest.mark.postgres
def test_priority_and_importance_only_rise_and_what_is_lacking_comes(timed: DeskFixture) -> None:
    source, target, third = (answered(timed) for _ in range(3))
    mine = TicketChanges(
        priority="high", important=True, add_tags=("hot", "both"), due=timed.at + timedelta(days=1),
        fields={"reason": "refund", "invoice": 7},
    )  # fmt: skip
    timed.do(lambda w: edit(w, source, mine, comment="x"))
    its = TicketChanges(add_tags=("both",), fields={"reason": "other"})
    timed.do(lambda w: edit(w, target, its, comment="x"))
    timed.do(lambda w: link(w, source, "blocks", third))
    before = seen(timed, source), seen(timed, target), seen(timed, third)
    timed.do(lambda w: merge(w, source, target), group="merging")
    one = timed.ticket(target)
    assert (one.priority, one.important, one.tags) == ("high", True, ("both", "hot"))
    assert one.fields == {"reason": "other", "invoice": 7}
    assert one.due_by == timed.at + timedelta(days=1)
    assert ("blocks", third) in [(each.kind, each.ticket) for each in seen(timed, target)[3]]
    part(timed, source, "undo")
    assert (seen(timed, source), seen(timed, target), seen(timed, third)) == before
    timed.do(lambda w: edit(w, target, TicketChanges(priority="critical"), comment="x"))
    timed.do(lambda w: merge(w, source, target))
    assert timed.ticket(target).priority == "critical"


@pytest.mark.parametrize("way", ["undo", "unmerge"])
def test_later_changes_by_others_stay(timed: DeskFixture, way: str) -> None:
    source, target = answered(timed), answered(timed)
    asks(timed, source)
    mine = TicketChanges(priority="high", add_tags=("hot",), fields={"invoice": 7})
    timed.do(lambda w: edit(w, source, mine, comment="x"))
    timed.do(lambda w: wait(w, target))
    timed.do(lambda w: merge(w, source, target), group="merging")
    timed.later(minutes=1)
    its = TicketChanges(priority="critical", add_tags=("cold",), fields={"invoice": 8})
    timed.do(lambda w: edit(w, target, its, comment="x"), "ben")
    asks(timed, target, "And this?")
    part(timed, source, way)
    one = timed.ticket(target)
    assert (one.priority, one.tags, one.fields) == ("critical", ("cold",), {"invoice": 8})
    assert (one.status, one.awaiting) == ("open", "agent")
    (owed,) = ticking(timed, target, "next")
    assert owed.started_at == timed.at


def test_a_late_question_that_leaves_ends_and_the_ticket_s_own_is_due_as_it_was(
    timed: DeskFixture,
) -> None:
    """An undo takes it back wholly; an unmerge leaves what was late by then."""
    source, target = answered(timed), answered(timed)
    asks(timed, source)
    timed.later(minutes=90)
    asks(timed, target)
    (own,) = ticking(timed, target, "next")
    timed.later(minutes=10)
    timed.do(lambda w: merge(w, source, target), group="merging")
    (joined,) = ticking(timed, target, "next")
    assert joined.due_at == own.due_at - timedelta(minutes=90)  # type: ignore[operator]
    timed.later(minutes=30)
    part(timed, source, "unmerge")
    left, rest = ticking(timed, target, "next")
    assert (left.state, left.stopped_at) == ("breached", timed.at)
    assert rest == replace(own, cycle=2)
    assert timed.ticket(target).due_at == own.due_at


def test_an_unmerge_is_undone_exactly(timed: DeskFixture) -> None:
    source, target = answered(timed), answered(timed)
    asks(timed, source)
    timed.do(lambda w: edit(w, source, TicketChanges(priority="high"), comment="x"))
    timed.do(lambda w: resolve(w, target, comment="x"))
    timed.later(minutes=1)
    timed.do(lambda w: merge(w, source, target))
    merged = seen(timed, source), seen(timed, target)
    timed.later(minutes=1)
    timed.do(lambda w: unmerge(w, source), group="parting")
    timed.do(undo, group="parting")
    assert (seen(timed, source), seen(timed, target)) == merged


# ---- whatever happens -----------------------------------------------------------------------------------------------

Deed = Callable[[Any, int], None]


def by(who: str, act: Callable[[Any, int], Any]) -> Deed:
    return lambda helpdesk, number: helpdesk.do(lambda w: act(w, number), who, "admin")


SOURCE: list[Deed] = [
    by("ana", lambda w, n: edit(w, n, TicketChanges(priority="high"), comment="x")),
    by("ana", lambda w, n: edit(w, n, TicketChanges(important=True), comment="x")),
    by("ana", lambda w, n: edit(w, n, TicketChanges(add_tags=("a", "b")), comment="x")),
    by("ana", lambda w, n: edit(w, n, TicketChanges(fields={"invoice": 1}), comment="x")),
    by("ana", lambda w, n: edit(w, n, TicketChanges(due=w.at + timedelta(days=1)), comment="x")),
    by("ana", lambda w, n: reply(w, n, "So.")),
    by("ana", lambda w, n: reply(w, n, "So.", Extras(status="waiting"))),
    lambda helpdesk, number: asks(helpdesk, number),
]
TARGET = [
    *SOURCE,
    by("ana", lambda w, n: reply(w, n, "So.", Extras(status="resolved"))),
    by("ana", lambda w, n: reply(w, n, "So.", Extras(status="closed"))),
]
# What is done to the target in between, of which a merge changes nothing.
BETWEEN: list[Deed] = [
    by("ben", lambda w, n: edit(w, n, TicketChanges(priority="critical"), comment="x")),
    by("ben", lambda w, n: edit(w, n, TicketChanges(add_tags=("c",)), comment="x")),
    by("ben", lambda w, n: edit(w, n, TicketChanges(fields={"reason": "refund"}), comment="x")),
    by("ben", lambda w, n: edit(w, n, TicketChanges(subject="Fire"), comment="x")),
    by("ben", lambda w, n: assign(w, n, "ben", comment="x")),
    by("ben", lambda w, n: comment(w, n, "a word")),
]


def told(
    helpdesk: DeskFixture, twin: bool, plan: dict[str, list[int]], way: str
) -> tuple[Any, ...]:
    """The target at the end of a story, in which it was merged into and parted from, or never was."""
    helpdesk.at = helpdesk.at.replace(hour=8, minute=0, second=0)
    source, target = helpdesk.open(subject="S"), helpdesk.open(subject="T")
    for kind, number, deeds in (("source", source, SOURCE), ("target", target, TARGET)):
        for one in plan[kind]:
            helpdesk.later(minutes=7)
            with suppress(Refused):  # an ended ticket does not wait
                deeds[one](helpdesk, number)
    helpdesk.later(minutes=7)
    group = f"merging {source}"
    if not twin:
        helpdesk.do(lambda w: merge(w, source, target), group=group)
    for one in plan["between"]:
        helpdesk.later(minutes=7)
        BETWEEN[one](helpdesk, target)
    helpdesk.later(minutes=7)
    if not twin and way == "undo":
        helpdesk.do(undo, group=group)
    elif not twin:
        helpdesk.do(lambda w: unmerge(w, source))
    columns, clocks, *rest = seen(helpdesk, target)
    # A question that the merge brought and that was late by the parting was counted, so its clock stays, ended, and
    # its breach is what the ticket's state says. The ticket's own question is then the next cycle.
    own = [one for one in clocks if not (one.breached_at and one.stopped_at == helpdesk.at)]
    ignored = {"id", "customer"} | ({"sla_state"} if own != clocks else set())
    own = [
        replace(one, cycle=number) for kind in by_kind(own) for number, one in enumerate(kind, 1)
    ]
    return ({name: one for name, one in columns.items() if name not in ignored}, own, *rest)


def by_kind(clocks: list[Clock]) -> list[list[Clock]]:
    kinds = dict.fromkeys(one.kind for one in clocks)
    return [[one for one in clocks if one.kind == kind] for kind in kinds]


plans = st.fixed_dictionaries(
    {
        "source": st.lists(st.integers(0, len(SOURCE) - 1), max_size=4),
        "target": st.lists(st.integers(0, len(TARGET) - 1), max_size=4),
        "between": st.lists(st.integers(0, len(BETWEEN) - 1), max_size=3),
    }
)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@example(plan={"source": [0], "target": [0, 5, 7], "between": [1]}, way="unmerge")
@given(plan=plans, way=st.sampled_from(["undo", "unmerge"]))
def test_parting_leaves_what_there_would_be_without_the_merge(
    sqlite_timed: DeskFixture, plan: dict[str, list[int]], way: str
) -> None:
    columns, *parted = told(sqlite_timed, False, plan, way)
    twin, *never = told(sqlite_timed, True, plan, way)
    assert (columns, parted) == ({name: twin[name] for name in columns}, never)


def test_history_says_what_came_and_went(timed: DeskFixture) -> None:
    source, target = timed.open(), answered(timed)
    timed.do(lambda w: wait(w, target))
    timed.do(lambda w: edit(w, source, TicketChanges(priority="high"), comment="x"))
    timed.do(lambda w: merge(w, source, target))
    timed.do(lambda w: unmerge(w, source))
    lines = timed.read(lambda tx: events.of(tx, target, ("merged", "unmerged")))
    assert [(e.type, e.field, e.old, e.new) for e in lines] == [
        ("merged", "from", None, source),
        ("merged", "status", "waiting", "open"),
        ("merged", "priority", "medium", "high"),
        ("unmerged", "priority", "high", "medium"),
        ("unmerged", "status", "open", "waiting"),
        ("unmerged", "from", source, None),
    ]
