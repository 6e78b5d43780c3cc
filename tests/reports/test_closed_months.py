"""What a past period says does not move (sla.md §4, 1-8): the same report months later, whatever happened since."""

from collections.abc import Callable, Iterable
from functools import partial

import msgspec
import pytest

from tests.reports.chance import TOML
from tests.reports.conftest import made
from tests.support.desk import DeskFixture
from ticketctl.actions.jobs import recompute
from ticketctl.actions.tickets import receive_mail
from ticketctl.actions.tickets.assign import assign
from ticketctl.actions.tickets.close import close
from ticketctl.actions.tickets.edit import TicketChanges, edit
from ticketctl.actions.tickets.merge import merge, unmerge
from ticketctl.actions.tickets.reopen import reopen
from ticketctl.actions.tickets.reply import Extras, reply
from ticketctl.actions.tickets.resolve import resolve
from ticketctl.actions.tickets.spam import spam, unspam
from ticketctl.actions.tickets.split import split
from ticketctl.actions.undo.undo import undo
from ticketctl.domain.base.records import Actor
from ticketctl.reports.kinds.registry import NAMES
from ticketctl.store.desk import ratings
from ticketctl.store.sla import clock_rows

MONDAY = "2026-03-09"
DAYS = "2026-03-09..2026-03-11"

Step = Callable[[DeskFixture], object]


def word(helpdesk: DeskFixture, ticket: int, text: str = "And one more thing.") -> None:
    mail = helpdesk.incoming(text)
    helpdesk.do(lambda work: receive_mail.customer_message(work, ticket, mail), "gateway")


def change(helpdesk: DeskFixture, ticket: int, changes: TicketChanges) -> None:
    helpdesk.do(lambda work: edit(work, ticket, changes, comment="so", force=True), "root", "admin")


def rate(helpdesk: DeskFixture, ticket: int, rating: int) -> None:
    one = helpdesk.ticket(ticket)
    helpdesk.db.write(
        partial(
            ratings.add, ticket=ticket, customer=one.customer.id, survey="csat", scale="1-5", rating=rating,
            at=helpdesk.at, via="command", segment=one.segment, owner=one.owner,
        )
    )  # fmt: skip


@pytest.fixture
def monday(helpdesk: DeskFixture) -> DeskFixture:
    """Tickets 1 to 4 of a Monday: answered and resolved, answered, waiting for us, without an owner."""
    helpdesk.apply(TOML)
    for _ in range(4):
        helpdesk.open()
        helpdesk.later(minutes=5)
    for ticket in (1, 2, 3):
        helpdesk.do(lambda work, n=ticket: assign(work, n, "ana", comment="hers"))  # type: ignore[misc]
    helpdesk.later(hours=3)
    helpdesk.do(lambda work: reply(work, 1, "Try this.", Extras(status="resolved")), "ana")
    helpdesk.do(lambda work: reply(work, 2, "Try that."), "ana")
    word(helpdesk, 2)
    rate(helpdesk, 1, 2)
    helpdesk.later(days=1)
    return helpdesk


def every_report(helpdesk: DeskFixture, words: str) -> dict[str, str]:
    """Every report of a period with all that any format shows of it, with each of several groupings."""
    ways: Iterable[tuple[str, ...]] = ((), ("agent", "day"), ("segment", "priority"))
    return {
        f"{name} {by}": msgspec.json.encode(made(helpdesk, name, words=words, by=by)).decode()
        for name in NAMES
        for by in (ways if name != "mail" else ((),))
    }


