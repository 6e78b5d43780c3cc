"""Targets in reports: each is met or missed once, at an instant that nothing later moves (sla.md §4, 1).

The desk is open around the clock: first response 4 h, next 8 h, resolution 16 h.
"""

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.reports.chance import Busy
from tests.reports.conftest import made
from tests.support.desk import DESK, DeskFixture
from ticketctl.actions.jobs import sla_check
from ticketctl.actions.tickets import receive_mail
from ticketctl.actions.tickets.assign import assign
from ticketctl.actions.tickets.close import close
from ticketctl.actions.tickets.edit import TicketChanges, edit
from ticketctl.actions.tickets.merge import merge, unmerge
from ticketctl.actions.tickets.reopen import reopen
from ticketctl.actions.tickets.reply import reply
from ticketctl.actions.tickets.resolve import resolve
from ticketctl.actions.tickets.split import split
from ticketctl.actions.undo.undo import undo
from ticketctl.reports.model import Cell, Report

SLA = """
[[sla]]
name = "worked"
targets = { default = { first = "4h", next = "8h", resolve = "16h" }, critical = { first = "1h", resolve = "2h" } }
"""
COUNTS = ("met", "breached", "void")


@pytest.fixture
def desk(helpdesk: DeskFixture) -> DeskFixture:
    """A desk on the 27th of February at eight."""
    helpdesk.apply(DESK + SLA)
    helpdesk.at = datetime(2026, 2, 27, 8, tzinfo=UTC)
    return helpdesk


def until(desk: DeskFixture, text: str) -> None:
    desk.at = datetime.fromisoformat(f"{text}Z")


def counts(desk: DeskFixture, words: str) -> tuple[Cell, ...]:
    """Targets met, missed, void in a period."""
    figures = made(desk, "sla", words=words).total.figures
    return tuple(figures[name] for name in COUNTS)


def rows(report: Report) -> list[tuple[Cell, ...]]:
    names = ("ticket", "clock", "owner", "overdue", "stopped_at")
    return [tuple(row[name] for name in names) for row in report.rows]


def written(desk: DeskFixture, words: str = "2026-02") -> list[Any]:
    """What `report sla` and `report quality` say of a period."""
    reports = [made(desk, name, words=words) for name in ("sla", "quality", "agents", "response")]
    return [(one.total, one.groups, one.rows, one.sections) for one in reports]


def said(desk: DeskFixture, ticket: int) -> int:
    mail = desk.incoming("And?")
    return desk.do(lambda w: receive_mail.customer_message(w, ticket, mail), "gateway")


def test_months_add_up_to_the_quarter(helpdesk: DeskFixture) -> None:
    helpdesk.at = datetime(2026, 3, 20, 8, tzinfo=UTC)
    Busy(helpdesk, 5).live(150)
    helpdesk.later(days=60)

    def seen(words: str) -> tuple[Any, ...]:
        """A view as of now, so that each period has the same spam and merged tickets."""
        figures = made(helpdesk, "sla", words=words, as_of=helpdesk.at).total.figures
        return tuple(figures[name] for name in COUNTS)

    months = [seen(words) for words in ("2026-03", "2026-04", "2026-05")]
    quarter = seen("2026-03-01..2026-05-31")
    assert tuple(map(sum, zip(*months, strict=True))) == quarter
    assert all(sum(month[:2]) for month in months[:2])


def test_a_clock_that_nobody_looked_at_is_missed_when_it_was_due(desk: DeskFixture) -> None:
    ticket = desk.open()
    desk.do(lambda w: assign(w, ticket, "ana", comment="x"))
    until(desk, "2026-03-01T00:00")
    before = written(desk)
    assert counts(desk, "2026-02") == (0, 2, 0)
    until(desk, "2026-03-09T08:00")
    desk.do(lambda w: assign(w, ticket, "ben", comment="x", steal=True), "root", "admin")
    desk.do(lambda w: edit(w, ticket, TicketChanges(priority="critical"), comment="x"))
    desk.do(lambda w: reply(w, ticket, "Sorry."))
    assert written(desk) == before
    assert counts(desk, "2026-03") == (0, 0, 0)
    assert made(desk, "response", words="2026-03").total.figures["first_responses"] == 1