LATER: dict[str, Step] = {
    "marked as spam": lambda desk: desk.do(lambda work: spam(work, 1, comment="junk")),
    "merged": lambda desk: desk.do(lambda work: merge(work, 1, 2, comment="same")),
    "merged and unmerged": lambda desk: (
        desk.do(lambda work: merge(work, 1, 2, comment="same")),
        desk.later(hours=1),
        desk.do(lambda work: unmerge(work, 1, comment="not the same")),
    ),
    "another merged into it": lambda desk: desk.do(lambda work: merge(work, 2, 1, comment="same")),
    "reopened": lambda desk: desk.do(lambda work: reopen(work, 1, comment="not done")),
    "assigned to another": lambda desk: [
        desk.do(lambda work, n=n: assign(work, n, "ben", comment="his", steal=True), "root", "admin")
        for n in (1, 2, 3, 4)
    ],
    "edited": lambda desk: [
        change(desk, n, TicketChanges(segment="billing", priority="critical", subject="Other"))
        for n in (1, 2, 3, 4)
    ],
    "answered": lambda desk: [
        desk.do(lambda work, n=n: reply(work, n, "At last."), "ben") for n in (2, 3, 4)
    ],
    "closed without an answer": lambda desk: desk.do(lambda work: close(work, 4, comment="old")),
    "rated anew": lambda desk: rate(desk, 1, 5),
    "split": lambda desk: desk.do(lambda work: split(work, 2, [3], comment="another matter")),
    "the first reply split off": lambda desk: desk.do(
        lambda work: split(work, 2, [2, 3], comment="another matter")
    ),
    "an agent left": lambda desk: desk.apply(TOML.replace("ana@", "zoe@").replace('"ana"', '"zoe"')),
    "targets changed": lambda desk: desk.apply(TOML.replace('first = "2h"', 'first = "6h"')),
}  # fmt: skip


GROUPS = (
    ("reopened", "answered", "assigned to another", "edited"),
    ("merged and unmerged", "another merged into it", "marked as spam"),
    ("split", "rated anew", "closed without an answer"),
    ("the first reply split off", "merged", "an agent left", "targets changed"),
)


@pytest.mark.parametrize(
    ("changes", "db_url"),
    list(zip(GROUPS, ("sqlite", "postgres", "sqlite", "postgres"), strict=True)),
    ids=lambda one: ", ".join(one) if isinstance(one, tuple) else one,
    indirect=["db_url"],
)
def test_a_day_reads_the_same_after_its_tickets_were(
    monday: DeskFixture, changes: tuple[str, ...]
) -> None:
    then = every_report(monday, MONDAY)
    for change in changes:
        monday.later(days=10)
        LATER[change](monday)
    monday.later(days=10)
    found = every_report(monday, MONDAY)
    assert {name: text for name, text in found.items() if text != then[name]} == {}


QUERIES = (
    "segment:support",
    "status:open",
    "-owner:ana",
    "owner:none",
    "priority>=high",
    "type:none",
)


def test_a_query_is_answered_as_it_was_then(monday: DeskFixture) -> None:
    asked = [(name, query) for name in ("volume", "backlog") for query in QUERIES]
    then = [made(monday, name, words=MONDAY, where=query) for name, query in asked]
    monday.later(days=20)
    LATER["assigned to another"](monday)
    LATER["edited"](monday)
    monday.do(lambda work: resolve(work, 2, comment="done"), "root", "admin")
    assert [made(monday, name, words=MONDAY, where=query) for name, query in asked] == then


def test_an_undo_takes_back_what_was_counted(monday: DeskFixture) -> None:
    monday.do(lambda work: resolve(work, 2, comment="done"), "ana", group="g")
    monday.later(days=1)
    then = made(monday, "resolution", words=DAYS).total.figures["resolved"]
    monday.do(lambda work: undo(work), "ana", group="g")
    assert (then, made(monday, "resolution", words=DAYS).total.figures["resolved"]) == (2, 1)


def test_another_view_knows_what_came_later(monday: DeskFixture) -> None:
    monday.do(lambda work: spam(work, 1, comment="junk"))
    then = made(monday, "volume", words=MONDAY)
    now = made(monday, "volume", words=MONDAY, as_of=monday.at)
    assert (then.as_of, now.as_of) == (then.period.end, monday.at)
    assert (then.total.figures["created"], now.total.figures["created"]) == (4, 3)


def test_a_resolved_ticket_keeps_its_resolution_when_unmerged(monday: DeskFixture) -> None:
    before = made(monday, "resolution", words=DAYS).total.figures
    monday.do(lambda work: merge(work, 1, 2, comment="same"))
    monday.later(hours=5)
    monday.do(lambda work: unmerge(work, 1, comment="not the same"))
    found = made(monday, "resolution", words=DAYS).total.figures
    assert {name: found[name] for name in ("resolved", "ttr_average")} == {
        name: before[name] for name in ("resolved", "ttr_average")
    }
    monday.later(days=7)
    assert made(monday, "resolution", words="2026-W12").total.figures["resolved"] == 0


def test_time_spent_merged_or_as_spam_counts_nowhere(helpdesk: DeskFixture) -> None:
    helpdesk.open()
    target = helpdesk.open()
    helpdesk.later(hours=1)
    helpdesk.do(lambda work: merge(work, 1, target, comment="same"))
    helpdesk.later(hours=5)
    helpdesk.do(lambda work: unmerge(work, 1, comment="not the same"))
    helpdesk.do(lambda work: spam(work, 1, comment="junk"))
    helpdesk.later(hours=10)
    helpdesk.do(lambda work: unspam(work, 1, comment="no junk"))
    helpdesk.later(hours=1)
    helpdesk.do(lambda work: reply(work, 1, "Try this.", Extras(status="resolved")), "ana")
    figures = made(helpdesk, "agents", words=DAYS, clock="real").total.figures
    names = ("frt_average", "ttr_average", "ttr_gross_average")
    assert [figures[name] for name in names] == [2 * 3600] * 3


def test_a_resolution_is_measured_by_the_policy_of_its_clock(helpdesk: DeskFixture) -> None:
    helpdesk.apply(TOML)
    helpdesk.open()
    helpdesk.later(days=7)
    around = TOML.replace('mon = ["09:00-18:00"]', 'mon = ["00:00-24:00"]')
    helpdesk.apply(around)
    list(recompute.run(helpdesk.db, Actor("root", role="admin"), "recompute"))
    assert helpdesk.ticket(1).policy_version == 3
    helpdesk.do(lambda work: resolve(work, 1, comment="done"), "ana")
    clock = helpdesk.read(lambda tx: clock_rows.of(tx, 1))[-1]
    found = made(helpdesk, "resolution", words="2026-03").total.figures
    assert (clock.kind, clock.policy_version) == ("resolve", 2)
    assert found["ttr_average"] == clock.used


def test_an_answer_to_a_survey_counts_for_the_priority_at_the_resolution(
    monday: DeskFixture,
) -> None:
    monday.do(lambda work: resolve(work, 2, comment="done"), "ana")
    monday.later(hours=1)
    change(monday, 2, TicketChanges(priority="critical"))
    change(monday, 1, TicketChanges(priority="low"))
    monday.later(hours=1)
    for ticket in (1, 2):
        rate(monday, ticket, 5)
    found = made(monday, "csat", words=DAYS, by=("priority",))
    assert [(*one.by.values(), one.figures["ratings"]) for one in found.groups] == [("medium", 2)]


def test_a_ticket_split_off_is_made_when_it_was_split(monday: DeskFixture) -> None:
    new = monday.do(lambda work: split(work, 2, [3], comment="another matter"))
    created = [
        made(monday, "volume", words=day).total.figures["created"]
        for day in (MONDAY, "2026-03-10", DAYS)
    ]
    assert created == [4, 1, 5]
    assert monday.ticket(new).created_at < monday.at
    backlog = made(monday, "backlog", words=DAYS, by=("day",))
    assert [(one.by["day"], one.figures["backlog"]) for one in backlog.groups] == [
        (MONDAY, 3), ("2026-03-10", 4),
    ]  # fmt: skip


def test_groups_by_day_show_the_backlog_at_their_end(monday: DeskFixture) -> None:
    monday.do(lambda work: close(work, 4, comment="old"))
    monday.open()
    monday.later(days=1)
    report = made(monday, "backlog", words=DAYS, by=("day", "agent"))
    assert [(*one.by.values(), one.figures["backlog"]) for one in report.groups] == [
        (MONDAY, "ana", 2), (MONDAY, "unassigned", 1),
        ("2026-03-10", "ana", 2), ("2026-03-10", "unassigned", 1),
        ("2026-03-11", "ana", 2), ("2026-03-11", "unassigned", 1),
    ]  # fmt: skip
    assert report.total.figures["backlog"] == 3
    assert {row["ticket"] for row in report.rows} == {2, 3, 5}


def test_who_is_awaited_is_who_did_not_write_last(monday: DeskFixture) -> None:
    def awaited() -> dict[object, object]:
        rows = made(monday, "backlog").rows
        return {row["ticket"]: row["awaiting"] for row in rows}

    assert awaited() == {2: "agent", 3: "agent", 4: "agent"}
    monday.do(lambda work: reply(work, 3, "Try this."), "ana", group="g")
    assert awaited()[3] == "customer"
    monday.do(lambda work: undo(work), "ana", group="g")
    assert awaited()[3] == "agent"