def test_the_check_and_the_report_agree_on_what_was_missed(
    desk: DeskFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.open()
    until(desk, "2026-02-28T12:00")
    before = written(desk)
    monkeypatch.setenv("TICKETCTL_NOW", desk.at.strftime("%Y-%m-%dT%H:%M:%SZ"))
    assert len(list(sla_check.run(desk.db))) >= 2
    assert written(desk) == before


@pytest.mark.parametrize("end", [close, resolve])
def test_ending_late_leaves_a_missed_response_missed(desk: DeskFixture, end: Any) -> None:
    ticket = desk.open()
    until(desk, "2026-02-27T14:00")
    desk.do(lambda w: end(w, ticket, comment="x"))
    assert counts(desk, "2026-02") == (1, 1, 0)
    assert rows(made(desk, "sla", words="2026-02")) == [(ticket, "first", None, 2 * 3600, desk.at)]


def test_reopening_in_the_next_month_leaves_what_was_met_and_may_miss_it_there(
    desk: DeskFixture,
) -> None:
    ticket = desk.open()
    desk.do(lambda w: reply(w, ticket, "So."))
    desk.do(lambda w: resolve(w, ticket, comment="x"))
    until(desk, "2026-03-01T00:00")
    before = written(desk)
    desk.do(lambda w: reopen(w, ticket, comment="x"))
    until(desk, "2026-03-20T00:00")
    desk.do(lambda w: resolve(w, ticket, comment="x"))
    assert written(desk) == before
    assert (counts(desk, "2026-02"), counts(desk, "2026-03")) == ((2, 0, 0), (0, 1, 0))


def test_a_missed_resolution_shows_the_stop_that_was_known(desk: DeskFixture) -> None:
    ticket = desk.open()
    desk.do(lambda w: reply(w, ticket, "So."))
    until(desk, "2026-02-28T08:00")
    desk.do(lambda w: resolve(w, ticket, comment="x"))
    stopped = desk.at
    until(desk, "2026-03-05T08:00")
    desk.do(lambda w: reopen(w, ticket, comment="x"))
    desk.later(hours=1)
    assert rows(made(desk, "sla", words="2026-02")) == [
        (ticket, "resolve", None, 8 * 3600, stopped)
    ]
    now = made(desk, "sla", words="2026-02", as_of=desk.at)
    assert rows(now) == [(ticket, "resolve", None, 9 * 3600, None)]
    real = made(desk, "sla", words="2026-02", as_of=desk.at, clock="real")
    assert rows(real) == rows(now)  # without the time in which it was resolved
    assert now.total.figures["overdue"] == 1


def test_a_void_response_stays_void_and_is_decided_when_it_is_owed_again(desk: DeskFixture) -> None:
    ticket = desk.open()
    desk.later(hours=1)
    desk.do(lambda w: close(w, ticket, comment="x"))
    until(desk, "2026-03-01T00:00")
    before = written(desk)
    assert counts(desk, "2026-02") == (1, 0, 1)
    said(desk, ticket)
    desk.later(hours=2)
    desk.do(lambda w: reply(w, ticket, "Oh."))
    assert written(desk) == before
    assert counts(desk, "2026-03") == (1, 0, 0)


def test_a_response_that_was_not_owed_then_is_not_owed_in_the_past(desk: DeskFixture) -> None:
    ticket = desk.open()
    until(desk, "2026-02-27T14:00")
    desk.do(lambda w: close(w, ticket, comment="x"))
    until(desk, "2026-03-01T00:00")
    before = made(desk, "quality", words="2026-02").total.figures["responses"]
    until(desk, "2026-03-10T00:00")
    said(desk, ticket)
    desk.later(hours=2)
    assert made(desk, "quality", words="2026-02").total.figures["responses"] == before == 0
    assert made(desk, "quality", words="2026-03").total.figures["responses"] == 1


def test_an_undo_takes_back_what_was_counted(desk: DeskFixture) -> None:
    ticket = desk.open()
    desk.do(lambda w: resolve(w, ticket, comment="x"), group="g")
    until(desk, "2026-03-02T00:00")
    assert counts(desk, "2026-02") == (1, 0, 1)
    desk.do(undo, group="g")
    assert counts(desk, "2026-02") == (0, 2, 0)


@pytest.mark.parametrize("moved", [[2], [2, 3]])
def test_what_a_split_takes_away_was_counted_until_then(
    desk: DeskFixture, moved: list[int]
) -> None:
    ticket = desk.open()
    desk.do(lambda w: reply(w, ticket, "Which?"))
    numbers = [said(desk, ticket)]
    until(desk, "2026-02-28T08:00")
    desk.do(lambda w: reply(w, ticket, "That one."))
    numbers.append(max(one.n for one in desk.messages(ticket)))
    until(desk, "2026-03-01T00:00")
    before = written(desk)
    until(desk, "2026-03-04T00:00")
    desk.do(lambda w: split(w, ticket, numbers[: len(moved)], comment="x"), group="s")
    assert written(desk) == before
    desk.later(hours=1)
    desk.do(undo, group="s")
    assert written(desk) == before


def test_what_a_merge_brought_was_counted_until_it_was_unmerged(desk: DeskFixture) -> None:
    ticket, other = desk.open(), desk.open()
    desk.do(lambda w: reply(w, ticket, "Yes?"))
    desk.later(hours=1)
    desk.do(lambda w: merge(w, other, ticket, comment="x"))
    desk.later(hours=12)
    desk.do(lambda w: reply(w, ticket, "Yes."))
    until(desk, "2026-03-01T00:00")
    before = written(desk)
    until(desk, "2026-03-04T00:00")
    desk.do(lambda w: unmerge(w, other, comment="x"))
    figures = made(desk, "sla", words="2026-02").total.figures
    assert (figures["next_breached"], written(desk)) == (1, before)


def test_a_missed_target_of_a_policy_that_no_longer_applies_is_told(helpdesk: DeskFixture) -> None:
    helpdesk.apply(
        DESK + SLA.replace('name = "worked"', 'name = "worked"\nmatch = "priority<critical"')
    )
    ticket = helpdesk.open()
    helpdesk.later(hours=20)
    helpdesk.do(lambda w: edit(w, ticket, TicketChanges(priority="critical"), comment="x"))
    assert helpdesk.ticket(ticket).policy is None
    helpdesk.later(hours=1)
    assert [row["policy"] for row in made(helpdesk, "sla").rows] == ["worked", "worked"]


def test_what_is_due_next_is_listed_while_a_period_runs(desk: DeskFixture) -> None:
    desk.open()
    later = datetime(2026, 3, 2, tzinfo=UTC)
    running, over = (made(desk, "sla", now, words="2026-02").sections for now in (desk.at, later))
    assert [(one.title, len(one.rows)) for one in running[-1:]] == [("Due next", 2)]
    assert "Due next" not in [one.title for one in over]


def test_a_manual_due_time_counts_as_it_was(desk: DeskFixture) -> None:
    ticket = desk.open()
    desk.do(lambda w: reply(w, ticket, "Yes."))
    due = desk.at
    desk.later(hours=1)
    desk.do(lambda w: edit(w, ticket, TicketChanges(due=due), comment="x"))
    until(desk, "2026-02-27T12:00")
    assert made(desk, "backlog", words="2026-02-27").total.figures["overdue"] == 1
    until(desk, "2026-02-28T00:00")
    before = made(desk, "backlog", words="2026-02-27").total.figures
    desk.do(lambda w: edit(w, ticket, TicketChanges(due=None), comment="x"))
    assert made(desk, "backlog", words="2026-02-27").total.figures == before
